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
 *
 * @typedef {{type: "open", lesson: Lesson, at: number}
 *   | {type: "write"}
 *   | {type: "go", to: number}
 *   | {type: "answer", given: string[]}
 *   | {type: "forget", id: string}
 *   | {type: "anew"}} Action
 */
import { isSettled } from "./grading.js";

/**
 * @param {Lesson | null} lesson
 * @param {number} at
 * @param {State["said"]} [said]
 * @param {State["seen"]} [seen]
 * @returns {State}
 */
export const initial = (lesson, at, said = {}, seen = []) => ({ lesson, at, said, seen });

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
    case "answer": {
      const step = stepOf(state);
      if (!step) return state;
      const given = [...(state.said[step.id] ?? []), ...action.given];
      return { ...state, said: { ...state.said, [step.id]: given } };
    }
    case "forget": {
      const { [action.id]: _, ...said } = state.said;
      return { ...state, said };
    }
    case "anew":
      return { ...state, said: {}, seen: [] };
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
 * The step that is shown, if one is.
 * @param {State} state
 */
export const stepOf = ({ lesson, at }) => lesson?.steps[at] ?? null;

/**
 * Whether the stage waits until the class has predicted, and is told.
 * @param {State} state
 */
export function waits(state) {
  const step = stepOf(state);
  return Boolean(step?.question && !isSettled(step.question, state.said[step.id]));
}
