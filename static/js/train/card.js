/**
 * One network: its loss, how far back its gradient reaches, what it answers, and one sentence.
 *
 * @typedef {import("./history.js").History} History
 * @typedef {import("./reach.js").Place} Place
 * @typedef {import("../format.js").Translate} Translate
 */
import { createAnswers } from "./answers.js";
import { createCurve } from "./curve.js";
import { checkpointFor } from "./history.js";
import { createReach, describe } from "./reach.js";
import { reaching, standings, verdict, whole } from "./verdict.js";

/**
 * @param {HTMLElement} node  out of the template
 * @param {string} cell
 * @param {import("./canvas.js").Look} look
 * @param {Translate} t
 */
export function createCard(node, cell, look, t) {
  /** @template {HTMLElement} E @param {string} selector @returns {E} */
  const part = (selector) => /** @type {E} */ (node.querySelector(selector));
  const sentence = part(".sentence");
  const numbers = part(".standings");
  const window = part(".window");
  const where = part(".place");
  const link = /** @type {HTMLAnchorElement} */ (part(".open"));
  const title = part("h2");
  const grid = part(".reach");
  /** @type {Place | null} */
  let place = null;
  /** @type {History | null} */
  let history = null;
  let share = true;

  const name = t(`choice.cell.${cell}`);
  title.textContent = name;
  title.id = `network-${cell}`;
  node.dataset.cell = cell;
  node.setAttribute("aria-labelledby", title.id);
  grid.setAttribute("aria-label", t("train.reach.label", { cell: name }));
  const curve = createCurve(/** @type {any} */ (part(".curve")), look);
  const reach = createReach(grid, look, t, {
    look(to) {
      place = to;
      again();
    },
    open: () => !link.hidden && link.click(),
  });
  const answers = createAnswers(part(".answers"), t);

  return { node, render };

  /**
   * @param {History} next
   * @param {boolean} asShare
   */
  function render(next, asShare) {
    if (next !== history) place = null;
    [history, share] = [next, asShare];
    again();
  }

  function again() {
    if (!history) return;
    node.dataset.step = String(history.step);
    node.dataset.state = history.end?.result ?? "training";
    curve.render(history, place?.step ?? null);
    reach.render(history, share);
    answers.render(history);
    text(sentence, verdict(history, t));
    text(numbers, standings(history, t));
    text(window, reaching(history, t));
    text(where, place ? describe(history, place, share, t) : t("train.place.hint"));
    showLink(history);
  }

  /** @param {History} of */
  function showLink(of) {
    const step = checkpointFor(of, place?.step ?? of.step + 1);
    link.hidden = step === null;
    if (step === null) return;
    const address = `/?checkpoint=${of.run}-${step}`;
    if (link.getAttribute("href") !== address) link.href = address;
    text(part(".open span"), t("train.open", { step: whole(step) }));
  }
}

/**
 * @param {HTMLElement} node
 * @param {string} words
 */
function text(node, words) {
  if (node.textContent !== words) node.textContent = words;
}
