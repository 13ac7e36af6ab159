/**
 * Linked highlighting of a symbol in the equation and its counterpart on the stage.
 *
 * A quantity is `h`, `c` or a gate's letter; `d_h` or `d_c`, its gradient; `x`, what is read;
 * `loss`, the losses; `column`, all of a timestep; `W_xh`, `W_hh` or `W_hy`, which all timesteps
 * share: all of a part of the network, which is 0, and 1 in a decoder.
 *
 * @typedef {{quantity: string, timestep: number | null, part?: number}} Lit
 */

/**
 * @param {Lit | null} a
 * @param {Lit | null} b
 */
export const same = (a, b) =>
  a === b ||
  (a !== null && b !== null && a.quantity === b.quantity && a.timestep === b.timestep &&
    a.part === b.part);

/**
 * Whether a symbol is highlighted, or part of a highlighted one.
 * @param {Lit | null} symbol
 * @param {Lit | null} lit
 */
export const lights = (symbol, lit) =>
  symbol !== null && lit !== null &&
  (same(symbol, lit) || (lit.quantity === "column" && symbol.timestep === lit.timestep));

/**
 * Tell what the pointer is at on the stage.
 * @param {HTMLElement} stage
 * @param {(lit: Lit | null) => void} light
 */
export function linkStage(stage, light) {
  stage.addEventListener("pointerover", ({ target }) => {
    const at = /** @type {HTMLElement} */ (target);
    const column = /** @type {HTMLElement | null} */ (at.closest("[data-timestep]"));
    if (!column) return light(null);
    const quantity = at.closest(".token") ? "x" : at.closest(".output") ? "loss" : "column";
    light({ quantity, timestep: Number(column.dataset.timestep) });
  });
  stage.addEventListener("pointerleave", () => light(null));
}

/**
 * Mark on the stage what is highlighted in the equation.
 * @param {HTMLElement} stage
 * @param {Lit | null} lit
 */
export function showLit(stage, lit) {
  const marked = /** @type {HTMLElement | null} */ (stage.querySelector("[data-lit]"));
  const wanted = lit?.timestep
    ? /** @type {HTMLElement | null} */ (stage.querySelector(`[data-timestep="${lit.timestep}"]`))
    : null;
  if (marked && marked !== wanted) delete marked.dataset.lit;
  if (wanted && lit && wanted.dataset.lit !== lit.quantity) wanted.dataset.lit = lit.quantity;
}
