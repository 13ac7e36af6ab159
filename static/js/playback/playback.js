/**
 * Playback: play, pause, step, and one automatic animation of the gradient.
 *
 * @typedef {import("../lab/state.js").State} State
 * @typedef {import("../lab/state.js").Action} Action
 */
import { createAnimationClock } from "./animation-clock.js";
import { advance, positionOf, stepDuration } from "./playhead.js";

const FIRST_FLOW = 900;

/**
 * @param {() => State} now
 * @param {(action: Action) => void} dispatch
 */
export function createPlayback(now, dispatch) {
  /** Speed factor of the automatic animation; 0 after it has ended. */
  let flow = 0;
  const clock = createAnimationClock((elapsed) => {
    const { position, speed, run, playing } = now();
    if (!playing || !run) return false;
    dispatch({ type: "tick", position: advance(position, elapsed, flow || speed, run.T) });
    if (!now().playing) flow = 0;
    return now().playing;
  });

  /** @param {boolean} is */
  function play(is) {
    flow = 0;
    dispatch({ type: "play", is });
    if (is) clock.start();
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
    start: () => dispatch({ type: "seek", position: 0 }),
    end: () => dispatch({ type: "seek", position: Infinity }),
    /** The gradient flows back once, quickly. */
    flowOnce() {
      const { run, backward } = now();
      if (!run?.losses.size) return;
      dispatch({ type: "seek", position: run.T + 1 });
      if (!backward) return;
      play(true);
      flow = Math.max(1, run.T * stepDuration(run.T) / FIRST_FLOW);
    },
    /**
     * What was held back is shown: the gradient flows to the end once, or time runs from the start.
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
    giveWay() {
      if (!flow) return;
      play(false);
      dispatch({ type: "seek", position: Infinity });
    },
  };
}
