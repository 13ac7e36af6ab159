/** The page where a student types the code of a room; who comes by a QR code goes right on. */
import { root } from "../net/base-url.js";
import { translator } from "../text/format.js";
import { explain } from "../text/problems.js";
import { dataOf, partsOf } from "../ui/dom.js";

const part = partsOf(document);
const config = dataOf("config");
const t = translator(config.catalog);
const input = /** @type {HTMLInputElement} */ (part("code"));
const error = part("error");
const given = new URLSearchParams(location.search).get("code");

part("join").addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  join();
});
if (given) {
  input.value = given;
  join();
}

async function join() {
  error.hidden = true;
  const url = `${config.rooms}/${encodeURIComponent(input.value.trim() || "-")}`;
  const answer = await fetch(url).catch(() => null);
  if (!answer?.ok) return refuse(answer ? explain(await answer.json(), t) : t("status.offline"));
  const { code } = await answer.json();
  const search = new URLSearchParams({ room: code });
  const language = new URLSearchParams(location.search).get("lang");
  if (language) search.set("lang", language);
  location.assign(`${root()}?${search}`);
}

/** @param {string} why */
function refuse(why) {
  error.textContent = why;
  error.hidden = false;
  input.setAttribute("aria-invalid", "true");
  input.focus();
}
