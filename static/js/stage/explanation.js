/**
 * One plain sentence about whatever on the stage is pointed at.
 *
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("./caption.js").Why} Why
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {import("../text/format.js").Translate} Translate
 *
 * @typedef {"output" | "state" | "gates" | "arrow" | "tile" | "bar"} Thing
 * @typedef {{thing: Thing, t: number}} Pointed
 */
import { endPosition } from "../playback/playhead.js";
import { prediction } from "../run/run.js";
import { percent, share, TWICE } from "../text/format.js";
import { gateNames } from "../run/gates.js";
import { told } from "../text/sentence.js";
import { caption } from "./caption.js";
import { below, boxWidth, center, timestepAt } from "./layout.js";

/**
 * The part of the stage at a point.
 * @param {Layout} layout
 * @param {number} x
 * @param {number} y
 * @returns {Pointed}
 */
export function pointedAt(layout, x, y) {
  const { output, gates, token, index, hidden, bars } = layout.rows;
  const t = timestepAt(layout, x);
  const beside = Math.abs(x - center(layout, t)) > boxWidth(layout, t) / 2;
  if (y < below(output)) return { thing: "output", t };
  if (bars.height && y >= below(index)) return { thing: "bar", t };
  if (y >= token.top) return { thing: "tile", t };
  if (gates.height && y >= gates.top) return { thing: "gates", t };
  if (!beside || y >= below(hidden) || layout.T < 2) return { thing: "state", t };
  const left = x < center(layout, t) ? t - 1 : t;
  return { thing: "arrow", t: Math.max(1, Math.min(left, layout.T - 1)) };
}

/**
 * @param {Run} run
 * @param {Pointed} pointed
 * @param {Why | null} why
 * @param {Translate} t
 * @param {boolean} [backward]  whether the way back is shown
 */
export function explained(run, { thing, t: at }, why, t, backward = true) {
  const more = backward ? t("language.gap") + arrives(run, at, t) : "";
  const blanks = { t: at, next: at + 1, token: told(run.tokens[at - 1]) };
  switch (thing === "arrow" && !backward ? "state" : thing) {
    case "output":
      return output(run, at, blanks, t);
    case "gates":
      return t("explain.gates", { ...blanks, gates: gateNames(run, t).join(t("language.comma")) });
    case "tile":
      return t("explain.tile", blanks) + more;
    case "bar":
      return t("explain.bar", blanks) + more;
    case "arrow":
      return t("explain.arrow", blanks) + more;
    default:
      return t("explain.state", blanks) + more +
        (backward ? t("language.gap") + step(run, at, why, t) : "");
  }
}

/**
 * How much of the gradient arrives, as far as the way back is known.
 * @param {Run} run
 * @param {number} at
 * @param {Translate} t
 */
function arrives(run, at, t) {
  if (at < run.backwardFrom) return t("explain.share.unknown");
  const log10 = run.log10Share[at - 1];
  if (log10 === -Infinity) return t("explain.share.none");
  return t(log10 > TWICE ? "explain.share.times" : "explain.share", { share: share(log10, t) });
}

/**
 * What the step back that ends at a timestep does, and why.
 * @param {Run} run
 * @param {number} at
 * @param {Why | null} why
 * @param {Translate} t
 */
function step(run, at, why, t) {
  if (!run.end || at < run.backwardFrom || run.log10Share[at - 1] === -Infinity) return "";
  return caption(run, endPosition(run.T) + 1 - at, false, why, t);
}

/**
 * @param {Run} run
 * @param {number} at
 * @param {Record<string, unknown>} blanks
 * @param {Translate} t
 */
function output(run, at, blanks, t) {
  if (run.targets[at - 1] < 0) return t("explain.output.none", blanks);
  const target = told(run.vocabulary[run.targets[at - 1]]);
  const said = prediction(run, at);
  if (!said) return t("explain.output.number", { ...blanks, target });
  const token = told(run.vocabulary[said.token]);
  return t("explain.output", { ...blanks, prediction: token, p: percent(said.p), target });
}
