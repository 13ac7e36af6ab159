/**
 * The words of a page whose controls may be still: a student who may not press them is not told to. A key
 * with `.held` after it stands for the one without.
 *
 * @typedef {import("../text/format.js").Translate} Translate
 *
 * @param {Translate} t
 * @param {() => boolean} held  whether they are still
 * @returns {Translate}
 */
export function heldWords(t, held) {
  /** @type {(key: string, blanks?: Record<string, unknown>) => string} */
  const translate = (key, blanks) =>
    t(t.has(`${key}.held`) && held() ? `${key}.held` : key, blanks);
  return Object.assign(translate, { has: t.has, texts: t.texts });
}
