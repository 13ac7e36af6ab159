/**
 * The answer of a run, its target and its loss, in words.
 *
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { isRecorded, prediction } from "../run/run.js";
import { lossAmount, percent } from "../text/format.js";
import { told } from "../text/sentence.js";

/** Separator between the prediction and the loss. */
export const BETWEEN = " · ";

/**
 * The prediction at the loss that is drawn, its target, and the loss.
 * @param {Run} run
 * @param {Translate} t
 */
export function answer(run, t) {
  const { losses, loss: at, targets, vocabulary, probabilities, numbers } = run;
  if (isRecorded(run)) return { words: t("stage.answer.recorded"), loss: "" };
  if (typeof at !== "number") {
    let sum = 0;
    for (const value of losses.values()) sum += value;
    return { words: "", loss: t("stage.answer.all", { loss: lossAmount(sum) }) };
  }
  const loss = t("stage.answer.loss", { loss: lossAmount(losses.get(at) ?? 0) });
  const target = targets[at - 1];
  const blanks = { target: told(vocabulary[target] ?? "") };
  const said = prediction(run, at);
  if (!said) return { words: "", loss };
  if (numbers) {
    return { words: t("stage.answer.number", { ...blanks, prediction: said.word }), loss };
  }
  const [word, p] = [told(said.word), percent(said.p ?? 0)];
  if (said.right) return { words: t("stage.answer.right", { prediction: word, p }), loss };
  const q = percent(probabilities.get(at)?.[target] ?? 0);
  return { words: t("stage.answer.wrong", { ...blanks, prediction: word, p, q }), loss };
}

/** Width of a Chinese character, in Latin letters. */
const WIDE = 1.7;

/**
 * The length of a line in Latin letters.
 * @param {string} line
 */
export const letters = (line) =>
  [...line].reduce((sum, letter) => sum + (letter >= "\u2e80" ? WIDE : 1), 0);
