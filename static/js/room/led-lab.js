/**
 * The lab of a teacher who leads a room.
 *
 * @typedef {import("../lab/lab.js").Lab} Lab
 */
import { viewOf } from "../lab/view-state.js";
import { endPosition } from "../playback/playhead.js";
import { runsOf, shownBy } from "./room-state.js";
import { stripOf } from "./strip.js";

/**
 * @param {() => Lab} lab
 * @param {import("../lab/state.js").Experiment} defaults
 * @param {{where: () => import("./room-state.js").Step, walk: (step: string) => void,
 *   press: (key: string) => void}} [lesson]  that it
 *   is in
 * @returns {import("./driving.js").Led}
 */
export const ledLab = (lab, defaults, lesson) => ({
  shown: () => shownBy(lab().state(), defaults, lesson?.where()),
  strip: () => stripOf(lab().state().run),
  go({ step, address, playhead }) {
    if (step) lesson?.walk(step);
    if (!address) return;
    const { experiment, pins, cells } = runsOf(address, defaults);
    const place = playhead ?? /** @type {const} */ ("end");
    lab().open(experiment, pins, { ...viewOf(lab().state()), place, play: false }, cells);
  },
  lab: () => lab().state(),
  press: lesson?.press,
  predict(is) {
    const { run } = lab().state();
    const position = run ? endPosition(run.T, !is) : 0;
    lab().dispatch({ type: "put", parts: { backward: !is, playing: false, position } });
  },
});
