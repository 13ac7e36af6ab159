import { recall, remember } from "./storage.js";

const SEEN = "unrolled.hint";
/** Milliseconds. */
const HINT_AFTER = 1500;

/**
 * Where to drag, until someone has dragged.
 * @param {HTMLElement} hint
 * @param {HTMLInputElement} slider
 */
export function createFirstHint(hint, slider) {
  let wanted = !recall(SEEN);
  let timer = 0;
  const show = () => {
    hint.hidden = !wanted;
  };
  slider.addEventListener("input", () => {
    clearTimeout(timer);
    wanted = false;
    show();
    remember(SEEN, "1");
  }, { once: true });

  return {
    show,
    /** Once the page has been looked at. */
    soon() {
      timer = setTimeout(show, HINT_AFTER);
    },
  };
}
