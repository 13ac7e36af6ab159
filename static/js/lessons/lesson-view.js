/**
 * The parts of a lesson's page beside the lab: the words of its step, what waits, and which parts
 * of the lab are seen.
 *
 * @typedef {import("./state.js").State} State
 */
import { reach } from "../ui/forms.js";
import { stepOf, waits } from "./state.js";
import { createSketch } from "./sketch.js";
import { createStepText } from "./step-text.js";
import { showParts } from "./visible-parts.js";

/**
 * @param {(name: string) => any} part
 * @param {import("../text/format.js").Translate} t
 * @param {string[]} parts  every part of the lab
 * @param {import("./step-text.js").On & {tap: (timestep: number) => void,
 *   sketch: (heights: number[]) => void}} on
 */
export function createLessonView(part, t, parts, on) {
  const words = createStepText(part, t, on);
  const lab = part("experiment");
  const sketch = createSketch(lab.querySelector(".track"), on.sketch);
  lab.addEventListener("click", (/** @type {MouseEvent} */ event) => {
    const column = /** @type {HTMLElement} */ (event.target).closest?.(".timestep");
    if (lab.dataset.taps !== "true" || !column) return;
    event.stopPropagation();
    on.tap(Number(/** @type {HTMLElement} */ (column).dataset.timestep));
    words.focus(); // the keys move the lesson on
  }, true);

  return {
    focus: words.focus,
    scroll: words.scroll,
    wait,
    /** @param {State} state */
    render(state) {
      const step = stepOf(state);
      write(!state.lesson);
      spread(state.lesson?.steps ?? []);
      wait(waits(state), step);
      if (!state.lesson || !step) return;
      lab.dataset.asks = step.question?.answer ? "number" : "choice";
      showParts(lab, parts, step.view.show);
      words.render(state);
    },
  };

  /**
   * Until the class has predicted, the lab cannot be touched.
   * Before a change that is asked about it shows what is there; a timestep can be tapped, or a line be
   * drawn, where that answers.
   * @param {boolean} is
   * @param {import("./navigation.js").Step | null} step
   */
  function wait(is, step) {
    const before = is && Boolean(step?.after);
    const taps = is && Object.keys(step?.question?.taps ?? {}).length > 0;
    part("words").dataset.waits = String(is);
    lab.dataset.waits = before ? "before" : String(is);
    lab.dataset.taps = String(taps);
    lab.dataset.covered = String(is && Boolean(step?.question?.covered));
    const stage = lab.querySelector("[data-part=stage]");
    for (const node of stage.parentElement.children) node.inert = is && node !== stage;
    for (const node of stage.querySelectorAll(".columns, .bars-title, .pace")) {
      node.inert = is && !(taps && node.matches(".columns"));
    }
    lab.querySelector(".strip").inert = before;
    sketch.show(Boolean(step?.question?.sketch), is);
    part("waiting").hidden = !is;
  }

  /**
   * A thumb is at the same place for the same value in every step.
   * @param {import("./navigation.js").Step[]} steps
   */
  function spread(steps) {
    for (const range of lab.querySelectorAll("input[type=range][name]")) {
      for (const { experiment, after } of steps) {
        reach(range, Number({ ...experiment, ...after }[range.name]));
      }
    }
  }

  /**
   * The lesson is written, with all of the lab, or shown.
   * @param {boolean} is
   */
  function write(is) {
    if (!part("editor")) return;
    part("editor").hidden = !is;
    part("words").hidden = part("walk").hidden = is;
    document.documentElement.dataset.mode = is ? "edit" : "learn";
    if (!is) return;
    showParts(lab, parts, parts);
    delete lab.dataset.show;
  }
}
