/**
 * Parts of the stage that are pointed at, tapped or focused. A pointer must rest a moment.
 *
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {import("./explanation.js").Pointed} Pointed
 * @typedef {import("../ui/tooltip.js").Place} Place
 */
import { pointedAt } from "./explanation.js";
import { boxWidth, center } from "./layout.js";

/** Milliseconds. */
const REST = 220;
const ROWS = /** @type {const} */ ({
  output: "output",
  state: "hidden",
  arrow: "hidden",
  cell: "cell",
  cell_arrow: "cell",
  gates: "gates",
  tile: "token",
  bar: "bars",
});

/**
 * @param {HTMLElement} surface
 * @param {() => Layout | null} shown
 * @param {(pointed: Pointed | null, place: Place) => void} point
 */
export function createPointing(surface, shown, point) {
  let timer = 0;
  let last = "";

  surface.addEventListener("pointermove", ({ clientX, clientY, pointerType, buttons }) => {
    if (pointerType !== "mouse" || buttons) return;
    const pointed = under(clientX, clientY);
    const name = pointed ? `${pointed.thing} ${pointed.t}` : "";
    if (name === last) return;
    leave();
    last = name;
    if (pointed) timer = setTimeout(() => tell(pointed), REST);
  });
  surface.addEventListener("pointerleave", leave);
  surface.addEventListener("click", ({ clientX, clientY, detail }) => {
    const pointed = detail ? under(clientX, clientY) : null;
    if (pointed) tell(pointed);
  });
  surface.addEventListener("focusin", ({ target }) => {
    const { timestep } = /** @type {HTMLElement} */ (target).dataset;
    if (timestep && /** @type {HTMLElement} */ (target).matches(":focus-visible")) {
      tell({ thing: "state", t: Number(timestep) });
    }
  });

  /** @param {number} clientX @param {number} clientY */
  function under(clientX, clientY) {
    const layout = shown();
    if (!layout || layout.folded) return null;
    const { left, top } = surface.getBoundingClientRect();
    return pointedAt(layout, clientX - left, clientY - top);
  }

  /** @param {Pointed} pointed */
  function tell(pointed) {
    const layout = shown();
    if (!layout || layout.folded) return;
    const { left, top } = surface.getBoundingClientRect();
    const row = layout.rows[ROWS[pointed.thing]];
    const half = boxWidth(layout, pointed.t) / 2;
    const x = left + center(layout, pointed.t);
    point(pointed, {
      left: x - half,
      right: x + half,
      top: top + row.top,
      bottom: top + row.top + row.height,
    });
  }

  function leave() {
    clearTimeout(timer);
    if (last) point(null, { left: 0, right: 0, top: 0, bottom: 0 });
    last = "";
  }
}
