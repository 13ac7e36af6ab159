/**
 * The form: real controls, each with its label, its error and nothing else.
 *
 * @typedef {import("./state.js").Experiment} Experiment
 * @typedef {import("./state.js").Problem} Problem
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { number } from "../experiment/address.js";
import { applies, biasesOf } from "../experiment/cells.js";
import { hide, partsOf, setText } from "../ui/dom.js";
import { composes as composing } from "../ui/input-device.js";

/** A place in a teacher's file, as the server names it: a table, and the step within. */
const PLACE = /^(lesson|words)(?:, (.+))?$/;
/** Lines of a field of one line that are seen at once, where it holds more. */
const MOST_LINES = 4;
/** Seeds are below it. */
export const LARGEST_SEED = 2 ** 32;

/**
 * @param {HTMLFormElement} form
 * @param {Translate} t
 * @param {{edit: (field: string, value: string | number) => void, reset: () => void}} on
 */
export function createControls(form, t, on) {
  const part = partsOf(form);
  const inputs = /** @type {HTMLInputElement[]} */ ([
    ...form.querySelectorAll("input[name], textarea[name]"),
  ]);
  const scale =
    /** @type {HTMLInputElement} */ (form.querySelector("[name=recurrent_scale][type=range]"));
  const memoryless = /** @type {HTMLElement} */ (part("no-memory"));

  /** @type {{experiment: Experiment | null, problem: Problem | null}} */
  let shown = { experiment: null, problem: null };

  form.addEventListener("submit", (event) => event.preventDefault());
  const composes = listenTo(form, (target) => {
    const input = /** @type {HTMLInputElement} */ (target);
    if (!inputs.includes(input)) return;
    const numeric = input.type === "range" || input.type === "number";
    on.edit(input.name, numeric ? number(input.value) : input.value);
  });
  part("next-seed").addEventListener("click", () => {
    const seed = /** @type {HTMLInputElement} */ (part("seed"));
    on.edit("seed", ((Math.floor(Number(seed.value)) || 0) + 1) % LARGEST_SEED);
  });
  part("reset").addEventListener("click", on.reset);

  return {
    /**
     * @param {Experiment} experiment
     * @param {Problem | null} problem
     */
    render(experiment, problem) {
      if (experiment === shown.experiment && problem === shown.problem) return;
      shown = { experiment, problem };
      for (const input of inputs) if (!composes(input)) show(input, experiment[input.name]);
      for (const input of inputs) input.disabled = !applies(input.name, experiment);
      showBiases(form, [String(experiment.cell)]);
      showAbout(form, [String(experiment.cell)], t);
      const idle = !applies("recurrent_scale", experiment);
      hide(memoryless, !idle);
      scale.title = idle ? memoryless.textContent : "";
      const kind = `control.target.${experiment.architecture}`;
      setText(part("target-hint"), t(kind));
      const free = t(experiment.checkpoint ? "trained.target" : `${kind}.default`);
      if (part("target").placeholder !== free) part("target").placeholder = free;
      const few = `control.labels.${experiment.architecture}`;
      hide(part("labels-control"), !t.has(few));
      part("labels").placeholder = t.has(few) ? t(few) : "";
      showProblems(form, problem ? [problem] : [], t);
    },
  };
}

/**
 * Listen to edits of a form. Text that an input method is composing counts once it is complete, and
 * must not be overwritten before. In a field of one line, only Shift and Enter add a line.
 * @param {HTMLFormElement} form
 * @param {(target: EventTarget | null) => void} edited
 * @returns {(input: Element) => boolean}  whether an input is being composed in
 */
export function listenTo(form, edited) {
  /** @type {EventTarget | null} */
  let composed = null;
  form.addEventListener("compositionstart", ({ target }) => {
    composed = target;
  });
  form.addEventListener("compositionend", ({ target }) => {
    composed = null;
    edited(target);
  });
  form.addEventListener("input", (event) => {
    if (!(/** @type {InputEvent} */ (event).isComposing)) edited(event.target);
  });
  form.addEventListener("keydown", (event) => {
    const line = event.target instanceof HTMLElement && event.target.matches(".line");
    if (line && event.key === "Enter" && !event.shiftKey && !composing(event)) {
      event.preventDefault();
    }
  });
  return (input) => input === composed;
}

/**
 * The bias of the one gate stands where that of another does, whether or not it can be set.
 * @param {HTMLFormElement} form
 * @param {string[]} cells
 */
export function showBiases(form, cells) {
  const { shown, hidden } = biasesOf(cells);
  for (const bias of [...shown, ...hidden]) {
    const control = form.querySelector(`[data-field=${bias}]`);
    if (control instanceof HTMLElement) hide(control, hidden.includes(bias));
  }
}

/**
 * What the chosen cells are, where their names alone do not say it.
 * @param {HTMLFormElement} form
 * @param {string[]} cells
 * @param {Translate} t
 */
export function showAbout(form, cells, t) {
  const node = /** @type {HTMLElement} */ (form.querySelector("[data-part=cell-about]"));
  const known = cells.map((cell) => `choice.cell.${cell}.about`).filter((key) => t.has(key));
  setText(node, known.map((key) => t(key)).join(t("language.gap")));
  hide(node, !known.length);
}

/**
 * Each problem is told at its field.
 * @param {HTMLFormElement} form
 * @param {Problem[]} problems
 * @param {Translate} t
 */
export function showProblems(form, problems, t) {
  for (const control of form.querySelectorAll("[data-field]")) {
    const here = problems.find(({ field }) => control.getAttribute("data-field") === field);
    const error = /** @type {HTMLElement} */ (control.querySelector(".error"));
    setText(error, here ? explain(here, t) : "");
    hide(error, !here);
    for (const input of control.querySelectorAll("input:not([type=radio]), textarea, select")) {
      input.toggleAttribute("aria-invalid", Boolean(here));
      if (here) input.setAttribute("aria-invalid", "true");
    }
  }
}

/**
 * A problem in the reader's language: fields, and the tables of a lesson, go by the names they have
 * on the page. One that it tells of is told likewise.
 * @param {Problem} problem
 * @param {Translate} t
 * @returns {string}
 */
export function explain({ field, code, details, message }, t) {
  const known = field && t.has(`field.${field}`);
  const { problem, where, script, choices, cell, cells } =
    /** @type {Record<"where" | "script" | "choices" | "cell" | "cells", string> & {problem?: Problem}} */ (
      details
    );
  /** @param {string} of @param {string} choice */
  const named = (of, choice) =>
    t.has(`choice.${of}.${choice}`) ? t(`choice.${of}.${choice}`) : choice;
  /** @param {string} of @param {string} choices */
  const listed = (of, choices) =>
    choices.split(", ").map((each) => named(of, each)).join(t("language.comma"));
  const within = {
    ...(problem && { problem: explain(problem, t) }),
    ...(where && { where: place(where, t) }),
    ...(script && { script: t(`script.${script}`) }),
    ...(cell && { cell: named("cell", cell) }),
    ...(cells && { cells: listed("cell", cells) }),
    ...(choices && { choices: listed(field ?? "", choices) }),
  };
  const text = t.has(`error.${code}`)
    ? t(`error.${code}`, { ...details, ...within, field: known ? t(`field.${field}`) : field })
    : message;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * @param {string} where
 * @param {Translate} t
 */
function place(where, t) {
  const [, table, step] = PLACE.exec(where) ?? [];
  if (!table) return where;
  if (step) return t("where.lesson.step", { step });
  return t(table === "lesson" ? "where.lesson" : "where.words");
}

/**
 * A control says what the experiment says; what is being typed is left alone.
 * @param {HTMLInputElement} input
 * @param {string | number} value
 */
export function show(input, value) {
  if (input.type === "radio") {
    input.checked = input.value === value;
    return;
  }
  if (input.type === "range") {
    reach(input, Number(value));
    slide(input, Number(value));
    return;
  }
  const same = input.type === "number" && input.value !== "" && Number(input.value) === value;
  if (!same) write(input, String(value));
}

/**
 * A text is put into a field, which has its own way of ending lines.
 * @param {HTMLInputElement | HTMLTextAreaElement} input
 * @param {string} text
 */
export function write(input, text) {
  const written = input instanceof HTMLTextAreaElement ? text.replace(/\r\n?/g, "\n") : text;
  if (input.value !== written) input.value = written;
  if (input.matches(".line")) {
    const { rows } = /** @type {HTMLTextAreaElement} */ (input);
    const lines = Math.min(written.split("\n").length, MOST_LINES);
    if (rows !== lines) /** @type {HTMLTextAreaElement} */ (input).rows = lines;
  }
}

/**
 * The thumb goes to a value, and the colour of the track with it.
 * @param {HTMLInputElement} range
 * @param {number} value
 */
export function slide(range, value) {
  if (!Number.isNaN(value)) range.value = String(value);
  const share = (Number(range.value) - Number(range.min)) / (Number(range.max) - Number(range.min));
  range.style.setProperty("--share", String(share));
}

/**
 * A thumb usually reaches the values that matter; a typed value beyond them stretches the track.
 * @param {HTMLInputElement} range
 * @param {number} value
 */
function reach(range, value) {
  const exact = /** @type {HTMLInputElement} */ (range.parentElement?.querySelector(".exact"));
  if (value > Number(range.max)) range.max = exact.max;
  if (value < Number(range.min)) range.min = exact.min;
}
