/**
 * The choice of the loss that is drawn, where there are several: the last, that of the timestep
 * that is looked at, or all together.
 *
 * @typedef {import("../lab/state.js").State} State
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { moment } from "../playback/playhead.js";
import { hide, setText } from "../ui/dom.js";

/**
 * The timestep whose loss can be drawn alone: of those that have one, that which is drawn, else that
 * which is looked at, else that which was drawn or looked at last, else one in the middle.
 * @param {State} state
 * @param {number} before  what was offered last; 0: nothing yet
 */
export function offered({ run, position, chosen, experiment: { loss } }, before) {
  if (typeof loss === "number") return loss;
  const targets = run?.targets ?? [];
  const { phase, t } = moment(position, run?.T ?? 0);
  const walked = phase === "forward" || phase === "backward" ? t : 0;
  const looked = [chosen ?? 0, walked, before].find((at) => targets[at - 1] >= 0);
  if (looked) return looked;
  const all = targets.flatMap((target, i) => target >= 0 ? [i + 1] : []);
  return all[(all.length - 1) >> 1] ?? 0;
}

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {(loss: number | string) => void} choose
 */
export function createLossChoice(node, t, choose) {
  const inputs = /** @type {HTMLInputElement[]} */ ([...node.querySelectorAll("input")]);
  const [last, one, all] = inputs;
  const label = /** @type {HTMLElement} */ (one.nextElementSibling);

  node.addEventListener("change", () => {
    if (last.checked || all.checked) choose(last.checked ? "last" : "all");
    else choose(Number(one.value));
  });

  let before = 0;

  return {
    /** @param {State} state */
    render(state) {
      const { run, chosen, backward, experiment: { loss } } = state;
      if (!run) return;
      hide(node, !backward || run.targets.filter((target) => target >= 0).length < 2);
      if (node.hidden) return;
      const at = offered(state, before);
      const drawn = typeof loss === "number";
      if (drawn || at === chosen) before = at;
      one.value = String(at);
      setText(label, t("loss.at", { t: at }));
      const checked = drawn ? one : loss === "all" ? all : last;
      for (const input of inputs) input.checked = input === checked;
    },
  };
}
