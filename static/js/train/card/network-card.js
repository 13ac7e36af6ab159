/**
 * One network: its loss, how far back its gradient reaches, what it answers and writes, and one
 * sentence.
 *
 * @typedef {import("../history.js").History} History
 * @typedef {import("./gradient-map.js").Place} Place
 * @typedef {import("../../text/format.js").Translate} Translate
 *
 * @typedef {object} How  things are shown
 * @property {boolean} running  whether the run goes on
 * @property {boolean} joins  whether others have a run, and it has none
 * @property {{learnt: string, start: string, temperature: string | number, seed: number} | null} voice
 *   how it is to write the text that it learns, if it learns one; the seed is of the noise
 */
import { sheet } from "../../canvas/sheet.js";
import { powerOfTen } from "../../text/format.js";
import { say } from "../../text/sentence.js";
import { finder } from "../../ui/dom.js";
import { createReservedLines } from "../../ui/reserved-lines.js";
import { checkpointFor, lasting } from "../history.js";
import { reaching, standings, verdict, whole } from "../training-verdict.js";
import { createGradientMap, describe } from "./gradient-map.js";
import { createLossCurve } from "./loss-curve.js";
import { createProbeAnswers } from "./probe-answers.js";
import { createSampledText } from "./sampled-text.js";

/**
 * @param {HTMLElement} node  out of the template
 * @param {string} cell
 * @param {import("./chart-canvas.js").Look} look
 * @param {Translate} t
 * @param {{url: string, changed: () => void}} on  for what it writes
 */
export function createNetworkCard(node, cell, look, t, on) {
  const part = finder(node);
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
  /** @type {How} */
  let how = { running: false, joins: false, voice: null };

  const name = t(`choice.cell.${cell}`);
  title.textContent = name;
  title.id = `network-${cell}`;
  node.dataset.cell = cell;
  node.setAttribute("aria-labelledby", title.id);
  grid.setAttribute("aria-label", t("train.reach.label", { cell: name }));
  const curve = createLossCurve(/** @type {any} */ (part(".curve")), look);
  const reach = createGradientMap(grid, look, t, {
    look(to) {
      place = to;
      again();
      on.changed();
    },
    open: () => !link.hidden && link.click(),
  });
  grid.addEventListener("pointerleave", ({ pointerType }) => {
    if (pointerType !== "touch" && !node.contains(document.activeElement)) reach.leave();
  });
  node.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !node.contains(/** @type {Node} */ (relatedTarget))) reach.leave();
  });
  const rooms = /** @type {const} */ ([
    [sentence, /^train\.verdict\.(?!diverged)/],
    [numbers, /^train\.loss/],
    [window, /^train\.window/],
    [where, /^train\.place\./],
  ]);
  for (const [words, of] of rooms) {
    createReservedLines(words, t)(cell, () => t.texts(of), { cell: name, value: powerOfTen(-8) });
  }
  const answers = createProbeAnswers(part(".answers"), part(".of-answers"), t);
  const writing = createSampledText(part(".writing"), t, on);

  return {
    node,
    /** The place that is looked at. */
    get place() {
      return place;
    },
    /** @param {Place | null} to */
    look(to) {
      if (!to) reach.leave();
      else if (to.step !== place?.step || to.distance !== place.distance) reach.look(to);
    },
    /** The error in a field of the sampled text. */
    get problem() {
      return writing.problem;
    },
    /**
     * @param {History | null} next
     * @param {How} shown
     */
    render(next, shown) {
      if (next !== history) reach.leave();
      [history, how] = [next, shown];
      again();
    },
  };

  function again() {
    const step = history && chosen(history);
    showWriting(step);
    if (!history) return clear();
    node.dataset.step = String(history.step);
    node.dataset.state = history.end?.result ?? "training";
    curve.render(history, place?.step ?? null);
    const hint = t("train.place.hint");
    reach.render(history, hint);
    answers.render(history);
    say(sentence, verdict(history, t), t);
    say(numbers, standings(history, t), t);
    say(window, reaching(history, t), t);
    say(where, place ? describe(history, place, t) : hint, t);
    showLink(history, step);
  }

  function clear() {
    delete node.dataset.step;
    delete node.dataset.state;
    for (const canvas of node.querySelectorAll("canvas")) sheet(canvas);
    for (const words of [numbers, window, where]) say(words, "", t);
    link.hidden = true;
    reach.clear();
    answers.clear();
    say(sentence, t(how.joins ? "train.joins" : "train.waits"), t);
  }

  /**
   * The step whose network is looked at: the one that is pointed at, or the newest.
   * @param {History} of
   */
  function chosen(of) {
    return checkpointFor(lasting(of, how.running), place?.step ?? of.step + 1);
  }

  /** @param {number | null} step */
  function showWriting(step) {
    const { voice } = how;
    if (!history || !voice || step === null) return writing.render(voice?.learnt ?? "", null);
    const { run } = history;
    const { learnt, start, temperature, seed } = voice;
    writing.render(learnt, { run, step, newest: place === null, start, temperature, seed });
  }

  /**
   * @param {History} of
   * @param {number | null} step
   */
  function showLink(of, step) {
    link.hidden = step === null;
    if (step === null) return;
    const address = `./?checkpoint=${of.run}-${step}`;
    if (link.getAttribute("href") !== address) link.href = address;
    const exact = step === (place?.step ?? of.step + 1) - 1;
    say(part(".open span"), t(exact ? "train.open" : "train.open.near", { step: whole(step) }), t);
  }
}
