/**
 * What is above the stage: the sentence of the moment, the weights to point at, and the fold.
 *
 * @typedef {import("./state.js").State} State
 * @typedef {import("./format.js").Translate} Translate
 */
import { caption } from "./caption.js";
import { say } from "./sentence.js";

/**
 * @param {{caption: HTMLElement, weights: HTMLElement, fold: HTMLElement, gates: HTMLElement}} nodes
 * @param {Translate} t
 * @param {{point: (lit: import("./lit.js").Lit | null) => void, fold: () => void}} on
 */
export function createTools(nodes, t, on) {
  const buttons =
    /** @type {HTMLButtonElement[]} */ ([...nodes.weights.querySelectorAll("button")]);
  for (const button of buttons) {
    const lit = { quantity: String(button.dataset.weight), timestep: null };
    for (const type of ["pointerenter", "focus"]) {
      button.addEventListener(type, () => on.point(lit));
    }
    for (const type of ["pointerleave", "blur"]) {
      button.addEventListener(type, () => on.point(null));
    }
  }
  nodes.fold.addEventListener("click", on.fold);

  return {
    /** @param {State} state */
    render({ run, position, folded, lit, why }) {
      if (!run) return;
      say(nodes.caption, caption(run, Math.floor(position), folded, why, t), t);
      say(nodes.fold, t(folded ? "stage.unfold" : "stage.fold"), t);
      nodes.fold.setAttribute("aria-pressed", String(folded));
      say(nodes.gates, run.gates.join(""), t);
      for (const button of buttons) {
        button.classList.toggle("pointed", button.dataset.weight === lit?.quantity);
        button.disabled = button.dataset.weight === "W_hh" && !run.recurrent;
      }
    },
  };
}
