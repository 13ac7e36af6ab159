/**
 * The factors of one step back, and their reasons, in numbers, bars and a sentence.
 *
 * @typedef {import("../text/format.js").Translate} Translate
 *
 * @typedef {object} Factors  log10s; null for -∞
 * @property {number | "all"} loss  the timestep of the one that is drawn, or all of them
 * @property {number | null} log10_ratio
 * @property {number | null} log10_cell_ratio
 * @property {Record<string, number | null>} log10_factors
 * @property {Record<string, number>} shares
 */
import { power, share, wholePercent } from "../text/format.js";
import { say } from "../text/sentence.js";
import { saturation } from "./saturation.js";

const NOTICEABLE = 0.02;
const FULL_BAR = 0.6;
const PLAIN = 2;

/** @param {number | null} log10 */
const value = (log10) =>
  log10 !== null && Math.abs(log10) < PLAIN ? (10 ** log10).toFixed(2) : power(log10 ?? -Infinity);

/**
 * @param {Factors} factors
 * @param {boolean} many  whether there are other losses
 * @param {Translate} t
 */
export function factorRows(factors, many, t) {
  const { log10_factors, log10_ratio, log10_cell_ratio, shares, loss } = factors;
  const title = document.createElement("h3");
  const which = loss === "all" ? t("step.factors.losses") : t("step.factors.loss", { loss });
  const of = many ? t("language.gap") + which : "";
  title.textContent = t("step.factors") + of;
  const rows = Object.entries(log10_factors).map(([name, log10]) => {
    const row = factorRow(t(`step.factor.${name}`), log10, "", t);
    const term = /** @type {HTMLElement} */ (row.firstElementChild);
    [term.dataset.term, term.tabIndex] = [name, 0];
    return row;
  });
  const split = "carry" in shares ? [splitBar(shares, t)] : [];
  const results = [factorRow(t("step.factor.ratio"), log10_ratio, "result", t)];
  if (log10_cell_ratio !== null) {
    results.push(factorRow(t("step.factor.cell_ratio"), log10_cell_ratio, "result", t));
  }
  const list = document.createElement("dl");
  list.append(...rows, ...results);
  return [title, ...split, list];
}

/**
 * One factor: left of the middle it shrinks the gradient, right of it it makes it grow.
 * @param {string} name
 * @param {number | null} log10
 * @param {string} className
 * @param {Translate} t
 */
function factorRow(name, log10, className, t) {
  const row = document.createElement("div");
  const [dt, bar, dd] = ["dt", "dd", "dd"].map((tag) => document.createElement(tag));
  row.className = `factor ${className}`;
  bar.className = "deviation";
  bar.setAttribute("aria-hidden", "true");
  const size = Math.max(-1, Math.min((log10 ?? -Infinity) / FULL_BAR, 1));
  bar.style.setProperty("--from", String(Math.min(0, size)));
  bar.style.setProperty("--size", String(Math.abs(size)));
  bar.classList.toggle("shrinks", size < 0);
  dt.textContent = name;
  say(dd, `${className ? "=" : "×"} ${value(log10)}`, t);
  row.append(dt, bar, dd);
  return row;
}

/**
 * @param {Record<string, number>} shares
 * @param {Translate} t
 */
function splitBar(shares, t) {
  const split = document.createElement("div");
  const bar = document.createElement("div");
  split.className = "split";
  bar.className = "paths";
  bar.append(...["carry", "recurrent"].map((path) => {
    const part = document.createElement("i");
    part.className = path;
    part.style.setProperty("--share", String(shares[path]));
    return part;
  }));
  split.append(
    bar,
    ...["carry", "recurrent"].map((path) => {
      const part = document.createElement("div");
      const [name, share] = [document.createElement("span"), document.createElement("b")];
      name.textContent = t(`step.share.${path}`);
      share.textContent = wholePercent(shares[path]);
      part.append(share, name);
      return part;
    }),
  );
  return split;
}

/**
 * The most important factor of this step, in a sentence.
 * @param {Factors} factors
 * @param {{prev: number, activation: string, recurrent: boolean, normalized?: boolean}} run
 * @param {Translate} t
 */
export function reading({ log10_factors, log10_ratio, log10_cell_ratio, shares }, run, t) {
  const { prev, activation, recurrent, normalized } = run;
  if (!recurrent) return t("step.reading.no_memory", { prev });
  if ("carry" in shares && (log10_ratio ?? log10_cell_ratio) !== null) {
    const path = shares.carry >= shares.recurrent ? "carry" : "recurrent";
    return t(`step.reading.${path}`, { share: wholePercent(shares[path]) });
  }
  if (log10_ratio === null) return t("step.reading.ends");
  if (Math.abs(log10_ratio) < NOTICEABLE) return t("step.reading.same");
  const sign = Math.sign(log10_ratio);
  const [name, log10] = Object.entries(log10_factors)
    .map(([name, log10]) => /** @type {const} */ ([name, log10 ?? -Infinity]))
    .reduce((most, each) => (sign * each[1] > sign * most[1] ? each : most));
  const way = sign > 0 ? "more" : name === "saturation" ? saturation(activation, log10) : "less";
  const named = t(`choice.activation.${activation}`);
  const shown = sign > 0 ? value(log10) : share(log10, t);
  const what = name === "weights" && normalized ? "normalized" : name;
  return t(`step.reading.${what}.${way}`, { value: shown, activation: named });
}
