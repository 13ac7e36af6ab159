/**
 * Where a class is in a lesson, and what it has answered.
 *
 * @typedef {import("./navigation.js").Lesson} Lesson
 *
 * @typedef {object} State
 * @property {Lesson | null} lesson  none while a teacher writes one
 * @property {number} at  the step
 * @property {Record<string, string[]>} said  what was answered, by the name of the step
 * @property {string[]} seen  the names of the steps that were shown
 * @property {Record<string, import("./navigation.js").Experiment>} trained  what opens a network that
 *   was trained in a step, by its name
 *
 * @typedef {{type: "open", lesson: Lesson, at: number}
 *   | {type: "write"}
 *   | {type: "go", to: number}
 *   | {type: "follow", to: number, told: boolean}
 *   | {type: "answer", given: string[]}
 *   | {type: "forget", id: string}
 *   | {type: "trained", id: string, experiment: import("./navigation.js").Experiment}
 *   | {type: "lost"}
 *   | {type: "recall", said: State["said"], seen: State["seen"]}} Action
 */
import { isSettled } from "./grading.js";

/**
 * @param {Lesson | null} lesson
 * @param {number} at
 * @param {State["said"]} [said]
 * @param {State["seen"]} [seen]
 * @returns {State}
 */
export const initial = (lesson, at, said = {}, seen = []) => ({
  lesson,
  at,
  said,
  seen,
  trained: {},
});

/**
 * @param {State} state
 * @param {Action} action
 * @returns {State}
 */
export function reduce(state, action) {
  switch (action.type) {
    case "open":
      return { ...state, lesson: action.lesson, at: action.at };
    case "write":
      return { ...state, lesson: null };
    case "go":
      return state.lesson?.steps[action.to] ? seenAt({ ...state, at: action.to }) : state;
    case "follow": {
      const next = reduce(state, { type: "go", to: action.to });
      const { id = "", question = null } = stepOf(next) ?? {};
      if (!action.told) return reduce(next, { type: "forget", id });
      const settled = !question || isSettled(question, next.said[id]);
      return settled ? next : { ...next, said: { ...next.said, [id]: [] } };
    }
    case "answer": {
      const step = stepOf(state);
      if (!step) return state;
      const told = !action.given.length;
      const given = told ? [] : [...(state.said[step.id] ?? []), ...action.given];
      return { ...state, said: { ...state.said, [step.id]: given } };
    }
    case "forget": {
      const { [action.id]: _, ...said } = state.said;
      return { ...state, said };
    }
    case "trained":
      return { ...state, trained: { ...state.trained, [action.id]: action.experiment } };
    case "lost":
      return { ...state, trained: {} };
    case "recall":
      return { ...state, said: action.said, seen: action.seen };
  }
}

/**
 * @param {State} state
 * @returns {State}
 */
function seenAt(state) {
  const { id = "" } = stepOf(state) ?? {};
  return state.seen.includes(id) ? state : { ...state, seen: [...state.seen, id] };
}

/**
 * The step that is shown, if one is; on its trained network, once there is one.
 * @param {State} state
 * @returns {import("./navigation.js").Step | null}
 */
export function stepOf({ lesson, at, trained }) {
  const step = lesson?.steps[at];
  const experiment = step && trained[step.id];
  return experiment ? { ...step, experiment, training: null } : step ?? null;
}

/**
 * Whether the stage waits until the class has predicted, and is told.
 * @param {State} state
 */
export function waits(state) {
  const step = stepOf(state);
  return Boolean(step?.question && !isSettled(step.question, state.said[step.id]));
}

/**
 * Whether the title of a step may be read: it was shown, or no question before it is still open, whose
 * answer it could give away.
 * @param {State} state
 * @param {number} index
 */
export function isTold({ lesson, at, said, seen }, index) {
  const steps = lesson?.steps ?? [];
  return index <= at || seen.includes(steps[index].id) ||
    steps.slice(0, index).every(({ id, question }) => !question || isSettled(question, said[id]));
}

/**
 * Finds the questions of a lesson by the name of their step, after the lesson's: `gates/forget`.
 * @param {Lesson | null} [lesson]
 */
export const questionIn = (lesson) => (/** @type {string} */ name) => {
  const [slug, id] = name.split("/");
  const step = lesson?.slug === slug && lesson.steps.find((step) => step.id === id);
  return (step && step.question) || null;
};
