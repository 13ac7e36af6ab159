/** The few assertions these tests need. */

/**
 * @param {unknown} actual
 * @param {unknown} expected
 */
export function equal(actual, expected) {
  const [a, b] = [actual, expected].map((value) => JSON.stringify(value, special));
  if (a !== b) throw new Error(`got ${a}, expected ${b}`);
}

/**
 * @param {boolean} condition
 * @param {string} message
 */
export function ok(condition, message) {
  if (!condition) throw new Error(message);
}

/**
 * @param {() => unknown} act
 * @param {string} words  that its message has
 */
export function throws(act, words) {
  try {
    act();
  } catch (error) {
    if (!String(error).includes(words)) throw error;
    return;
  }
  throw new Error(`did not throw ${words}`);
}

/**
 * JSON has no words for these.
 * @param {string} _key
 * @param {unknown} value
 */
function special(_key, value) {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}
