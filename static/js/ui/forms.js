/**
 * Functions for all forms: they listen to edits, and show values and problems.
 *
 * @typedef {import("../net/problem.js").Problem} Problem
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { explain } from "../text/problems.js";
import { hide, markWrong, setText } from "./dom.js";
import { composes as composing } from "./input-device.js";

/** Lines of a field of one line that are seen at once, where it holds more. */
const MOST_LINES = 4;

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
      markWrong(input, Boolean(here));
    }
  }
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
export function reach(range, value) {
  const exact = /** @type {HTMLInputElement} */ (range.parentElement?.querySelector(".exact"));
  if (value > Number(range.max)) range.max = exact.max;
  if (value < Number(range.min)) range.min = exact.min;
}
