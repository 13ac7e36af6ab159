/**
 * The toolbar above the stage: the caption, the weight matrices, and the fold button.
 *
 * @typedef {import("../lab/state.js").State} State
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { applies } from "../experiment/cells.js";
import { gradientOf } from "../run/arriving-gradient.js";
import { gateSign } from "../run/gates.js";
import { learner, ofLevel, readFrom } from "../run/level-name.js";
import { kindOfCaptions, possibleCaptions } from "../run/possible-captions.js";
import { say } from "../text/sentence.js";
import { createReservedLines } from "../ui/reserved-lines.js";
import { caption } from "./caption.js";
import { same } from "./highlight.js";

/**
 * @param {{caption: HTMLElement, weights: HTMLElement, fold: HTMLElement, gates: HTMLElement,
 *   output: HTMLElement, below: HTMLElement}} nodes
 * @param {Translate} t
 * @param {{point: (lit: import("./highlight.js").Lit | null) => void, fold: () => void}} on
 */
export function createToolbar(nodes, t, on) {
  const keepRoom = createReservedLines(nodes.caption, t);
  const buttons =
    /** @type {HTMLButtonElement[]} */ ([...nodes.weights.querySelectorAll("button")]);
  for (const button of buttons) {
    const lit = litBy(button);
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
    render({ run, position, chosen, folded, lit, why }) {
      if (!run) return;
      keepRoom(kindOfCaptions(run), () => possibleCaptions(run, t), {
        token: "abc",
        earlier: "abc",
        gradient: gradientOf(run, t),
        gate: run.carry ? t(`caption.gate.${run.carry}`) : "",
        who: learner(run, t),
        states: readFrom(run, t) ?? "",
      });
      say(nodes.caption, caption(run, Math.ceil(position), folded, why, t, chosen), t);
      say(nodes.fold, t(foldName(run, folded)), t);
      nodes.fold.setAttribute("aria-pressed", String(folded));
      say(nodes.gates, run.gates.map(gateSign).join(""), t);
      const above = run.layer < run.layers;
      say(nodes.output, above ? `h<sup>(${run.layer + 1})</sup>` : t("stage.output"), t);
      const reads = run.layer > 1 && !folded;
      say(nodes.below, reads ? `h<sup>(${run.layer - 1})</sup>` : "", t);
      nodes.output.dataset.term = above ? "hidden" : "output";
      nodes.weights.classList.toggle("parts", run.encoder > 0);
      for (const button of buttons) {
        button.classList.toggle("pointed", same(litBy(button), lit));
        button.disabled = button.dataset.weight === "W_hh" &&
          !applies("recurrent_scale", run.experiment);
        const name = t("weight.about", { name: weightName(run, litBy(button), t) });
        if (button.title !== name) button.title = name;
        button.setAttribute("aria-label", name);
      }
    },
  };
}

/**
 * The matrix that a button stands for, in its part of the network.
 * @param {HTMLButtonElement} button
 * @returns {import("./highlight.js").Lit}
 */
function litBy({ dataset: { weight, part } }) {
  const lit = { quantity: String(weight), timestep: null };
  return part ? { ...lit, part: Number(part) } : lit;
}

/**
 * The name of the button that folds the chain: a key of the messages.
 * @param {import("../run/run.js").Run} run
 * @param {boolean} folded
 */
export function foldName({ encoder, layers, directions }, folded) {
  if (folded) return "stage.unfold";
  if (layers * directions > 1) return "stage.fold.layers";
  return encoder ? "stage.fold.two" : "stage.fold";
}

/**
 * The name of a matrix; of several layers, that of the one in front, or of the readout.
 * @param {import("../run/run.js").Run} run
 * @param {import("./highlight.js").Lit} lit
 * @param {Translate} t
 */
export function weightName(run, { quantity, part }, t) {
  const { encoder, layer, layers } = run;
  if (encoder && part !== undefined) {
    return t(`weight.${quantity}.${part ? "decoder" : "encoder"}`);
  }
  if (quantity === "W_hy") return t(layers > 1 ? "weight.W_hy.last" : "weight.W_hy");
  const above = quantity === "W_xh" && layer > 1;
  return ofLevel(run, t, t(above ? "weight.W_xh.above" : `weight.${quantity}`));
}
