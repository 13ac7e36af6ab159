import { createGlossary } from "../text/glossary.js";
import { letLettersWork, lettersWork } from "./shortcuts.js";

/**
 * The help dialog: the page explained, its terms, the keys, and the switch for single-character keys.
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} button
 */
export function createHelpDialog(dialog, button) {
  const letters = /** @type {HTMLInputElement} */ (dialog.querySelector("[role=switch]"));
  const open = () => {
    letters.checked = lettersWork();
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
  dialog.querySelector("[data-part=terms]")?.addEventListener("click", () => {
    dialog.close();
    glossary?.showPopover();
  });
  return { open };
}
