/**
 * The button that opens a room for the class. What leads a room comes once there is one; a tab that
 * has led one does so again when it is loaded again.
 */
import { patiently } from "../net/module.js";
import { recallJSON } from "../ui/storage.js";
import { KEPT } from "./kept.js";

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} button
 * @param {any} config  of the page
 * @param {import("../text/format.js").Translate} t
 * @param {string} href  of the page
 */
export function createTeaching(dialog, button, config, t, href) {
  /** @type {ReturnType<typeof import("./teacher.js").createTeacher> | null} */
  let teacher = null;
  /** @type {import("../lab/state.js").State | null} */
  let state = null;
  const kept = recallJSON(KEPT, "tab");

  if (kept) load().then(({ begin }) => begin(kept));
  button.addEventListener("click", async () => (await load()).present());

  return {
    /** @param {import("../lab/state.js").State} next */
    show(next) {
      state = next;
      teacher?.show(next);
    },
  };

  async function load() {
    const { createTeacher } = await patiently(() => import("./teacher.js"));
    if (!teacher) {
      teacher = createTeacher(dialog, button, config, t, href);
      if (state) teacher.show(state);
    }
    return teacher;
  }
}
