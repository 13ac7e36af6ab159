/**
 * What a lesson changes on its page beside the lab: the words of its step, what waits, and which parts
 * of the lab are seen.
 *
 * @typedef {import("./state.js").State} State
 */
import { stepOf, waits } from "./state.js";
import { createStepText } from "./step-text.js";
import { showParts } from "./visible-parts.js";

/**
 * @param {(name: string) => any} part
 * @param {import("../text/format.js").Translate} t
 * @param {string[]} parts  every part of the lab
 * @param {{go: (index: number) => void}} on
 */
export function createLessonView(part, t, parts, on) {
  const words = createStepText(part, t, on);
  const lab = part("experiment");

  return {
    focus: words.focus,
    wait,
    /** @param {State} state */
    render(state) {
      const step = stepOf(state);
      write(!state.lesson);
      wait(waits(state), Boolean(step?.after));
      if (!state.lesson || !step) return;
      lab.dataset.asks = step.question?.answer ? "number" : "choice";
      showParts(lab, parts, step.view.show);
      words.render(state.lesson, state.at);
    },
  };

  /**
   * Until the class has predicted, the lab cannot be touched.
   * @param {boolean} is
   * @param {boolean} before  whether it shows what is there before the change that is asked about
   */
  function wait(is, before) {
    part("words").dataset.waits = String(is);
    lab.dataset.waits = is && before ? "before" : String(is);
    lab.querySelector(".board").inert = is;
    lab.querySelector(".strip").inert = is && before;
    part("waiting").hidden = !is;
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
