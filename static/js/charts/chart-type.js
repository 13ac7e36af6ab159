/**
 * The interface of a chart: the numbers for a figure, one sentence about them, and a table of them.
 *
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("../text/format.js").Translate} Translate
 *
 * @typedef {object} Filling  numbers for a figure; see `fill` in plot.js
 * @property {Record<string, Record<string, any>>} data  by the `meta` of the figure's traces
 * @property {Record<string, number | null>} [lines]  places of its upright lines, and of marks
 *   beside it, by name
 * @property {number} [step]  one timestep in so many is drawn
 *
 * @typedef {{run: Run, name: string}} Named  a pinned run
 * @typedef {{columns: string[], rows: (string | number)[][]}} Table
 *
 * @typedef {object} Chart
 * @property {(run: Run) => string} [figure]  its name, where it is not the chart's
 * @property {string} [analysis]  what the server is asked for
 * @property {(run: Run) => boolean} [repeats]  whether it would show what the stage shows, and so
 *   is only there where it is asked for by name
 * @property {(run: Run, most: number) => string | null} [unfit]  why this run has no such
 *   chart: a message's key; `most` is the largest T · H whose timesteps are analysed
 * @property {(run: Run, t: Translate) => {value: string, label: string}[]} [choices]
 * @property {(run: Run, answer: any, choice: string, beside: Named[]) => Filling} fill
 * @property {(run: Run, answer: any, t: Translate, choice: string) => string} reading
 * @property {(run: Run, answer: any, t: Translate, choice: string) => Table} table
 */
import { ofLevel } from "../run/level-name.js";
import { asRead, toldInTime } from "../run/reading-order.js";
import { power, TWICE } from "../text/format.js";

const MOST_COLUMNS = 400;

/**
 * A chart in words, which name the layer in front.
 * @param {Chart} chart
 * @param {Run} run
 * @param {any} answer
 * @param {string} choice
 * @param {Translate} t
 */
export const readingOf = (chart, run, answer, choice, t) =>
  ofLevel(run, t, chart.reading(asRead(run), answer, toldInTime(run, t), choice));

/** @param {Run} run */
export const noMemory = (run) => run.recurrent ? null : "chart.memory.unfit";

/** @param {Run} run */
export const noStep = (run) => noMemory(run) ?? (run.T > 1 ? null : "chart.single.unfit");

/**
 * A whole number of columns at most, and which timesteps they are.
 * @param {number} last
 */
export function columns(last) {
  const step = Math.ceil(last / MOST_COLUMNS) || 1;
  return { step, timesteps: range(1, last, step) };
}

/**
 * @param {number} from
 * @param {number} to
 * @param {number} [step]
 */
export function range(from, to, step = 1) {
  return Array.from(
    { length: Math.max(0, Math.floor((to - from) / step) + 1) },
    (_, i) => from + i * step,
  );
}

/** @param {ArrayLike<number>} values */
export function mean(values) {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/**
 * Non-finite values, drawn as gaps.
 * @param {number} value
 */
export const gap = (value) => Number.isFinite(value) ? value : null;

/**
 * The quantity that the line in a map of shares surrounds, if it has one.
 * @param {Iterable<number | null>} log10
 * @param {Translate} t
 */
export function lineAround(log10, t) {
  for (const each of log10) if (each !== null && each > TWICE) return [t("chart.line")];
  return [];
}

/**
 * log10 as the server writes it: null for -inf.
 * @param {number | null} log10
 */
export const log10Of = (log10) => log10 ?? -Infinity;

/**
 * A number of a table: four digits, a true minus.
 * @param {number} value
 */
export const cell = (value) => String(Number(value.toPrecision(4))).replace("-", "−");

/**
 * A factor given by its log10, with digits after the point: 0.90 is not 0.9.
 * @param {number} log10
 * @param {number} [digits]
 */
export function factor(log10, digits = 2) {
  if (log10 === Infinity) return "∞";
  return Math.abs(log10) < 2 ? (10 ** log10).toFixed(digits) : power(log10);
}

/** The factor of an average step: many of them make what arrives. @param {number} log10 */
export const average = (log10) => factor(log10, 3);
