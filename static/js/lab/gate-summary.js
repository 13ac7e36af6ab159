/**
 * The effect of a fresh cell's gates, where the cell is chosen, and a button that opens them.
 *
 * @typedef {import("./state.js").State} State
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { mean } from "../charts/chart-type.js";
import { biasOf } from "../experiment/cells.js";
import { wholePercent } from "../text/format.js";
import { setText } from "../ui/dom.js";
import { OPEN } from "./pins.js";

/** Milliseconds in which the gates open, so that the bars are seen to rise. */
const OPENING = 900;

/**
 * The part of the memory that a step keeps: the mean of the gate along which it is carried, or of
 * what that gate leaves.
 * @param {import("../run/run.js").Run} run
 */
export function kept({ carry, closed, gateValues, forwardTo, H }) {
  if (!carry) return null;
  const open = mean(gateValues[carry].subarray(0, forwardTo * H));
  return closed ? 1 - open : open;
}

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {(field: string, value: number) => void} edit
 */
export function createGateSummary(node, t, edit) {
  const [words, button] = /** @type {HTMLCollectionOf<HTMLElement>} */ (node.children);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  /** @type {State["run"]} */
  let shown = null;
  /** @type {State | null} */
  let now = null;
  let frame = 0;

  button.addEventListener("click", open);

  return {
    /** @param {State} state */
    render(state) {
      now = state;
      const { run } = state;
      if (!run?.end || run === shown) return;
      shown = run;
      const share = run.experiment.checkpoint ? null : kept(run);
      node.hidden = share === null || Number.isNaN(share);
      if (share === null || node.hidden) return;
      const { cell, chrono } = run.experiment;
      const field = biasOf(cell);
      const opened = chrono || (field !== null && run.experiment[field] >= OPEN);
      setText(words, t(opened ? "gates.open" : "gates.fresh", { share: wholePercent(share) }));
      if (opened && document.activeElement === button) focusCell();
      button.hidden = opened || !field;
    },
  };

  /** The bias glides to where the gates are open, as if it were dragged there. */
  function open() {
    cancelAnimationFrame(frame);
    const { experiment } = /** @type {State} */ (now);
    const field = biasOf(experiment.cell);
    if (field) glide(experiment, field);
  }

  /**
   * @param {State["experiment"]} experiment
   * @param {string} field
   */
  function glide(experiment, field) {
    const from = Number(experiment[field]);
    const start = performance.now();
    let bias = from;
    step(start);

    /** @param {number} time */
    function step(time) {
      if (!now || now.experiment.cell !== experiment.cell || now.experiment[field] !== bias) return;
      const share = still.matches ? 1 : Math.min(1, Math.max(0, (time - start) / OPENING));
      bias = Number((from + share * (OPEN - from)).toFixed(2));
      edit(field, bias);
      if (share < 1) frame = requestAnimationFrame(step);
    }
  }

  /** The button goes, and with it the focus would. */
  function focusCell() {
    const chosen = node.parentElement?.querySelector("input:checked");
    const menu = chosen?.closest("details:not([open])")?.querySelector("summary");
    /** @type {HTMLElement | null | undefined} */
    (menu ?? chosen)?.focus({ preventScroll: true });
  }
}
