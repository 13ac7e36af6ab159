/**
 * Changes one experiment into another step by step: a number slides, as if it were dragged, and the
 * run before it stays as a line to compare with.
 *
 * @typedef {import("../lab/state.js").Experiment} Experiment
 */
import { biasOf } from "../experiment/cells.js";
import { MOST_PINS } from "../lab/pins.js";
import { createAnimationClock, smooth } from "../playback/animation-clock.js";

const LENGTH = 1800;
const SCALES = ["recurrent_scale", "input_scale"];

/** @param {import("../lab/lab.js").Lab} lab */
export function createTransformation(lab) {
  /** @type {{from: Experiment, to: Experiment, elapsed: number} | null} */
  let going = null;
  /** @type {Experiment | null} the last one on the way: another is of someone who has taken over */
  let last = null;
  const clock = createAnimationClock((since) => {
    if (!going || lab.state().experiment !== last) return false;
    const { from, to } = going;
    going.elapsed += since;
    const share = going.elapsed / LENGTH;
    if (share < 1) open(between(from, to, smooth(share)));
    else end(to);
    return going !== null;
  });

  /** @param {Experiment} experiment */
  function open(experiment) {
    last = experiment;
    lab.request({ type: "open", experiment });
  }

  /** @param {Experiment} experiment */
  function end(experiment) {
    going = null;
    lab.ask({ type: "open", experiment });
  }

  return {
    /** @param {Experiment} changes  the fields that have other values in the end */
    start(changes) {
      const { experiment: from, run, pins } = lab.state();
      const to = { ...from, ...changes };
      lab.dispatch({
        type: "pin",
        pins: [{ experiment: from, run, before: true }, ...pins].slice(0, MOST_PINS),
      });
      if (lab.stage.still.matches || !slides(from, to).length) return end(to);
      [going, last] = [{ from, to, elapsed: 0 }, from];
      clock.start();
    },
  };
}

/**
 * The experiment on the way from one to another, whose choices are made at once.
 * @param {Experiment} from
 * @param {Experiment} to
 * @param {number} share  0..1
 * @returns {Experiment}
 */
export function between(from, to, share) {
  const numbers = slides(from, to).map((field) => {
    const [start, end] = [Number(from[field]), Number(to[field])];
    return [field, Math.round(100 * (start + (end - start) * share)) / 100];
  });
  return { ...to, ...Object.fromEntries(numbers) };
}

/**
 * The numbers in which two experiments differ that have a value between any two.
 * @param {Experiment} from
 * @param {Experiment} to
 */
const slides = (from, to) =>
  [...SCALES, biasOf(String(to.cell))].flatMap((field) =>
    field && from[field] !== to[field] ? [field] : []
  );
