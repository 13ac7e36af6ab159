/**
 * Charts of the gradient that arrives, and of the factor of each step back.
 *
 * @typedef {import("./chart-type.js").Chart} Chart
 * @typedef {import("./chart-type.js").Run} Run
 */
import { averageStep, gradientOf } from "../run/arriving-gradient.js";
import { inTime } from "../run/reading-order.js";
import { attends, sentFrom } from "../run/run.js";
import { power, share, TWICE, wholePercent } from "../text/format.js";
import { average, cell, columns, gap, lineAround, log10Of, mean, noStep } from "./chart-type.js";

const FACTORS = ["weights", "saturation", "alignment"];

/** @type {Chart} */
export const gradientNorm = {
  fill: (run, _answer, _choice, beside) =>
    norms([run, ...beside.map((each) => each.run)], ["", ...beside.map((each) => each.name)]),
  reading(run, _answer, t) {
    if (!run.losses.size) return t("chart.gradient_matrix.none");
    if (!sentFrom(run)) return t("caption.backward.unreached");
    if (run.loss === "all" && run.losses.size > 1) return sum(run, t);
    if (attends(run)) return t("chart.gradient_norm.attention");
    const { rate, theory, arrives } = /** @type {Record<string, any>} */ (run.end);
    if (!rate) {
      return t(
        arrives.cell?.reaches < arrives.reaches
          ? "chart.gradient_norm.cell"
          : "chart.gradient_norm.none",
      );
    }
    const measured = { gradient: gradientOf(run, t), factor: average(averageStep(run)) };
    const reading = run.layer < run.layers
      ? "chart.gradient_norm.reading.layer"
      : "chart.gradient_norm.reading";
    const sentence = theory === null
      ? t(reading, measured)
      : t("chart.gradient_norm.theory", { ...measured, theory: average(theory) });
    if (arrives.first !== null) return sentence;
    const { reaches } = arrives;
    return sentence + t("language.gap") + t("chart.gradient_norm.ends", { reaches });
  },
  table(run, _answer, t) {
    const expected = theory(run);
    return {
      columns: [t("table.t"), t("table.share"), ...(expected ? [t("table.theory")] : [])],
      rows: Array.from(run.log10Share, (log10, i) => {
        const theirs = expected?.(i + 1) ?? null;
        return [i + 1, power(log10), ...(expected ? [theirs === null ? "" : power(theirs)] : [])];
      }),
    };
  },
};

/**
 * The sum of many losses.
 * @param {Run} run
 * @param {import("./chart-type.js").Translate} t
 */
function sum(run, t) {
  const shares = Array.from(run.log10Share);
  const [least, most] = [Math.min(...shares), Math.max(...shares)];
  return t("chart.gradient_norm.sum", {
    count: run.losses.size,
    s: sentFrom(run),
    least: power(least),
    least_t: shares.indexOf(least) + 1,
    most: power(most),
    most_t: shares.indexOf(most) + 1,
  });
}

/**
 * One line a run, and the theory's beside the first.
 * @param {Run[]} runs
 * @param {string[]} [names]
 * @returns {import("./chart-type.js").Filling}
 */
export function norms(runs, names = []) {
  const lines = runs.map((run, i) => {
    const { timesteps: x } = columns(run.T);
    const y = x.map((t) => gap(run.log10Share[t - 1]));
    return [`run-${i}`, { x, y, ...(names[i] && { name: names[i] }) }];
  });
  const { step, timesteps: x } = columns(runs[0].T);
  const expected = theory(runs[0]);
  if (expected) lines.push(["theory", { x, y: x.map(expected) }]);
  return { data: Object.fromEntries(lines), step };
}

/**
 * The theory's line for a single loss: all of its gradient where it is sent, and so much a step.
 * @param {Run} run
 * @returns {((t: number) => number | null) | null}
 */
function theory(run) {
  const slope = run.loss === "all" && run.losses.size > 1 ? null : run.end?.theory ?? null;
  const last = run.log10Share.findLastIndex(Number.isFinite) + 1;
  if (slope === null || !last) return null;
  return (t) => t <= last ? slope * (last - t) : null;
}

/** @type {Chart} */
export const gradientMatrix = {
  repeats: (run) => run.losses.size === 1,
  fill(run) {
    const { x, y } = matrixAxes(run);
    const z = y.map((_, row) => Array.from(matrixRow(run, row, x.length), gap));
    const chosen = y.length > 1 && run.loss !== "all" && sentFrom(run) ? run.loss : null;
    const step = x.length > 1 ? x[1] - x[0] : 1;
    return { data: { matrix: { x, y, z } }, lines: { chosen }, step };
  },
  reading(run, _answer, t) {
    const { first, reaches } = /** @type {Record<string, any>} */ (run.end).arrives;
    const s = sentFrom(run);
    if (!run.losses.size) return t("chart.gradient_matrix.none");
    if (!s) return t("caption.backward.unreached");
    const several = run.losses.size > 1;
    const said = several && run.loss === "all"
      ? [t("chart.gradient_matrix.all")]
      : [...(several ? [t("chart.gradient_matrix.rows")] : []), row({ s, first, reaches }, t)];
    return [...said, ...lineAround(run.matrix ?? [], t)].join(t("language.gap"));
  },
  table(run, _answer, t) {
    const { x, y } = matrixAxes(run);
    return {
      columns: [t("table.s"), ...x.map((each) => t("table.at", { t: each }))],
      rows: y.map((s, row) => [s, ...Array.from(matrixRow(run, row, x.length), power)]),
    };
  },
};

/**
 * The way of the chosen loss's gradient.
 * @param {{s: number, first: number | null, reaches: number | null}} arrives
 * @param {import("./chart-type.js").Translate} t
 */
function row({ s, first, reaches }, t) {
  if (reaches === null) return t("chart.gradient_matrix.zero", { s });
  if (first === null) return t("chart.gradient_matrix.short", { s, reaches });
  const blanks = { s, share: share(first, t) };
  return first > TWICE
    ? t("chart.gradient_matrix.reading.times", blanks)
    : t("chart.gradient_matrix.reading", blanks);
}

/** @param {Run} run */
function matrixAxes(run) {
  const { matrix_losses: y, matrix_timesteps: x } =
    /** @type {import("../net/frame-types.d.ts").End} */ (run.end);
  return { x, y };
}

/**
 * The matrix as the server sent it: rows of the timesteps that have a loss.
 * @param {Run} run
 * @param {number} row
 * @param {number} width
 */
const matrixRow = (run, row, width) =>
  /** @type {Float32Array} */ (run.matrix).subarray(row * width, (row + 1) * width);

/**
 * @typedef {{timesteps: number[], log10_ratio: (number | null)[],
 *   log10_factors: Record<string, (number | null)[]>, shares: Record<string, number[]>}} Steps
 *
 * @type {Chart}
 */
export const stepFactors = {
  analysis: "step_factors",
  figure: (run) => isGated(run) ? "shares" : "step_factors",
  unfit: (run, most) =>
    noStep(run) ?? (sentFrom(run) ? null : "chart.loss.unfit") ??
      (run.T * run.H > most ? "step.too_big" : null),
  fill(_run, /** @type {Steps} */ answer) {
    const x = answer.timesteps;
    const named = Object.entries(linesOf(answer));
    return { data: Object.fromEntries(named.map(([name, y]) => [name, { x, y: y.map(gap) }])) };
  },
  reading(run, /** @type {Steps} */ answer, t) {
    const alone = attends(run) && answer.timesteps.length
      ? [t("chart.step_factors.attention")]
      : [];
    return [averageFactors(run, answer, t), ...alone].join(t("language.gap"));
  },
  table(run, /** @type {Steps} */ answer, t) {
    const lines = linesOf(answer);
    /** @param {string} name */
    const label = (name) => t(isGated(run) ? `figure.share.${name}` : `figure.factor.${name}`);
    return {
      columns: [t("table.t"), ...Object.keys(lines).map(label)],
      rows: answer.timesteps.map((
        step,
        i,
      ) => [step, ...Object.values(lines).map((y) => cell(y[i]))]),
    };
  },
};

/**
 * The factors of an average step, in a sentence.
 * @param {Run} run
 * @param {Steps} answer
 * @param {import("./chart-type.js").Translate} t
 */
function averageFactors(run, { timesteps, log10_ratio, log10_factors, shares }, t) {
  if (!timesteps.length) return t("chart.step_factors.none");
  if (isGated(run)) {
    const [carry, recurrent] = [shares.carry, shares.recurrent].map((each) => mean(each));
    return t("chart.step_factors.shares", {
      carry: wholePercent(carry),
      recurrent: wholePercent(recurrent),
      gate: t(`gate.${run.carry}`),
    });
  }
  if (log10_ratio.includes(null)) {
    const ended = timesteps[log10_ratio.indexOf(null)];
    const all = run.loss === "all" || attends(run);
    const key = all ? "chart.step_factors.ended.all" : "chart.step_factors.ended";
    return t(key, { t: inTime(run, ended) });
  }
  /** @param {(number | null)[]} log10 */
  const meanOf = (log10) => average(mean(log10.map(log10Of)));
  return t("chart.step_factors.reading", {
    ...Object.fromEntries(FACTORS.map((name) => [name, meanOf(log10_factors[name])])),
    product: meanOf(log10_ratio),
  });
}

/** @param {Run} run */
const isGated = (run) => run.carry !== null;

/**
 * The plain numbers of each line: shares, or factors and their product.
 * @param {Steps} answer
 * @returns {Record<string, number[]>}
 */
function linesOf({ shares, log10_factors, log10_ratio }) {
  if (Object.keys(shares).length) return shares;
  const log10 = { ...log10_factors, product: log10_ratio };
  return Object.fromEntries(
    Object.entries(log10).map(([name, values]) => [name, values.map((x) => 10 ** log10Of(x))]),
  );
}
