/**
 * Names of the lines across the bars, each beside its line, where nothing is overprinted.
 *
 * @typedef {import("./paint.js").Scene} Scene
 * @typedef {import("../../run/run.js").Run} Run
 * @typedef {{left: number, right: number, top: number, bottom: number}} Box
 * @typedef {{x: number, y: number}} Point
 *
 * @typedef {object} Named  a line
 * @property {Point[]} points
 * @property {number[]} widths  of its names, of which the first is taken that has a place
 * @property {boolean} needed  whether its name may stand on bars where no place is free
 *
 * @typedef {object} Names
 * @property {string[]} little  of the line below which little is learned, in full and in short
 * @property {string} sketch  of the line that a class has drawn
 * @property {string[]} pins
 */
import { height, LITTLE } from "../../canvas/color-scale.js";
import { box, line } from "../../canvas/shapes.js";
import { boxWidth, center } from "../layout.js";
import { barY, LITTLE_DASH, plotOf } from "./bars.js";
import { alongPin, beyond, DASHES } from "./pins.js";

const FONT = 12;
/** Between a name and its line, and around it. */
const [NEAR, AROUND] = [4, 2];
/** The piece of line before a name. */
const SAMPLE = { length: 14, gap: 5 };
/** From one place that is tried to the next. */
const STRIDE = 6;
/** Costs of a place: hiding a pixel of another line, or of a bar, and the distance from the middle. */
const COST = { line: 1000, bar: 1, middle: 0.1 };

/**
 * Where the names of lines go, one after the other: along its line, above it or below, over no other
 * line, bar or name. One that finds no such place is left out, or stands on bars where it is needed.
 * @param {Named[]} lines
 * @param {number} high  how high a name is
 * @param {Box[]} bars
 * @param {Box} area
 * @param {Box[]} [marks]  that no name may hide
 * @returns {(Box & {which: number} | null)[]}  `which` of its names is there
 */
export function placed(lines, high, bars, area, marks = []) {
  const taken = [...marks];
  return lines.map((named) => {
    const others = lines.filter((other) => other !== named);
    for (const [which, width] of named.widths.entries()) {
      const best = bestOf(places(named.points, width, high, area), (place) => {
        if (taken.some((other) => shared(place, other) > 0)) return Infinity;
        const middle = (place.left + place.right - area.left - area.right) / 2;
        const hidden = sum(bars, (bar) => shared(place, bar));
        const crossed = sum(others, ({ points }) => Number(crosses(points, place)));
        if (!named.needed && hidden + crossed > 0) return Infinity;
        return COST.line * crossed + COST.bar * hidden + COST.middle * Math.abs(middle);
      });
      if (!best) continue;
      taken.push(best);
      return { ...best, which };
    }
    return null;
  });
}

/**
 * @param {Iterable<Box>} places
 * @param {(place: Box) => number} cost
 */
function bestOf(places, cost) {
  let [best, least] = [/** @type {Box | null} */ (null), Infinity];
  for (const place of places) {
    const costs = cost(place);
    if (costs < least) [best, least] = [place, costs];
  }
  return best;
}

/**
 * Name the lines of a scene that has names.
 * @param {Scene} scene
 */
export function paintNames(scene) {
  const { pen, layout, palette, names } = scene;
  if (!names) return;
  const { zoom } = layout;
  pen.font = `600 ${FONT * zoom}px ${palette.textFont}`;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  const before = SAMPLE.length + SAMPLE.gap + 2 * AROUND;
  const lines = linesOf(scene, names)
    .filter(({ points }) => points.length > 1)
    .map((each) => {
      const widths = each.names.map((name) => pen.measureText(name).width + before);
      return { ...each, widths };
    });
  const { ceiling, floor } = plotOf(layout);
  const area = { left: 0, right: layout.width, top: ceiling, bottom: floor };
  const marks = scene.pins.flatMap((pin, i) => pin ? beyond(scene, pin, i) : []);
  const found = placed(lines, FONT * zoom + 2 * AROUND, barsOf(scene), area, marks);
  found.forEach((place, i) => {
    if (!place) return;
    const { names, colour, thick, dash } = lines[i];
    const [left, y] = [place.left + AROUND, (place.top + place.bottom) / 2];
    pen.fillStyle = palette.paper;
    box(pen, place.left, place.top, place.right - place.left, place.bottom - place.top, AROUND);
    pen.fill();
    [pen.strokeStyle, pen.lineWidth] = [colour, thick];
    pen.setLineDash(dash);
    line(pen, left, y, left + SAMPLE.length, y);
    pen.setLineDash([]);
    pen.fillStyle = palette.soft;
    pen.fillText(names[place.which], left + SAMPLE.length + SAMPLE.gap, y);
  });
}

/**
 * The lines of a scene, what each is called, and how it is drawn.
 * @param {Scene} scene
 * @param {Names} names
 */
function linesOf(scene, names) {
  const { layout: { width }, palette, view, pins } = scene;
  /** @param {number} log10 */
  const across = (log10) => {
    const y = barY(plotOf(scene.layout), height(log10, view));
    return [{ x: 0, y }, { x: width, y }];
  };
  const looks = [
    { names: [names.sketch], colour: palette.accent, thick: 3, dash: [2, 4] },
    { names: names.little, colour: palette.faint, thick: 1, dash: LITTLE_DASH },
  ];
  return [
    ...pins.map((pin, i) => ({
      names: [names.pins[i]],
      points: pin ? alongPin(scene, pin, i) : [],
      needed: true,
      colour: palette.pins[i],
      thick: 2.5,
      dash: DASHES[i],
    })),
    { ...looks[0], points: ofSketch(scene), needed: true },
    { ...looks[1], points: across(LITTLE), needed: false },
    { names: [], colour: "", thick: 0, dash: [], points: across(0), needed: false },
  ];
}

/** @param {Scene} scene */
function ofSketch({ layout, sketch = [] }) {
  const { top, height } = layout.rows.bars;
  return sketch.flatMap((y, i) =>
    i < layout.T ? [{ x: center(layout, i + 1), y: top + y * height }] : []
  );
}

/**
 * Where the bars stand that have come.
 * @param {Scene} scene
 * @returns {Box[]}
 */
function barsOf({ layout, view, run, backwardFrom }) {
  const plot = plotOf(layout);
  return Array.from({ length: Math.max(0, run.T + 1 - backwardFrom) }, (_, i) => {
    const t = backwardFrom + i;
    const [x, half] = [center(layout, t), boxWidth(layout, t) / 2];
    const log10 = run.log10Share[t - 1];
    const top = log10 === -Infinity ? plot.floor : barY(plot, Math.min(height(log10, view), 1.1));
    return { left: x - half, right: x + half, top, bottom: plot.floor };
  });
}

/**
 * The places of a name along its line.
 * @param {Point[]} points
 * @param {number} width
 * @param {number} high
 * @param {Box} area
 * @returns {Generator<Box>}
 */
function* places(points, width, high, area) {
  const last = Math.min(area.right, points[points.length - 1].x) - width;
  for (let left = Math.max(area.left, points[0].x); left <= last; left += STRIDE) {
    const ys = within(points, left - NEAR, left + width + NEAR);
    const [above, below] = [Math.min(...ys) - NEAR - high, Math.max(...ys) + NEAR];
    for (const top of [above, below]) {
      if (top < area.top || top + high > area.bottom) continue;
      yield { left, right: left + width, top, bottom: top + high };
    }
  }
}

/**
 * The heights of a line between two places: at both, and at each of its points.
 * @param {Point[]} points
 * @param {number} left
 * @param {number} right
 */
function within(points, left, right) {
  const between = points.filter(({ x }) => x > left && x < right).map(({ y }) => y);
  return [heightAt(points, left), ...between, heightAt(points, right)];
}

/**
 * @param {Point[]} points
 * @param {number} x
 */
function heightAt(points, x) {
  const after = points.findIndex((point) => point.x >= x);
  if (after < 0) return points[points.length - 1].y;
  if (after === 0) return points[0].y;
  const [from, to] = [points[after - 1], points[after]];
  return from.y + ((to.y - from.y) * (x - from.x)) / (to.x - from.x || 1);
}

/**
 * Whether a line runs through a place, or between it and what it names.
 * @param {Point[]} points
 * @param {Box} place
 */
function crosses(points, { left, right, top, bottom }) {
  if (points[0].x > right || points[points.length - 1].x < left) return false;
  const ys = within(points, left, right);
  return Math.min(...ys) <= bottom + NEAR && Math.max(...ys) >= top - NEAR;
}

/**
 * The part of one place that another takes.
 * @param {Box} a
 * @param {Box} b
 */
function shared(a, b) {
  const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const tall = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return wide > 0 && tall > 0 ? wide * tall : 0;
}

/**
 * @template T
 * @param {readonly T[]} of
 * @param {(each: T) => number} value
 */
const sum = (of, value) => of.reduce((total, each) => total + value(each), 0);
