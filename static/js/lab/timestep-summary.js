/** The chosen timestep: what arrives there, its loss, its likeliest outputs. */

/**
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { arriving } from "../run/arriving-gradient.js";
import { inputOf, isRecorded, lastTimestep, log10Sent } from "../run/run.js";
import { percent, power } from "../text/format.js";
import { say, show, told } from "../text/sentence.js";
import { finder } from "../ui/dom.js";

const OUTPUTS = 5;

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 */
export function createTimestepSummary(node, t) {
  const part = finder(node);
  const [title, facts, outputs, noOutput] = ["h2", ".facts", ".outputs", ".no-output"].map(part);

  return {
    /**
     * @param {Run} run
     * @param {number} timestep
     * @param {boolean} backward  whether the way back is shown
     */
    render(run, timestep, backward) {
      const token = told(inputOf(run, timestep));
      say(title, t("detail.title", { t: timestep, token }), t);
      facts.replaceChildren(
        ...rows(run, timestep, backward).map(([name, value]) => fact(name, value, t)),
      );
      showOutputs(run, timestep);
    },
  };

  /**
   * @param {Run} run
   * @param {number} timestep
   * @param {boolean} backward
   * @returns {[string, string][]}
   */
  function rows(run, timestep, backward) {
    /** @type {[string, string][]} */
    const list = [];
    const i = timestep - 1;
    if (backward && timestep >= run.backwardFrom && timestep <= lastTimestep(run)) {
      list.push([t("detail.share"), arriving(run.log10Share[i], t)]);
      if (run.log10CellShare) {
        list.push([t("detail.cell_share"), arriving(run.log10CellShare[i], t)]);
      }
      if (run.end) {
        const of = run.loss === "all" || run.losses.size < 2 ? "" : `<sub>${run.loss}</sub>`;
        list.push([t("detail.norm", { of }), power(run.log10Share[i] + log10Sent(run))]);
      }
      if (run.log10Asked) {
        const key = run.losses.size < 2 ? "detail.asked" : "detail.asked_by_all";
        list.push([t(key), power(run.log10Asked[i])]);
      }
    }
    const looks = run.attention.get(timestep);
    if (looks) {
      const most = looks.indexOf(Math.max(...looks));
      const token = told(run.tokens[most]);
      list.push([
        t("detail.looks"),
        t("detail.looks.at", { t: most + 1, token, p: percent(looks[most]) }),
      ]);
    }
    const loss = run.losses.get(timestep);
    if (loss !== undefined && !isRecorded(run)) {
      const token = told(run.vocabulary[run.targets[i]]);
      list.push([t("detail.loss", { token }), loss.toPrecision(3)]);
    }
    return list;
  }

  /**
   * @param {Run} run
   * @param {number} timestep
   */
  function showOutputs(run, timestep) {
    const probabilities = run.probabilities.get(timestep);
    const likeliest = probabilities
      ? [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]).slice(
        0,
        OUTPUTS,
      )
      : [];
    outputs.replaceChildren(...likeliest.map((k) => {
      const item = document.createElement("li");
      const p = probabilities?.[k] ?? 0;
      item.style.setProperty("--share", String(p));
      item.classList.toggle("target", k === run.targets[timestep - 1]);
      const token = span("token", "");
      show(token, run.vocabulary[k], t);
      item.append(token, span("bar", ""), span("p", percent(p)));
      return item;
    }));
    /** @type {HTMLElement} */ (outputs.parentElement).hidden = run.numbers;
    const past = timestep > run.forwardTo;
    noOutput.hidden = likeliest.length > 0;
    noOutput.textContent = t(
      past ? (run.end ? "detail.unreached" : "detail.pending") : "detail.no_output",
    );
  }
}

/**
 * @param {string} name
 * @param {string} value
 * @param {Translate} t
 */
function fact(name, value, t) {
  const row = document.createElement("div");
  const [dt, dd] = [document.createElement("dt"), document.createElement("dd")];
  say(dt, name, t);
  say(dd, value, t);
  row.append(dt, dd);
  return row;
}

/**
 * @param {string} className
 * @param {string} text
 */
function span(className, text) {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
}
