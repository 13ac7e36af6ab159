/**
 * Runs that are asked for beside the current one.
 *
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("./state.js").Experiment} Experiment
 */
import { problemOf } from "../net/problem.js";
import { extend, started } from "../run/run.js";
import { asked } from "../experiment/cells.js";

/**
 * Runs pinned experiments one after the other, on a channel of their own.
 * @param {import("../net/server.js").Engine["runs"]} runs
 * @param {{ready: (experiment: Experiment, run: Run) => void,
 *   failed: (experiment: Experiment, problem: import("./state.js").Problem) => void}} on
 */
export function createPinnedRuns(runs, on) {
  /** @type {import("../net/run-channel.js").RunChannel | null} */
  let channel = null;
  /** @type {Experiment[]} */
  let waiting = [];
  /** @type {Experiment | null} that is being run */
  let current = null;
  /** @type {Run | null} */
  let coming = null;

  return {
    /**
     * These experiments alone are wanted from now on, beside the one that is being run.
     * @param {Experiment[]} experiments
     */
    want(experiments) {
      waiting = experiments.filter((each) => each !== current);
      if (!current) next();
    },
  };

  function next() {
    current = waiting.shift() ?? null;
    if (!current) return;
    channel ??= runs({ frame: receive, way: () => {} });
    channel.request(asked(current));
  }

  /** @param {import("../net/frames.js").Frame<import("../net/frames.js").RunHeader>} frame */
  function receive(frame) {
    const { header } = frame;
    if (!current || (header.type === "error" && header.code === "busy")) return; // the channel asks again
    if (header.type === "begin") coming = started(header);
    else if (header.type !== "error" && coming) extend(coming, frame);
    if (header.type !== "end" && header.type !== "error") return;
    const done = current;
    next();
    if (header.type === "end" && coming) on.ready(done, coming);
    else if (header.type === "error") {
      on.failed(done, problemOf(header));
    }
  }
}
