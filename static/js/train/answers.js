/**
 * What the network says on three examples that it does not learn from.
 *
 * @typedef {import("./history.js").History} History
 * @typedef {import("../format.js").Translate} Translate
 */
import { percent } from "../format.js";
import { say, toldWhere } from "../sentence.js";
import { clusters } from "../signs.js";

/** As the engine writes what a decoder reads first, and what it owes last. */
const START = "<s>";
const END = "</s>";
/** As it writes a number that is to be added. */
const MARKED = /.\^$/;
const LONGEST = 20;
const ENDS = 5;
/** Outputs that are shown one beside the other; of more, the last. */
const MOST_SAID = 24;

/**
 * @param {HTMLElement} node  a list
 * @param {Translate} t
 */
export function createAnswers(node, t) {
  let run = "";
  /** @type {{read: HTMLElement, owed: HTMLElement, said: HTMLElement, sure: HTMLElement}[]} */
  let rows = [];

  return {
    /** @param {History} history */
    render(history) {
      if (history.run !== run) begin(history);
      history.answers.forEach((answer, i) => show(rows[i], history.probes[i], answer));
    },
  };

  /** @param {History} history */
  function begin(history) {
    run = history.run;
    rows = history.probes.map(({ reads }) => {
      const row = {
        read: span("read"),
        owed: span("owed"),
        said: span("said"),
        sure: span("sure"),
      };
      say(row.read, shortened(reads, history.tokens), t);
      return row;
    });
    node.replaceChildren(...rows.map(({ read, owed, said, sure }) => {
      const item = document.createElement("li");
      const owes = document.createElement("p");
      const says = document.createElement("p");
      owes.append(label("train.owes"), owed);
      says.append(label("train.says"), said, sure);
      item.append(read, owes, says);
      return item;
    }));
  }

  /** @param {string} key */
  function label(key) {
    const words = span("label");
    words.textContent = t(key);
    return words;
  }

  /**
   * @param {typeof rows[number]} row
   * @param {History["probes"][number]} probe
   * @param {History["answers"][number]} answer
   */
  function show({ owed, said, sure }, { owes }, { timesteps, said: says, right, probability }) {
    const from = Math.max(0, timesteps.length - MOST_SAID);
    const shown = timesteps.slice(from);
    const cut = from ? "… " : "";
    const gap = shown.some((at) => owes[at] !== END && clusters(owes[at]).length > 1) ? " " : "";
    say(owed, cut + shown.map((at) => toldWhere(owes[at])).join(gap), t);
    const words = shown.map((_, i) => {
      const word = document.createElement("span");
      say(word, toldWhere(says[from + i]) + (i + 1 < shown.length ? gap : ""), t);
      if (probability[from + i] !== null) word.className = right[from + i] ? "right" : "wrong";
      return word;
    });
    said.replaceChildren(cut, ...words);
    const known = probability.filter((each) => each !== null);
    const correct = right.filter(Boolean).length;
    sure.textContent = !known.length
      ? ""
      : known.length === 1
      ? t(correct ? "train.sure.right" : "train.sure.wrong", { p: percent(Number(known[0])) })
      : t("train.sure.of", { correct, all: known.length });
  }
}

/** @param {string} name */
function span(name) {
  const node = document.createElement("span");
  node.className = name;
  node.dir = "auto";
  return node;
}

/**
 * What is read, its beginning and its end, and what is marked between; what a decoder is fed is what
 * it owes.
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
