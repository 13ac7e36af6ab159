/**
 * Pictures of answers: how often each number, and curves over the bars.
 *
 * @typedef {import("../../canvas/color-scale.js").View} View
 */
import { ticks } from "../../canvas/color-scale.js";
import { marks } from "../../text/marked.js";
import { percent, powerOfTen } from "../../text/format.js";
import { create } from "../../ui/dom.js";

/** Units of a picture, which is as wide as its place. */
const [WIDTH, HEIGHT] = [100, 50];
const GAP = 0.2;

/**
 * The count of each number among the answers, and the place of the right one.
 * @param {number[]} counts
 * @param {number | null} truth  of the way from the least number to the largest
 */
export function histogram(counts, truth) {
  const [wide, most] = [WIDTH / counts.length, Math.max(1, ...counts)];
  return picture(
    ...counts.map((count, i) => bar(i * wide, wide, (count / most) * 0.94, "count")),
    ...(truth === null ? [] : [path([[truth * WIDTH, 0], [truth * WIDTH, HEIGHT]], "truth")]),
  );
}

/**
 * Curves, from floor to ceiling, over bars.
 * @param {{bars?: number[] | null, curves?: number[][], median?: number[], own?: number[] | null}} of
 */
export function curves({ bars, curves = [], median, own }) {
  const wide = WIDTH / (bars?.length ?? 1);
  return picture(
    ...(bars ?? []).map((value, i) => bar(i * wide, wide, Math.min(value, 1), "truth")),
    ...curves.map((each) => path(along(each), "one")),
    ...(median ? [path(along(median), "median")] : []),
    ...(own ? [path(along(own), "own")] : []),
  );
}

/**
 * A picture of curves between its axes.
 * @param {SVGElement} svg
 * @param {View} view
 * @param {import("../../text/format.js").Translate} t
 */
export function framed(svg, view, t) {
  const lines = ticks(view).map(({ at, log10 }) => {
    const label = create("span", { className: "tick" });
    label.style.setProperty("--at", String(at));
    const text = view === "linear" ? percent(10 ** log10) : powerOfTen(log10);
    label.append(
      ...marks(text).map(({ kind, text }) => kind === "text" ? text : create(kind, {}, text)),
    );
    return label;
  });
  const ends = create(
    "p",
    { className: "ends" },
    create("span", {}, "t = 1"),
    create("span", {}, t("question.last")),
  );
  return create(
    "div",
    { className: "framed" },
    create("div", { className: "axis" }, ...lines),
    svg,
    ends,
  );
}

/** @param {number[]} values */
const along = (values) =>
  values.map((value, i) => [
    ((i + 0.5) / values.length) * WIDTH,
    HEIGHT * (1 - Math.max(0, Math.min(value, 1))),
  ]);

/** @param {SVGElement[]} shapes */
function picture(...shapes) {
  const svg = element("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none" });
  svg.append(...shapes);
  return svg;
}

/** @param {number} x @param {number} wide @param {number} share @param {string} name */
const bar = (x, wide, share, name) =>
  element("rect", {
    x: x + (GAP * wide) / 2,
    width: wide * (1 - GAP),
    y: HEIGHT * (1 - share),
    height: HEIGHT * share,
    class: name,
  });

/** @param {number[][]} points @param {string} name */
const path = (points, name) =>
  element("polyline", { points: points.map((point) => point.join()).join(" "), class: name });

/** @param {string} tag @param {Record<string, string | number>} attributes */
function element(tag, attributes) {
  const node = /** @type {SVGElement} */ (
    document.createElementNS("http://www.w3.org/2000/svg", tag)
  );
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  return node;
}
