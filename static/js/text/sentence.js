/**
 * Sentences that tell of tokens. One that cannot be seen, or that runs from right to left, stands in
 * them apart, so that it is drawn, or written in its own direction. Sentences have marks (`marked.js`).
 *
 * @typedef {import("./format.js").Translate} Translate
 */
import { clusters, isRightToLeft, isUnseen } from "./characters.js";
import { apart, marks, parted, unmarked } from "./marked.js";
import { isPicture, picture, pictureName } from "./picture.js";
import { nameOf, signElement } from "./token-signs.js";

/** A vector between the bars of its norm. */
const NORM = /(\|\|.+?\|\|)/;
/** A timestep, which is read as one word. */
const TIMESTEP = /\bt = (?=\d)/g;
/** First strong isolate, and pop directional isolate; whatever else sets a direction. */
const [ISOLATE, POP] = ["\u2068", "\u2069"];
const EMBEDDINGS = /[\u202A-\u202E\u2066-\u2069]/g;

/** @type {WeakMap<Element, string>} what was said last */
const said = new WeakMap();

/**
 * A token for a blank of a sentence.
 * @param {string} token
 */
export const told = (token) => isRightToLeft(token) ? apart(token) : toldWhere(token);

/**
 * A token as a part of a text, which is not to be cut: a sign where it cannot be seen.
 * @param {string} token
 */
export const toldWhere = (token) =>
  isUnseen(token) || isPicture(token) || token.includes("<") ? apart(token) : token;

/**
 * A text on one line: whatever of it cannot be seen has a sign, but not the space between words.
 * @param {string} text
 */
export const toldText = (text) =>
  clusters(text).map((each) => each === " " ? each : toldWhere(each)).join("");

/**
 * Write a sentence into an element unless it is there already, which would cost a layout.
 * @param {Element} node
 * @param {string} sentence
 * @param {Translate} t
 */
export function say(node, sentence, t) {
  if (said.get(node) === sentence) return;
  said.set(node, sentence);
  node.replaceChildren(...pieces(sentence, t));
}

/**
 * A sentence as what an element holds.
 * @param {string} sentence
 * @param {Translate} t
 * @returns {(string | Element)[]}
 */
export const pieces = (sentence, t) =>
  parted(sentence).flatMap((part, i) => i % 2 ? [shown(part, t)] : typeset(part)).filter(Boolean);

/**
 * A sentence for a drawing: names stand for signs.
 * @param {string} sentence
 * @param {Translate} t
 */
export const named = (sentence, t) =>
  parted(sentence).map((part, i) => i % 2 ? apart(inLetters(part, t)) : part).join("");

/**
 * A sentence in letters alone, for an attribute: names stand for signs, and h_t for a mark.
 * @param {string} sentence
 * @param {Translate} t
 */
export const plain = (sentence, t) => unmarked(named(sentence, t));

/**
 * Write a token alone into an element, which takes its direction: where there is no room for all of
 * it, it begins with its first letter.
 * @param {HTMLElement} node
 * @param {string} token
 * @param {Translate} t
 */
export function show(node, token, t) {
  if (node.dir !== "auto") node.dir = "auto";
  say(node, toldWhere(token), t);
}

/**
 * @param {string} token
 * @param {Translate} t
 */
function shown(token, t) {
  if (isUnseen(token)) return signElement(token, t);
  if (isPicture(token)) return picture(token, t);
  if (!isRightToLeft(token)) return token;
  const element = document.createElement("bdi");
  element.textContent = token;
  return element;
}

/**
 * @param {string} token
 * @param {Translate} t
 */
function inLetters(token, t) {
  if (isUnseen(token)) return nameOf(token, t);
  if (isPicture(token)) return pictureName(token, t);
  return isRightToLeft(token) ? ISOLATE + token.replace(EMBEDDINGS, "") + POP : token;
}

/**
 * Ours of a sentence: marks become elements; a norm, and t = 3, stays on one line.
 * @param {string} text
 */
const typeset = (text) =>
  text.split(NORM).flatMap((part, i) => i % 2 ? [norm(part)] : marks(part).map(element));

/**
 * @param {import("./marked.js").Piece} piece
 */
function element({ kind, text }) {
  if (kind === "text") return text.replaceAll(TIMESTEP, "t\u00a0=\u00a0");
  const made = document.createElement(kind);
  made.textContent = text;
  return made;
}

/** @param {string} text  between two bars on either side */
function norm(text) {
  const [whole, before, after] = ["", "||", "||"].map((bars) => {
    const span = document.createElement("span");
    span.textContent = bars;
    return span;
  });
  whole.className = "norm";
  whole.append(before, ...marks(text.slice(2, -2)).map(element), after);
  return whole;
}
