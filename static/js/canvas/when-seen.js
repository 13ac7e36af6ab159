/** A picture that is out of view follows a little later: what is in view comes first. */
import { isPrinting } from "../ui/appearance.js";
import { onView } from "../ui/dom.js";

const PAUSE = 100;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {AbortSignal} [signal]  that ends it
 * @returns {(paint: () => void) => void}  paints at once what is in view, or is printed
 */
export function whenSeen(canvas, signal) {
  let isSeen = true;
  /** @type {(() => void) | null} */
  let waiting = null;
  let timer = 0;

  onView(canvas, (is) => {
    isSeen = is;
    if (is) now();
  }, signal);
  signal?.addEventListener("abort", () => clearTimeout(timer));

  return (paint) => {
    waiting = paint;
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
