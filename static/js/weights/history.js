/**
 * The changes that can be undone: the texts of the weights by hand, one for each change. Changes of one weight
 * that follow each other quickly, as in a drag, are undone at once.
 *
 * @typedef {object} History
 * @property {readonly string[]} past
 * @property {string} present
 * @property {readonly string[]} future
 * @property {string} last  the weight of the last change, and how it was made
 * @property {number} at  its time, in milliseconds
 */

const QUICK = 900;
const MOST = 200;

/**
 * @param {string} present
 * @returns {History}
 */
export const begun = (present) => ({ past: [], present, future: [], last: "", at: -Infinity });

/**
 * @param {History} history
 * @param {string} text
 * @param {string} weight  that was changed, and how; empty for several
 * @param {number} now  in milliseconds
 * @returns {History}
 */
export function changed(history, text, weight, now) {
  if (text === history.present) return history;
  const goesOn = weight && weight === history.last && now - history.at < QUICK;
  const past = goesOn ? history.past : [...history.past, history.present].slice(-MOST);
  return { past, present: text, future: [], last: weight, at: now };
}

/**
 * @param {History} history
 * @returns {History}
 */
export function undone({ past, present, future }) {
  const before = past.at(-1);
  if (before === undefined) return { ...begun(present), past, future };
  return { ...begun(before), past: past.slice(0, -1), future: [present, ...future] };
}

/**
 * @param {History} history
 * @returns {History}
 */
export function redone({ past, present, future }) {
  const [after, ...rest] = future;
  if (after === undefined) return { ...begun(present), past, future };
  return { ...begun(after), past: [...past, present], future: rest };
}
