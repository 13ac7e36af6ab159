/**
 * The scene of a run, which the stage paints, and a picture of it.
 *
 * @typedef {import("../../run/run.js").Run} Run
 * @typedef {import("./paint.js").Scene} Scene
 *
 * @typedef {object} Seen
 * @property {Run} run
 * @property {number} position  of the playhead
 * @property {readonly (Run | null)[]} pins  runs to compare with
 * @property {import("./paint.js").Shares | null} shares
 * @property {number} current  the timestep that is looked at
 * @property {import("../../canvas/color-scale.js").View} bars
 */
import { reached } from "../../playback/playhead.js";

/**
 * The scene of a run at a whole position, with nothing pointed at.
 * @param {Seen} seen
 * @param {import("../layout.js").Layout} layout
 * @param {import("../../canvas/palette.js").Palette} palette
 * @param {CanvasRenderingContext2D} pen
 * @returns {Scene}
 */
export function sceneOf({ run, position, pins, shares, current, bars }, layout, palette, pen) {
  const { forwardTo, backwardFrom, loss } = reached(position, run.T);
  return {
    pen,
    layout,
    palette,
    view: bars,
    run,
    shares,
    forwardTo: Math.min(forwardTo, run.forwardTo),
    backwardFrom: Math.max(backwardFrom, run.backwardFrom),
    loss,
    fraction: 0,
    attention: false,
    current,
    weight: null,
    pins: [...pins],
  };
}
