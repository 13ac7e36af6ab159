/**
 * The class predicts before it sees: choices, or a number to fill in. Every answer is replied to.
 *
 * @typedef {import("./grading.js").Question} Question
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { symbolButtons } from "../text/symbols.js";
import { finder } from "../ui/dom.js";
import { composes } from "../ui/input-device.js";
import { choiceOf, isSettled, judge, typed } from "./grading.js";
import { write } from "./html.js";

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {{said: (id: string) => string[] | undefined, answer: (given: string[]) => void}} on
 *   `said`: what was answered in a step
 */
export function createQuestion(node, t, on) {
  const part = finder(node);
  const [ask, answers, reply] = [".ask", ".answers", ".reply"].map(part);
  const show = /** @type {HTMLButtonElement} */ (part("button.quiet"));
  /** @type {{id: string, question: Question} | null} */
  let current = null;

  show.addEventListener("click", () => {
    reveal();
    reply.focus();
  });
  reply.tabIndex = -1;

  return {
    reveal,
    /**
     * @param {string} id  of the step
     * @param {Question | null} question
     */
    render(id, question) {
      node.hidden = !question;
      current = question && { id, question };
      if (!question) return;
      write(ask, question.ask);
      answers.replaceChildren(...(question.answer ? [blank(question)] : choices(question)));
      answers.append(...terms());
      answers.dataset.settled = "false";
      tell("");
      const given = on.said(id);
      if (given && !question.answer) mark(question, given);
      else if (given) tell(right(question));
      show.hidden = isSettled(question, given);
    },
    /**
     * A timestep of the stage was tapped.
     * @param {number} timestep
     */
    tap(timestep) {
      if (!current || isSettled(current.question, on.said(current.id))) return;
      const choice = current.question.taps[timestep];
      if (choice) settle([choice]);
      else tell(t("question.again"));
    },
    /**
     * @param {string} key
     * @returns {boolean} whether it is one of an answer, be it given or not
     */
    key(key) {
      if (!current || current.question.answer) return false;
      const { id, question: { choices } } = current;
      const index = choiceOf(key, choices.length);
      if (index < 0) return false;
      if (!isSettled(current.question, on.said(id))) settle([choices[index].id]);
      return true;
    },
  };

  /** The answer is told, without one of the class. */
  function reveal() {
    if (!current) return;
    const { question } = current;
    settle([]);
    if (question.answer) tell(right(question));
  }

  /**
   * Something was said: what it was, and what the stage can show now.
   * @param {string[]} given
   */
  function settle(given) {
    if (!current) return;
    const { id, question } = current;
    on.answer(given);
    const said = on.said(id) ?? [];
    if (!question.answer) mark(question, said);
    show.hidden = isSettled(question, said);
    reply.scrollIntoView({ block: "nearest" });
  }

  /** @param {Question} question */
  function choices({ choices }) {
    const list = document.createElement("ol");
    list.append(...choices.map(({ id, text }, i) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      const letter = document.createElement("kbd");
      const words = document.createElement("span");
      const why = document.createElement("p");
      button.type = "button";
      button.dataset.choice = id;
      letter.textContent = "abcd"[i];
      why.hidden = true;
      button.append(letter, words);
      write(words, text);
      button.addEventListener("click", () => settle([id]));
      item.append(button, why);
      return item;
    }));
    return [list];
  }

  /** Explains the symbols of the choices, since a touch on a choice is an answer. */
  function terms() {
    const buttons = symbolButtons(answers);
    if (!buttons.length) return [];
    const row = document.createElement("p");
    row.className = "symbols";
    row.append(t("question.symbols"), ...buttons);
    return [row];
  }

  /**
   * Marks the choice; once the question is settled the right one is too, and each choice says
   * why it is tempting.
   * @param {Question} question
   * @param {string[]} given
   */
  function mark(question, given) {
    const { choices, right } = question;
    const settled = isSettled(question, given);
    answers.dataset.settled = String(settled);
    for (const [i, item] of [...answers.querySelectorAll("li")].entries()) {
      const { id, why } = choices[i];
      const [button, words] = /** @type {[HTMLElement, HTMLElement]} */ ([...item.children]);
      words.hidden = !settled;
      write(words, settled ? why : "");
      item.dataset.mark = given.includes(id) && id !== right
        ? "wrong"
        : settled && id === right
        ? "right"
        : "";
      button.setAttribute("aria-pressed", String(given.includes(id)));
    }
    const last = given.at(-1);
    if (!last) return tell(t("question.shown"));
    const wrong = settled ? t("question.wrong") : t("question.again");
    tell(last === right ? t("question.right") : wrong, last === right);
  }

  /** @param {Question} question */
  function blank(question) {
    const answer = /** @type {import("./grading.js").Answer} */ (question.answer);
    const form = document.createElement("div");
    const input = document.createElement("input");
    const check = document.createElement("button");
    form.className = "fill";
    input.type = "text";
    input.inputMode = "decimal";
    input.autocomplete = "off";
    input.setAttribute("aria-label", t("question.number", { digits: answer.digits }));
    check.type = "button";
    check.textContent = t("question.check");
    const decide = () => {
      const given = typed(input.value);
      if (Number.isNaN(given)) return tell(t("question.nothing"));
      const judged = judge(answer, given);
      const gap = t("language.gap");
      const good = [t("question.right"), right(question)].join(gap);
      tell(judged.right ? good : wrong(judged), judged.right);
      if (judged.right) settle([]);
      else reply.scrollIntoView({ block: "nearest" });
    };
    check.addEventListener("click", decide);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !composes(event)) decide();
    });
    form.append(answer.vector ? vector(answer, input) : input, check);
    return form;
  }

  /**
   * The vector with one entry to fill in.
   * @param {import("./grading.js").Answer} answer
   * @param {HTMLInputElement} input
   */
  function vector({ vector, entry, digits }, input) {
    const list = document.createElement("ol");
    list.className = "vector";
    list.append(...(vector ?? []).map((value, i) => {
      const item = document.createElement("li");
      item.append(i === entry ? input : fixed(value, digits));
      return item;
    }));
    return list;
  }

  /** @param {import("./grading.js").Judgement} judged */
  function wrong({ off, sign, why }) {
    if (why) return why;
    if (sign) return t("question.sign");
    return t(off > 0 ? "question.high" : "question.low");
  }

  /** @param {Question} question */
  function right({ answer, why }) {
    if (!answer) return "";
    return `${t("question.exact", { value: fixed(answer.value, answer.digits) })} ${why}`;
  }

  /**
   * @param {string} html  of our own words, or of the lesson's, which came as HTML
   * @param {boolean} [good]
   */
  function tell(html, good = false) {
    write(reply, html);
    reply.hidden = !html;
    reply.dataset.good = String(good);
  }
}

/**
 * @param {number} value
 * @param {number} digits
 */
const fixed = (value, digits) => value.toFixed(digits).replace("-", "−");
