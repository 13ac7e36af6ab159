/**
 * The gradient by scale of the recurrent weights and distance from the loss.
 *
 * @typedef {import("./chart.js").Chart} Chart
 * @typedef {import("./chart.js").Run} Run
 *
 * @typedef {object} Sweep  as the server answers
 * @property {number[]} recurrent_scale
 * @property {number[]} distance
 * @property {(number | null)[][]} log10_median  by scale and distance
 * @property {(number | null)[]} median_factor  null where every network diverged
 * @property {number | null} critical_scale
 * @property {number[]} diverged
 */
import { power } from "../format.js";
import { cell, factor, log10Of, noMemory } from "./chart.js";

const SCALES = Array.from({ length: 40 }, (_, i) => (i + 1) / 10);
const SEEDS = { least: 3, most: 20 };
const COST = 1e9;
const BLOCKS = /** @type {Record<string, number>} */ ({ lstm: 4, gru: 3 });

/** @type {Chart} */
export const sweep = {
  unfit: noMemory,
  fill(run, /** @type {Sweep} */ answer) {
    const { recurrent_scale: x, distance: y, log10_median } = answer;
    const z = y.map((_, row) => log10_median.map((of_scale) => of_scale[row]));
    const lines = { critical: answer.critical_scale, current: marker(run, answer) };
    return { data: { median: { x, y, z } }, lines };
  },
  reading(run, /** @type {Sweep} */ answer, t) {
    const scale = Number(run.experiment.recurrent_scale).toFixed(2);
    const { recurrent_scale: scales, critical_scale } = answer;
    if (marker(run, answer) === null) return t("chart.sweep.beyond", { scale });
    const here = { scale, factor: factor(factorAt(run.experiment.recurrent_scale, answer)) };
    if (critical_scale !== null) {
      return t("chart.sweep.reading", { ...here, critical: critical_scale.toFixed(2) });
    }
    const [low, high] = [scales[0], scales[scales.length - 1]].map(cell);
    return t("chart.sweep.none", { ...here, low, high });
  },
  table(_run, /** @type {Sweep} */ answer, t) {
    const { recurrent_scale, distance, log10_median, median_factor, diverged } = answer;
    const few = distance.filter((_, i) => i % Math.ceil(distance.length / 12) === 0);
    return {
      columns: [
        t("table.scale"),
        t("table.factor"),
        t("table.diverged"),
        ...few.map((each) => t("table.distance", { distance: each })),
      ],
      rows: recurrent_scale.map((scale, i) => [
        cell(scale),
        median_factor[i] === null ? "∞" : cell(median_factor[i]),
        diverged[i],
        ...few.map((each) => power(log10Of(log10_median[i][distance.indexOf(each)]))),
      ]),
    };
  },
};

/**
 * Where the run stands among the scales; null beyond them.
 * @param {Run} run
 * @param {Sweep} answer
 */
export function marker(run, { recurrent_scale: scales }) {
  const scale = Number(run.experiment.recurrent_scale);
  return scale > scales[scales.length - 1] ? null : scale;
}

/**
 * What to ask for: the scales that the slider reaches, on as many seeds as a moment allows. The
 * scale and the seed of the run itself do not matter.
 * @param {Run} run
 */
export function request({ experiment, T, H }) {
  const { recurrent_scale: _scale, seed: _seed, ...rest } = experiment;
  const network = T * (BLOCKS[experiment.cell] ?? 1) * H * H;
  const seeds = Math.floor(COST / (network * SCALES.length));
  return {
    experiment: rest,
    recurrent_scale: SCALES,
    seeds: Math.max(SEEDS.least, Math.min(SEEDS.most, seeds)),
  };
}

/**
 * log10 of the median factor at a scale, between those of its neighbours.
 * @param {number} scale
 * @param {Sweep} answer
 */
function factorAt(scale, { recurrent_scale: scales, median_factor: factors }) {
  const above = Math.max(1, scales.findIndex((each) => each >= scale));
  const [low, high] = [factors[above - 1], factors[above]];
  if (low === null || high === null) return Infinity;
  const share = (scale - scales[above - 1]) / (scales[above] - scales[above - 1]);
  return Math.log10(Math.max(0, low + share * (high - low)));
}
