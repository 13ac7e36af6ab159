/**
 * Moving the playhead: play, pause, step, beat, and the one flow that a page shows by itself.
 *
 * @typedef {import("../lab/state.js").State} State
 * @typedef {import("../lab/state.js").Action} Action
 */
import { endOf } from "../lab/state.js";
import { createAnimationClock } from "./animation-clock.js";
import { advance, positionOf, stepDuration } from "./playhead.js";

const FIRST_FLOW = 900;

/**
 * @param {() => State} now
 * @param {(action: Action) => void} dispatch
 * @param {{beat?: number, still?: () => boolean}} [pace]  `beat`: milliseconds of a position at normal
 *   speed; `still`: whether nothing may move by itself
 */
export function createPlayback(now, dispatch, { beat, still = () => false } = {}) {
  /** The speed at which the gradient flows back once, by itself; 0 after that. */
  let flow = 0;
  /** The position at which a beat ends. */
  let until = Infinity;
  const clock = createAnimationClock((elapsed) => {
    const { position, speed, run, playing } = now();
    if (!playing || !run) return false;
    const next = advance(position, elapsed, flow || speed, run.T, beat);
    if (next < until) dispatch({ type: "tick", position: next });
    else stop();
    if (!now().playing) flow = 0;
    return now().playing;
  });

  /** @param {boolean} is */
  function play(is) {
    flow = 0;
    until = Infinity;
    dispatch({ type: "play", is });
    if (is) clock.start();
  }

  /** The beat is over. */
  function stop() {
    const at = until;
    play(false);
    dispatch({ type: "seek", position: at });
  }

  return {
    /** No time passes any more. */
    stop: clock.stop,
    toggle: () => play(!now().playing),
    /** @param {number} by */
    step(by) {
      play(false);
      dispatch({ type: "seek", position: now().position + by });
    },
    /**
     * One position on or back, at the pace of a class; a beat that is under way is done at once.
     * @param {1 | -1} by
     * @returns {boolean} whether there was one left
     */
    beat(by) {
      const { scene, way } = now();
      if (scene && way !== "lost") return true; // what the beat is of is still coming
      if (until < Infinity) stop();
      const to = Math.floor(now().position) + by;
      if (to < 0 || to > endOf(now())) return false;
      play(false);
      if (by < 0 || still()) dispatch({ type: "seek", position: to });
      else {
        play(true);
        until = to;
      }
      return true;
    },
    start: () => dispatch({ type: "seek", position: 0 }),
    end: () => dispatch({ type: "seek", position: Infinity }),
    /** The gradient flows back once, quickly. */
    flowOnce() {
      const { run, backward } = now();
      if (!run?.losses.size) return;
      dispatch({ type: "seek", position: run.T + 1 });
      if (!backward) return;
      play(true);
      flow = beat ? 1 : Math.max(1, run.T * stepDuration(run.T) / FIRST_FLOW);
    },
    /**
     * Shows the rest: the gradient flows to the end once, or time runs from the start.
     * @param {import("./playhead.js").Place} place
     * @param {boolean} plays
     */
    arrive(place, plays) {
      const { run } = now();
      if (!run) return;
      if (plays) return play(true);
      if (place === "end") return this.flowOnce();
      dispatch({ type: "seek", position: positionOf(place, run.T) });
    },
    /** Any user action stops the automatic animation. */
    stopAutoplay() {
      if (!flow) return;
      play(false);
      dispatch({ type: "seek", position: Infinity });
    },
  };
}
