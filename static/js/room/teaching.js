/**
 * The button that opens a room for the class. What leads a room comes once there is one; a tab that
 * has led one does so again when it is loaded again.
 */
import { patiently } from "../net/module.js";
import { partsOf, setText } from "../ui/dom.js";
import { ledRoom } from "./kept.js";

/** Milliseconds after which a screen reader knows the page, and for which the words are there. */
const [MOMENT, NEWS] = [500, 10_000];

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} button
 * @param {any} config  of the page
 * @param {import("../text/format.js").Translate} t
 * @param {import("./driving.js").Led} page
 */
export function createTeaching(dialog, button, config, t, page) {
  /** @type {ReturnType<typeof import("./teacher.js").createTeacher> | null} */
  let teacher = null;
  const kept = ledRoom();

  if (kept) load().then(({ begin }) => begin(kept));
  if (kept?.taken) announce(t("room.lead.own"));
  button.addEventListener("click", async () => (await load()).present());

  return {
    /** The page may stand in another way. */
    show: () => teacher?.show(),
  };

  /** @param {string} text  that is there for a while */
  function announce(text) {
    const news = partsOf(document)("lead-news");
    setTimeout(() => setText(news, text), MOMENT);
    setTimeout(() => setText(news, ""), NEWS);
  }

  async function load() {
    const { createTeacher } = await patiently(() => import("./teacher.js"));
    return teacher ??= createTeacher(dialog, button, config, t, page);
  }
}
