/**
 * How the lab stands, carried over to the same page in another language.
 *
 * @typedef {import("./state.js").State} State
 * @typedef {import("./lab.js").Stand} Stand
 * @typedef {import("../lessons/question.js").Said} Said
 */
import { placeOf } from "../playback/playhead.js";

const NAME = "unrolled.stand";

/**
 * @param {State} state
 * @param {Said[]} [said]  what was answered
 */
export function carry({ run, position, playing: play, folded, chart, chosen }, said = []) {
  if (!run) return;
  const place = placeOf(Math.floor(position), run.T);
  try {
    sessionStorage.setItem(NAME, JSON.stringify({ place, play, folded, chart, chosen, said }));
  } catch {
    // a browser may refuse to keep it; then the page opens as any other
  }
}

/**
 * What was carried over, once.
 * @returns {Stand & {said: Said[]} | null}
 */
export function carried() {
  try {
    const kept = sessionStorage.getItem(NAME);
    sessionStorage.removeItem(NAME);
    return kept && JSON.parse(kept);
  } catch {
    return null;
  }
}
