/** Whether an activation is saturated, from its factor of a step back. */

const SATURATED = Math.log10(0.6);

/**
 * Whether the activation is to blame: sigmoid never lets more than a quarter through.
 * @param {string} activation
 * @param {number} log10
 */
export function saturation(activation, log10) {
  const most = activation === "sigmoid" ? Math.log10(1 / 4) : 0;
  if (log10 < most + SATURATED) return "less";
  return most < 0 ? "quarter" : "little";
}
