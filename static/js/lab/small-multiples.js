/**
 * Small multiples: the gradient of up to four runs side by side, on one scale.
 *
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("./pins.js").Pin} Pin
 * @typedef {import("./state.js").State} State
 * @typedef {import("../canvas/color-scale.js").View} View
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { height, ticks, tone } from "../canvas/color-scale.js";
import { currentPalette } from "../canvas/palette.js";
import { fillMarked, head, text } from "../canvas/shapes.js";
import { sheet } from "../canvas/sheet.js";
import { arriving } from "../run/arriving-gradient.js";
import {
  barY,
  FACTOR,
  factor,
  paintLines,
  paintShare,
  tickWord,
  TORN,
} from "../stage/draw/bars.js";
import { verdict } from "../stage/verdict.js";
import { share, TWICE } from "../text/format.js";
import { say } from "../text/sentence.js";
import { onAppearance } from "../ui/appearance.js";
import { onResize } from "../ui/dom.js";
import { difference } from "./pins.js";

/** The room above the ceiling, for a multiple. */
const TOP = 22;
const BOTTOM = 4;
/** The distance from the ceiling up to the middle of a multiple. */
const ABOVE = TORN.above + FACTOR.font * 0.6;
const AXIS = 38;
/** The mark of a cell state over its bar: how thick it is, the paper around it, and its head beyond. */
const CELL = { thick: 3, around: 1, head: 5, half: 4 };

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {AbortSignal} signal  that ends it
 */
export function createSmallMultiples(node, t, signal) {
  let palette = currentPalette();
  /** @type {(Run | null)[]} */
  let drawn = [];
  /**
   * Of each canvas its size, and its axis as a picture: to measure, and to write, costs a layout.
   * @type {({size: DOMRect, axis: HTMLCanvasElement} | null)[]}
   */
  let frames = [];
  /** @type {import("../canvas/color-scale.js").View} */
  let view = "linear";
  /** @type {State | null} */
  let last = null;
  /** The frame in which they are measured and painted, if they wait for it. */
  let frame = 0;

  onAppearance(again, signal);
  onResize(node, again, signal);
  signal.addEventListener("abort", () => cancelAnimationFrame(frame));

  return { render };

  /** @param {State} state */
  function render(state) {
    last = state;
    const { run, pins } = state;
    node.hidden = pins.length === 0;
    if (node.hidden || !run) return;
    const { experiment } = run;
    const cell = t(`choice.cell.${experiment.cell}`);
    const shown = [
      { run, name: t("pin.now", { cell }) },
      ...pins.map((pin) => ({ run: pin.run, name: difference(pin.experiment, experiment, t) })),
    ];
    if (node.childElementCount !== shown.length || view !== state.bars) frames = [];
    while (node.childElementCount > shown.length) node.lastElementChild?.remove();
    while (node.childElementCount < shown.length) node.append(figure(node.childElementCount));
    shown.forEach((each, i) => caption(node.children[i], each.name, each.run));
    if (
      run.end && view === state.bars && drawn.length === shown.length &&
      shown.every((each, i) => each.run === drawn[i])
    ) {
      return;
    }
    drawn = shown.map((each) => each.run);
    view = state.bars;
    if (frames.length === shown.length) paint();
    else frame ||= requestAnimationFrame(paint); // until when more is written: one layout for all
  }

  function paint() {
    frame = 0;
    drawn.forEach((run, i) => {
      const canvas = /** @type {HTMLCanvasElement} */ (node.children[i].lastElementChild);
      frames[i] ??= framed(canvas.getBoundingClientRect(), i === 0);
      if (frames[i]) bars(canvas, frames[i], run);
    });
  }

  function again() {
    palette = currentPalette();
    [drawn, frames] = [[], []];
    if (last) render(last);
    if (!frame) return;
    cancelAnimationFrame(frame);
    paint(); // now: a printer does not wait
  }

  /** @param {number} index */
  function figure(index) {
    const each = document.createElement("figure");
    if (index) each.dataset.pin = String(index);
    const words = document.createElement("figcaption");
    words.append(...["strong", "span", "small"].map((name) => document.createElement(name)));
    const canvas = document.createElement("canvas");
    canvas.setAttribute("aria-hidden", "true");
    each.append(words, canvas);
    return each;
  }

  /**
   * @param {Element} each
   * @param {string} name
   * @param {Run | null} run
   */
  function caption(each, name, run) {
    const [strong, span, small] = /** @type {any} */ (each.firstElementChild).children;
    const words = run?.end ? summary(run) : t("pin.computing");
    const ofCell = run?.end && run.losses.size && run.log10CellShare;
    say(strong, name, t);
    say(span, words, t);
    small.hidden = !run?.cellState;
    say(small, ofCell ? firstOfCell(ofCell[0]) : "", t);
  }

  /** @param {number} log10 */
  function firstOfCell(log10) {
    const key = log10 > TWICE ? "pin.first.cell.times" : "pin.first.cell";
    return t(key, { share: share(log10, t) });
  }

  /** @param {Run} run */
  function summary(run) {
    const { word } = verdict(run, t);
    if (!run.losses.size) return word;
    return word + t("language.gap") + t("pin.first", { share: arriving(run.log10Share[0], t) });
  }

  /**
   * Return the lines that stand behind the bars, or nothing where the page does not show them.
   * @param {DOMRect} size
   * @param {boolean} labelled
   */
  function framed(size, labelled) {
    if (!size.width || !size.height) return null;
    const axis = document.createElement("canvas");
    const { pen } = sheet(axis, size);
    const plot = plotOf(size);
    paintLines({ pen, palette, view }, plot, AXIS, size.width);
    pen.font = `11px ${palette.textFont}`;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    pen.fillStyle = palette.faint;
    for (const { at, log10 } of labelled ? ticks(view) : []) {
      fillMarked(pen, tickWord(log10, view), AXIS - 5, barY(plot, at));
    }
    return { size, axis };
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {{size: DOMRect, axis: HTMLCanvasElement}} frame
   * @param {Run | null} run
   */
  function bars(canvas, { size, axis }, run) {
    const { pen, width, height } = sheet(canvas, size);
    pen.drawImage(axis, 0, 0, width, height);
    if (!run) return;
    const [scene, plot] = [{ pen, palette, view }, plotOf(size)];
    const pitch = (width - AXIS) / run.T;
    run.log10Share.forEach((log10, i) => {
      if (log10 === -Infinity) return;
      paintShare(scene, plot, AXIS + (i + 0.12) * pitch, Math.max(pitch * 0.76, 0.5), log10);
    });
    paintFirstFactor(scene, plot, run, width);
    paintCell(scene, plot, run, pitch);
  }
}

/**
 * Where the bars stand.
 * @param {DOMRect} size  of their canvas
 */
const plotOf = ({ height }) => ({ floor: height - BOTTOM, ceiling: TOP });

/**
 * The multiple that arrives, over the first bar that breaks through the ceiling.
 * @param {{pen: import("../canvas/shapes.js").Pen, palette: import("../canvas/palette.js").Palette, view: View}} scene
 * @param {ReturnType<typeof plotOf>} plot
 * @param {Run} run
 * @param {number} width  of the canvas
 */
function paintFirstFactor({ pen, palette, view }, plot, run, width) {
  const first = run.log10Share.findIndex((log10) => height(log10, view) > 1);
  if (first < 0) return;
  const middle = AXIS + ((first + 0.5) * (width - AXIS)) / run.T;
  const x = Math.min(Math.max(middle, AXIS + FACTOR.room), width - FACTOR.room);
  const [log10, font] = [run.log10Share[first], `600 ${FACTOR.font}px ${palette.textFont}`];
  text(pen, palette.gradient.css(tone(log10)), font, factor(log10), x, plot.ceiling - ABOVE);
}

/**
 * The share that arrives at each cell state, as a mark across the column of its bar; what is beyond
 * the ceiling points up there.
 * @param {{pen: import("../canvas/shapes.js").Pen, palette: import("../canvas/palette.js").Palette, view: View}} scene
 * @param {ReturnType<typeof plotOf>} plot
 * @param {Run} run
 * @param {number} pitch  of its columns
 */
function paintCell({ pen, palette, view }, plot, { log10CellShare }, pitch) {
  const { thick, around, head: long, half } = CELL;
  log10CellShare?.forEach((log10, i) => {
    const [left, at] = [AXIS + i * pitch, height(log10, view)];
    if (log10 === -Infinity) return;
    pen.fillStyle = palette.ink;
    if (at > 1) return head(pen, left + pitch / 2, plot.ceiling, 0, -1, long, half);
    const y = barY(plot, at) - thick / 2;
    pen.fillStyle = palette.paper;
    pen.fillRect(left, y - around, pitch, thick + 2 * around);
    pen.fillStyle = palette.ink;
    pen.fillRect(left, y, pitch, thick);
  });
}
