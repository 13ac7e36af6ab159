/**
 * The predictions for three examples, beside their targets.
 *
 * @typedef {import("../history.js").History} History
 * @typedef {import("../../text/format.js").Translate} Translate
 */
import { clusters } from "../../text/characters.js";
import { amount, percent } from "../../text/format.js";
import { say, toldWhere } from "../../text/sentence.js";
import { picture } from "../../text/picture.js";
import { wave } from "./example-picture.js";

/** As the engine writes what a decoder reads first, and its last target. */
const START = "<s>";
const END = "</s>";
/** A number that is marked to be added: `0.82^`. */
const MARKED = /.\^$/;
/** The prediction of a network that is no number any more. */
const NOTHING = "–";
const LONGEST = 20;
const ENDS = 5;
/** Outputs that are shown one beside the other; of more, the last. */
const MOST_SHOWN = 24;

/**
 * @typedef {object} Aligned  an example, output by output
 * @property {string[]} targets
 * @property {string[]} predictions
 * @property {boolean[]} right
 * @property {(number | null)[]} probability  of the target, where it is not a number
 *
 * @typedef {object} Row  of an example
 * @property {(aligned: Aligned) => void} render
 * @property {HTMLElement} sure
 */

/**
 * @param {HTMLElement} node  a list
 * @param {HTMLElement} title
 * @param {Translate} t
 */
export function createProbeAnswers(node, title, t) {
  let run = "";
  /** @type {Row[]} */
  let rows = [];

  return {
    clear,
    /** @param {History} history */
    render(history) {
      if (history.run !== run) begin(history);
      history.answers.forEach((answer, i) => {
        const outputs = aligned(answer, history.probes[i].targets);
        rows[i].render(outputs);
        say(rows[i].sure, sureness(outputs, history), t);
      });
    },
  };

  function clear() {
    [run, rows] = ["", []];
    node.replaceChildren();
  }

  /** @param {History} history */
  function begin(history) {
    run = history.run;
    say(title, t(history.heldOut ? "train.answers.new" : "train.answers"), t);
    node.replaceChildren();
    rows = history.probes.map((probe) => {
      const item = document.createElement("li");
      const targets = probe.targets.filter(Boolean);
      const row = history.numbers && targets.length > 1
        ? drawn(item, targets)
        : written(item, targets, history, probe.reads);
      item.append(row.sure);
      node.append(item);
      return row;
    });
  }

  /**
   * Numbers that follow each other are a curve, and what is read is the same curve a step before.
   * @param {HTMLElement} item
   * @param {string[]} targets
   * @returns {Row}
   */
  function drawn(item, targets) {
    const curve = wave(targets, t);
    const key = span("lines");
    key.append(span("target", t("train.target")), span("prediction", t("train.prediction")));
    item.append(curve.node, key);
    return { render: ({ predictions }) => curve.render(predictions), sure: span("sure") };
  }

  /**
   * Each output stands under its target, with a mark that tells whether it is right; of many, the
   * last. A reader that hears them hears one after the other.
   * @param {HTMLElement} item
   * @param {string[]} targets
   * @param {History} history
   * @param {string[]} reads
   * @returns {Row}
   */
  function written(item, targets, { tokens, vectors }, reads) {
    const from = Math.max(0, targets.length - MOST_SHOWN);
    const shown = targets.slice(from);
    const words = shown.some((each) => each !== END && clusters(each).length > 1);
    const heard = span("unseen");
    const pairs = span("pairs");
    pairs.setAttribute("aria-hidden", "true");
    pairs.classList.toggle("words", words);
    const names = span("pair");
    names.classList.add("names");
    names.append(span("", t("train.target")), span("", t("train.prediction")));
    const cut = from ? [span("cut", "…")] : [];
    const made = shown.map((target) => {
      const pair = span("pair");
      const [wanted, predicted] = [span("target"), span("prediction")];
      say(wanted, token(target), t);
      pair.append(wanted, predicted);
      return { pair, predicted };
    });
    pairs.append(names, ...cut, ...made.map(({ pair }) => pair));
    item.append(vectors && reads[0].includes("/") ? picture(reads[0], t) : reading(reads, tokens));
    item.append(pairs, heard);
    const gap = words ? " " : "";
    /** @param {string[]} each */
    const line = (each) => (from ? "… " : "") + each.map(token).join(gap);
    return {
      render({ predictions, right, probability }) {
        made.forEach(({ pair, predicted }, i) => {
          say(predicted, token(predictions[from + i]), t);
          const marked = probability[from + i] !== null;
          pair.classList.toggle("right", marked && right[from + i]);
          pair.classList.toggle("wrong", marked && !right[from + i]);
        });
        const prediction = line(predictions.slice(from));
        say(heard, t("train.heard", { target: line(shown), prediction }), t);
      },
      sure: span("sure"),
    };
  }

  /** @param {string} each */
  function token(each) {
    return each === END ? t("train.end") : toldWhere(each);
  }

  /**
   * @param {string[]} reads
   * @param {string} tokens
   */
  function reading(reads, tokens) {
    const node = span("read");
    say(node, shortened(reads, tokens), t);
    return node;
  }

  /**
   * @param {Aligned} aligned
   * @param {History} history
   */
  function sureness({ targets, predictions, right, probability }, { numbers }) {
    if (numbers) {
      const off = Math.max(
        ...predictions.map((each, i) => Math.abs(Number(each) - Number(targets[i]))),
      );
      if (Number.isNaN(off)) return "";
      return t(predictions.length > 1 ? "train.sure.most" : "train.sure.off", { off: amount(off) });
    }
    const correct = right.filter(Boolean).length;
    if (predictions.length > 1) return t("train.sure.of", { correct, all: predictions.length });
    const p = percent(Number(probability[0]));
    return t(correct ? "train.sure.right" : "train.sure.wrong", { p });
  }
}

/**
 * The prediction at each timestep that has a target; a network that has diverged may have none.
 * @param {History["answers"][number]} answer
 * @param {string[]} targets  of each timestep, empty where none
 * @returns {Aligned}
 */
export function aligned({ timesteps, predictions, right, probability }, targets) {
  const at = targets.flatMap((target, timestep) => target ? [timesteps.indexOf(timestep)] : []);
  return {
    targets: targets.filter(Boolean),
    predictions: at.map((i) => predictions[i] ?? NOTHING),
    right: at.map((i) => right[i] ?? false),
    probability: at.map((i) => probability[i] ?? null),
  };
}

/**
 * @param {string} name
 * @param {string} [words]
 */
function span(name, words = "") {
  const node = document.createElement("span");
  node.className = name;
  node.textContent = words;
  return node;
}

/**
 * The inputs: the beginning, the end, and the marked ones between; what a decoder is fed are
 * its targets.
 * @param {string[]} reads
 * @param {string} kind  of tokens
 */
export function shortened(reads, kind) {
  const decoder = reads.indexOf(START);
  const tokens = reads.slice(0, decoder < 0 ? reads.length : decoder)
    .filter(Boolean).map(toldWhere);
  const gap = kind === "words" ? " " : "";
  if (tokens.length <= LONGEST) return tokens.join(gap);
  const [from, to] = [LONGEST - ENDS, -ENDS];
  const marked = tokens.slice(from, to).filter((token) => MARKED.test(token));
  return [tokens.slice(0, from).join(gap), ...marked, tokens.slice(to).join(gap)].join(" … ");
}
