/** The symbols of formulas: each opens the one sentence that the glossary has of it. */

/** The term of a symbol, by its letters without its index. */
const TERMS = /** @type {Record<string, string>} */ ({
  x: "input",
  h: "hidden",
  c: "cell",
  a: "sum",
  b: "bias",
  y: "score",
  "y\u02C6": "output", // with its hat, which MathML draws
  p: "softmax",
  softmax: "softmax",
  tanh: "activation",
  ReLU: "activation",
  LN: "normalization",
  L: "loss",
  g: "scale",
  t: "timestep",
  W: "W_hh",
  i: "gate_i",
  f: "gate_f",
  o: "gate_o",
  z: "gate_z",
  r: "gate_r",
  n: "gate_c",
  "c˜": "gate_c",
  q: "q",
  δ: "delta",
  u: "delta",
  ρ: "rho",
  κ: "carry",
  σ: "sigma",
  η: "learning_rate",
  "h˜": "attended",
});
/** The terms of attention by the letters of a symbol, which means another thing without such an index. */
const OF_ATTENTION = /** @type {Record<string, [string, RegExp]>} */ ({
  e: ["attention_score", /,j$/],
  α: ["attention", /,j$/],
  v: ["context", /^\d+$/],
});
const MATHML = "http://www.w3.org/1998/Math/MathML";
const PARTS = ["mfrac", "msub", "msup", "msubsup", "mover", "mi"]
  .map((name) => `math ${name}`).join();

/**
 * The name of a symbol's term in the glossary; empty for one that has none.
 * @param {string} letters  without an index
 * @param {string} index
 * @param {boolean} applied  whether it is a function, with its argument after it or a prime
 */
export function termOf(letters, index, applied) {
  if (letters === "f" && applied) return "activation";
  if (letters === "W" && index === "hy") return "W_hy";
  if (/^[WUv]$/.test(letters) && /^[aq]/.test(index)) return "W_a";
  if (letters === "W" && index.startsWith("x")) return "W_xh";
  if (Object.hasOwn(OF_ATTENTION, letters)) {
    const [term, where] = OF_ATTENTION[letters];
    return where.test(index) ? term : "";
  }
  return Object.hasOwn(TERMS, letters) ? TERMS[letters] : "";
}

/**
 * Make each symbol in a part of a page open its sentence, where the page has one. Mathematics holds
 * no buttons, so what the keyboard presses stands behind its formula, once for each term.
 * @param {Element} root
 */
export function markSymbols(root) {
  if (root.closest("button, a")) return;
  /** @type {Set<string>} */
  const met = new Set();
  for (const { node, name, sentence } of symbolsIn(root)) {
    if (node.closest("button, a")) continue;
    node.setAttribute("data-symbol", name);
    node.addEventListener("click", () => sentence.showPopover());
    if (!met.has(name)) lastIn(node).after(keyOf(node, sentence));
    met.add(name);
  }
}

/**
 * A button for each symbol in a part of a page, which opens its sentence: for symbols in a button of
 * their own, where a touch does something else.
 * @param {Element} root
 */
export function symbolButtons(root) {
  /** @type {Map<string, HTMLElement>} */
  const buttons = new Map();
  for (const { node, name, sentence } of symbolsIn(root)) {
    if (buttons.has(name)) continue;
    const button = opener(sentence);
    const formula = document.createElementNS(MATHML, "math");
    formula.append(node.cloneNode(true));
    button.append(formula);
    buttons.set(name, button);
  }
  return [...buttons.values()];
}

/**
 * The symbols in a part of a page that have a sentence on it; a part of one is none.
 * @param {Element} root
 */
function* symbolsIn(root) {
  const page = /** @type {ParentNode | Node} */ (root.getRootNode());
  if (!("querySelector" in page)) return;
  let last = /** @type {Element | null} */ (null);
  for (const node of root.querySelectorAll(PARTS)) {
    if (last?.contains(node)) continue;
    const name = termIn(node);
    const sentence = name && page.querySelector(`[data-sentence=${name}]`);
    if (!(sentence instanceof HTMLElement)) continue;
    last = node;
    yield { node, name, sentence };
  }
}

/**
 * The formula of a symbol, or the last button behind it.
 * @param {Element} node
 */
function lastIn(node) {
  let last = /** @type {Element} */ (node.closest("math"));
  while (last.nextElementSibling?.matches(".of-symbol")) last = last.nextElementSibling;
  return last;
}

/**
 * The button that opens a sentence by the keyboard; its symbol shows the focus.
 * @param {Element} symbol
 * @param {HTMLElement} sentence
 */
function keyOf(symbol, sentence) {
  const button = opener(sentence);
  button.className = "of-symbol unseen";
  button.addEventListener("focus", () => symbol.setAttribute("data-focus", ""));
  button.addEventListener("blur", () => symbol.removeAttribute("data-focus"));
  return button;
}

/** @param {HTMLElement} sentence */
function opener(sentence) {
  const button = document.createElement("button");
  button.type = "button";
  const name = sentence.textContent?.split(/[:：]/)[0] ?? "";
  button.setAttribute("aria-label", name.replace("_", " "));
  button.setAttribute("popovertarget", sentence.id);
  return button;
}

/** @param {Element} node  of MathML */
function termIn(node) {
  if (node.localName === "mfrac") return derivative(node);
  const scripted = /^m(sub|sup|subsup)$/.test(node.localName);
  const [base, script] = scripted ? [...node.children] : [node];
  const primed = node.localName === "msup" && script.textContent === "′";
  const applied = primed || node.nextElementSibling?.textContent === "(";
  const letters = base.textContent?.normalize() ?? "";
  return termOf(
    letters,
    node.localName.startsWith("msub") ? script.textContent ?? "" : "",
    applied,
  );
}

/**
 * A fraction that is a derivative: of the loss, or of one state by the one before.
 * @param {Element} fraction
 */
function derivative(fraction) {
  const above = fraction.firstElementChild?.textContent ?? "";
  if (!above.startsWith("∂")) return "";
  return above.startsWith("∂L") ? "gradient" : "factor";
}
