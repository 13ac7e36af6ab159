/**
 * Layers on top of one another, under the stage: how much of the gradient arrives in each, and a button
 * that brings one in front.
 *
 * @typedef {import("../../lab/state.js").State} State
 * @typedef {import("../../run/run.js").Run} Run
 * @typedef {import("../../text/format.js").Translate} Translate
 */
import { currentPalette } from "../../canvas/palette.js";
import { sheet } from "../../canvas/sheet.js";
import { moment, reached } from "../../playback/playhead.js";
import { isDeep, levelShare } from "../../run/levels.js";
import { share } from "../../text/format.js";
import { fontScale, onAppearance } from "../../ui/appearance.js";
import { create, finder, hide, onResize, setText } from "../../ui/dom.js";
import { layout } from "../layout.js";
import { paintRows } from "./paint-rows.js";
import { rowsOf } from "./rows.js";

/** The height of the columns' layout, of which only the places across are used. */
const ANY_HEIGHT = 300;
/** The part of the window's height that the rows may have. */
const MOST_OF_WINDOW = 0.3;

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {(layer: number) => void} bring  a layer in front
 * @param {AbortSignal} [signal]  that ends it
 */
export function createLayerRows(node, t, bring, signal) {
  const part = finder(node);
  const canvas = /** @type {HTMLCanvasElement} */ (part("canvas"));
  const heads = /** @type {HTMLElement} */ (part(".levels"));
  const board = /** @type {HTMLElement | null} */ (node.closest(".board"));
  let palette = currentPalette();
  let zoom = fontScale();
  /** @type {State | null} */
  let last = null;
  /** Of what the heads are. */
  let headed = "";
  /** @type {Run | null} the run whose shares are told */
  let told = null;
  let width = 0;

  onResize(canvas, again, signal);
  onAppearance(() => {
    palette = currentPalette();
    again();
  }, signal);
  heads.addEventListener("click", ({ target }) => {
    const head = target instanceof Element ? target.closest("button") : null;
    if (head) bring(Number(head.dataset.layer));
  });

  function again() {
    zoom = fontScale();
    width = 0;
    headed = "";
    if (last) render(last);
  }

  /** The rows, which leave most of a low window to the stage. @param {Run} run */
  function placed(run) {
    return rowsOf(run, zoom, MOST_OF_WINDOW * innerHeight);
  }

  /** @param {State} state */
  function render(state) {
    last = state;
    const { run, backward, folded } = state;
    const none = !run || !isDeep(run) || !backward || folded;
    hide(node, none);
    const height = none ? 0 : placed(run).height;
    board?.style.setProperty(
      "--levels",
      none ? "0px" : `${height + node.offsetHeight - canvas.offsetHeight}px`,
    );
    if (none) return;
    canvas.style.height = `${height}px`;
    width ||= canvas.clientWidth;
    showHeads(run);
    draw({ ...state, run }, height);
  }

  /** @param {Run} run */
  function showHeads(run) {
    const now = [run.layers, run.directions, run.layer, placed(run).scale].join();
    if (now !== headed) {
      const { rows } = placed(run);
      heads.replaceChildren(...rows.map((row) => head(run, row)));
      [headed, told] = [now, null];
    }
    if (!run.end || run === told) return;
    told = run;
    placed(run).rows.forEach((row, k) => {
      const end = row.reverse ? run.T : 1;
      const log10 = levelShare(run, row, end);
      const element = /** @type {HTMLElement} */ (heads.children[k]);
      element.dataset.log10Share = log10 === -Infinity ? "-inf" : log10.toFixed(2);
      const words = t(row.reverse ? "layers.row.reverse" : "layers.row", {
        layer: row.layer,
        share: share(log10, t),
        t: end,
      });
      setText(/** @type {HTMLElement} */ (element.querySelector(".unseen")), words);
    });
  }

  /**
   * @param {Run} run
   * @param {import("./rows.js").LevelRow} row
   */
  function head(run, { layer, reverse, top, floor }) {
    const front = !reverse;
    const sign = run.directions > 1 ? (reverse ? "←" : "→") : "";
    const element = create(
      front ? "button" : "span",
      {},
      create("span", { ariaHidden: "true" }, reverse ? sign : `${layer}${sign}`),
      create("span", { className: "unseen" }),
    );
    if (front) {
      element.setAttribute("type", "button");
      element.setAttribute("aria-pressed", String(layer === run.layer));
      element.dataset.layer = String(layer);
    }
    element.style.top = `${top}px`;
    element.style.height = `${floor - top}px`;
    return element;
  }

  /**
   * @param {State & {run: Run}} state
   * @param {number} height
   */
  function draw({ run, position, chosen, lens, bars }, height) {
    if (!width) return;
    const { rows, scale } = placed(run);
    const at = lens ?? chosen ?? Math.max(1, moment(position, run.T).t);
    paintRows({
      pen: sheet(canvas, { width, height }).pen,
      layout: layout(width, ANY_HEIGHT, { T: run.T, at, zoom }),
      rows,
      palette,
      view: bars,
      run,
      from: Math.max(reached(position, run.T).backwardFrom, run.backwardFrom),
      scale,
    });
  }

  return { render };
}
