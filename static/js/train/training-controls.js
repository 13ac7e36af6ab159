/**
 * Start, pause, step, stop, and how far things are.
 *
 * @typedef {import("./state.js").Network} Network
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { significant } from "../text/format.js";
import { finder, setText } from "../ui/dom.js";
import { asked, away, live } from "./status.js";
import { whole } from "./training-verdict.js";

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {{start: () => void, pause: () => void, step: () => void, stop: () => void,
 *   catchUp: () => void}} on
 */
export function createTrainingControls(node, t, on) {
  const part = finder(node);
  const button = {
    start: /** @type {HTMLButtonElement} */ (part("[data-part=start]")),
    pause: /** @type {HTMLButtonElement} */ (part("[data-part=pause]")),
    step: /** @type {HTMLButtonElement} */ (part("[data-part=step]")),
    stop: /** @type {HTMLButtonElement} */ (part("[data-part=stop]")),
  };
  const bar = /** @type {HTMLProgressElement} */ (part("progress"));
  const count = part(".count");
  const hint = part(".again");
  const skip = part("[data-part=skip]");
  skip.addEventListener("click", on.catchUp);
  /** Whether Start has been pressed, and the focus is to go on to Pause. */
  let pressed = false;
  button.start.addEventListener("click", () => {
    pressed = true;
    on.start();
  });
  for (const name of /** @type {const} */ (["pause", "step", "stop"])) {
    button[name].addEventListener("click", on[name]);
  }

  return {
    /**
     * @param {Network[]} networks
     * @param {{planned: number, earlier: boolean, asks: boolean, behind: boolean}} facts  the steps
     *   of the plan; whether a new start would train something else; whether a guess is asked for;
     *   whether something waits to be drawn
     */
    render(networks, { planned, earlier, asks, behind }) {
      const running = networks.some(({ state }) => state === "running");
      const active = live(networks);
      const begun = networks.some(({ history }) => history);
      const step = Math.min(...networks.flatMap(({ history }) => history ? [history.step] : []));
      node.dataset.state = running ? "running" : active ? "paused" : begun ? "over" : "idle";
      setText(button.start, t(begun ? "train.again" : "train.start"));
      setText(button.pause, t(active && !running ? "train.resume" : "train.pause"));
      const told = active && !networks.some(away);
      button.pause.disabled = button.stop.disabled = !told;
      button.step.disabled = begun && !told;
      if (pressed && active && document.activeElement === button.start) button.pause.focus();
      pressed &&= asked(networks);
      hint.hidden = !earlier;
      part("[data-part=guess]").hidden = !asks;
      part(".progress").hidden = asks;
      skip.hidden = !behind;
      const most = networks.find(({ history }) => history)?.history?.planned ?? planned;
      [bar.max, bar.value] = [most || 1, begun ? step : 0];
      setText(count, begun ? progress(networks, step, most) : "");
    },
  };

  /**
   * @param {Network[]} networks
   * @param {number} step
   * @param {number} planned
   */
  function progress(networks, step, planned) {
    const rates = networks.flatMap(({ cell, history }) =>
      history?.seconds
        ? [
          t("train.rate", {
            cell: t(`choice.cell.${cell}`),
            rate: significant(history.step / history.seconds),
          }),
        ]
        : []
    );
    const far = t("train.progress", { step: whole(step), planned: whole(planned) });
    if (!rates.length) return far;
    return [far, t("train.rates", { rates: rates.join(t("language.comma")) })].join(" · ");
  }
}
