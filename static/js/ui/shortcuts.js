/**
 * The keys that work anywhere on the page, as long as nothing is being typed.
 *
 * @typedef {Record<string, () => void>} Keys
 */
import { composes } from "./input-device.js";
import { recall, remember } from "./storage.js";

const LETTERS = "unrolled.letters";
const OFF = "off";
/** Controls that take letters themselves. */
const TYPED = "input:not([type=range], [type=radio], [type=checkbox]), textarea, select";

/**
 * The keys of the playhead and the fold.
 * @param {{playback: import("../stage/stage-view.js").Playback, stage: {fold: () => void}}} lab
 * @returns {Keys}
 */
export const playing = ({ playback, stage }) => ({
  " ": playback.toggle,
  ArrowRight: () => playback.step(1),
  ArrowLeft: () => playback.step(-1),
  Home: playback.start,
  End: playback.end,
  f: stage.fold,
});

/**
 * Whether keys without another one are to do something: letters, digits, signs and the space. Who
 * dictates, or hits keys by mistake, has switched them off, in every window of this browser.
 */
export const lettersWork = () => recall(LETTERS) !== OFF;

/** @param {boolean} is */
export const letLettersWork = (is) => remember(LETTERS, is ? "on" : OFF);

/**
 * @param {Keys} anywhere
 * @param {() => boolean} [presenting]  whether the keys of a clicker are ours too
 * @param {Keys} [clicker]  they work wherever the focus is
 * @param {(key: string) => boolean} [first]  whether a key was used up before all others
 */
export function listen(
  anywhere,
  presenting = () => false,
  clicker = {},
  first = () => false,
) {
  addEventListener("keydown", (event) => {
    const { target, key, ctrlKey, metaKey, altKey } = event;
    if (composes(event) || ctrlKey || metaKey || altKey) return;
    if (document.querySelector("dialog[open]")) return;
    if (key === "Escape" && document.querySelector(":popover-open")) return; // closes it
    if (key.length === 1 && !lettersWork()) return;
    const ours = free(target, key);
    const action = (presenting() && clicker[key]) || (ours && anywhere[key]);
    if (!(ours && first(key))) {
      if (!action) return;
      action();
    }
    event.preventDefault();
  });
}

/**
 * Whether a key means nothing to what has the focus.
 * @param {EventTarget | null} target
 * @param {string} key
 */
function free(target, key) {
  if (!(target instanceof HTMLElement)) return false;
  if (target === document.body || target.matches("h1, form, .reply")) return true;
  if (target.matches(".timestep")) return key === " " || key.length === 1;
  if (target.matches("button:not([role=tab]), a") && key.startsWith("Arrow")) return true;
  return key.length === 1 && key !== " " && !target.matches(TYPED);
}
