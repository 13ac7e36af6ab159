/**
 * Weights that were set by hand and are gone, because another network was chosen: what has happened,
 * and a button that brings both back.
 *
 * @typedef {import("../lab/state.js").Experiment} Experiment
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { hide, setText } from "../ui/dom.js";

/** Fields that say which weights there are. */
const SHAPE = ["cell", "hidden_size", "architecture", "attention", "layers", "directions"];

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {(field: string, value: string | number) => void} edit
 */
export function createDropped(node, t, edit) {
  const [words, back] = [node.querySelector("span"), node.querySelector("button")];
  /** @type {Experiment | null} the last one that had weights by hand */
  let last = null;

  back?.addEventListener("click", () => {
    const before = last;
    if (!before) return;
    for (const field of differing(before)) edit(field, before[field]);
    edit("by_hand", before.by_hand);
  });
  /** @type {Experiment | null} */
  let now = null;

  /** @param {Experiment} before */
  const differing = (before) =>
    SHAPE.filter((field) => before[field] !== undefined && before[field] !== now?.[field]);

  return {
    /** @param {Experiment} experiment */
    render(experiment) {
      now = experiment;
      if (experiment.by_hand) last = experiment;
      const gone = last !== null && !experiment.by_hand && differing(last).length > 0;
      if (!experiment.by_hand && !gone) last = null; // taken out one by one, or all at once
      hide(node, !gone);
      if (gone && words) setText(words, t("hand.dropped"));
    },
  };
}
