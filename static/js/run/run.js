/**
 * One run of an experiment, as far as its frames have come.
 *
 * @typedef {import("../net/frames.js").Frame<import("../net/frames.js").RunHeader>} Frame
 * @typedef {import("../net/frame-types.d.ts").Begin} Begin
 * @typedef {import("../net/frames.js").Head<import("../net/frame-types.d.ts").Forward>} Forward
 * @typedef {import("../net/frames.js").Head<import("../net/frame-types.d.ts").End>} End
 * @typedef {import("../net/frames.js").Numbers} Numbers
 *
 * @typedef {object} Run
 * @property {number} id
 * @property {Record<string, any>} experiment
 * @property {Record<string, unknown>} madeBy  what makes it again
 * @property {string[]} tokens
 * @property {string[]} named  the numbers that are read at each timestep, with the names of their
 *   columns if they have any; empty where tokens are read
 * @property {string[]} vocabulary
 * @property {number[]} targets  target class of each timestep, -1 where none
 * @property {number} T
 * @property {number} H
 * @property {boolean} recurrent
 * @property {number} encoder  how many of the timesteps are an encoder's, with weights of its own
 * @property {number} layers  how many there are on top of one another
 * @property {number} directions  2 where each layer has a second cell, which reads from the end
 * @property {number} layer  the one whose states and gradient these are
 * @property {boolean} reverse  whether they are of its cell that reads from the end
 * @property {boolean} numbers  whether the targets are numbers, and not tokens
 * @property {string[]} gates  their names, in the order of the cell's equations
 * @property {string | null} carry  the gate along which the last state is carried on
 * @property {boolean} closed  whether the state is kept where that gate is closed, not where it is open
 * @property {string[]} candidates  those of the gates that are what may be written, in -1..1
 * @property {number} forwardTo  timesteps known, from 1
 * @property {number} backwardFrom  gradients known from this timestep on; T + 1 when none
 * @property {Float32Array} hidden  (T, H)
 * @property {Float32Array | null} cellState  (T, H)
 * @property {Record<string, Float32Array>} gateValues  (T, H) each
 * @property {Float64Array} log10Gradient  (T), -Infinity where there is no path
 * @property {Float64Array | null} log10CellShare  likewise, on the cell state
 * @property {number | "all"} loss  the one that is drawn: its timestep, or all together
 * @property {Float64Array} log10Share  (T) how much of its gradient arrives; -Infinity for no path
 * @property {Float64Array | null} log10LevelShares  (T, layers · directions) likewise, of each layer from
 *   the inputs up and each direction; null of one layer
 * @property {Float64Array | null} log10LevelEntering  likewise, the part that comes down from above
 * @property {Float32Array | null} levelHidden  (T, layers · directions, H) the states of all of them
 * @property {Map<number, Numbers>} probabilities  by timestep
 * @property {Map<number, Numbers>} predicted  the numbers that an output says, by timestep; empty of tokens
 * @property {Map<number, Numbers>} attention  how much each output looks at each of the encoder's states,
 *   by timestep; empty without attention
 * @property {Map<number, number>} losses  by timestep
 * @property {End | null} end
 * @property {Numbers | null} log10Asked  (T) log10 ‖∂L/∂x_t‖, what all losses ask of each input
 * @property {Numbers | null} matrix  log10 of the share of each loss that arrives, a row a loss
 */
import { numbersTold } from "../text/format.js";
import { extendShares, extendStates, layersOf, readAt, readTargets } from "./level-frames.js";

/**
 * @param {Begin} begin
 * @returns {Run}
 */
export function started(begin) {
  const { timesteps: T, hidden_size: H } = begin;
  return {
    id: Number(begin.id),
    experiment: begin.experiment,
    madeBy: begin.made_by,
    tokens: begin.tokens,
    named: begin.named,
    vocabulary: begin.vocabulary,
    targets: readTargets(begin),
    T,
    H,
    recurrent: begin.recurrent,
    encoder: begin.encoder,
    ...layersOf(begin),
    numbers: Boolean(begin.numbers),
    gates: begin.gates,
    carry: begin.carry,
    closed: begin.closed,
    candidates: begin.candidates,
    forwardTo: 0,
    backwardFrom: T + 1,
    hidden: new Float32Array(T * H),
    cellState: begin.states.includes("c") ? new Float32Array(T * H) : null,
    gateValues: Object.fromEntries(
      begin.gates.map((/** @type {string} */ name) => [name, new Float32Array(T * H)]),
    ),
    log10Gradient: new Float64Array(T).fill(-Infinity),
    log10CellShare: null,
    loss: chosen(
      begin.experiment,
      readTargets(begin).findLastIndex((/** @type {number} */ k) => k >= 0) + 1,
    ),
    log10Share: new Float64Array(T).fill(-Infinity),
    ...unknown(),
  };
}

/** The values that no frame has told yet. */
const unknown = () => ({
  probabilities: new Map(),
  predicted: new Map(),
  attention: new Map(),
  losses: new Map(),
  end: null,
  log10Asked: null,
  matrix: null,
});

/**
 * Add a frame to its run. The run is filled in place: frames arrive in order, and no older state of
 * it is kept.
 * @param {Run} run
 * @param {Frame} frame
 */
export function extend(run, { header, arrays }) {
  switch (header.type) {
    case "forward":
      extendForward(run, header, arrays);
      break;
    case "loss":
      header.timesteps.forEach((/** @type {number} */ t, /** @type {number} */ i) => {
        run.losses.set(readAt(run, t), arrays.loss[i]);
      });
      run.loss = chosen(run.experiment, Math.max(0, ...run.losses.keys()));
      break;
    case "backward":
      run.log10Gradient.set(arrays.log10_gradient_norm, header.from - 1);
      run.log10Share.set(arrays.log10_share, header.from - 1);
      if (arrays.log10_cell_share) {
        run.log10CellShare ??= new Float64Array(run.T).fill(-Infinity);
        run.log10CellShare.set(arrays.log10_cell_share, header.from - 1);
      }
      extendShares(run, header.from, arrays);
      run.backwardFrom = header.from;
      break;
    case "end":
      run.end = header;
      run.log10Asked = arrays.log10_input_gradient_norm ?? null; // none in a replay of before
      run.matrix = arrays.log10_share_matrix;
      run.backwardFrom = 1;
      break;
    default:
      throw new Error(`a run has no frame of type ${header.type}`);
  }
}

/**
 * The states and outputs of some timesteps.
 * @param {Run} run
 * @param {Forward} header
 * @param {Frame["arrays"]} arrays
 */
function extendForward(run, header, arrays) {
  const start = (header.from - 1) * run.H;
  run.hidden.set(arrays.hidden, start);
  run.cellState?.set(arrays.cell_state, start);
  for (const name of run.gates) run.gateValues[name].set(arrays[`gate_${name}`], start);
  header.outputs.forEach((/** @type {number} */ t, /** @type {number} */ i) => {
    const row = (/** @type {Numbers} */ of, width = of.length / header.outputs.length) =>
      of.subarray(i * width, (i + 1) * width);
    const at = readAt(run, t);
    if (arrays.probabilities) run.probabilities.set(at, row(arrays.probabilities));
    if (arrays.predicted) run.predicted.set(at, row(arrays.predicted));
    if (arrays.attention) run.attention.set(t, row(arrays.attention));
  });
  extendStates(run, header.from, arrays);
  run.forwardTo = header.to;
}

/**
 * The loss that is drawn.
 * @param {Record<string, any>} experiment
 * @param {number} last  the timestep of the last one
 * @returns {number | "all"}
 */
const chosen = ({ loss = "last" }, last) => loss === "last" ? last : loss;

/**
 * The timestep at which all of the gradient that is drawn is still there: that of its loss, or of the
 * last one; 0 where it was not reached.
 * @param {Run} run
 */
export function sentFrom({ loss, losses }) {
  if (loss === "all") return Math.max(0, ...losses.keys());
  return losses.has(loss) ? loss : 0;
}

/**
 * The last timestep that has a value, as far as is known: once the losses are met, it is.
 * @param {Run} run
 */
export function lastTimestep(run) {
  if (!run.end && run.losses.size) return run.forwardTo;
  return run.end?.diverged_at ? run.end.diverged_at - 1 : run.T;
}

/**
 * Whether the outputs of a run look at the states of an encoder.
 * @param {Pick<Run, "experiment">} run
 */
export const attends = ({ experiment: { attention = "none" } }) => attention !== "none";

/**
 * The input of a timestep, as much of it as is told: of numbers all, with their names.
 * @param {Pick<Run, "tokens" | "named">} run
 * @param {number} t
 */
export const inputOf = ({ tokens, named }, t) => named[t - 1] ?? tokens[t - 1];

/**
 * Whether the losses only stand for the gradient that a recorded training had: no target has a name.
 * @param {Pick<Run, "numbers" | "vocabulary">} run
 */
export const isRecorded = ({ numbers, vocabulary }) => numbers && vocabulary[0] === "";

/**
 * The words of the network at a timestep: the likeliest token, and how likely it is, or numbers, with
 * p null; null where it says nothing, or has not come so far.
 * @param {Pick<Run, "probabilities" | "predicted" | "numbers" | "vocabulary" | "targets">} run
 * @param {number} t
 * @returns {{word: string, p: number | null, right: boolean} | null}  `right`: it is the target
 */
export function prediction({ probabilities, predicted, numbers, vocabulary, targets }, t) {
  const target = targets[t - 1];
  if (numbers) {
    const values = isRecorded({ numbers, vocabulary }) ? null : predicted.get(t);
    const word = values && numbersTold(values);
    return word ? { word, p: null, right: word === vocabulary[target] } : null;
  }
  const likely = probabilities.get(t);
  if (!likely) return null;
  let token = 0;
  for (let k = 1; k < likely.length; k++) if (likely[k] > likely[token]) token = k;
  return { word: vocabulary[token], p: likely[token], right: token === target };
}

/**
 * log10 of the norm of the gradient that the loss sends into the chain, which shares are of.
 * @param {Run} run  that has ended
 */
export const log10Sent = ({ end }) => end?.arrives.own ?? 0;
