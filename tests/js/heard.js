/**
 * A translator that records the messages that are asked for.
 *
 * @typedef {import("../../static/js/text/format.js").Translate} Translate
 * @typedef {{key: string, blanks: Record<string, unknown>, place: string, at: number | null}} Said
 */

/**
 * A translator that notes what it is asked for.
 * @param {Translate} t
 * @param {Said[]} said
 * @param {string} place
 * @param {number | null} at
 * @returns {Translate}
 */
export function heard(t, said, place, at) {
  /** @param {string} key @param {Record<string, unknown>} [blanks] */
  const hear = (key, blanks = {}) => {
    said.push({ key, blanks, place, at });
    return t(key, blanks);
  };
  return Object.assign(hear, { has: t.has, texts: t.texts });
}

/** @param {string} base64 */
export function bytes(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer;
}
