/**
 * Charts of the recurrent weights' effect on every direction at once.
 *
 * @typedef {import("./chart-type.js").Chart} Chart
 * @typedef {{part: string, gate: string | null, real: number[], imaginary: number[],
 *   radius: number}} Block
 */
import { amount, power } from "../text/format.js";
import { cell, factor, gap, log10Of, noMemory, noStep } from "./chart-type.js";

/** Two moduli are the same when they are written alike. */
const SAME = 0.005;
const RANKS = ["largest", "median", "smallest"];

/** @type {Chart} */
export const spectrum = {
  analysis: "spectrum",
  unfit: noMemory,
  fill(_run, /** @type {{blocks: Block[]}} */ { blocks }) {
    return {
      data: Object.fromEntries(blocks.map(({ part, gate, real, imaginary }) => [
        `${part}-${gate ?? "all"}`,
        { x: real, y: imaginary },
      ])),
    };
  },
  reading(_run, /** @type {{blocks: Block[]}} */ { blocks }, t) {
    const largest = blocks.reduce((a, b) => b.radius > a.radius ? b : a);
    const radius = largest.radius.toFixed(2);
    if (largest.gate) {
      if (blocks.every((each) => largest.radius - each.radius < SAME)) {
        return t("chart.spectrum.gated.same", { radius });
      }
      return t("chart.spectrum.gated", { radius, gate: t(`gate.${largest.gate}`) });
    }
    if (Math.abs(largest.radius - 1) < SAME) return t("chart.spectrum.on", { radius });
    return t(largest.radius < 1 ? "chart.spectrum.inside" : "chart.spectrum.outside", { radius });
  },
  table(_run, /** @type {{blocks: Block[]}} */ { blocks }, t) {
    return {
      columns: [
        t("table.block"),
        t("figure.spectrum.real"),
        t("figure.spectrum.imaginary"),
        t("table.modulus"),
      ],
      rows: blocks.flatMap((block) =>
        block.real.map((real, i) => [
          blockName(block, t),
          cell(real),
          cell(block.imaginary[i]),
          cell(Math.hypot(real, block.imaginary[i])),
        ])
      ),
    };
  },
};

/**
 * @param {Block} block
 * @param {import("./chart-type.js").Translate} t
 */
function blockName({ part, gate }, t) {
  const name = gate ? t(`gate.${gate}`) : t("figure.spectrum.all");
  return part === "decoder" ? t("figure.spectrum.decoder", { name }) : name;
}

/**
 * @typedef {{distance: number[], log10_singular_values: (number | null)[][]}} Singular
 *
 * @type {Chart}
 */
export const singularValues = {
  analysis: "singular_values",
  unfit: noStep,
  fill(_run, /** @type {Singular} */ answer) {
    const data = RANKS.map((name, rank) => [
      name,
      { x: answer.distance, y: ranked(answer).map((values) => gap(values[rank])) },
    ]);
    return { data: Object.fromEntries(data) };
  },
  reading(_run, /** @type {Singular} */ answer, t) {
    const [largest, median] = /** @type {number[]} */ (ranked(answer).at(-1));
    const distance = answer.distance.at(-1);
    return t("chart.singular_values.reading", {
      distance,
      largest: power(largest),
      median: power(median),
    });
  },
  table(_run, /** @type {Singular} */ answer, t) {
    return {
      columns: [
        t("figure.distance"),
        ...RANKS.map((name) => t(`figure.singular_values.${name}`)),
      ],
      rows: ranked(answer).map((values, i) => [answer.distance[i], ...values.map(power)]),
    };
  },
};

/**
 * The largest, the median and the smallest at each distance.
 * @param {Singular} answer
 */
const ranked = ({ log10_singular_values }) =>
  log10_singular_values.map((values) =>
    [values[0], values[Math.floor(values.length / 2)], values[values.length - 1]].map(log10Of)
  );

/** Nats per timestep that are rounding. */
const ROUNDING = 1e-9;

/**
 * @typedef {{exponents: (number | null)[]}} Lyapunov
 *
 * @type {Chart}
 */
export const lyapunov = {
  analysis: "lyapunov",
  unfit: noMemory,
  fill(_run, /** @type {Lyapunov} */ { exponents }) {
    const numbered = exponents.map((value, i) => ({ x: i + 1, y: log10Of(value) }));
    /** @param {typeof numbered} points */
    const split = (points) => ({ x: points.map(({ x }) => x), y: points.map(({ y }) => y) });
    return {
      data: {
        growing: split(numbered.filter(({ y }) => y > ROUNDING)),
        shrinking: split(numbered.filter(({ y }) => y <= ROUNDING && y !== -Infinity)),
      },
    };
  },
  reading(_run, /** @type {Lyapunov} */ { exponents }, t) {
    const [largest] = exponents;
    if (largest === null) return t("chart.lyapunov.lost");
    if (Math.abs(largest) <= ROUNDING) return t("chart.lyapunov.keeps");
    const size = Math.abs(largest);
    const value = (largest > 0 ? "+" : "−") + (size < 0.001 ? amount(size) : size.toFixed(3));
    const blanks = { value, factor: factor(largest * Math.LOG10E) };
    if (largest < 0) return t("chart.lyapunov.shrinks", blanks);
    const growing = exponents.filter((each) => each !== null && each > ROUNDING).length;
    return t("chart.lyapunov.grows", { ...blanks, growing, count: exponents.length });
  },
  table(_run, /** @type {Lyapunov} */ { exponents }, t) {
    return {
      columns: [t("table.direction"), t("table.nats"), t("table.factor")],
      rows: exponents.map((value, i) => [
        i + 1,
        value === null ? "−∞" : cell(value),
        power(log10Of(value) * Math.LOG10E),
      ]),
    };
  },
};
