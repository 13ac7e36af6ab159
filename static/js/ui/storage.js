/**
 * Small things that the browser keeps from one visit to the next. Where it refuses to, they last as
 * long as the page.
 */

/** @type {Map<string, string>} */
const refused = new Map();

/**
 * @param {string} name
 * @returns {string | null}
 */
export function recall(name) {
  try {
    return refused.get(name) ?? localStorage.getItem(name);
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {string} value
 */
export function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    refused.set(name, value);
  }
}
