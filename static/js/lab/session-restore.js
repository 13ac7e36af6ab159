/**
 * The view of the lab, carried over to the same page in another language.
 *
 * @typedef {import("./view-state.js").ViewState} ViewState
 * @typedef {Record<string, string[]>} Said  what was answered, by the step of the lesson
 */
import { fromJSON, toJSON, viewOf } from "./view-state.js";
import { forget, recall, remember } from "../ui/storage.js";

const NAME = "unrolled.stand";

/**
 * @param {import("./state.js").State} state
 * @param {Said} [said]
 */
export function carry(state, said = {}) {
  if (!state.run) return;
  remember(NAME, JSON.stringify({ view: toJSON(viewOf(state)), said }), "tab");
}

/**
 * Returns the view that was carried over, once.
 * @returns {{view: ViewState, said: Said} | null}
 */
export function carried() {
  const text = recall(NAME, "tab");
  forget(NAME, "tab");
  if (!text) return null;
  const { view, said } = JSON.parse(text);
  return { view: fromJSON(view), said };
}
