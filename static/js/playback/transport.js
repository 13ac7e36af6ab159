/** Play, pause, step, scrub: the buttons and the timeline. */

/**
 * @typedef {import("../lab/state.js").State} State
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { endOf } from "../lab/state.js";
import { arrival } from "../run/gradient-paths.js";
import { ofLevel } from "../run/level-name.js";
import { asRead, toldInTime } from "../run/reading-order.js";
import { partsOf } from "../ui/dom.js";
import { composes } from "../ui/input-device.js";
import { moment } from "./playhead.js";

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {{seek: (position: number) => void, step: (by: number) => void, play: () => void,
 *   speed: (value: number) => void}} on
 */
export function createTransport(node, t, on) {
  const part = partsOf(node);
  const play = part("play");
  const icon = /** @type {Element} */ (play.querySelector("use"));
  const rest = part("rest");
  const timeline = /** @type {HTMLInputElement} */ (part("timeline"));
  const speed = /** @type {HTMLSelectElement} */ (part("speed"));
  let drawn = "";

  part("restart").addEventListener("click", () => on.seek(0));
  part("back").addEventListener("click", () => on.step(-1));
  part("forward").addEventListener("click", () => on.step(1));
  part("end").addEventListener("click", () => on.seek(Number(timeline.max)));
  play.addEventListener("click", on.play);
  timeline.addEventListener("input", () => on.seek(Number(timeline.value)));
  speed.addEventListener("change", () => on.speed(Number(speed.value)));
  rest.addEventListener("click", () => showRest(!isRestShown()));
  node.addEventListener("keydown", (event) => {
    if (composes(event) || event.key !== "Escape" || !isRestShown()) return;
    showRest(false);
    rest.focus();
  });

  return {
    /** @param {State} state */
    render(state) {
      const { run, position, playing, backward } = state;
      const T = run?.T ?? 0;
      const end = endOf(state) || 1;
      const reverse = Boolean(run?.reverse);
      const key = [T, backward, reverse].join();
      if (key !== drawn) {
        const ends = reverse ? { first: T, last: 1 } : { first: 1, last: T };
        timeline.max = String(end);
        node.dataset.backward = String(backward);
        part("phase-forward").textContent = t("transport.forward.range", ends);
        part("phase-backward").textContent = t("transport.backward.range", ends);
        drawn = key;
      }
      const whole = Math.floor(position);
      timeline.value = String(whole);
      timeline.style.setProperty("--share", String(whole / end));
      timeline.style.setProperty("--middle", String(Math.min((T + 1) / end, 1)));
      timeline.setAttribute("aria-valuetext", run ? spoken(run, whole, t) : t("transport.idle"));
      const name = t(playing ? "transport.pause" : "transport.play");
      if (play.getAttribute("aria-label") === name) return;
      play.setAttribute("aria-label", name);
      play.title = name;
      icon.setAttribute("href", playing ? "#icon-pause" : "#icon-play");
    },
  };

  function isRestShown() {
    return rest.getAttribute("aria-expanded") === "true";
  }

  /** @param {boolean} is  whether what a small window puts away is shown */
  function showRest(is) {
    rest.setAttribute("aria-expanded", String(is));
  }
}

/**
 * Where the playhead is, in words.
 * @param {import("../run/run.js").Run} whole
 * @param {number} position
 * @param {Translate} told
 */
export function spoken(whole, position, told) {
  const [run, t] = [asRead(whole), toldInTime(whole, told)];
  const { phase, t: at } = moment(position, run.T);
  if (phase === "idle") return t("transport.idle");
  if (phase === "loss") return t("transport.at.loss");
  if (phase !== "done") return ofLevel(run, t, t(`transport.at.${phase}`, { t: at }));
  if (!run.end) return t("caption.computing");
  const { how, t: ends } = arrival(run);
  return ofLevel(run, t, t(`transport.done.${how}`, { t: ends, first: 1 }));
}
