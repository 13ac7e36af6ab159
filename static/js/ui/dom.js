/**
 * The parts of an element, what each says, and whether it is there. Writing what is there already
 * would still cost a layout.
 */

/**
 * Finds the parts of a root by their names, wherever on a page it is, and however often.
 * @param {Element} root
 * @returns {(name: string) => any}
 */
export const partsOf = (root) => (name) => root.querySelector(`[data-part="${name}"]`);

/**
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * @param {HTMLElement} element
 * @param {boolean} is
 */
export function hide(element, is) {
  if (element.hidden !== is) element.hidden = is;
}
