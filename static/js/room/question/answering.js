/**
 * The question on a student's page, and the answer to it: it may be changed until the question is
 * closed, and what was sent without a connection is sent again once there is one.
 *
 * @typedef {import("../../net/frame-types.d.ts").RoomState} RoomState
 * @typedef {import("../../net/frame-types.d.ts").Question} Question
 * @typedef {import("../../text/format.js").Translate} Translate
 */
import { problemOf } from "../../net/problem.js";
import { explain } from "../../text/problems.js";
import { create, finder, hide, setText } from "../../ui/dom.js";
import { forget, recallJSON, remember } from "../../ui/storage.js";
import { createCardStatus } from "./card-status.js";
import { createCurveField } from "./curve-field.js";
import { choiceOf, plain, resultsOf, spoken, writeAsked } from "./results.js";

const KEPT = "unrolled.answer";
/** Beyond the numbers that the channel gives to its messages. */
const FIRST_ID = 1e6;

/**
 * @param {HTMLElement} card
 * @param {string} code
 * @param {Translate} t
 * @param {(message: object) => boolean} say  whether it could be said
 * @param {import("./results.js").Lesson} [lesson]  that the page is of
 */
export function createAnswering(card, code, t, say, lesson) {
  const part = finder(card);
  const [words, error, results] = [".asked", ".error", ".results"].map(part);
  const status = createCardStatus(card, part(".told"));
  const form = /** @type {HTMLFormElement} */ (part("form"));
  const [choices, number, curve] = [".choose", ".number", ".curve"].map(part);
  const input = /** @type {HTMLInputElement} */ (number.querySelector("input"));
  const drawing = createCurveField(part("[role=slider]"), t, edited);
  /** @type {Question | null} */
  let question = null;
  /** @type {number[] | null} the answer that the room has, or that is on its way */
  let given = null;
  /** @type {{question: number, round: number, answer: number[]} | null} on its way */
  let sent = null;
  let id = FIRST_ID;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  form.addEventListener("change", edited);

  return {
    /** @param {import("../../net/frame-types.d.ts").Welcome} welcome */
    welcome({ room, answer }) {
      const kept = recallJSON(KEPT);
      sent = kept?.code === code ? kept.sent : null;
      if (sent && !(room.question?.open && isOf(sent, room.question))) {
        forget(KEPT);
        sent = null;
      }
      question = null;
      show(room, sent?.answer ?? answer);
      if (sent) transmit();
    },
    show,
    /** The room is over, and leaves nothing. */
    over() {
      forget(KEPT);
      status.show(false);
    },
    /**
     * @param {any} header  of a frame
     * @returns {boolean} whether it was about an answer
     */
    hear(header) {
      if (header.type !== "recorded" && !(header.type === "error" && header.id >= FIRST_ID)) {
        return false;
      }
      if (header.id !== id || !sent) return true;
      forget(KEPT);
      sent = null;
      if (header.type === "error") refuse(explain(problemOf(header), t));
      else status.say(t("question.recorded"));
      return true;
    },
  };

  /**
   * @param {Pick<RoomState, "question" | "shown" | "truth">} room
   * @param {number[] | null} [answer]  to a question that is not on the page yet
   */
  function show({ question: next, shown, truth }, answer = null) {
    status.show(next !== null);
    if (!next) question = null;
    if (!next) return;
    const same = question && isOf({ question: question.number, round: question.round }, next);
    if (!same) begin(next, answer);
    question = next;
    hide(form, !next.open);
    hide(results, next.open);
    if (next.open) return;
    results.replaceChildren(...resultsOf({ question: next, shown, truth, own: given, lesson }, t));
    status.say(t("question.closed"), spoken(results));
  }

  /** @param {Question} next @param {number[] | null} answer */
  function begin(next, answer) {
    given = answer;
    writeAsked(words, next, t, lesson);
    const key = next.round > 1 ? "question.again_round" : "question.new";
    const asks = t(key, { number: next.number, round: next.round });
    status.say(given ? t("question.recorded") : asks, given ? "" : words.textContent ?? "");
    refuse("");
    hide(choices, next.kind !== "choice");
    hide(number, next.kind !== "number");
    hide(curve, next.kind !== "curve");
    choices.replaceChildren(...next.choices.map((_, i) => {
      const radio = create("input", {
        type: "radio",
        name: "answer",
        value: i,
        checked: given?.[0] === i,
      });
      return create("label", {}, radio, ...choiceOf(next, i, lesson));
    }));
    const { low, high } = next;
    input.value = given && next.kind === "number" ? String(given[0]) : "";
    setText(part(".range"), t("question.range", { low: plain(low), high: plain(high) }));
    if (next.kind === "curve") {
      drawing.show(next.size, next.about === "powers" ? "powers" : "linear", given);
    }
    part("details").toggleAttribute("open", true);
    if (next.open) card.scrollIntoView({ block: "nearest" });
  }

  function edited() {
    refuse("");
    if (given) status.say(t("question.changed"));
  }

  function send() {
    if (!question) return;
    const answer = typed(question);
    if (typeof answer === "string") return refuse(answer);
    refuse("");
    given = answer;
    sent = { question: question.number, round: question.round, answer };
    remember(KEPT, JSON.stringify({ code, sent }));
    transmit();
  }

  function transmit() {
    id += 1;
    const gone = say({ do: "answer", ...sent, id });
    status.say(t(gone ? "question.sending" : "question.offline"));
  }

  /**
   * The answer in the form, or what is wrong with it.
   * @param {Question} asked
   */
  function typed({ kind, low, high }) {
    if (kind === "curve") return drawing.whole() ?? t("question.missing.curve");
    if (kind === "choice") {
      const chosen = /** @type {HTMLInputElement | null} */ (choices.querySelector(":checked"));
      return chosen ? [Number(chosen.value)] : t("question.missing.choice");
    }
    const value = input.value === "" ? NaN : Number(input.value);
    const bounds = { low: plain(low), high: plain(high) };
    return low <= value && value <= high ? [value] : t("question.missing.number", bounds);
  }

  /** @param {string} why */
  function refuse(why) {
    setText(error, why);
    hide(error, !why);
  }
}

/**
 * Whether an answer is to this round of a question.
 * @param {{question: number, round: number}} answer
 * @param {Question} question
 */
const isOf = (answer, { number, round }) => answer.question === number && answer.round === round;
