/** Dragging a number sideways: the keyboard's twin is an arrow key. */
import { LARGE, stepped } from "./numbers.js";

/** Pixels from which a press is a drag, and a number's change for each. */
const [SLACK, PER_PIXEL] = [4, 0.02];

/**
 * @param {HTMLInputElement} input
 * @param {() => number} value  of the number when the drag begins
 * @param {(value: number) => void} set
 */
export function makeDraggable(input, value, set) {
  /** @type {{x: number, value: number, moved: boolean} | null} */
  let drag = null;

  input.addEventListener("pointerdown", (event) => {
    if (event.button || document.activeElement === input) return;
    drag = { x: event.clientX, value: value(), moved: false };
    input.setPointerCapture(event.pointerId);
  });
  // Without a drag the press is a click, and the whole number is selected to be typed over.
  input.addEventListener("mousedown", (event) => {
    if (drag) event.preventDefault();
  });
  input.addEventListener("pointermove", ({ clientX, shiftKey }) => {
    if (!drag) return;
    const far = clientX - drag.x;
    drag.moved ||= Math.abs(far) >= SLACK;
    if (drag.moved) set(stepped(drag.value, far * PER_PIXEL * (shiftKey ? LARGE : 1)));
  });
  input.addEventListener("pointerup", () => {
    if (!drag) return;
    if (!drag.moved) input.select();
    input.focus();
    drag = null;
  });
  input.addEventListener("pointercancel", () => {
    drag = null;
  });
}
