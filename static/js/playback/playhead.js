/**
 * The playhead. A run of T timesteps has 2T + 2 positions: 0, before anything; 1..T, forward to t;
 * T + 1, the loss; T + 2..2T + 1, backward to t = T..1. A fraction is on its way to the next.
 */

const SLOWEST_STEP = 180;
const LONGEST_PASS = 14_000;

/** @typedef {"idle" | "forward" | "loss" | "backward" | "done"} Phase */

/**
 * @param {number} T
 * @param {boolean} [backward]  whether the way back is shown; without it the loss is the end
 * @param {boolean} [output]  whether the answer is shown; without it the last state is the end
 */
export function endPosition(T, backward = true, output = true) {
  if (!output) return T;
  return backward ? 2 * T + 1 : T + 1;
}

/**
 * Where the playhead is, in words that fit every run, by its position, or by that in a run `of`
 * another length.
 * @typedef {"start" | "loss" | "end" | number | {position: number, of: number}} Place
 *
 * @param {Place} place
 * @param {number} T
 */
export function positionOf(place, T) {
  if (typeof place === "object") return carriedOver(place.position, place.of, T);
  if (typeof place === "number") return Math.min(place, endPosition(T));
  return { start: 0, loss: T + 1, end: endPosition(T) }[place];
}

/**
 * The place of a position: the words where there are any.
 * @param {number} position
 * @param {number} T
 * @returns {Place}
 */
export function placeOf(position, T) {
  const places = /** @type {const} */ (["start", "loss", "end"]);
  return places.find((place) => positionOf(place, T) === position) ?? position;
}

/**
 * The same place in a run of another length: the loss, or on the same way at the same timestep, or at
 * the last where there is no such timestep.
 * @param {number} position
 * @param {number} from  the length of the run that it is a position of
 * @param {number} to
 */
export function carriedOver(position, from, to) {
  if (position < from + 1) return Math.min(position, to);
  if (position < from + 2) return position + to - from;
  return Math.max(position + 2 * (to - from), to + 2);
}

/**
 * The place of the playhead: the phase, and the timestep it has reached.
 * @param {number} position
 * @param {number} T
 * @returns {{phase: Phase, t: number}}
 */
export function moment(position, T) {
  const whole = Math.floor(position);
  if (whole <= 0) return { phase: "idle", t: 0 };
  if (whole <= T) return { phase: "forward", t: whole };
  if (whole === T + 1) return { phase: "loss", t: T };
  if (whole >= endPosition(T)) return { phase: "done", t: 1 };
  return { phase: "backward", t: endPosition(T) + 1 - whole };
}

/**
 * The furthest position at which a gradient, or a state, of timestep t is shown.
 * @param {number} position
 * @param {number} T
 */
export function reached(position, T) {
  const whole = Math.floor(position);
  return {
    forwardTo: Math.min(whole, T),
    backwardFrom: whole > T + 1 ? endPosition(T) + 1 - whole : T + 1,
    loss: whole > T,
  };
}

/**
 * Milliseconds that one position lasts at normal speed: long sequences do not take for ever.
 * @param {number} T
 * @param {number} [beat]  of a short sequence
 */
export const stepDuration = (T, beat = SLOWEST_STEP) =>
  Math.min(beat, LONGEST_PASS / endPosition(T));

/**
 * @param {number} position
 * @param {number} milliseconds
 * @param {number} speed
 * @param {number} T
 * @param {number} [beat]
 */
export function advance(position, milliseconds, speed, T, beat) {
  return Math.min(position + (milliseconds * speed) / stepDuration(T, beat), endPosition(T));
}

/**
 * Where the playhead is, in timesteps; a fraction is on the way.
 * @param {number} position
 * @param {number} T
 */
export function nearest(position, T) {
  const there = position <= T + 1 ? position : endPosition(T) + 1 - position;
  return Math.max(1, Math.min(there, T));
}
