/**
 * The marks of the stage, on a canvas. Every function draws what its arguments say and keeps
 * nothing.
 *
 * @typedef {import("../layout.js").Layout} Layout
 * @typedef {import("../layout.js").Row} Row
 * @typedef {import("../../run/run.js").Run} Run
 * @typedef {import("../../canvas/color-scale.js").View} View
 * @typedef {import("../../canvas/palette.js").Palette} Palette
 *
 * @typedef {object} Scene
 * @property {Pen} pen
 * @property {Layout} layout
 * @property {Palette} palette
 * @property {View} view  of the bars
 * @property {Run} run
 * @property {Shares | null} shares  of the gradient's two paths, in a gated cell
 * @property {number} forwardTo  states are drawn up to this timestep
 * @property {number} backwardFrom  gradients are drawn from this timestep on
 * @property {boolean} loss  whether the loss has been met
 * @property {number} fraction  of the way to the next position
 * @property {number} current  the timestep that is looked at
 * @property {boolean} attention  whether the arrows are drawn that attention would add
 * @property {import("../highlight.js").Lit | null} weight  the matrix that is pointed at
 * @property {(Run | null)[]} pins  runs to compare with
 * @property {readonly number[]} [sketch]  a line that was drawn over the bars: shares of their row's
 *   height, from above, by the index of the timestep
 * @property {boolean} [turned]  whether it is painted in a mirror
 * @property {import("./line-names.js").Names | null} [names]  of the lines across the bars, where they
 *   are told
 *
 * @typedef {CanvasRenderingContext2D} Pen
 * @typedef {{carry: Float64Array, recurrent: Float64Array}} Shares  (T) each, by the timestep left
 */
import { cellsAt } from "../../run/gradient-paths.js";
import { isHighest } from "../../run/levels.js";
import { paintAbove, paintBelow } from "../layers/neighbours.js";
import { center, HAIR } from "../layout.js";
import {
  paintAttention,
  paintFeedback,
  paintForwardArrows,
  paintHighway,
  paintInput,
  paintOutputArrows,
} from "./arrows.js";
import { paintLooks } from "./attention.js";
import { paintBar, paintFactors, paintGrid, paintLens } from "./bars.js";
import { paintColumn, paintDistribution, paintPulse, paintTile } from "./cells.js";
import { paintBridge, paintLoop } from "./folded.js";
import { paintBackwardArrows, paintCuts } from "./gradient.js";
import { paintNames } from "./line-names.js";
import { paintPin } from "./pins.js";

/** @param {Scene} scene */
export function paint(scene) {
  const { layout, run, current } = scene;
  if (layout.lens) paintLens(scene);
  paintGrid(scene);
  if (layout.folded === 1) {
    const cells = cellsAt(run, current);
    if (cells.length > 1) paintBridge(scene);
    for (const t of cells) {
      paintLoop(scene, t);
      paintTimestep(scene, t);
    }
    return;
  }
  if (!layout.folded) {
    paintHighway(scene);
    paintCuts(scene);
  }
  // the layout of a longer run glides to that of a shorter one
  const timesteps = [...drawn(layout)].filter((t) => t <= run.T);
  for (const t of timesteps) paintTimestep(scene, t);
  if (run.recurrent && layout.folded < 1) {
    for (const t of timesteps) if (t < run.T) paintBackwardArrows(scene, t);
  }
  paintFactors(scene);
  if (!layout.folded && layout.rows.bars.height) {
    scene.pins.forEach((pin, i) => pin && paintPin(scene, pin, i));
    paintNames(scene);
  }
  if (!layout.folded) { for (const t of timesteps) paintFeedback(scene, t); }
  if (scene.attention && !layout.folded) paintAttention(scene);
  if (!layout.folded) paintLooks(scene);
  paintPulse(scene);
}

/**
 * The timesteps that are drawn: of those narrower than a hair, one a hair.
 * @param {Layout} layout
 */
function* drawn(layout) {
  let last = -Infinity;
  for (let t = 1; t <= layout.T; t++) {
    const x = center(layout, t);
    if (x - last < HAIR && layout.lens) continue;
    last = x;
    yield t;
  }
}

/**
 * @param {Scene} scene
 * @param {number} t
 */
function paintTimestep(scene, t) {
  const { run, layout } = scene;
  if (run.layer > 1) paintBelow(scene, t);
  else paintInput(scene, t);
  if (!isHighest(run)) paintAbove(scene, t);
  else if (run.targets[t - 1] >= 0) {
    paintOutputArrows(scene, t);
    paintDistribution(scene, t);
  }
  if (run.recurrent && layout.folded < 1 && t > 1) paintForwardArrows(scene, t);
  paintColumn(scene, t);
  paintTile(scene, t);
  paintBar(scene, t);
}
