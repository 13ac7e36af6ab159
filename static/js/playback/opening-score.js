/**
 * The opening as a function of time: how the lab stands at each of its milliseconds. Numbers only, no
 * DOM.
 *
 * @typedef {object} Moment
 * @property {number} caption  0 to 4; 5 once it is over
 * @property {boolean} folded
 * @property {number} position  of the playhead; a fraction is on its way to the next
 * @property {number} scale  of the recurrent weights
 */
import { smooth } from "./animation-clock.js";
import { endPosition, positionOf } from "./playhead.js";

/** Milliseconds of each caption: one cell; unrolled, it reads; the loss; the gradient; the scale. */
export const LENGTHS = [1700, 2300, 1600, 1800, 2600];
export const LENGTH = LENGTHS.reduce((sum, length) => sum + length);

/** The text of a caption until something moves. */
const UNROLLING = 850;
const LOSS = 300;
const BACK = 1300;
/** The slider's way, from its own value and back to it: when it arrives, and where. */
const LOW = 0.5;
const HIGH = 2.5;
const [DOWN, UP, HOME] = [[0, 500], [800, 1600], [2000, 2500]];
/** The distance that a thumb moves. */
const NOTCH = 0.05;

/**
 * @param {number} ms  since the opening began
 * @param {number} T
 * @param {number} scale  where the slider stands
 * @returns {Moment}
 */
export function momentAt(ms, T, scale) {
  let caption = 0;
  let since = ms;
  while (caption < LENGTHS.length && since >= LENGTHS[caption]) since -= LENGTHS[caption++];
  return {
    caption,
    folded: caption === 0,
    position: positionAt(caption, since, T),
    scale: caption === LENGTHS.length - 1 ? scaleAt(since, scale) : scale,
  };
}

/**
 * @param {number} caption
 * @param {number} since  milliseconds that it has been there
 * @param {number} T
 */
function positionAt(caption, since, T) {
  const [loss, end] = [positionOf("loss", T), endPosition(T)];
  if (caption === 0) return 0;
  if (caption === 1) return T * share(since, UNROLLING, LENGTHS[1]);
  if (caption === 2) return T + share(since, 0, LOSS);
  if (caption === 3) return loss + (end - loss) * share(since, 0, BACK);
  return end;
}

/**
 * @param {number} since
 * @param {number} scale
 */
function scaleAt(since, scale) {
  /** @param {number} from @param {number} to @param {number[]} way */
  const between = (from, to, [start, stop]) => (to - from) * smooth(share(since, start, stop));
  const value = scale + between(scale, LOW, DOWN) + between(LOW, HIGH, UP) +
    between(HIGH, scale, HOME);
  return since >= HOME[1] ? scale : Number((Math.round(value / NOTCH) * NOTCH).toFixed(2));
}

/**
 * @param {number} at
 * @param {number} start
 * @param {number} stop
 */
const share = (at, start, stop) => Math.max(0, Math.min((at - start) / (stop - start), 1));
