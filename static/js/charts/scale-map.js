/**
 * The share that arrives at t = 1 by the scale of the recurrent weights: a map under the slider,
 * and on it the edge, where as much arrives as leaves the loss. It is measured on the network of
 * the stage, when nothing else is computed.
 *
 * @typedef {import("../lab/state.js").State} State
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("../text/format.js").Translate} Translate
 * @typedef {{recurrent_scale: number[], log10_share: (number | null)[], edge_scale: number | null}} Shares
 */
import { tone } from "../canvas/color-scale.js";
import { currentPalette } from "../canvas/palette.js";
import { sheet } from "../canvas/sheet.js";
import { createAsker } from "../net/request.js";
import { sentFrom } from "../run/run.js";
import { onAppearance } from "../ui/appearance.js";
import { debounced } from "../ui/debounce.js";
import { onResize } from "../ui/dom.js";
import { log10Of } from "./chart-type.js";

/** Milliseconds in which nothing has changed. */
const QUIET = 400;
/** The number of scales, where they are cheap and where they are not, and the cost of each. */
const [FINE, COARSE] = [80, 40];
const [CHEAP, DEAR] = [1e8, 3e8];
const OVERHEAD = 32;

/**
 * The request, the same for each scale of the run; null where there is no edge to find, or where it
 * would take too long, where weights are set by hand, which no scale multiplies, and of a cell that reads
 * from the end.
 * @param {Run} run
 * @param {number} most  the largest scale
 */
export function request(run, most) {
  const { experiment, gates, recurrent, loss, H } = run;
  const { recurrent_scale: _scale, checkpoint, ...rest } = experiment;
  const s = sentFrom(run);
  if (
    run.reverse || !recurrent || s < 2 || checkpoint || experiment.by_hand ||
    loss === "all"
  ) {
    return null;
  }
  const read = run.directions > 1 ? run.T : s;
  const one = run.layers * run.directions * read * Math.max(1, gates.length) * (H + OVERHEAD) ** 2;
  const count = one * FINE <= CHEAP ? FINE : COARSE;
  if (one * count > DEAR) return null;
  const scales = Array.from({ length: count }, (_, i) => (most * (i + 1)) / count);
  return { experiment: rest, recurrent_scale: scales, seeds: 1, shares: true };
}

/**
 * @param {HTMLElement} node
 * @param {HTMLInputElement} slider
 * @param {Translate} t
 * @param {import("../net/server.js").Engine["ask"]} ask
 * @param {(g: number) => void} choose
 * @param {AbortSignal} signal  that ends it
 */
export function createScaleMap(node, slider, t, ask, choose, signal) {
  const canvas = /** @type {HTMLCanvasElement} */ (node.querySelector("canvas"));
  const mark = /** @type {HTMLButtonElement} */ (node.querySelector("button"));
  const asker = createAsker(ask);
  let palette = currentPalette();
  /** @type {Run | null} */
  let seen = null;
  /** The subject of the map. */
  let known = "";
  /** @type {Shares | null} */
  let shares = null;
  const rest = debounced(measure, QUIET);

  mark.addEventListener("click", () => {
    if (shares?.edge_scale) choose(Number(shares.edge_scale.toFixed(2)));
  });
  onAppearance(() => {
    palette = currentPalette();
    draw();
  }, signal);
  onResize(node, draw, signal);

  return {
    /** @param {State} state */
    render({ run }) {
      if (!run?.end || run === seen) return;
      seen = run;
      asker.cancel();
      rest.cancel();
      const wanted = request(run, Number(slider.max));
      const key = JSON.stringify(wanted);
      if (key === known) return;
      [known, shares] = ["", null];
      node.hidden = !wanted;
      node.dataset.ready = "false";
      if (wanted) rest.soon(wanted, key);
    },
  };

  /**
   * @param {object} wanted
   * @param {string} key
   */
  async function measure(wanted, key) {
    try {
      const found = await asker.get("sweep", wanted);
      if (JSON.stringify(seen && request(seen, Number(slider.max))) !== key) return;
      [known, shares] = [key, found];
      node.dataset.ready = "true";
      draw();
    } catch {
      // it is left out: another run is asked for, or a busy server has more to do
    }
  }

  function draw() {
    if (!shares || node.hidden) return;
    const { recurrent_scale: scales, log10_share, edge_scale: edge } = shares;
    const { pen, width, height } = sheet(canvas);
    const pitch = width / scales.length;
    log10_share.forEach((log10, i) => {
      pen.fillStyle = palette.gradient.css(tone(log10Of(log10)));
      pen.fillRect(i * pitch, 0, pitch + 0.5, height);
    });
    mark.hidden = edge === null;
    if (edge === null) return;
    mark.style.setProperty("--edge", String(edge / scales[scales.length - 1]));
    mark.textContent = t("control.edge", { scale: edge.toFixed(2) });
  }
}
