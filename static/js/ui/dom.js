/**
 * What an element says, and whether it is there. Writing what is there already would still cost a
 * layout.
 */

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
