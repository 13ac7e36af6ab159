/** The menu of the cells that are not in every textbook: it says which of them is chosen. */
import { setText } from "../ui/dom.js";

/**
 * @param {HTMLFormElement} form
 * @returns {{render: () => void}}  for after the cells of the form are chosen
 */
export function createNewerCells(form) {
  const menu = /** @type {HTMLDetailsElement | null} */ (form.querySelector("[data-part=newer]"));
  if (!menu) return { render: () => {} };
  const name = /** @type {HTMLElement} */ (menu.querySelector("summary span"));
  const empty = name.textContent ?? "";
  const close = () => {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  };

  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (!menu.contains(/** @type {Node | null} */ (relatedTarget))) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    close();
  });
  // An arrow key chooses too, and goes on to the next: then the menu stays open.
  menu.addEventListener("click", ({ target, detail }) => {
    if (detail && target instanceof HTMLInputElement && target.type === "radio") close();
  });

  return {
    render() {
      const chosen = [...menu.querySelectorAll("input:checked + span")];
      menu.toggleAttribute("data-chosen", chosen.length > 0);
      setText(name, chosen.map((each) => each.textContent).join(", ") || empty);
    },
  };
}
