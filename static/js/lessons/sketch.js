/**
 * A line that a class draws with a finger over the bars, before it sees them: where it expects their
 * tops. It stays while the bars move.
 */

import { onResize } from "../ui/dom.js";

/**
 * @param {HTMLElement} track  of the stage
 * @param {(heights: number[]) => void} drawn
 */
export function createSketch(track, drawn) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
  svg.classList.add("sketch");
  svg.setAttribute("aria-hidden", "true");
  svg.append(line);
  /** @type {number[]} shares of the height, from above, by the index of the timestep */
  let heights = [];
  let last = -1;

  svg.addEventListener("pointerdown", (event) => {
    svg.setPointerCapture(event.pointerId);
    last = -1;
    put(event);
  });
  svg.addEventListener("pointermove", (event) => {
    if (svg.hasPointerCapture(event.pointerId)) put(event);
  });

  onResize(track, () => svg.isConnected && draw());

  return {
    /**
     * @param {boolean} is  whether the step has a sketch
     * @param {boolean} open  whether it may still be drawn
     */
    show(is, open) {
      const anew = !is || (open && !svg.classList.contains("open"));
      if (anew && heights.length) drawn(heights = []);
      svg.classList.toggle("open", is && open);
      if (!is) return svg.remove();
      track.append(svg);
      draw();
    },
  };

  /**
   * The line goes to where the finger is, over every timestep that it has passed.
   * @param {PointerEvent} event
   */
  function put({ clientX, clientY }) {
    const { top, height } = svg.getBoundingClientRect();
    const at = nearest(centers(), clientX);
    heights = sketched(heights, last, at, Math.max(0, Math.min((clientY - top) / height, 1)));
    last = at;
    draw();
    drawn(heights);
  }

  function draw() {
    const { left, height } = svg.getBoundingClientRect();
    const xs = centers();
    const points = heights.map((y, i) => `${xs[i] - left},${y * height}`);
    line.setAttribute("points", Object.values(points).join(" "));
  }

  /** Where the columns are, from the left of the window. */
  function centers() {
    return [...track.querySelectorAll(".timestep")].map((column) => {
      const { left, width } = column.getBoundingClientRect();
      return left + width / 2;
    });
  }
}

/**
 * A line that has been drawn on from one timestep to another, straight in between.
 * @param {number[]} heights
 * @param {number} from  -1 where it begins
 * @param {number} to
 * @param {number} y  at the end
 */
export function sketched(heights, from, to, y) {
  const next = heights.slice(); // with its holes
  const start = from < 0 ? to : from;
  const [first, span] = [heights[start] ?? y, to - start];
  for (let i = start; i !== to; i += Math.sign(span)) {
    next[i] = first + ((y - first) * (i - start)) / span;
  }
  next[to] = y;
  return next;
}

/**
 * The index of the place that is nearest.
 * @param {number[]} places
 * @param {number} x
 */
const nearest = (places, x) =>
  places.reduce((best, place, i) => Math.abs(place - x) < Math.abs(places[best] - x) ? i : best, 0);
