/**
 * Where the ways between the boxes of the stage are, and which of them is pointed at.
 *
 * @typedef {import("../layout.js").Layout} Layout
 * @typedef {import("./paint.js").Scene} Scene
 */
import { partOf } from "../../run/gradient-paths.js";
import { boxWidth, center } from "../layout.js";

/** Heights of the ways along the hidden state, as shares of its row. */
export const FORWARD_AT = 0.28;
export const BACKWARD_AT = 0.68;
export const CARRY_AT = 0.5;
export const RECURRENT_AT = 0.84;
/** The width of the arrow of a matrix under the pointer. */
export const POINTED = 3;

/**
 * The gap between the boxes of t - 1 and t.
 * @param {Layout} layout
 * @param {number} t
 */
export function gap(layout, t) {
  const from = center(layout, t - 1) + boxWidth(layout, t - 1) / 2 + 1.5;
  const to = center(layout, t) - boxWidth(layout, t) / 2 - 1.5;
  return { from, to, room: to - from };
}

/**
 * Whether a matrix is pointed at, of the part of the network that a timestep belongs to.
 * @param {Scene} scene
 * @param {string} matrix
 * @param {number} t
 */
export const isPointed = ({ run, weight }, matrix, t) =>
  weight?.quantity === matrix && (weight.part ?? partOf(run, t)) === partOf(run, t);
