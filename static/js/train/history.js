/**
 * The history of a training run, as far as a picture can show it: of many steps, every k-th.
 *
 * @typedef {import("../net/frames.js").Frame<import("../net/frames.js").TrainingHeader>} Frame
 * @typedef {import("../net/frame-types.d.ts").TrainingBegin} Begin
 * @typedef {import("../net/frame-types.d.ts").TrainingEnd} End
 *
 * @typedef {object} History
 * @property {number} id
 * @property {string} run  its name at the server
 * @property {Record<string, any>} training
 * @property {number} T  timesteps, and so distances from the loss: 0 to T - 1
 * @property {number} planned  steps
 * @property {number} baseline
 * @property {boolean} numbers  whether the targets are numbers
 * @property {string} tokens  what is read: `characters` or `words`
 * @property {boolean} vectors  whether vectors are read
 * @property {{reads: string[], targets: string[]}[]} probes
 * @property {boolean} heldOut  whether the probes are never trained on
 * @property {number} step  steps taken
 * @property {number} every  one step in so many is kept
 * @property {number} count  steps kept: the i-th is step 1 + i · every
 * @property {Float64Array} loss  of each step kept
 * @property {Float64Array} mean  of the losses up to it, over the last few
 * @property {Float64Array} accuracy  NaN where there is none
 * @property {Float64Array} norm  log10, of all weights together
 * @property {Float32Array} reach  (count, T) log10 ‖∂L_last/∂h‖ by distance
 * @property {number} lastMean  of the losses of the last few steps
 * @property {number} lastAccuracy
 * @property {number} window  see `windowOf`, of the newest step
 * @property {{timesteps: number[], predictions: string[], right: boolean[], probability: (number | null)[]}[]} answers
 * @property {number[]} checkpoints  steps whose networks are kept
 * @property {number} seconds
 * @property {End | null} end
 */

export const MOST_KEPT = 1200;
/** Steps that a mean is of. */
export const RECENT = 25;
const SOON = 3;
const ROOM = 1.5;
const LEAST_SPAN = 10;
/** log10 of the share of the loss's gradient below which nothing is learnt from a distance. */
export const GONE = -4;

/**
 * @param {Begin} begin
 * @returns {History}
 */
export function started(begin) {
  const { timesteps: T, training } = begin;
  const planned = Number(training.steps);
  const room = Math.min(planned, MOST_KEPT);
  return {
    id: Number(begin.id),
    run: begin.run,
    training,
    T,
    planned,
    baseline: begin.baseline,
    numbers: begin.numbers,
    vectors: begin.vectors,
    tokens: begin.tokens,
    probes: begin.probes,
    heldOut: begin.held_out,
    step: 0,
    every: 1,
    count: 0,
    loss: new Float64Array(room),
    mean: new Float64Array(room),
    accuracy: new Float64Array(room),
    norm: new Float64Array(room),
    reach: new Float32Array(room * T),
    lastMean: NaN,
    lastAccuracy: NaN,
    window: 0,
    answers: [],
    checkpoints: begin.checkpoints,
    seconds: 0,
    end: null,
  };
}

/**
 * Add a frame to the run it belongs to, in place: frames arrive in order. The first may bring the
 * steps that a run has taken before, of many every k-th.
 * @param {History} history
 * @param {Frame} frame
 */
export function extend(history, { header, arrays }) {
  if (header.type !== "steps" && header.type !== "end") return;
  history.checkpoints = header.checkpoints;
  history.seconds = header.seconds;
  if (header.type === "end") {
    history.end = header;
    return;
  }
  const { T } = history;
  const { from, to, every } = header;
  if (!history.count) history.every = every;
  history.step = to;
  for (let i = 0, step = from; step <= to; i++, step += every) {
    if ((step - 1) % history.every) continue;
    if (history.count === history.loss.length) thin(history);
    if ((step - 1) % history.every) continue;
    const at = history.count++;
    history.loss[at] = arrays.loss[i];
    history.mean[at] = arrays.mean_loss[i];
    history.accuracy[at] = arrays.accuracy[i];
    history.norm[at] = arrays.log10_gradient_norm[i];
    history.reach.set(arrays.log10_norm_by_distance.subarray(i * T, (i + 1) * T), at * T);
  }
  const last = arrays.loss.length - 1;
  history.lastMean = arrays.mean_loss[last];
  history.lastAccuracy = arrays.accuracy[last];
  history.window = windowOf(arrays.log10_norm_by_distance.subarray(last * T, (last + 1) * T));
  if (header.answers.length) history.answers = header.answers;
}

/**
 * Drop every other step, to make room for as many again.
 * @param {History} history
 */
function thin(history) {
  const { T, reach } = history;
  history.count = Math.ceil(history.count / 2);
  history.every *= 2;
  for (let i = 0; i < history.count; i++) {
    for (const each of [history.loss, history.mean, history.accuracy, history.norm]) {
      each[i] = each[2 * i];
    }
    reach.copyWithin(i * T, 2 * i * T, (2 * i + 1) * T);
  }
}

/**
 * The steps that a picture has room for: those planned, or fewer where a run ended soon.
 * @param {History} history
 */
export const spanOf = ({ planned, step, end }) =>
  end && SOON * step < planned ? Math.max(LEAST_SPAN, Math.ceil(ROOM * step)) : planned;

/** @param {number} index @param {History} history */
export const stepAt = (index, { every }) => 1 + index * every;

/**
 * The stored step that is closest to one.
 * @param {number} step
 * @param {History} history
 */
export const indexOf = (step, { every, count }) =>
  Math.max(0, Math.min(count - 1, Math.round((step - 1) / every)));

/**
 * log10 of the share of the gradient at the loss that arrives at a distance.
 * @param {History} history
 * @param {number} index  of a step that is kept
 * @param {number} distance
 */
export const reachAt = ({ reach, T }, index, distance) =>
  reach[index * T + distance] - reach[index * T];

/**
 * The number of timesteps back over which more than 1/10,000 of the gradient at the loss arrives.
 * @param {ArrayLike<number>} log10  by distance
 */
export function windowOf(log10) {
  let distance = 0;
  while (distance + 1 < log10.length && log10[distance + 1] - log10[0] >= GONE) distance++;
  return distance;
}

/**
 * The steps whose networks stay: while a run goes on, its newest gives way to the next.
 * @param {History} history
 * @param {boolean} running
 */
export const lasting = ({ checkpoints }, running) =>
  running && checkpoints.length > 1 ? checkpoints.slice(0, -1) : checkpoints;

/**
 * The network that is kept closest to what a step saw: it was made by the step before.
 * @param {number[]} checkpoints
 * @param {number} step
 */
export function checkpointFor(checkpoints, step) {
  /** @type {number | null} */
  let best = null;
  for (const each of checkpoints) {
    if (best === null || Math.abs(each - step + 1) < Math.abs(best - step + 1)) best = each;
  }
  return best;
}

/** Steps on either side whose windows a steady line goes between. */
const BESIDE = 4;

/**
 * The window of each step that is kept, the median of those around it: one minibatch of examples of
 * many lengths says little.
 * @param {History} history
 */
export function steadyWindows({ count, reach, T }) {
  const windows = Array.from(
    { length: count },
    (_, i) => windowOf(reach.subarray(i * T, (i + 1) * T)),
  );
  return windows.map((_, i) => {
    const side = Math.min(BESIDE, i, count - 1 - i);
    return windows.slice(i - side, i + side + 1).sort((a, b) => a - b)[side];
  });
}
