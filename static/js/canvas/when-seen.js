/** Pictures and numbers out of view follow a little later: those in view come first. */
import { isPrinting } from "../ui/appearance.js";
import { onView } from "../ui/dom.js";

const PAUSE = 100;

/**
 * @param {Element} element
 * @param {AbortSignal} [signal]  that ends it
 * @returns {(show: () => void) => void}  shows at once what is in view, or is printed
 */
export function whenSeen(element, signal) {
  let isSeen = true;
  /** @type {(() => void) | null} */
  let waiting = null;
  let timer = 0;

  onView(element, (is) => {
    isSeen = is;
    if (is) now();
  }, signal);
  signal?.addEventListener("abort", () => clearTimeout(timer));

  return (show) => {
    waiting = show;
    clearTimeout(timer);
    if (isSeen || isPrinting()) now();
    else timer = setTimeout(now, PAUSE);
  };

  function now() {
    clearTimeout(timer);
    waiting?.();
    waiting = null;
  }
}
