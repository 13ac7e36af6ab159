/**
 * Asks the engine for timesteps of a run in numbers: once changes have stopped, or a timestep
 * ahead while a run plays, one at a time, and only while the numbers are in view or printed.
 *
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("./term.js").Line} Line
 * @typedef {import("./term.js").Values} Values
 * @typedef {import("./step-factors.js").Factors} Factors
 *
 * @typedef {{run: Run, timestep: number, backward: boolean, playing: boolean}} Wanted
 *
 * @typedef {object} Answer
 * @property {number} timestep
 * @property {number[]} units  the hidden units that are shown, from 1
 * @property {number} hidden_size
 * @property {Record<string, Values>} arrays
 * @property {{lines: Line[], tex: string}} forward
 * @property {{lines: Line[], tex: string, power: number, ends: "first" | "cut" | null,
 *   factors: Factors | null} | null} backward
 */
import { lastTimestep } from "../run/run.js";
import { QUIET } from "../ui/debounce.js";

/** Answers of a run that are kept. */
const MOST_KEPT = 64;
/** Milliseconds until a failed request is repeated. */
const AGAIN = 3000;

/**
 * @param {{ask: import("../net/server.js").Engine["ask"], most: number}} engine  `most`: hidden
 *   units in all timesteps of a run that it is asked for
 * @param {{answer: (goal: Wanted, answer: Answer) => void,
 *   none: (goal: Wanted | null, reason: string) => void}} on
 *   `none`: there are no numbers, with the key of a message; of null, there may yet be
 */
export function createStepRequest({ ask, most }, on) {
  /** @type {Wanted | null} */
  let wanted = null;
  /** @type {{run: Run | null, answers: Map<number, Answer>}} what is known of a run, by timestep */
  let kept = { run: null, answers: new Map() };
  let asking = new AbortController();
  /** @type {Run | null} one question of a run is asked at a time; the next is the latest */
  let busy = null;
  let timer = 0;
  let inView = false;

  return {
    wanted: () => wanted,
    isInView: () => inView,
    /** @param {Wanted} next */
    want(next) {
      wanted = next;
      const answer = inView && known(next);
      if (answer) on.answer(next, answer);
      soon();
    },
    /** @param {boolean} is  whether the numbers are seen */
    see(is) {
      inView = is;
      if (is) soon();
    },
    /** Ask although they are not seen: they are about to be printed. */
    loadNow: () => load(true),
  };

  /** Ask for what is wanted once it has been so for a moment, or at once while a run plays. */
  function soon() {
    clearTimeout(timer);
    timer = setTimeout(() => load(inView), wanted?.playing ? 0 : QUIET);
  }

  /** @param {Wanted} of */
  function known({ run, timestep }) {
    return kept.run === run ? kept.answers.get(timestep) : undefined;
  }

  /**
   * The timestep to ask for: that which is wanted, or while a run plays the next that is not known.
   * @param {Wanted} of
   */
  function next(of) {
    const { run, timestep, backward, playing } = of;
    if (!known(of)) return timestep;
    const ahead = timestep + (backward === run.reverse ? 1 : -1);
    const there = ahead >= 1 && ahead <= lastTimestep(run);
    return playing && there && !known({ ...of, timestep: ahead }) ? ahead : null;
  }

  /**
   * @param {Run} run
   * @param {Answer} answer
   */
  function keep(run, answer) {
    if (kept.run !== run) kept = { run, answers: new Map() };
    kept.answers.set(answer.timestep, answer);
    if (kept.answers.size > MOST_KEPT) kept.answers.delete(kept.answers.keys().next().value ?? 0);
  }

  /** @param {boolean} seen */
  async function load(seen) {
    if (!seen || !wanted) return;
    const goal = wanted;
    const { run } = goal;
    const timestep = next(goal);
    const answer = known(goal);
    if (answer) on.answer(goal, answer);
    if (timestep === null || busy === run) return;
    asking.abort();
    busy = null;
    const diverged = run.end?.diverged_at;
    if (diverged && timestep >= diverged) return on.none(goal, "detail.unreached");
    if (run.T * run.H > most) return on.none(goal, "step.too_big");
    asking = new AbortController();
    busy = run;
    const { signal } = asking;
    try {
      keep(run, await ask("step", { experiment: run.experiment, timestep }, signal));
    } catch (error) {
      if (signal.aborted) return;
      busy = null;
      on.none(null, "step.failed");
      console.info(error);
      timer = setTimeout(() => load(inView), AGAIN);
      return;
    }
    if (signal.aborted) return;
    busy = null;
    load(inView);
  }
}
