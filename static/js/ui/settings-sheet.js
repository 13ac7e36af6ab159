import { composes } from "./input-device.js";

/**
 * On a phone all settings but the first are in a sheet.
 * @param {HTMLElement} form
 * @param {HTMLElement} button
 * @param {import("../text/format.js").Translate} t
 * @returns {{close: () => void}}
 */
export function createSettingsSheet(form, button, t) {
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
  return { close: () => show(false) };
}
