/**
 * The question on a teacher's page: it is made on the spot, counted while the class answers, and its
 * answers are shown with what the lab computes in them.
 *
 * @typedef {import("../../net/frame-types.d.ts").RoomState} RoomState
 */
import { problemOf } from "../../net/problem.js";
import { explain } from "../../text/problems.js";
import { finder, hide, setText } from "../../ui/dom.js";
import { applied } from "../room-state.js";
import { askOf, askOfStep, isPredicted, truthOf } from "./about.js";
import { createTally } from "./tally.js";

/**
 * @param {{card: HTMLElement, ask: HTMLDialogElement}} nodes
 * @param {import("../../text/format.js").Translate} t
 * @param {(message: object) => boolean} say  whether it could be said
 * @param {import("../driving.js").Led} page
 * @param {import("./results.js").Lesson} lesson
 */
export function createAsking({ card, ask }, t, say, page, lesson) {
  const tally = createTally(card, t, lesson, press);
  const form = /** @type {HTMLFormElement} */ (ask.querySelector("form"));
  const field = finder(form);
  const error = field(".error");
  /** @type {RoomState | null} */
  let room = null;
  let predicts = false;

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
      else if (header.type === "attendance") tally.count(header);
      else if (header.type === "error" && header.code.startsWith("room_")) {
        (ask.open ? refuse : tally.tell)(explain(problemOf(header), t));
      }
    },
    /** The class has gone on to another step: a question that is closed is put away. */
    gone() {
      if (room?.question && !room.question.open) command({ do: "hide" });
    },
    press,
    over() {
      room = null;
      tally.over();
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
    if (!say({ do: "ask", ...asked })) refuse(t("room.lost"));
  }

  /**
   * @param {string} name  of a button of the card, which a teacher's other device may press
   * @returns {boolean} whether it is one
   */
  function press(name) {
    const known = ["show", "again", "hide"].includes(name);
    const question = room?.question;
    const truth = question && name === "show" && truthOf(question, page.lab?.().run ?? null);
    if (known && question) command({ do: name, ...(truth && { truth }) });
    return known;
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
    room = next;
    tally.show(next);
    foresee(isPredicted(next.question));
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

  /** @param {boolean} is */
  function foresee(is) {
    if (is !== predicts) page.predict?.(predicts = is);
  }

  /** @param {object} message */
  function command(message) {
    if (!say(message)) tally.tell(t("room.lost"));
  }

  /** @param {string} why */
  function refuse(why) {
    setText(error, why);
    hide(error, !why);
  }
}
