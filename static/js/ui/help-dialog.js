import { createGlossary } from "../text/glossary.js";
import { letLettersWork, lettersWork } from "./shortcuts.js";

/**
 * The help dialog: the page explained, its terms, the keys, and the switch for single-character keys.
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} button
 */
export function createHelpDialog(dialog, button) {
  const letters = /** @type {HTMLInputElement} */ (dialog.querySelector("[role=switch]"));
  const toRoom = /** @type {HTMLElement | null} */ (dialog.querySelector("[data-part=to-room]"));
  /** @type {HTMLElement | null} */
  const room = document.querySelector("[data-part=room-button]");
  const open = () => {
    letters.checked = lettersWork();
    if (toRoom) toRoom.hidden = !room || room.hidden || room.checkVisibility();
    dialog.showModal();
    dialog.scrollTop = 0;
  };
  letters.addEventListener("change", () => letLettersWork(letters.checked));
  button.addEventListener("click", open);
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog) dialog.close();
  });
  const glossary =
    /** @type {HTMLElement | null} */ (document.querySelector("[data-part=glossary]"));
  if (glossary) createGlossary(glossary);
  toRoom?.addEventListener("click", () => {
    dialog.close();
    room?.click();
  });
  dialog.querySelector("[data-part=terms]")?.addEventListener("click", () => {
    dialog.close();
    glossary?.showPopover();
  });
  return { open };
}
