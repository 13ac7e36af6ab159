/**
 * The sweep beside its chart: its progress, its end, the line that follows the slider, and the
 * click that moves the slider.
 *
 * @typedef {import("./chart-type.js").Run} Run
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { createAsker } from "../net/request.js";
import { marker, request } from "./sweep.js";

const NEAREST = 20;

/**
 * @param {ReturnType<typeof import("./chart-card.js").createChartCard>} panel
 * @param {Translate} t
 * @param {import("../net/server.js").Engine["ask"]} ask
 * @param {{scale: (g: number) => void, again: () => void}} on
 */
export function createSweepProgress(panel, t, ask, on) {
  const progress = panel.part(".progress");
  const bar = /** @type {HTMLProgressElement} */ (panel.part("progress"));
  const count = panel.part(".count");
  const button = panel.part("button");
  const asker = createAsker((question, body, signal) => ask(question, body, signal, shown));
  /** The experiment whose sweep was stopped. */
  let stopped = "";
  let current = "";
  /** @type {import("./sweep.js").Sweep | null} what is drawn */
  let answer = null;

  button.addEventListener("click", () => {
    if (stopped) {
      stopped = "";
      return on.again();
    }
    stopped = current;
    asker.cancel();
    count.textContent = t("chart.sweep.cancelled");
    button.textContent = t("chart.sweep.run");
    bar.hidden = true;
    panel.plot.hidden = panel.plot.querySelector(".loading") !== null;
  });

  return {
    /**
     * The answer to the sweep around a run: the same for every scale and seed of it.
     * @param {Run} run
     */
    ask(run) {
      const body = request(run);
      current = JSON.stringify(body);
      if (stopped === current) throw new DOMException("stopped", "AbortError");
      stopped = "";
      const coming = asker.get("sweep", body);
      coming.finally(() => progress.hidden = !stopped).catch(() => {});
      return coming;
    },
    cancel: asker.cancel,
    /**
     * The line goes with the slider, ahead of the drawing.
     * @param {Run} run
     */
    follow(run) {
      const x = answer && marker(run, answer);
      if (x) move(panel.plot, "current", x);
    },
    /** @param {import("./sweep.js").Sweep} drawn */
    drawn(drawn) {
      const { plot } = /** @type {{plot: any}} */ (panel);
      if (!answer) {
        plot.on("plotly_click", (/** @type {any} */ { points: [point] }) => {
          on.scale(Math.round(point.x * NEAREST) / NEAREST);
        });
      }
      answer = drawn;
    },
  };

  /** @param {{finished: number, networks: number}} line */
  function shown({ finished, networks }) {
    progress.hidden = false;
    bar.hidden = false;
    [bar.value, bar.max] = [finished, networks];
    count.textContent = t("chart.sweep.progress", { finished, networks });
    button.textContent = t("chart.sweep.cancel");
  }
}

/**
 * Move what is drawn of an upright line to another place. Plotly would draw the whole chart again,
 * for longer than a frame of a drag has.
 * @param {any} plot
 * @param {string} name
 * @param {number} x
 */
function move(plot, name, x) {
  const i = plot.layout.shapes.findIndex((/** @type {any} */ shape) => shape.name === name);
  const line = plot.querySelector(`.shapelayer [data-index="${i}"]`);
  const [low, high] = plot.layout.xaxis.range;
  const width = Number(plot.querySelector(".nsewdrag").getAttribute("width"));
  const by = (x - plot.layout.shapes[i].x0) * width / (high - low);
  line?.setAttribute("transform", `translate(${by} 0)`);
}
