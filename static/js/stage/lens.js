/**
 * Pointing at the stage: a click chooses a timestep, or on its output the loss that is drawn, and a
 * drag over a ribbon moves the lens.
 *
 * @typedef {import("./layout.js").Layout} Layout
 */
import { lensAt, timestepAt } from "./layout.js";

const DRAG = 4;

/**
 * @param {HTMLElement} surface
 * @param {() => Layout | null} shown
 * @param {{choose: (t: number) => void, look: (t: number) => void,
 *   draw: (t: number) => void}} on
 */
export function createLens(surface, shown, on) {
  /** @type {number | null} */
  let from = null;
  let dragging = false;
  /** @param {number} clientX */
  const x = (clientX) => clientX - surface.getBoundingClientRect().left;

  surface.addEventListener("pointerdown", ({ clientX, button }) => {
    from = shown()?.lens && button === 0 ? clientX : null;
    dragging = false;
  });
  surface.addEventListener("pointermove", ({ clientX, pointerId }) => {
    const layout = shown();
    if (from === null || !layout || (!dragging && Math.abs(clientX - from) < DRAG)) return;
    if (!dragging) surface.setPointerCapture(pointerId);
    dragging = true;
    on.look(lensAt(layout, x(clientX)));
  });
  for (const end of ["pointerup", "pointercancel"]) {
    surface.addEventListener(end, () => {
      from = null;
    });
  }
  surface.addEventListener("click", ({ target, clientX }) => {
    const layout = shown();
    if (dragging || !layout) {
      dragging = false;
      return;
    }
    const element = /** @type {HTMLElement} */ (target);
    const button = element.closest("button");
    const output = element.closest(".output")?.textContent;
    if (button && output) return on.draw(Number(button.dataset.timestep));
    on.choose(button ? Number(button.dataset.timestep) : timestepAt(layout, x(clientX)));
  });
}
