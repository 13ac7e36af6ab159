/**
 * Sentences that tell of tokens. One that cannot be seen, or that runs from right to left, stands in
 * them between two marks of our own, so that it is drawn, or written in its own direction.
 *
 * @typedef {import("./format.js").Translate} Translate
 */
import { clusters, isRightToLeft, isUnseen, nameOf, signElement } from "./signs.js";

/** Two noncharacters, which Unicode keeps for the inner use of programs. */
const [BEGIN, END] = ["\uFDD0", "\uFDD1"];
const TOLD = new RegExp(`${BEGIN}([^${BEGIN}${END}]*)${END}`);
/** First strong isolate, and pop directional isolate; whatever else sets a direction. */
const [ISOLATE, POP] = ["\u2068", "\u2069"];
const EMBEDDINGS = /[\u202A-\u202E\u2066-\u2069]/g;

/** @type {WeakMap<Element, string>} what was said last */
const said = new WeakMap();

/**
 * A token for a blank of a sentence.
 * @param {string} token
 */
export const told = (token) => isRightToLeft(token) ? marked(token) : toldWhere(token);

/** @param {string} token */
const marked = (token) => BEGIN + token.replace(/[\uFDD0\uFDD1]/g, "\uFFFF") + END;

/**
 * A token as a part of a text, which is not to be cut: a sign where it cannot be seen.
 * @param {string} token
 */
export const toldWhere = (token) => isUnseen(token) ? marked(token) : token;

/**
 * A text on one line: whatever of it cannot be seen has a sign, but not the space between words.
 * @param {string} text
 */
export const toldText = (text) =>
  clusters(text).map((each) => each === " " ? each : toldWhere(each)).join("");

/**
 * Write a sentence into an element. Writing what is there already would still cost a layout.
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
  sentence.split(TOLD).map((piece, i) => i % 2 ? shown(piece, t) : piece).filter(Boolean);

/**
 * A sentence in letters alone, for an attribute or a drawing: names stand for signs.
 * @param {string} sentence
 * @param {Translate} t
 */
export const plain = (sentence, t) =>
  sentence.split(TOLD).map((piece, i) => i % 2 ? inLetters(piece, t) : piece).join("");

/**
 * Write a token alone into an element, which takes its direction: where there is no room for all of
 * it, it begins with its first letter.
 * @param {HTMLElement} node
 * @param {string} token
 * @param {Translate} t
 */
export function show(node, token, t) {
  node.dir = "auto";
  say(node, toldWhere(token), t);
}

/**
 * @param {string} token
 * @param {Translate} t
 */
function shown(token, t) {
  if (isUnseen(token)) return signElement(token, t);
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
  return isRightToLeft(token) ? ISOLATE + token.replace(EMBEDDINGS, "") + POP : token;
}
