/**
 * Requests the step factors once a run has stopped changing and the stage shows the gradient on its
 * way back or the two paths of a gated cell.
 *
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("../stage/caption.js").Why} Why
 */
import { createAsker } from "../net/request.js";
import { moment } from "../playback/playhead.js";
import { inTime } from "../run/reading-order.js";
import { sentFrom } from "../run/run.js";
import { debounced, QUIET } from "../ui/debounce.js";

/**
 * @param {import("../net/server.js").Engine["ask"]} ask
 * @param {number} most  hidden units in all timesteps that it is asked for
 * @param {{ready: (run: Run, why: Why) => void}} on
 */
export function createStepFactorsRequest(ask, most, on) {
  const asker = createAsker(ask);
  /** @type {Run | null} */
  let last = null;
  const rest = debounced(want, QUIET);

  return {
    /** @param {import("../lab/state.js").State} state */
    follow({ run, position }) {
      if (run === last || !run?.end || !(run.gates.length || goesBack(position, run.T))) return;
      last = run;
      rest.cancel();
      asker.cancel();
      const answerable = run.recurrent && sentFrom(run) && run.T > 1 &&
        run.T * run.H <= most;
      if (answerable) rest.soon(run);
    },
  };

  /** @param {Run} run */
  async function want(run) {
    try {
      const answer = await asker.get("analysis/step_factors", run.experiment);
      if (run === last) on.ready(run, explained(run, answer));
    } catch {
      // the caption then tells the norm, without the reason
    }
  }
}

/**
 * @param {number} position
 * @param {number} T
 */
const goesBack = (position, T) => moment(position, T).phase === "backward";

/**
 * In the order in which the cell reads, with the shares of a gated cell's two paths by the timestep
 * that is left.
 * @param {Run} run
 * @param {Omit<Why, "paths">} answer
 * @returns {Why}
 */
export function explained(run, answer) {
  const asRead = { ...answer, timesteps: answer.timesteps.map((t) => inTime(run, t)) };
  return { ...asRead, paths: paths(run, asRead) };
}

/**
 * @param {Run} run
 * @param {Omit<Why, "paths">} answer
 */
function paths(run, { timesteps, shares }) {
  if (!shares.carry) return null;
  const [carry, recurrent] = [new Float64Array(run.T), new Float64Array(run.T)];
  timesteps.forEach((t, i) => {
    carry[t - 1] = shares.carry[i];
    recurrent[t - 1] = shares.recurrent[i];
  });
  return { carry, recurrent };
}
