/**
 * Pinned runs: what a current one is compared with. Their names say what differs from it.
 *
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("./state.js").Experiment} Experiment
 * @typedef {import("./state.js").State} State
 * @typedef {import("../text/format.js").Translate} Translate
 *
 * @typedef {object} Pin
 * @property {Experiment} experiment
 * @property {Run | null} run  the last one that has come
 * @property {boolean} [follows]  whether it is the run on the stage with another cell, whatever that
 *   run becomes
 * @property {boolean} [before]  whether it is what was on the stage before a change
 * @property {Experiment} [of]  the experiment that its run is of, where it follows
 */
import { applies, asked, biasOf } from "../experiment/cells.js";
import { clusters } from "../text/characters.js";
import { plain, say, toldText } from "../text/sentence.js";
import { disable, finder, hide, setText } from "../ui/dom.js";

export const MOST_PINS = 3;
/** The bias that opens a gate: it then keeps 95 % of the memory at each step. */
export const OPEN = 3;
const LONGEST_TEXT = 16;
/** Fields with a choice's name for a value; those of gated cells only are passed over elsewhere. */
export const NAMED = [
  "cell",
  "activation",
  "architecture",
  "attention",
  "initialization",
  "tokens",
];

/**
 * The name of a run beside another: the fields in which it differs.
 * @param {Experiment} experiment
 * @param {Experiment} current
 * @param {Translate} t
 */
export function difference(experiment, current, t) {
  const names = Object.keys({ ...current, ...experiment }).filter((field) =>
    experiment[field] !== current[field] && applies(field, experiment)
  );
  return names.map((field) => word(field, experiment[field], t)).join(t("language.comma")) ||
    t("pin.same");
}

/**
 * @param {string} field
 * @param {string | number | undefined} value  a network with random weights has no checkpoint
 * @param {Translate} t
 */
function word(field, value, t) {
  if (field === "checkpoint" || value === undefined) return t(value ? "pin.trained" : "pin.random");
  if (field === "loss") return t(`pin.loss.${typeof value === "number" ? "at" : value}`, { value });
  if (NAMED.includes(field)) return t(`choice.${field}.${value}`);
  if (field === "layer" && Number(value) < 0) return t("pin.layer.reverse", { value: -value });
  if (typeof value === "number") return t(`pin.${field}`, { value });
  const text = clusters(value);
  const short = text.length > LONGEST_TEXT ? [...text.slice(0, LONGEST_TEXT - 1), "…"] : text;
  return t("pin.text", { text: toldText(short.join("")) });
}

/** Fields that change the gradient or the biases, and are 0 where they do not. */
const OPTIONS = ["truncate", "clip_norm", "update_bias", "chrono"];

/**
 * The name of a run by itself: its cell, its size, and whatever else was chosen.
 * @param {Experiment} experiment
 * @param {Translate} t
 */
export function title(experiment, t) {
  const fields = ["cell", "recurrent_scale", "hidden_size"];
  fields.push(...OPTIONS.filter((field) => experiment[field]));
  return fields.filter((field) => applies(field, experiment))
    .map((field) => word(field, experiment[field], t)).join(t("language.comma"));
}

/**
 * Whether a run is of an experiment, and not of an earlier one.
 * @param {Run | null} run
 * @param {Experiment} experiment
 */
export const isOf = (run, experiment) =>
  Object.entries(asked(experiment)).every(([field, value]) => run?.experiment[field] === value);

/**
 * A run with another cell, beside an experiment that it follows.
 * @param {Experiment} experiment
 * @param {string | number} cell
 * @returns {Pin}
 */
export const follower = (experiment, cell) => ({
  experiment: withCell(experiment, cell),
  run: null,
  follows: true,
});

/**
 * Weights that are set by hand are those of one cell.
 * @param {Experiment} experiment
 * @param {string | number} cell
 * @returns {Experiment}
 */
const withCell = (experiment, cell) => ({
  ...experiment,
  cell,
  ...(experiment.by_hand && cell !== experiment.cell && { by_hand: "" }),
});

/**
 * The pins as a run takes the stage: those that follow it differ from it by their cell alone. The one
 * whose cell it has takes the cell that was there before.
 * @param {Pin[]} pins
 * @param {Experiment} experiment  of the run
 * @param {string | number | undefined} before  the cell of the run that was there
 */
export function following(pins, experiment, before) {
  if (!pins.some((pin) => pin.follows)) return pins;
  return pins.map((pin) => {
    if (!pin.follows) return pin;
    const { cell: own } = pin.experiment;
    const cell = own === experiment.cell ? before ?? own : own;
    return { ...pin, ...(cell !== own && { run: null }), experiment: withCell(experiment, cell) };
  });
}

/**
 * The experiments of pins whose runs are missing, or are of earlier settings.
 * @param {Pin[]} pins
 */
export const missing = (pins) =>
  pins.filter(({ experiment, run, follows, of }) => !run || (follows && of !== experiment))
    .map(({ experiment }) => experiment);

/**
 * The fields that open the gates of runs that follow the one on the stage.
 * @param {State} state
 * @param {Translate} t
 */
function comparison({ pins, run }, t) {
  const [first] = pins.filter((pin) => pin.follows);
  if (!first || !run) return "";
  const { experiment } = first;
  const cells = [...new Set([run, ...pins].map((each) => String(each.experiment.cell)))];
  const gated = cells.filter((cell) => biasOf(cell) && !experiment.chrono);
  if (!gated.length) return t("pin.follow");
  /** @param {string} cell */
  const bias = (cell) => Number(experiment[String(biasOf(cell))]);
  const names = gated.map((cell) => t(`choice.cell.${cell}`));
  const listed = (/** @type {string[]} */ each) => each.join(t("language.comma"));
  const gates = gated.every((cell) => bias(cell) === OPEN)
    ? t("pin.follow.open", { cells: listed(names), bias: OPEN })
    : t("pin.follow.gates", {
      biases: listed(gated.map((cell, i) => `${names[i]} ${bias(cell)}`)),
    });
  return t("pin.follow") + t("language.gap") + gates;
}

/**
 * The row of chips, and the runs side by side.
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {{pin: () => void, cells: () => void, unpin: (index: number) => void,
 *   open: (index: number) => void}} on
 */
export function createPins(node, t, on) {
  const part = finder(node);
  const pin = part("[data-part=pin]");
  const cells = part("[data-part=compare-cells]");
  const list = part(".chips");
  const note = part(".followed");
  let shown = "";

  pin.addEventListener("click", () => able(pin) && on.pin());
  cells.addEventListener("click", () => able(cells) && on.cells());

  return {
    /** @param {State} state */
    render(state) {
      const { pins, experiment, run } = state;
      setText(note, comparison(state, t));
      hide(note, !note.textContent);
      disable(pin, !run?.end || pins.length >= MOST_PINS);
      disable(cells, !run?.end);
      const current = run?.experiment ?? experiment;
      const names = pins.map((each) => difference(each.experiment, current, t));
      const next = JSON.stringify(names);
      if (next === shown) return;
      shown = next;
      const active = /** @type {HTMLButtonElement} */ (document.activeElement);
      const focused = chips().indexOf(active);
      list.replaceChildren(...names.map(chip));
      list.hidden = pins.length === 0;
      if (focused >= 0) (chips()[focused] ?? pin).focus({ preventScroll: true });
    },
  };

  function chips() {
    return [...list.querySelectorAll("button")];
  }

  /**
   * @param {string} name
   * @param {number} index
   */
  function chip(name, index) {
    const item = document.createElement("li");
    item.dataset.pin = String(index + 1);
    const open = document.createElement("button");
    open.type = "button";
    say(open, name, t);
    open.title = plain(t("pin.open", { name }), t);
    open.addEventListener("click", () => on.open(index));
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "remove";
    remove.textContent = "×";
    remove.setAttribute("aria-label", plain(t("pin.remove", { name }), t));
    remove.addEventListener("click", () => {
      on.unpin(index);
      pin.focus();
    });
    item.append(open, remove);
    return item;
  }
}

/** @param {HTMLElement} button */
const able = (button) => button.getAttribute("aria-disabled") !== "true";
