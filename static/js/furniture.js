/**
 * What stands around the lab: the list of keys, the sheet of settings on a phone, and the hint that
 * a first visit shows once.
 */
import { composes } from "./hands.js";
import { recall, remember } from "./memory.js";
import { letLettersWork, lettersWork } from "./shortcuts.js";

const SEEN = "unrolled.hint";
const HINT_AFTER = 1500;

/**
 * What is seen, and the keys, in a dialog, with the switch of those that are a letter or a sign.
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} button
 */
export function createHelp(dialog, button) {
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

/**
 * On a phone all settings but the first are in a sheet.
 * @param {HTMLElement} form
 * @param {HTMLElement} button
 * @param {import("./format.js").Translate} t
 */
export function createSheet(form, button, t) {
  /** @param {boolean} is */
  const show = (is) => {
    form.dataset.sheet = is ? "open" : "closed";
    button.setAttribute("aria-expanded", String(is));
    button.textContent = t(is ? "control.less" : "control.more");
  };
  show(false);
  button.addEventListener("click", () => show(form.dataset.sheet !== "open"));
  form.addEventListener("keydown", (event) => {
    if (composes(event) || event.key !== "Escape" || form.dataset.sheet !== "open") return;
    show(false);
    button.focus();
  });
}

/**
 * Where to drag, until someone has dragged.
 * @param {HTMLElement} hint
 * @param {HTMLInputElement} slider
 */
export function createHint(hint, slider) {
  let wanted = !recall(SEEN);
  let timer = 0;
  const show = () => {
    hint.hidden = !wanted;
  };
  slider.addEventListener("input", () => {
    clearTimeout(timer);
    wanted = false;
    show();
    remember(SEEN, "1");
  }, { once: true });

  return {
    show,
    /** Once the page has been looked at. */
    soon() {
      timer = setTimeout(show, HINT_AFTER);
    },
  };
}
