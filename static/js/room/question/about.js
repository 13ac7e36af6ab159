/**
 * Questions to a class: a choice, a number or a curve, and what the lab computes as the answer.
 *
 * @typedef {import("../../run/run.js").Run} Run
 * @typedef {import("../../net/frame-types.d.ts").Question} Question
 * @typedef {import("../../canvas/color-scale.js").View} View
 * @typedef {{what: "lesson" | "choice" | "gradient" | "curve" | "number", words: string, choices: string[],
 *   right: string, low: string, high: string}} Given  what a teacher has typed; `right`: the number, or
 *   the index of the field
 * @typedef {Record<string, any>} Asked  the message that asks; `right` in it is told to no student
 */
import { height } from "../../canvas/color-scale.js";

/** Points of a curve, at most. */
const MOST_POINTS = 64;
/** The height above the ceiling to which a bar is drawn. */
const MOST_HEIGHT = 2;

/** @type {Record<string, (run: Run) => number[]>} what the lab computes, by its name in a question */
const COMPUTED = {
  gradient: ({ log10Gradient }) => [log10Gradient[0]],
  linear: (run) => heights(run, "linear"),
  powers: (run) => heights(run, "powers"),
};
const RANGE = { gradient: { low: -10, high: 10 }, curve: { low: 0, high: 1 } };

/** Whether the class would see the answer on the stage. @param {Question | null} question */
export const isPredicted = (question) => Boolean(question?.open && question.about);

/**
 * The answer that the lab computes; null where it has none that is finite, and of the length asked for.
 * @param {Question} question
 * @param {Run | null} run
 */
export function truthOf({ about, size }, run) {
  const numbers = run?.end ? COMPUTED[about]?.(run) : null;
  return numbers?.length === size && numbers.every(Number.isFinite) ? numbers : null;
}

/**
 * The question to the class, or the key of a message about a missing part.
 * @param {Given} given
 * @param {{run: Run | null, bars: View} | null} lab  that is on the page
 * @returns {Asked | string}
 */
export function askOf({ what, right, ...given }, lab) {
  const words = given.words.trim();
  if ((what === "gradient" || what === "curve") && !lab?.run) return "ask.missing.run";
  if (what === "gradient") {
    return { kind: "number", about: what, ...RANGE.gradient };
  }
  if (what === "curve") {
    const { run, bars } = /** @type {{run: Run, bars: View}} */ (lab);
    const size = heights(run, bars).length;
    return { kind: what, about: bars, size, ...RANGE.curve };
  }
  if (!words) return "ask.missing.words";
  if (what === "choice") {
    const choices = given.choices.map((text) => text.trim());
    const filled = choices.filter(Boolean);
    if (filled.length < 2) return "ask.missing.choices";
    const at = right === "" || !choices[+right]
      ? -1
      : choices.slice(0, +right).filter(Boolean).length;
    return { kind: what, words, choices: filled, ...(at >= 0 && { right: [at] }) };
  }
  const [low, high] = [given.low, given.high].map((text) => text === "" ? NaN : Number(text));
  if (!(low < high)) return "ask.missing.range";
  return { kind: what, words, low, high, ...(right !== "" && { right: [Number(right)] }) };
}

/**
 * The question of a lesson's step, whose words every page has.
 * @param {string} step
 * @param {import("../../lessons/grading.js").Question} question
 * @returns {Asked}
 */
export function askOfStep(step, { choices, right, answer }) {
  if (answer) {
    const most = 10 ** Math.max(1, Math.ceil(Math.log10(Math.abs(answer.value) || 1)));
    return { kind: "number", step, low: -most, high: most, right: [answer.value] };
  }
  const at = choices.findIndex(({ id }) => id === right);
  return { kind: "choice", step, choices: choices.map(() => ""), right: [at] };
}

/**
 * The heights of the bars, from floor to ceiling; of a long run every k-th.
 * @param {Run} run
 * @param {View} view
 */
function heights({ log10Share, T }, view) {
  const every = Math.ceil(T / MOST_POINTS);
  return [...log10Share].filter((_, i) => i % every === 0)
    .map((log10) => Number(Math.min(height(log10, view), MOST_HEIGHT).toFixed(4)));
}
