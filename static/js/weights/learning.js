/**
 * One step of learning by gradient descent, w' = w − η ∂L/∂w: its controls, and its numbers.
 *
 * @typedef {import("./engine.js").Matrix} Matrix
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { lossAmount } from "../text/format.js";
import { say } from "../text/sentence.js";
import { finder, markWrong } from "../ui/dom.js";
import { LARGEST, numberOf, tellWrong } from "./numbers.js";

/** Digits of a weight after a step: the address holds all of them. */
const DIGITS = 6;

/**
 * A weight after a step, with few digits; as it is where nothing is known.
 * @param {number} value
 * @param {number | null} gradient
 * @param {number} rate
 */
export function learned(value, gradient, rate) {
  const next = value - rate * (gradient ?? 0);
  return Number(Math.max(-LARGEST, Math.min(LARGEST, next)).toPrecision(DIGITS));
}

/**
 * The weights that a step changes: their names, and their numbers after it.
 * @param {Matrix[]} matrices
 * @param {number} rate
 * @returns {[string, string][]}
 */
export const afterStep = (matrices, rate) =>
  matrices.flatMap(({ names, values, gradients }) =>
    names.flatMap((row, i) =>
      row.flatMap((name, j) => {
        const change = rate * (gradients[i][j] ?? 0);
        if (name === null || change === 0) return [];
        return [
          /** @type {[string, string]} */ ([
            name,
            String(learned(values[i][j], gradients[i][j], rate)),
          ]),
        ];
      })
    )
  );

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {{changed: () => void, step: (rate: number) => void}} on
 */
export function createLearning(node, t, on) {
  const part = finder(node);
  const shown = /** @type {HTMLInputElement} */ (part("[type=checkbox]"));
  const field = /** @type {HTMLInputElement} */ (part(".rate"));
  const loss = part("output");
  /** The last number that was typed. */
  let rate = Number(field.defaultValue);

  shown.addEventListener("change", on.changed);
  field.addEventListener("input", () => {
    const typed = numberOf(field.value);
    tell(typed === null);
    rate = typed ?? rate;
    on.changed();
  });
  field.addEventListener("blur", () => {
    if (numberOf(field.value) === null) field.value = String(rate);
    tell(false);
  });
  part("[data-do=step]").addEventListener("click", () => on.step(rate));

  return {
    /** The learning rate, where a step is shown; null where it is not. */
    rate: () => shown.checked ? rate : null,
    /** @param {number | null} value */
    render(value) {
      say(loss, value === null ? "" : t("hand.loss", { loss: lossAmount(value) }), t);
      if (field.hasAttribute("aria-invalid")) tell(true); // what is above the field may have grown
    },
  };

  /** @param {boolean} wrong  whether what is typed is no number */
  function tell(wrong) {
    markWrong(field, wrong);
    const found = { name: t("hand.rate"), typed: field.value, now: String(rate), field };
    tellWrong(part(".rate-wrong"), wrong ? found : null, t);
  }
}
