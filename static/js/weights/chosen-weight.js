/**
 * One weight: its gradient by backpropagation beside a central difference, and what each timestep
 * adds to it.
 *
 * @typedef {import("./engine.js").Weight} Weight
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { whenSeen } from "../canvas/when-seen.js";
import { powerOfTen } from "../text/format.js";
import { say, told } from "../text/sentence.js";
import { create, finder, hide } from "../ui/dom.js";

/** Timesteps that are listed: the last, where there are more. */
const MOST = 60;
const DIGITS = 6;

/** Numbers between these powers of ten are written without one. */
const [LEAST, MOST_PLAIN] = [1e-3, 1e4];

/**
 * A number with a true minus, as a text with marks; a dash where it is not finite.
 * @param {number | null} value
 * @param {number} [digits]
 */
export function signed(value, digits = DIGITS) {
  if (value === null) return "–";
  const size = Math.abs(value);
  const is = size === 0 || (size >= LEAST && size < MOST_PLAIN);
  const [mantissa, exponent] = is
    ? [size.toPrecision(digits)]
    : size.toExponential(digits - 1).split("e");
  const power = exponent ? `\u00a0×\u00a0${powerOfTen(Number(exponent))}` : "";
  return (value < 0 ? "−" : "") + (size === 0 ? "0" : mantissa) + power;
}

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {AbortSignal} signal  that ends it
 */
export function createChosenWeight(node, t, signal) {
  const part = finder(node);
  const [title, facts, cut, update, split, list] = [
    ...["h3", ".facts", ".cut", ".update", ".split-by", ".adds"],
  ].map(part);
  const [gradient, difference] = ["hand.gradient", "hand.difference"].map((name) => fact(t(name)));
  const show = whenSeen(node, signal);

  return {
    /**
     * @param {Weight | null} weight
     * @param {string} name  in words, with marks
     * @param {readonly string[]} tokens  of the run
     * @param {boolean} truncated
     * @param {number | null} rate  of learning, if a step of it is shown
     */
    render(weight, name, tokens, truncated, rate) {
      hide(node, !weight);
      if (weight) show(() => write(weight, name, tokens, truncated, rate));
    },
  };

  /**
   * @param {Weight} weight
   * @param {string} name
   * @param {readonly string[]} tokens
   * @param {boolean} truncated
   * @param {number | null} rate
   */
  function write(weight, name, tokens, truncated, rate) {
    say(title, name, t);
    say(gradient, signed(weight.gradient), t);
    say(difference, signed(weight.difference), t);
    hide(cut, !truncated);
    hide(update, rate === null);
    if (rate !== null) {
      const before = { w: signed(weight.value, 4), rate: signed(rate, 2) };
      const d = signed(weight.gradient, 4);
      const after = signed(weight.value - rate * (weight.gradient ?? 0));
      say(update, t("hand.update", { ...before, d, after }), t);
    }
    say(split, t(rate === null ? "hand.split" : "hand.split.rate"), t);
    const parts = weight.timesteps.map((each) => each === null ? null : each * (rate ?? 1));
    const largest = Math.max(...parts.map((each) => Math.abs(each ?? 0)));
    const from = Math.max(0, parts.length - MOST);
    const shown = parts.slice(from);
    while (list.childElementCount > shown.length) list.lastElementChild?.remove();
    while (list.childElementCount < shown.length) list.append(row());
    shown.forEach((each, i) =>
      fill(list.children[i], from + i + 1, tokens[from + i] ?? "", each, largest)
    );
  }

  /**
   * Return where the value of a fact is written.
   * @param {string} name
   */
  function fact(name) {
    const [term, details] = [create("dt"), create("dd")];
    say(term, name, t);
    facts.append(create("div", {}, term, details));
    return details;
  }

  /** A timestep's name, bar and number. */
  function row() {
    const bar = create("span", { className: "adds-bar" });
    return create("li", {}, create("span"), bar, create("span"));
  }

  /**
   * @param {Element} row
   * @param {number} timestep
   * @param {string} token
   * @param {number | null} value
   * @param {number} largest
   */
  function fill({ children }, timestep, token, value, largest) {
    const [name, bar, number] = /** @type {HTMLElement[]} */ ([...children]);
    say(name, t("hand.at", { t: timestep, token: told(token) }), t);
    const share = largest ? (value ?? 0) / largest : 0;
    bar.style.setProperty("--size", String(Math.abs(share)));
    bar.classList.toggle("negative", share < 0);
    say(number, signed(value, 3), t);
  }
}
