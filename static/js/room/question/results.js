/**
 * The answers of a class, its rounds side by side, and the right answer in it. Before it is shown,
 * the choices alone.
 *
 * @typedef {import("../../net/frame-types.d.ts").Question} Question
 * @typedef {import("../../net/frame-types.d.ts").Shown} Shown
 * @typedef {import("../../text/format.js").Translate} Translate
 * @typedef {import("../../lessons/grading.js").Question} OfLesson
 * @typedef {(step: string) => OfLesson | null} Lesson  finds the question of a step, on its page
 * @typedef {{question: Question, shown: Shown[], truth: number[] | null, own?: number[] | null,
 *   lesson?: Lesson}} Results
 */
import { write } from "../../lessons/html.js";
import { significant, wholePercent } from "../../text/format.js";
import { create, setText } from "../../ui/dom.js";
import { curves, framed, histogram } from "./plot.js";

export const LETTERS = "ABCDEFGH";

/**
 * @param {Results} results
 * @param {Translate} t
 * @returns {Node[]}
 */
export function resultsOf(results, t) {
  if (results.question.kind === "choice") return [choices(results, t)];
  return results.shown.map((round) => figure(results, round, t));
}

/**
 * The words of a question are written: those of its lesson, which are ours, or else as text.
 * @param {HTMLElement} node
 * @param {Question} question
 * @param {Translate} t
 * @param {Lesson} [lesson]
 */
export function writeAsked(node, question, t, lesson) {
  const its = lesson?.(question.step);
  if (its) write(node, its.ask);
  else setText(node, wordsOf(question, t));
}

/**
 * A choice, with its letter.
 * @param {Question} question
 * @param {number} index
 * @param {Lesson} [lesson]
 */
export function choiceOf({ step, choices }, index, lesson) {
  const text = create("span", { className: "text" });
  const its = lesson?.(step)?.choices[index];
  if (its) write(text, its.text);
  else setText(text, choices[index]);
  return [create("b", {}, LETTERS[index]), text];
}

/**
 * The words of a question: the teacher's own, or those of what is asked for.
 * @param {Question} question
 * @param {Translate} t
 */
export function wordsOf({ words, about, step, kind }, t) {
  if (words) return words;
  if (step) return t("question.of_lesson");
  return kind === "curve" ? t("question.curve") : about && t(`question.${about}`);
}

/**
 * Numbers as they are read.
 * @param {number} value
 */
export const plain = (value) => significant(value).replace("-", "−");

/**
 * The words of the results on a card, in a row.
 * @param {Element} node
 */
export const spoken = (node) =>
  [...node.querySelectorAll("li, figcaption")].map(({ children, textContent }) =>
    [...children].map((each) => each.textContent?.trim()).filter(Boolean).join(" ") || textContent
  ).join(". ");

/** @param {Results} results @param {Translate} t */
function choices({ question, shown, truth, own, lesson }, t) {
  const list = create("ol", { className: "choices" });
  list.append(...question.choices.map((_, i) => {
    const item = create("li", {}, ...choiceOf(question, i, lesson));
    if (truth?.[0] === i) {
      item.dataset.right = "";
      item.append(create("strong", {}, t("question.is_right")));
    }
    if (own?.[0] === i) item.append(create("em", {}, t("question.own")));
    item.append(...shown.map(({ round, answers, counts }) => {
      const share = answers ? counts[i] / answers : 0;
      const said = t("question.votes", { count: counts[i], percent: wholePercent(share) });
      const whole = shown.length > 1 ? `${t("question.round", { round })} · ${said}` : said;
      const vote = create("span", { className: "vote" }, create("i"), create("span", {}, whole));
      vote.style.setProperty("--share", String(share));
      return vote;
    }));
    return item;
  }));
  return list;
}

/** @param {Results} results @param {Shown} round @param {Translate} t */
function figure({ question, shown, truth, own = null }, round, t) {
  const { low, high, kind } = question;
  const [, median] = round.quartiles;
  const number = kind === "number";
  const said = [
    ...(shown.length > 1 ? [t("question.round", { round: round.round })] : []),
    t("question.answers", { count: round.answers }),
    ...(number && median ? [t("question.median", { value: plain(median[0]) })] : []),
    ...(number && truth ? [t("question.truth", { value: plain(truth[0]) })] : []),
  ].join(" · ");
  const at = number && truth ? (truth[0] - low) / (high - low) : null;
  const svg = number
    ? histogram(round.counts, at === null ? null : Math.max(0, Math.min(at, 1)))
    : curves({
      bars: truth,
      curves: round.curves,
      median,
      own: round === shown.at(-1) ? own : null,
    });
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", said);
  const ends = create(
    "p",
    { className: "ends" },
    ...[low, (low + high) / 2, high].map((end) => create("span", {}, plain(end))),
  );
  const view = question.about === "powers" ? "powers" : "linear";
  const keys = [
    t("question.legend"),
    ...(own && round === shown.at(-1) ? [t("question.legend.own")] : []),
  ];
  const legend = create("p", { className: "legend" }, keys.join(" · "));
  const body = number ? [svg, ends] : [framed(svg, view, t), ...(truth ? [legend] : [])];
  return create("figure", {}, create("figcaption", {}, said), ...body);
}
