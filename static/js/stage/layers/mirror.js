/**
 * The stage of a cell that reads from the end: the picture of one that reads forward, in a mirror.
 *
 * @typedef {import("../layout.js").Layout} Layout
 */
import { asRead, inTime, mirrored } from "../../run/reading-order.js";

/**
 * The same columns, the last one on the left.
 * @param {Layout} layout
 * @returns {Layout}
 */
function mirroredLayout(layout) {
  const { T, width, lens } = layout;
  return {
    ...layout,
    centers: layout.centers.map((x) => width - x).reverse(),
    pitches: layout.pitches.toReversed(),
    lens: lens && { from: T + 1 - lens.to, to: T + 1 - lens.from },
  };
}

/**
 * Paint a scene; that of a cell which reads from the end in its reading order, in a mirror.
 * @param {import("../draw/paint.js").Scene} scene
 * @param {(scene: import("../draw/paint.js").Scene) => void} paint
 */
export function paintAsRead(scene, paint) {
  const { pen, run, layout, current, pins, sketch } = scene;
  if (!run.reverse) return paint(scene);
  pen.save();
  pen.translate(layout.width, 0);
  pen.scale(-1, 1);
  paint({
    ...scene,
    run: asRead(run),
    layout: mirroredLayout(layout),
    current: inTime(run, current),
    pins: pins.map((pin) => pin && mirrored(pin)),
    sketch: sketch?.toReversed(),
    names: null,
    turned: true,
  });
  pen.restore();
}
