/**
 * The question on the pages of all teachers: its words, how many have answered, and what they have
 * answered once that is shown.
 *
 * @typedef {import("../../net/frame-types.d.ts").RoomState} RoomState
 */
import { finder, hide } from "../../ui/dom.js";
import { createCardStatus } from "./card-status.js";
import { resultsOf, spoken, writeAsked } from "./results.js";

const COMMANDS = /** @type {const} */ (["show", "again", "hide"]);

/**
 * @param {HTMLElement} card
 * @param {import("../../text/format.js").Translate} t
 * @param {import("./results.js").Lesson} [lesson]  that the page is of
 * @param {(command: "show" | "again" | "hide") => void} [press]  a button of the one who leads
 */
export function createTally(card, t, lesson, press) {
  const part = finder(card);
  const [words, results] = [".asked", ".results"].map(part);
  const status = createCardStatus(card, part(".told"));
  /** @type {RoomState["question"]} */
  let question = null;
  let people = { students: 0, answers: 0 };

  const buttons = COMMANDS.map((name) => part(`[value=${name}]`));
  COMMANDS.forEach((name, i) => buttons[i].addEventListener("click", () => press?.(name)));

  return {
    /** @param {Pick<RoomState, "question" | "shown" | "truth">} room */
    show({ question: next, shown, truth }) {
      if (next?.number !== question?.number || next?.round !== question?.round) people.answers = 0;
      question = next;
      status.show(question !== null);
      if (!question) return;
      writeAsked(words, question, t, lesson);
      results.replaceChildren(...resultsOf({ question, shown, truth, lesson }, t));
      hide(part(".lead"), !press);
      hide(buttons[0], !question.open);
      hide(buttons[1], question.open);
      say();
    },
    /** @param {{students: number, answers: number}} attendance */
    count({ students, answers }) {
      people = { students, answers };
      say();
    },
    tell,
    over: () => status.show(false),
  };

  function say() {
    const { answers, students } = people;
    const there = Math.max(answers, students); // who answered may have left
    if (question?.open) tell(t("question.count", { answers, students: there }));
    else if (question) status.say(t("question.closed"), spoken(results));
  }

  /** @param {string} text */
  function tell(text) {
    status.say(text);
  }
}
