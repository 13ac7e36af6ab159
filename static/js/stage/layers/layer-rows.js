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
import { levelName } from "../../run/level-name.js";
import { isDeep, levelSent, levelShare } from "../../run/levels.js";
import { inTime } from "../../run/reading-order.js";
import { power, share } from "../../text/format.js";
import { plain, say } from "../../text/sentence.js";
import { fontScale, onAppearance } from "../../ui/appearance.js";
import { create, finder, hide, onResize, setText } from "../../ui/dom.js";
import { layout, timestepAt } from "../layout.js";
import { paintRows } from "./paint-rows.js";
import { walkOf } from "./progress.js";
import { rowsOf } from "./rows.js";

/** The height of the columns' layout, of which only the places across are used. */
const ANY_HEIGHT = 300;
/** The part of the window's height that the rows may have, and what they leave to all above and below
 * them, so that Play is in a low window too. */
const MOST_OF_WINDOW = 0.3;
const LEFT = 560;
/** The rows are no lower together than this. */
const LEAST = 130;
/** A row of this height has room for its number and, below it, for the norm that is 100%. */
const LEAST_FOR_TWO_LINES = 25;
/** The state that the picture is drawn from. */
const DRAWN = /** @type {const} */ (["run", "grown", "position", "chosen", "lens", "bars"]);

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {(layer: number) => void} bring  a layer in front
 * @param {AbortSignal} [signal]  that ends it
 */
export function createLayerRows(node, t, bring, signal) {
  const part = finder(node);
  const canvas = /** @type {HTMLCanvasElement} */ (part("canvas"));
  const norm = /** @type {HTMLElement} */ (node.querySelector("p small"));
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
  /** The height that the rows have, 0 where there are none. */
  let given = 0;
  /** @type {number | null} the height of what is above and below them: asking for it costs a layout */
  let beside = null;
  /** @type {State | null} the state that is painted */
  let drawn = null;

  onResize(node, again, signal);
  onAppearance(() => {
    palette = currentPalette();
    again();
  }, signal);
  heads.addEventListener("click", ({ target }) => {
    const head = target instanceof Element ? target.closest("button") : null;
    if (head) bring(Number(head.dataset.layer));
  });

  canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
    if (last?.run) canvas.title = pointedOut(last.run, offsetX, offsetY);
  });

  /**
   * The share under the pointer, in words.
   * @param {Run} run
   * @param {number} x
   * @param {number} y
   */
  function pointedOut(run, x, y) {
    const row = placed(run).rows.find(({ top, floor }) => y >= top && y <= floor);
    if (!row || !run.end) return "";
    const at = timestepAt(columns(run), x);
    const blanks = { share: share(levelShare(run, row, at), t), t: at };
    return t("layers.row", { name: levelName(run, row, t), ...blanks });
  }

  function again() {
    zoom = fontScale();
    [width, beside] = [0, null];
    headed = "";
    if (!last) return;
    drawn = null;
    arrange(last);
    render(last);
  }

  /** The rows, which leave most of a low window to the stage. @param {Run} run */
  function placed(run) {
    const most = Math.min(MOST_OF_WINDOW * innerHeight, innerHeight - LEFT);
    return rowsOf(run, zoom, Math.max(most, LEAST));
  }

  /**
   * Gives the rows their height; the stage has what they leave.
   * @param {State} state
   */
  function arrange({ run, backward, folded }) {
    const none = !run || !isDeep(run) || !backward || folded;
    hide(node, none);
    const height = none ? 0 : placed(run).height;
    if (height && (height !== given || beside === null)) {
      canvas.style.height = `${height}px`;
      beside = node.offsetHeight - height;
      drawn = null;
    }
    given = height;
    const levels = height ? `${height + (beside ?? 0)}px` : "0px";
    if (board?.style.getPropertyValue("--levels") !== levels) {
      board?.style.setProperty("--levels", levels);
    }
  }

  /**
   * Paints them. It is for after the stage: letters that are written make a canvas wait for a layout.
   * @param {State} state
   */
  function render(state) {
    const before = drawn;
    const { run } = last = state;
    drawn = run && given ? state : null;
    if (!run || !drawn) return;
    if (before && DRAWN.every((name) => before[name] === state[name])) return;
    width ||= canvas.clientWidth;
    draw({ ...state, run }, given);
    showHeads(run);
  }

  /** @param {Run} run */
  function showHeads(run) {
    const now = [run.layers, run.directions, run.layer, run.reverse, placed(run).scale].join();
    if (now !== headed) {
      const { rows } = placed(run);
      heads.replaceChildren(...rows.map((row) => head(run, row)));
      [headed, told] = [now, null];
    }
    if (!run.end || run === told) return;
    told = run;
    const { rows } = placed(run);
    const printed = rows[0].floor - rows[0].top >= LEAST_FOR_TWO_LINES * zoom;
    hide(norm, !printed);
    rows.forEach((row, k) => {
      const end = row.reverse ? run.T : 1;
      const log10 = levelShare(run, row, end);
      const element = /** @type {HTMLElement} */ (heads.children[k]);
      element.dataset.log10Share = log10 === -Infinity ? "-inf" : log10.toFixed(2);
      const name = levelName(run, row, t);
      const sent = levelSent(run, row);
      const whole = sent === null ? "" : power(sent);
      const arrives = t("layers.row", { name, share: share(log10, t), t: end });
      const words = plain(whole ? arrives + t("layers.row.whole", { whole }) : arrives, t);
      const scale = /** @type {HTMLElement} */ (element.querySelector("small"));
      say(scale, printed ? whole : "", t);
      setText(/** @type {HTMLElement} */ (element.querySelector(".unseen")), words);
      element.title = t("layers.row.about", { words });
    });
  }

  /**
   * @param {Run} run
   * @param {import("./rows.js").LevelRow} row
   */
  function head(run, { layer, reverse, top, floor }) {
    const sign = run.directions > 1 ? (reverse ? "←" : "→") : "";
    const element = create(
      "button",
      { type: "button" },
      create("span", { ariaHidden: "true" }, `${layer}${sign}`),
      create("small", { ariaHidden: "true" }),
      create("span", { className: "unseen" }),
    );
    const isFront = layer === run.layer && reverse === run.reverse;
    element.setAttribute("aria-pressed", String(isFront));
    element.dataset.layer = String(reverse ? -layer : layer);
    element.style.top = `${top}px`;
    element.style.height = `${floor - top}px`;
    return element;
  }

  /** The columns, as the stage has them. @param {Run} run */
  function columns(run) {
    const { position = 0, chosen = null, lens = null } = last ?? {};
    const at = lens ?? chosen ?? inTime(run, Math.max(1, moment(position, run.T).t));
    return layout(width, ANY_HEIGHT, { T: run.T, at, zoom });
  }

  /**
   * @param {State & {run: Run}} state
   * @param {number} height
   */
  function draw({ run, position, bars }, height) {
    if (!width) return;
    const { rows, scale } = placed(run);
    const { forwardTo, backwardFrom } = reached(position, run.T);
    const front = {
      to: Math.min(forwardTo, run.forwardTo),
      from: Math.max(backwardFrom, run.backwardFrom),
    };
    paintRows({
      pen: sheet(canvas, { width, height }).pen,
      layout: columns(run),
      rows: rows.map((row) => ({ ...row, walk: walkOf(run, front, row) })),
      palette,
      view: bars,
      run,
      scale,
    });
  }

  return { arrange, render };
}
