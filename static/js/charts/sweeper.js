/**
 * The sweep beside its chart: its progress, its end, the line that follows the slider, and the
 * click that moves the slider.
 *
 * @typedef {import("./chart.js").Run} Run
 * @typedef {import("../format.js").Translate} Translate
 */
import { createAsker, lastLine } from "./ask.js";
import { marker, request } from "./sweep.js";

const FOLLOW = 60;
const NEAREST = 20;

/**
 * @param {ReturnType<typeof import("./panel.js").createPanel>} panel
 * @param {Translate} t
 * @param {string} url
 * @param {{scale: (g: number) => void, again: () => void}} on
 */
export function createSweeper(panel, t, url, on) {
  const progress = panel.part(".progress");
  const bar = /** @type {HTMLProgressElement} */ (panel.part("progress"));
  const count = panel.part(".count");
  const button = panel.part("button");
  const asker = createAsker(lastLine(shown));
  /** The experiment whose sweep somebody has stopped. */
  let stopped = "";
  let current = "";
  let following = 0;
  /** @type {Run | null} */
  let latest = null;
  /** @type {{plotly: any, answer: import("./sweep.js").Sweep} | null} */
  let picture = null;

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
      const answer = asker.get(url, body);
      shown({ finished: 0, networks: body.seeds * body.recurrent_scale.length });
      answer.finally(() => progress.hidden = !stopped).catch(() => {});
      return answer;
    },
    cancel() {
      asker.cancel();
      picture = null;
    },
    /**
     * The line goes with the slider, not at every frame of a drag.
     * @param {Run} run
     */
    follow(run) {
      latest = run;
      following ||= setTimeout(moveLine, FOLLOW);
    },
    /**
     * @param {any} plotly
     * @param {import("./sweep.js").Sweep} answer
     */
    drawn(plotly, answer) {
      if (!picture) {
        const { plot } = /** @type {{plot: any}} */ (panel);
        plot.removeAllListeners("plotly_click");
        plot.on("plotly_click", (/** @type {any} */ { points: [point] }) => {
          on.scale(Math.round(point.x * NEAREST) / NEAREST);
        });
      }
      picture = { plotly, answer };
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

  function moveLine() {
    following = 0;
    if (!picture || !latest || panel.plot.hidden) return;
    const x = marker(latest, picture.answer);
    const { shapes } = /** @type {any} */ (panel.plot).layout;
    const i = shapes.findIndex((/** @type {any} */ shape) => shape.name === "current");
    const at = `shapes[${i}]`;
    picture.plotly.relayout(panel.plot, {
      [`${at}.x0`]: x,
      [`${at}.x1`]: x,
      [`${at}.visible`]: x !== null,
    });
  }
}
