/**
 * The question on a teacher's page: it is made on the spot, counted while the class answers, and its
 * answers are shown with what the lab computes in them.
 *
 * @typedef {import("../../net/frame-types.d.ts").RoomState} RoomState
 * @typedef {{question: number, right: number[]}} Right  that the teacher has said is right
 */
import { problemOf } from "../../net/problem.js";
import { explain } from "../../text/problems.js";
import { finder, hide, setText } from "../../ui/dom.js";
import { forget, recallJSON, remember } from "../../ui/storage.js";
import { applied } from "../room-state.js";
import { askOf, askOfStep, isPredicted, truthOf } from "./about.js";
import { resultsOf, writeAsked } from "./results.js";

const RIGHT = "unrolled.right";

/**
 * @param {{card: HTMLElement, ask: HTMLDialogElement}} nodes
 * @param {import("../../text/format.js").Translate} t
 * @param {(message: object) => boolean} say  whether it could be said
 * @param {import("../driving.js").Led} page
 * @param {import("./results.js").Lesson} lesson
 */
export function createAsking({ card, ask }, t, say, page, lesson) {
  const part = finder(card);
  const [words, told, results, lead] = [".asked", ".told", ".results", ".lead"].map(part);
  const form = /** @type {HTMLFormElement} */ (ask.querySelector("form"));
  const field = finder(form);
  const error = field(".error");
  const button = (/** @type {string} */ name) => part(`[value=${name}]`);
  /** @type {RoomState | null} */
  let room = null;
  let people = { students: 0, answers: 0 };
  let predicts = false;

  button("show").addEventListener("click", () => {
    const question = room?.question;
    if (!question) return;
    const kept = recallJSON(RIGHT, "tab");
    const right = kept?.question === question.number ? kept.right : null;
    const truth = right ?? truthOf(question, page.lab?.().run ?? null);
    command({ do: "show", ...(truth && { truth }) });
  });
  for (const name of ["again", "hide"]) {
    button(name).addEventListener("click", () => command({ do: name }));
  }
  form.addEventListener("submit", (event) => {
    if (/** @type {HTMLButtonElement} */ (event.submitter).value !== "ask") return;
    event.preventDefault();
    send();
  });
  form.addEventListener("input", fit);

  return {
    /** Opens what a question is made with. */
    open() {
      refuse("");
      const its = ofStep();
      hide(field(".of-step"), !its);
      const first = its ? "lesson" : "choice";
      /** @type {HTMLInputElement} */ (field(`[value=${first}]`)).checked = true;
      fit();
      ask.showModal();
    },
    /** @param {import("../../net/frames.js").Frame<any>} frame */
    hear({ header, arrays }) {
      if (header.type === "welcome") become(header.room);
      else if (header.type === "moved" && room) become(applied(room, header.changes, arrays.strip));
      else if (header.type === "attendance") count(header);
      else if (header.type === "error" && header.code.startsWith("room_")) {
        (ask.open ? refuse : tell)(explain(problemOf(header), t));
      }
    },
    /** The class has gone on to another step: a question that is closed is put away. */
    gone() {
      if (room?.question && !room.question.open) command({ do: "hide" });
    },
    over() {
      room = null;
      forget(RIGHT, "tab");
      card.hidden = true;
      ask.close();
      foresee(false);
    },
  };

  function send() {
    const data = new FormData(form);
    const text = (/** @type {string} */ name) => String(data.get(name) ?? "");
    const what = /** @type {import("./about.js").Given["what"]} */ (text("what"));
    const asked = (what === "lesson" && ofStep()) || askOf({
      what,
      words: text("words"),
      choices: data.getAll("choice").map(String),
      right: text(what === "choice" ? "right-choice" : "right-number"),
      low: text("low"),
      high: text("high"),
    }, page.lab?.() ?? null);
    if (typeof asked === "string") return refuse(t(asked));
    const { message, right } = asked;
    remember(RIGHT, JSON.stringify({ question: (room?.asked ?? 0) + 1, right }), "tab");
    if (!say({ do: "ask", ...message })) refuse(t("room.lost"));
  }

  /** The form has the fields of what is asked for, and a row for one choice more. */
  function fit() {
    const { value: what } = /** @type {RadioNodeList} */ (form.elements.namedItem("what"));
    for (const node of form.querySelectorAll("[data-for]")) {
      hide(
        /** @type {HTMLElement} */ (node),
        !node.getAttribute("data-for")?.split(" ").includes(what),
      );
    }
    const rows = [...form.querySelectorAll(".rows > li")].map((row) => ({
      row: /** @type {HTMLElement} */ (row),
      text: /** @type {HTMLInputElement} */ (row.querySelector("[name=choice]")).value,
    }));
    rows.forEach(({ row }, i) => hide(row, i > 1 && !rows[i - 1].text && !rows[i].text));
  }

  /** @param {RoomState} next */
  function become(next) {
    if (next.question && next.question.number !== room?.question?.number) made();
    const round = room?.question?.round;
    room = next;
    const { question, shown, truth } = next;
    card.hidden = !question;
    foresee(isPredicted(question));
    if (!question) return;
    if (question.round !== round) people = { ...people, answers: 0 };
    writeAsked(words, question, t, lesson);
    hide(lead, false);
    hide(button("show"), !question.open);
    hide(button("again"), question.open);
    results.replaceChildren(...resultsOf({ question, shown, truth, lesson }, t));
    count(people);
  }

  function made() {
    ask.close();
    form.reset();
  }

  /** The question of the lesson's step; null where there is none. */
  function ofStep() {
    const { page: at, step } = page.shown();
    const name = `${at.replace("lessons/", "")}/${step}`;
    const question = lesson(name);
    return question ? askOfStep(name, question) : null;
  }

  /** @param {{students: number, answers: number}} attendance */
  function count({ students, answers }) {
    people = { students, answers };
    const there = Math.max(answers, students); // who answered may have left
    if (room?.question?.open) tell(t("question.count", { answers, students: there }));
    else if (room) tell(t("question.closed"));
  }

  /** @param {boolean} is */
  function foresee(is) {
    if (is !== predicts) page.predict?.(predicts = is);
  }

  /** @param {object} message */
  function command(message) {
    if (!say(message)) tell(t("room.lost"));
  }

  /** @param {string} text */
  function tell(text) {
    setText(told, text);
  }

  /** @param {string} why */
  function refuse(why) {
    setText(error, why);
    hide(error, !why);
  }
}
