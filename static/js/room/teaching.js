/**
 * The button that opens a room for the class. What leads a room comes once there is one; a tab that
 * has led one does so again when it is loaded again.
 */
import { patiently } from "../net/module.js";
import { ledRoom } from "./kept.js";

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
  button.addEventListener("click", async () => (await load()).present());

  return {
    /** The page may stand in another way. */
    show: () => teacher?.show(),
  };

  async function load() {
    const { createTeacher } = await patiently(() => import("./teacher.js"));
    return teacher ??= createTeacher(dialog, button, config, t, page);
  }
}
