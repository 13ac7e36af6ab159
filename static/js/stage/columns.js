/**
 * The timesteps as elements: a button each, to be reached, named and pressed. Its words are in it
 * while there is room for them.
 *
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { tone } from "../canvas/color-scale.js";
import { roomForNumber } from "../canvas/fit-text.js";
import { tokenShare } from "../run/arriving-gradient.js";
import { isUnsaid, unsaidKey } from "../run/feedback.js";
import { cellsAt } from "../run/gradient-paths.js";
import { isHighest } from "../run/levels.js";
import { inTime } from "../run/reading-order.js";
import { isRecorded, prediction } from "../run/run.js";
import { timestepName } from "../run/timestep-name.js";
import { isWord } from "../text/characters.js";
import { decimals } from "../text/format.js";
import { plain, show } from "../text/sentence.js";
import { create, setText } from "../ui/dom.js";
import { niceInterval } from "./draw/bars.js";
import { boxWidth, center, detail } from "./layout.js";

/** Room for the number of a timestep, at the usual size of letters. */
const LEAST_LABEL_ROOM = 26;

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {(t: number) => void} choose
 */
export function createColumns(node, t, choose) {
  /** @type {HTMLButtonElement[]} */
  const buttons = [];
  /** @type {string[][]} of the timesteps, in words, and before the gradient has come back to them */
  let [names, early] = [[], []];
  let current = 0;
  /** The progress of the playhead, forward and back. */
  let [reached, back] = [Infinity, 1];
  /** @type {string[][]} what is written: to ask an element costs more than to write it */
  let [called, looks] = [[], []];

  node.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const from = Number(/** @type {HTMLElement} */ (event.target).dataset.timestep);
    const to = Math.max(1, Math.min(from + by, buttons.length));
    choose(to);
    buttons[to - 1].focus();
  });

  return {
    /**
     * As many as there are timesteps; whether that was new.
     * @param {Run} run
     */
    fit({ T }) {
      if (buttons.length === T) return false;
      buttons.length = Math.min(buttons.length, T);
      [called, looks] = [[], []];
      while (buttons.length < T) buttons.push(column(buttons.length + 1));
      node.replaceChildren(...buttons);
      if (current > T) current = 0;
      return true;
    },

    /**
     * @param {Layout} layout
     * @param {Run} run
     */
    place(layout, run) {
      const every = layout.lens
        ? 1
        : niceInterval(LEAST_LABEL_ROOM * layout.zoom / Math.max(layout.pitches[0], 0.1));
      const shown = cellsAt(run, current);
      buttons.forEach((button, i) => {
        const form = detail(layout, i + 1);
        const far = form === "ribbon" || (layout.folded > 0.5 && !shown.includes(i + 1));
        if (button.classList.contains("far") !== far) fill(button, i, !far, run);
        if (far) return;
        button.dataset.detail = form;
        const [wide, width] = [form === "full" || !layout.lens, layout.pitches[i]];
        button.classList.toggle("numbered", wide && (i + 1) % every === 0);
        button.dataset.room = roomForNumber(width);
        button.style.setProperty("--pitch", `${width}px`);
        button.style.transform = `translateX(${center(layout, i + 1) - width / 2}px)`;
        button.style.setProperty("--box", `${boxWidth(layout, i + 1)}px`);
      });
    },

    /**
     * @param {Run} run
     * @param {boolean} backward  whether the way back is shown
     */
    label(run, backward) {
      names = buttons.map((_, i) => plain(timestepName(run, i + 1, t, backward), t));
      early = [];
      buttons.forEach((button, i) => {
        name(button, i, run);
        const walked = inTime(run, i + 1) >= run.backwardFrom;
        put(button, "data-log10-gradient", walked ? decimals(run.log10Gradient[i]) : null);
        put(button, "data-log10-share", walked ? decimals(run.log10Share[i]) : null);
        const said = prediction(run, i + 1);
        put(button, "data-prediction", said && said.word);
        put(button, "data-target", run.targets[i] >= 0 ? run.vocabulary[run.targets[i]] : null);
        if (button.firstElementChild) write(button, i, run);
      });
    },

    /**
     * As far as the playhead has come: what is predicted is there when the state is, the target when
     * the loss is met, and the letters are read on the ink of their tiles. What is fed back is there
     * when it has been said.
     * @param {{run: Run, forwardTo: number, backwardFrom: number, loss: boolean,
     *   palette: import("../canvas/palette.js").Palette}} scene
     */
    reveal({ run, forwardTo, backwardFrom, loss, palette }) {
      const from = Math.max(backwardFrom, run.backwardFrom);
      [reached, back] = [forwardTo, backwardFrom];
      buttons.forEach((button, i) => {
        const unsaid = name(button, i, run);
        if (!button.firstElementChild) return;
        const place = inTime(run, i + 1);
        const colour = place >= from ? palette.gradient.letters(tone(tokenShare(run, i + 1))) : "";
        const seen = place > forwardTo ? "" : loss ? "target" : "prediction";
        const look = [colour, unsaid, seen].join();
        if (look === looks[i]) return;
        looks[i] = look;
        const [output, token] = /** @type {HTMLElement[]} */ ([...button.children]);
        token.style.color = colour;
        token.style.visibility = unsaid ? "hidden" : "";
        output.dataset.seen = seen;
      });
    },

    /**
     * The current timestep is the one that Tab reaches.
     * @param {number} timestep
     */
    mark(timestep) {
      const next = Math.max(1, Math.min(timestep, buttons.length));
      if (current === next) return;
      buttons[current - 1]?.removeAttribute("aria-current");
      buttons[current - 1]?.setAttribute("tabindex", "-1");
      buttons[next - 1].tabIndex = 0;
      buttons[next - 1].setAttribute("aria-current", "step");
      current = next;
    },
  };

  /** @param {number} timestep */
  function column(timestep) {
    const button = create("button", { type: "button", className: "timestep far", tabIndex: -1 });
    button.dataset.timestep = String(timestep);
    return button;
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {number} i
   * @param {boolean} near
   * @param {Run} run
   */
  function fill(button, i, near, run) {
    button.classList.toggle("far", !near);
    button.replaceChildren(...(near ? ["output", "token", "index"].map(span) : []));
    looks[i] = "";
    if (near) write(button, i, run);
  }

  /**
   * @param {HTMLButtonElement} button
   * @param {number} i
   * @param {Run} run
   */
  function write(button, i, run) {
    const [output, token, index] = /** @type {HTMLElement[]} */ ([...button.children]);
    answer(output, i, run);
    word(token, run.tokens[i]);
    token.classList.toggle("number", run.named.length > 0);
    setText(index, String(i + 1));
  }

  /**
   * The prediction, and the target beside it where that is another.
   * @param {HTMLElement} output
   * @param {number} i
   * @param {Run} run
   */
  function answer(output, i, run) {
    const target = run.targets[i];
    if (target < 0 || !isHighest(run) || isRecorded(run)) {
      if (output.childElementCount) output.replaceChildren();
      return;
    }
    output.classList.toggle("alone", !(run.targets[i - 1] >= 0 || run.targets[i + 1] >= 0));
    if (!output.childElementCount) output.append(span("prediction"), span("target"));
    const [predicted, beside] = /** @type {HTMLElement[]} */ ([...output.children]);
    const said = prediction(run, i + 1);
    const kind = said && (said.right ? "right" : run.numbers ? "near" : "wrong");
    for (const each of ["right", "near", "wrong"]) output.classList.toggle(each, each === kind);
    predicted.hidden = !said;
    if (said) word(predicted, said.word);
    beside.hidden = kind === "right";
    if (!beside.hidden) word(beside, run.vocabulary[target]);
  }

  /**
   * @param {HTMLElement} element
   * @param {string} token
   */
  function word(element, token) {
    show(element, token, t);
    element.classList.toggle("long", isWord(token));
  }

  /**
   * Name a timestep; whether what it reads is still to be said.
   * @param {HTMLElement} button
   * @param {number} i
   * @param {Run} run
   */
  function name(button, i, run) {
    const unsaid = isUnsaid(run, i + 1, reached);
    const words = unsaid
      ? plain(t(unsaidKey(run), { t: i + 1, before: i }), t)
      : inTime(run, i + 1) < back
      ? early[i] ??= plain(timestepName(run, i + 1, t, false), t)
      : names[i];
    if (words && called[i] !== words) called[i] = button.ariaLabel = words;
    return unsaid;
  }
}

/** @param {string} className */
const span = (className) => create("span", { className });

/**
 * An attribute that holds something, or is not there.
 * @param {HTMLElement} element
 * @param {string} name
 * @param {string | null | undefined} value
 */
function put(element, name, value) {
  if (value === null || value === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
