import { letLettersWork, lettersWork } from "./shortcuts.js";

/**
 * What is seen, and the keys, in a dialog, with the switch of those that are a letter or a sign.
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
  return { open };
}
