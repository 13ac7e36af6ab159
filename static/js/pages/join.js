/** The page where a student types the code of a room; who comes by a QR code goes right on. */
import { root } from "../net/base-url.js";
import { translator } from "../text/format.js";
import { keepLed, keepSeat, seatIn } from "../room/kept.js";
import { explain } from "../text/problems.js";
import { dataOf, partsOf } from "../ui/dom.js";

const part = partsOf(document);
const config = dataOf("config");
const t = translator(config.catalog);
const input = /** @type {HTMLInputElement} */ (part("code"));
const error = part("error");
const name = part("name");
const own = /** @type {HTMLInputElement} */ (name.querySelector("input"));
/** Checks a name as the server does, before it is sent. */
const NAME = /^(?=.*[\p{L}\p{N}])[\p{L}\p{M}\p{N} .'’·-]+$/u;
const given = new URLSearchParams(location.search).get("code");

part("join").addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  join();
});
/** The token of one who may lead the room. */
const lead = new URLSearchParams(location.hash.slice(1)).get("lead");
if (given) {
  input.value = given;
  join();
}

async function join() {
  error.hidden = true;
  const url = `${config.rooms}/${encodeURIComponent(input.value.trim() || "-")}`;
  const answer = await fetch(url).catch(() => null);
  if (!answer?.ok) {
    return refuse(input, answer ? explain(await answer.json(), t) : t("status.offline"));
  }
  const { code, names } = await answer.json();
  if (lead) {
    history.replaceState(null, "", location.pathname);
    keepLed({ code, token: lead });
  } else if (names && seatIn(code).join === "") {
    const value = own.value.trim();
    if (name.hidden) return ask();
    if (!NAME.test(value)) {
      return refuse(own, t("error.room_name", { limit: own.maxLength, value: `“${value}”` }));
    }
    keepSeat(code, { join: "", name: value });
  }
  const search = new URLSearchParams({ room: code });
  const language = new URLSearchParams(location.search).get("lang");
  if (language) search.set("lang", language);
  location.assign(`${root()}?${search}`);
}

/** The room asks for a name. */
function ask() {
  name.hidden = false;
  own.focus();
}

/**
 * @param {HTMLInputElement} field
 * @param {string} why
 */
function refuse(field, why) {
  error.textContent = why;
  error.hidden = false;
  for (const each of [input, own]) each.setAttribute("aria-invalid", String(each === field));
  field.focus();
}
