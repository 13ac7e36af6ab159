/**
 * Charts of the cell's states at each timestep.
 *
 * @typedef {import("./chart-type.js").Chart} Chart
 * @typedef {import("./chart-type.js").Run} Run
 */
import { activationOf } from "../experiment/cells.js";
import { significant, wholePercent } from "../text/format.js";
import { cell, columns, mean, range } from "./chart-type.js";

const FLAT = 0.9;

/** @type {Chart} */
export const hiddenStates = {
  unfit: overflowed,
  fill: (run) => units(run, run.hidden, "hidden"),
  reading(run, _answer, t) {
    const states = run.hidden.subarray(0, run.forwardTo * run.H);
    const activation = activationOf(run.experiment);
    if (activation === "identity") {
      const largest = states.reduce((most, h) => Math.max(most, Math.abs(h)), 0);
      return t("chart.hidden_states.identity", { largest: significant(largest) });
    }
    const kind = gateNames(run).length ? "gated" : activation;
    const counted = { relu: silent, sigmoid: flatSigmoid }[activation] ?? flat;
    const share = states.filter(counted).length / states.length;
    return t(`chart.hidden_states.${kind}`, { percent: wholePercent(share) });
  },
  table: (run, _answer, t) => unitsTable(run, run.hidden, t),
};

/** @type {Chart} */
export const gates = {
  unfit: (run) => gateNames(run).length ? overflowed(run) : "chart.gates.unfit",
  choices(run, t) {
    const carries = (/** @type {string} */ gate) => Number(gate === run.carry);
    const carryFirst = gateNames(run).toSorted((a, b) => carries(b) - carries(a));
    return carryFirst.map((gate) => ({ value: gate, label: t(`gate.${gate}`) }));
  },
  fill: (run, _answer, gate) =>
    units(run, run.gateValues[gate], run.candidates.includes(gate) ? "candidate" : "gate"),
  reading(run, _answer, t, gate) {
    const values = run.gateValues[gate].subarray(0, run.forwardTo * run.H);
    const name = t(`gate.${gate}`);
    return run.candidates.includes(gate)
      ? t("chart.gates.candidate", { gate: name, mean: significant(mean(values.map(Math.abs))) })
      : t("chart.gates.reading", { gate: name, percent: wholePercent(mean(values)) });
  },
  table: (run, _answer, t, gate) => unitsTable(run, run.gateValues[gate], t),
};

/** @param {Run} run */
function overflowed(run) {
  return run.forwardTo ? null : "chart.overflow.unfit";
}

/** @param {Run} run */
const gateNames = (run) => Object.keys(run.gateValues);
/** @param {number} h */
const flat = (h) => Math.abs(h) > FLAT;
/** @param {number} h */
const flatSigmoid = (h) => h > FLAT || h < 1 - FLAT;
/** @param {number} h */
const silent = (h) => h === 0;

/**
 * One row a hidden unit, one column a timestep.
 * @param {Run} run
 * @param {Float32Array} values  (T, H)
 * @param {string} key
 */
function units(run, values, key) {
  const { step, timesteps: x } = columns(run.forwardTo);
  const z = range(0, run.H - 1).map((unit) => x.map((t) => values[(t - 1) * run.H + unit]));
  return { data: { [key]: { x, y: range(1, run.H), z } }, step };
}

/**
 * One row a timestep.
 * @param {Run} run
 * @param {Float32Array} values  (T, H)
 * @param {import("./chart-type.js").Translate} t
 */
function unitsTable(run, values, t) {
  return {
    columns: [t("table.t"), ...range(1, run.H).map((unit) => t("table.unit", { unit }))],
    rows: range(1, run.forwardTo).map((step) => [
      step,
      ...Array.from(values.subarray((step - 1) * run.H, step * run.H), (h) => cell(h)),
    ]),
  };
}
