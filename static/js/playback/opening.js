/**
 * The opening: ten seconds that show on the real stage, with the engine's numbers, what the lab is
 * about. It gives way to any key or touch, and leaves everything as it was.
 *
 * @typedef {import("../lab/state.js").State} State
 * @typedef {import("../lab/state.js").Experiment} Experiment
 */
import { fromJSON } from "../lab/view-state.js";
import { composes } from "../ui/input-device.js";
import { recall, remember } from "../ui/storage.js";
import { createAnimationClock } from "./animation-clock.js";
import { LENGTH, LENGTHS, momentAt } from "./opening-score.js";
import { endPosition } from "./playhead.js";

const SEEN = "unrolled.opening";
/** Fields of an address that are no experiment and no view. */
const OURS = ["lang"];
const LAST = LENGTHS.length - 1;

/**
 * Whether this is a first visit without an experiment in the address, and not inside another page.
 * @param {string} search
 */
export function isFirstVisit(search) {
  const names = [...new URLSearchParams(search).keys()];
  return !recall(SEEN) && top === self && names.every((name) => OURS.includes(name));
}

/**
 * @param {HTMLElement} node
 * @param {ReturnType<typeof import("../lab/lab.js").createLab>} lab
 * @param {Experiment} experiment  that it shows
 * @param {{hint: () => void}} on  `hint`: the slider has begun to move
 */
export function createOpening(node, lab, experiment, on) {
  const captions = /** @type {HTMLElement[]} */ ([...node.querySelectorAll("li")]);
  const scale = Number(experiment.recurrent_scale);
  const clock = createAnimationClock(tick);
  let shown = false;
  let elapsed = 0;
  /** @type {State | null} how the lab stood; nowhere, before its first run */
  let before = null;

  node.addEventListener("click", ({ target }) => {
    if (!isStill() || /** @type {Element} */ (target).closest("button")) end();
  });
  addEventListener("keydown", key, { capture: true });
  for (const type of ["pointerdown", "input"]) {
    addEventListener(type, ({ target }) => !node.contains(/** @type {Node} */ (target)) && end(), {
      capture: true,
    });
  }
  addEventListener("popstate", end, { capture: true });

  return { play };

  /** Whether the captions are a list, and nothing moves. */
  function isStill() {
    return node.classList.contains("still");
  }

  function play() {
    remember(SEEN, "1");
    end();
    shown = true;
    node.classList.toggle("still", lab.stage.still.matches);
    if (!isStill()) return begin();
    node.hidden = false;
    on.hint();
  }

  /** The one cell, before it has read anything. */
  function begin() {
    lab.flush();
    if (lab.state().playing) lab.playback.toggle();
    before = lab.state().run && lab.state();
    elapsed = 0;
    const id = lab.request({ type: "open", experiment });
    const { chart } = lab.state();
    const view = fromJSON({ position: "start", folded: true, chart });
    lab.dispatch({ type: "stand", scene: { ...view, id } });
    lab.dispatch({ type: "put", parts: { pins: [], bars: "linear" } });
    clock.start();
  }

  /** @param {number} since */
  function tick(since) {
    const { run, scene, problem } = lab.state();
    if (!shown) return false;
    if (problem) end();
    if (!run?.end || scene) return shown;
    before ??= { ...lab.state(), position: endPosition(run.T), folded: false };
    show(elapsed, run.T);
    elapsed += since;
    if (elapsed >= LENGTH) end();
    return shown;
  }

  /**
   * @param {number} ms
   * @param {number} T
   */
  function show(ms, T) {
    const { caption, folded, position, scale: value } = momentAt(ms, T, scale);
    node.hidden = false;
    node.dataset.caption = String(caption + 1);
    node.style.setProperty("--share", String(ms / LENGTH));
    captions.forEach((each, i) => each.hidden = i !== caption);
    if (caption === LAST) on.hint();
    lab.dispatch({ type: "put", parts: { folded, position } });
    if (value === lab.state().experiment.recurrent_scale) return;
    lab.request({ type: "edit", field: "recurrent_scale", value });
  }

  /** As it was. */
  function end() {
    if (!shown) return;
    shown = false;
    node.hidden = true;
    delete node.dataset.caption;
    for (const each of captions) each.hidden = false;
    if (isStill()) return;
    on.hint();
    if (!before) return lab.dispatch({ type: "put", parts: { scene: null } });
    const { way, grown, fallback } = lab.state();
    const oldest = lab.request({ type: "open", experiment: before.experiment });
    lab.dispatch({
      type: "put",
      parts: { ...before, way, grown, fallback, oldest, coming: null, scene: null },
    });
  }

  /**
   * The key that skips does nothing else. The list of a still page stays until Escape closes it.
   * @param {KeyboardEvent} event
   */
  function key(event) {
    if (!shown || composes(event)) return;
    if (isStill() && event.key !== "Escape") return;
    end();
    if (event.key === "Tab" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}
