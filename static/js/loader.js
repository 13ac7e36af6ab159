/**
 * Runs that are asked for beside the current one.
 *
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("./state.js").Experiment} Experiment
 */
import { asked } from "./pins.js";
import { extend, started } from "./run.js";
import { connect } from "./socket.js";

/**
 * Runs pinned experiments one after the other, on a channel of their own.
 * @param {string} url
 * @param {{ready: (experiment: Experiment, run: Run) => void,
 *   failed: (experiment: Experiment, problem: import("./state.js").Problem) => void}} on
 */
export function createLoader(url, on) {
  /** @type {ReturnType<typeof connect> | null} */
  let channel = null;
  /** @type {Experiment[]} */
  const waiting = [];
  /** @type {Run | null} */
  let coming = null;
  let busy = false;

  return {
    /** @param {Experiment} experiment */
    load(experiment) {
      waiting.push(experiment);
      if (!busy) next();
    },
  };

  function next() {
    busy = waiting.length > 0;
    if (!busy) return;
    channel ??= connect(url, { frame: receive, way: () => {} });
    channel.request(asked(waiting[0]));
  }

  /** @param {import("./frames.js").Frame} frame */
  function receive(frame) {
    const { header } = frame;
    if (header.code === "busy") return; // the channel asks again
    if (header.type === "begin") coming = started(header);
    else if (header.type === "error") {
      const { field, code, details, message } = header;
      on.failed(waiting[0], { field, code, details, message });
    } else if (coming) extend(coming, frame);
    if (header.type === "end" && coming) on.ready(waiting[0], coming);
    if (header.type !== "end" && header.type !== "error") return;
    waiting.shift();
    next();
  }
}
