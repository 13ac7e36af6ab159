/**
 * The share that arrives by scale of the recurrent weights and distance from the loss.
 *
 * @typedef {import("./chart-type.js").Chart} Chart
 * @typedef {import("./chart-type.js").Run} Run
 *
 * @typedef {object} Sweep  as the server answers
 * @property {number[]} recurrent_scale
 * @property {number[]} distance
 * @property {(number | null)[][]} log10_share_median  by scale and distance
 * @property {(number | null)[]} median_factor  null where every network diverged, and with attention
 * @property {number | null} critical_scale
 * @property {number[]} diverged
 * @property {number} seeds
 */
import { power } from "../text/format.js";
import { attends } from "../run/run.js";
import { cell, factor, lineAround, log10Of, noStep } from "./chart-type.js";

const SCALES = Array.from({ length: 40 }, (_, i) => (i + 1) / 10);
const SEEDS = { least: 3, most: 20 };
const COST = 1e9;

/** @type {Chart} */
export const sweep = {
  unfit: noStep,
  fill(run, /** @type {Sweep} */ answer) {
    const { recurrent_scale: x, distance: y, log10_share_median: median } = answer;
    const z = y.map((_, row) => median.map((of_scale) => of_scale[row]));
    const lines = { critical: answer.critical_scale, current: marker(run, answer) };
    return { data: { median: { x, y, z } }, lines };
  },
  reading(run, /** @type {Sweep} */ answer, t) {
    const passes = attends(run) ? pastTheSteps(answer, t) : stepByStep(answer, t);
    const of = run.loss === "all" && run.losses.size > 1 ? [t("chart.sweep.last")] : [];
    const line = lineAround(answer.log10_share_median.flat(), t);
    return [...of, passes, here(run, answer, t), ...line].filter(Boolean).join(t("language.gap"));
  },
  table(run, /** @type {Sweep} */ answer, t) {
    const { recurrent_scale, distance, median_factor, diverged } = answer;
    const { log10_share_median: median } = answer;
    const steps = !attends(run);
    const few = distance.filter((_, i) => i % Math.ceil(distance.length / 12) === 0);
    return {
      columns: [
        t("table.scale"),
        ...(steps ? [t("table.factor")] : []),
        t("table.diverged"),
        ...few.map((each) => t("table.distance", { distance: each })),
      ],
      rows: recurrent_scale.map((scale, i) => [
        cell(scale),
        ...(steps ? [median_factor[i] === null ? "∞" : cell(median_factor[i])] : []),
        diverged[i],
        ...few.map((each) => power(log10Of(median[i][distance.indexOf(each)]))),
      ]),
    };
  },
};

/**
 * Where the gradient goes from shrinking to growing.
 * @param {Sweep} answer
 * @param {import("../text/format.js").Translate} t
 */
function stepByStep({ recurrent_scale: scales, critical_scale }, t) {
  if (critical_scale !== null) {
    return t("chart.sweep.reading", { critical: critical_scale.toFixed(2) });
  }
  return t("chart.sweep.none", ends(scales));
}

/**
 * The least that arrives at t = 1 at any scale, where attention leads there in one step.
 * @param {Sweep} answer
 * @param {import("../text/format.js").Translate} t
 */
function pastTheSteps(answer, t) {
  const found = answer.recurrent_scale.flatMap((_, i) =>
    overflows(answer, i) ? [] : [first(answer, i)]
  );
  if (!found.length) return "";
  const least = power(Math.min(...found));
  return t("chart.sweep.attention", { ...ends(answer.recurrent_scale), least });
}

/** @param {number[]} scales */
const ends = (scales) => ({ low: cell(scales[0]), high: cell(scales[scales.length - 1]) });

/** log10 of the share at t = 1. @param {Sweep} answer @param {number} i */
const first = ({ log10_share_median: median }, i) => log10Of(median[i][median[i].length - 1]);

/** Whether every network of a scale overflows. @param {Sweep} answer @param {number} i */
const overflows = ({ diverged, seeds }, i) => diverged[i] === seeds;

/**
 * The verdict at the run's own scale: between the scales on either side.
 * @param {Run} run
 * @param {Sweep} answer
 * @param {import("../text/format.js").Translate} t
 */
function here(run, answer, t) {
  const at = marker(run, answer);
  const scale = Number(run.experiment.recurrent_scale).toFixed(2);
  if (at === null) return t("chart.sweep.beyond", { scale });
  const { recurrent_scale: scales, median_factor: factors } = answer;
  const above = scales.findIndex((each) => each >= at);
  const below = scales[above] === at ? above : above - 1;
  const over = [above, below].find((i) => overflows(answer, i));
  if (over !== undefined) return t("chart.sweep.overflow", { scale, over: cell(scales[over]) });
  const part = (at - scales[below]) / (scales[above] - scales[below] || 1);
  /** @type {(low: number, high: number) => number} */
  const between = (low, high) => part ? low + part * (high - low) : low;
  if (attends(run)) {
    const arrives = power(between(first(answer, below), first(answer, above)));
    return t("chart.sweep.here.attention", { scale, share: arrives });
  }
  const found = between(Number(factors[below]), Number(factors[above]));
  return t("chart.sweep.here", { scale, factor: factor(Math.log10(found)) });
}

/**
 * Where the run stands among the scales; null outside them.
 * @param {Run} run
 * @param {Sweep} answer
 */
export function marker(run, { recurrent_scale: scales }) {
  const scale = Number(run.experiment.recurrent_scale);
  return scale < scales[0] || scale > scales[scales.length - 1] ? null : scale;
}

/**
 * The request: the scales that the slider reaches, on as many seeds as a moment allows. The
 * scale and the seed of the run itself do not matter.
 * @param {Run} run
 */
export function request({ experiment, gates, layers, directions, T, H }) {
  const { recurrent_scale: _scale, seed: _seed, ...rest } = experiment;
  const network = layers * directions * T * Math.max(1, gates.length) * H * H;
  const seeds = Math.floor(COST / (network * SCALES.length));
  return {
    experiment: rest,
    recurrent_scale: SCALES,
    seeds: Math.max(SEEDS.least, Math.min(SEEDS.most, seeds)),
  };
}
