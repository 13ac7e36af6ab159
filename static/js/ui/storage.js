/**
 * Small things that the browser keeps, from one visit to the next or as long as a tab is open. Where
 * it refuses to, they last as long as the page.
 *
 * @typedef {"browser" | "tab"} Where
 */

/** @type {Map<string, string>} */
const refused = new Map();

/** @param {Where} where */
const storage = (where) => where === "tab" ? sessionStorage : localStorage;

/**
 * @param {string} name
 * @param {Where} [where]
 * @returns {string | null}
 */
export function recall(name, where = "browser") {
  try {
    return refused.get(name) ?? storage(where).getItem(name);
  } catch {
    return null;
  }
}

/**
 * The stored JSON; null where there is none.
 * @param {string} name
 * @param {Where} [where]
 */
export function recallJSON(name, where) {
  try {
    return JSON.parse(recall(name, where) ?? "null");
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {string} value
 * @param {Where} [where]
 */
export function remember(name, value, where = "browser") {
  try {
    storage(where).setItem(name, value);
  } catch {
    refused.set(name, value);
  }
}

/**
 * @param {string} name
 * @param {Where} [where]
 */
export function forget(name, where = "browser") {
  refused.delete(name);
  try {
    storage(where).removeItem(name);
  } catch {
    // nothing was kept
  }
}
