/**
 * Which loss is drawn, where there are several: the last, that of the timestep that is looked at, or
 * all together.
 *
 * @typedef {import("../lab/state.js").State} State
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { moment } from "../playback/playhead.js";
import { hide, setText } from "../ui/dom.js";

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {(loss: number | string) => void} choose
 */
export function createLosses(node, t, choose) {
  const inputs = /** @type {HTMLInputElement[]} */ ([...node.querySelectorAll("input")]);
  const [last, one, all] = inputs;
  const label = /** @type {HTMLElement} */ (one.nextElementSibling);

  node.addEventListener("change", () => {
    if (last.checked || all.checked) choose(last.checked ? "last" : "all");
    else choose(Number(one.value));
  });

  return {
    /** @param {State} state */
    render({ run, position, chosen, experiment }) {
      if (!run) return;
      hide(node, run.targets.filter((target) => target >= 0).length < 2);
      if (node.hidden) return;
      const { loss } = experiment;
      const drawn = typeof loss === "number";
      const looked = chosen ?? Math.max(1, moment(position, run.T).t);
      const at = drawn ? loss : run.targets[looked - 1] >= 0 ? looked : null;
      one.disabled = at === null;
      if (at) one.value = String(at);
      setText(label, t("loss.at", { t: at ?? "…" }));
      const checked = drawn ? one : loss === "all" ? all : last;
      for (const input of inputs) input.checked = input === checked;
    },
  };
}
