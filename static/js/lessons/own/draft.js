/**
 * A lesson that is being written: the file that the server checks, and nothing else.
 *
 * @typedef {import("../../lab/state.js").State} State
 * @typedef {import("../../lab/state.js").Experiment} Experiment
 * @typedef {{id: string, experiment: Experiment, view?: Record<string, unknown>,
 *   pins?: Experiment[], question?: {kind: string, right?: string, choices?: string[]}}} Facts
 * @typedef {{text: string, why: string}} Choice
 * @typedef {{title: string, text: string, notes?: string,
 *   question?: {ask: string, choices?: Record<string, Choice>}}} Words
 * @typedef {{ask: string, choices: Choice[], right: number}} Asked  a question as its form has it
 * @typedef {{lesson: {steps: Facts[]},
 *   words: {title: string, steps: Record<string, Words>}}} Draft
 */
import { toJSON, viewOf } from "../../lab/view-state.js";

const IDS = ["a", "b", "c", "d"];
/** The parts of the lab that a step shows, unless it says otherwise. */
export const SHOWN = ["stage", "caption", "scale", "cell"];

/** @returns {Draft} */
export const empty = () => ({
  lesson: { steps: [] },
  words: { title: "", steps: {} },
});

/**
 * The lab as it stands, as a step.
 * @param {State} state
 * @param {Experiment} defaults
 * @param {string[]} show  the parts on screen
 */
export function recorded(state, defaults, show) {
  const { experiment, pins } = state;
  return {
    experiment: differing(experiment, defaults),
    view: { ...toJSON({ ...viewOf(state), play: false }), show },
    ...(pins.length ? { pins: pins.map((pin) => differing(pin.experiment, defaults)) } : {}),
  };
}

/**
 * @param {Draft} draft
 * @param {Omit<Facts, "id">} step
 * @param {string} title
 * @returns {Draft}
 */
export function added({ lesson, words }, step, title) {
  const numbers = lesson.steps.map(({ id }) => Number(id.replace(/^step-/, "")) || 0);
  const id = `step-${Math.max(0, ...numbers) + 1}`;
  return {
    lesson: { ...lesson, steps: [...lesson.steps, { id, ...step }] },
    words: { ...words, steps: { ...words.steps, [id]: { title, text: "" } } },
  };
}

/**
 * The step that was recorded anew; whatever else it has, a question say, stays.
 * @param {Draft} draft
 * @param {number} index
 * @param {Partial<Facts>} step
 * @returns {Draft}
 */
export function replaced({ lesson, words }, index, step) {
  const steps = lesson.steps.map((each, i) => {
    if (i !== index) return each;
    const { pins: _, ...rest } = each;
    return { ...rest, ...step };
  });
  return { lesson: { ...lesson, steps }, words };
}

/**
 * The same step, with its view changed.
 * @param {Draft} draft
 * @param {number} index
 * @param {Record<string, unknown>} changes
 * @returns {Draft}
 */
export function viewed({ lesson, words }, index, changes) {
  const steps = lesson.steps.map((step, i) =>
    i === index ? { ...step, view: { ...step.view, ...changes } } : step
  );
  return { lesson: { ...lesson, steps }, words };
}

/**
 * @param {Draft} draft
 * @param {number} index
 * @param {number} by
 * @returns {Draft}
 */
export function moved({ lesson, words }, index, by) {
  const steps = [...lesson.steps];
  const to = index + by;
  if (!steps[index] || !steps[to]) return { lesson, words };
  [steps[index], steps[to]] = [steps[to], steps[index]];
  return { lesson: { ...lesson, steps }, words };
}

/**
 * @param {Draft} draft
 * @param {number} index
 * @returns {Draft}
 */
export function removed({ lesson, words }, index) {
  const { id } = lesson.steps[index];
  const { [id]: _, ...rest } = words.steps;
  return {
    lesson: { ...lesson, steps: lesson.steps.filter((_, i) => i !== index) },
    words: { ...words, steps: rest },
  };
}

/**
 * @param {Draft} draft
 * @param {string} id
 * @param {Partial<Words>} said
 * @returns {Draft}
 */
export function written({ lesson, words }, id, said) {
  const steps = { ...words.steps, [id]: { ...words.steps[id], ...said } };
  return { lesson, words: { ...words, steps } };
}

/**
 * The question of a step for its form; null where it asks for a number, which has no form.
 * @param {Draft} draft
 * @param {number} index
 * @returns {Asked | null}
 */
export function askedIn({ lesson, words }, index) {
  const { id, question } = lesson.steps[index];
  if (question && question.kind !== "choice") return null;
  const { ask = "", choices = {} } = words.steps[id].question ?? {};
  const known = question?.choices ?? [];
  return {
    ask,
    choices: IDS.map((_, i) => choices[known[i]] ?? { text: "", why: "" }),
    right: Math.max(0, known.indexOf(question?.right ?? "")),
  };
}

/**
 * The step with this question; with none where nothing is asked. Choices without words are left out.
 * @param {Draft} draft
 * @param {number} index
 * @param {Asked} asked
 * @returns {Draft}
 */
export function asking({ lesson, words }, index, { ask, choices, right }) {
  const { id, question: _, ...facts } = lesson.steps[index];
  const { question: __, ...said } = words.steps[id];
  const given = IDS.filter((_, i) => choices[i].text.trim());
  const asks = ask.trim() || given.length;
  const step = asks
    ? { ...facts, question: { kind: "choice", right: IDS[right], choices: given } }
    : facts;
  const spoken = asks
    ? { question: { ask, choices: Object.fromEntries(given.map((each) => [each, of(each)])) } }
    : {};
  return {
    lesson: { ...lesson, steps: lesson.steps.with(index, { id, ...step }) },
    words: { ...words, steps: { ...words.steps, [id]: { ...said, ...spoken } } },
  };

  /** @param {string} each */
  function of(each) {
    return choices[IDS.indexOf(each)];
  }
}

/**
 * @param {Draft} draft
 * @param {string} title
 * @returns {Draft}
 */
export const titled = ({ lesson, words }, title) => ({ lesson, words: { ...words, title } });

/**
 * @param {Experiment} experiment
 * @param {Experiment} defaults
 * @returns {Experiment}
 */
const differing = (experiment, defaults) =>
  Object.fromEntries(
    Object.entries(experiment).filter(([field, value]) => defaults[field] !== value),
  );
