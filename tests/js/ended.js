/** A run that has ended, for the words about it. */

/**
 * A translation that tells its key and its blanks.
 * @type {any}
 */
export const t = (/** @type {string} */ key, /** @type {object} */ blanks = {}) =>
  [key, ...Object.values(blanks)].join(" ");

/**
 * A run of nine timesteps that ended so.
 * @param {object} end
 * @param {object} [change]
 * @returns {any}
 */
export const runOf = (end, change = {}) => ({
  T: 9,
  end,
  experiment: { tokens: "characters" },
  madeBy: {},
  recurrent: true,
  loss: 9,
  losses: new Map([[9, 1]]),
  vocabulary: ["a", "b"],
  tokens: [..."abababab"],
  named: [],
  ...change,
});
