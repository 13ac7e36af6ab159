/** The names of a cell's gates. */

/**
 * The letter of a gate: an LSTM's candidate has the name g in files, and the sign c̃ in equations.
 * @param {string} name
 */
export const gateSign = (name) => name === "g" ? "c̃" : name;

/**
 * The gates of a run in words, in the order in which they are drawn.
 * @param {import("./run.js").Run} run
 * @param {import("../text/format.js").Translate} t
 */
export const gateNames = (run, t) =>
  run.gates.map((gate) => t.has(`gate.${gate}`) ? t(`gate.${gate}`) : t("gate.other", { gate }));
