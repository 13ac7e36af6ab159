/**
 * The Plotly charts. Only the chart that is selected and in view, or about to be printed, is computed
 * and drawn, once changes have stopped. One that is not drawn yet is not printed.
 *
 * @typedef {import("./chart-type.js").Run} Run
 * @typedef {import("./chart-type.js").Chart} Chart
 * @typedef {import("../text/format.js").Translate} Translate
 * @typedef {keyof typeof import("./registry.js").CHARTS} ChartName
 * @typedef {{run: Run, name: ChartName, pins: import("../lab/pins.js").Pin[]}} Wanted
 */
import { explain } from "../text/problems.js";
import { difference } from "../lab/pins.js";
import { patiently } from "../net/module.js";
import { createAsker, Refusal } from "../net/request.js";
import { plain } from "../text/sentence.js";
import { fontScale, isPrinting, onAppearance } from "../ui/appearance.js";
import { download, onResize, onView } from "../ui/dom.js";
import { createChartCard } from "./chart-card.js";
import { readingOf } from "./chart-type.js";
import { createLibrary, enlarged, fill } from "./plotly.js";
import { createSweepProgress } from "./sweep-progress.js";
import { createTabs } from "./tabs.js";

const QUIET = 120;
/** Milliseconds until a chart that could not be loaded is tried again. */
const AGAIN = 3000;

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {import("../net/server.js").Engine} engine
 * @param {number} most  hidden units in all timesteps that it is asked for
 * @param {{select: (name: ChartName) => void, scale: (g: number) => void}} on
 * @param {AbortSignal} signal  that ends them
 */
export function createChartCards(node, t, engine, most, on, signal) {
  const tabs = createTabs(node, (name) => {
    keepHeight();
    on.select(/** @type {ChartName} */ (name));
  }, signal);
  const panels = new Map(
    tabs.names.map((name) => [
      name,
      createChartCard(
        /** @type {HTMLElement} */ (node.querySelector(`[data-part=chart-${name}]`)),
        t,
      ),
    ]),
  );
  const library = createLibrary(engine);
  const analyses = createAsker(engine.ask);
  const sweeper = createSweepProgress(panel("sweep"), t, engine.ask, { ...on, again: soon });
  /** @type {typeof import("./registry.js").CHARTS | null} which are not for the first paint */
  let charts = null;
  /** @type {import("../lab/state.js").State | null} */
  let latest = null;
  /** @type {Wanted | null} */
  let wanted = null;
  let [shown, timer, inView] = ["", 0, false];
  ready(false);
  onView(node, see, signal, 0.25); // of less, only the tabs are above the window's edge
  onAppearance(() => {
    node.style.removeProperty("min-height");
    const drawn = node.dataset.ready === "true";
    if (isPrinting() || (drawn && matchMedia("print").matches)) draw(true);
    else soon();
  }, signal);
  let [width, scale] = [0, fontScale()];
  onResize(node, (size) => {
    if (size.width !== width) node.style.removeProperty("min-height");
    width = size.width;
    if (scale !== fontScale()) soon();
  }, signal);
  signal.addEventListener("abort", end);
  for (const { choice } of panels.values()) choice?.addEventListener("change", () => soon());

  node.addEventListener("click", ({ target }) => {
    const format = /** @type {HTMLElement} */ (target).dataset.save;
    if (format && wanted) save(wanted.name, format);
  });
  return { render };

  /**
   * Draw once changes have stopped.
   * @param {import("../lab/state.js").State} state
   */
  function render(state) {
    const { run, chart: name, pins } = state;
    latest = state;
    if (name !== shown) show(name);
    if (!run?.end) return;
    if (!charts) return loadCharts();
    tabs.render(name, (each) => fits(run, each));
    if (wanted?.run === run && wanted?.name === name && wanted?.pins === pins) return;
    wanted = { run, name, pins };
    ready(false);
    if (name === "sweep") sweeper.follow(run);
    else sweeper.cancel();
    soon();
  }

  async function loadCharts() {
    const away = () => panel(shown).empty(t("chart.failed"));
    ({ CHARTS: charts } = await patiently(() => import("./registry.js"), away));
    if (latest) render(latest);
  }

  /** @param {ChartName} name */
  function show(name) {
    shown = name;
    for (const [each, { node }] of panels) node.hidden = each !== name;
  }

  /**
   * Whether a chart has something to show of a run.
   * @param {Run} run
   * @param {string} name
   */
  function fits(run, name) {
    const chart = /** @type {Chart} */ (charts?.[/** @type {ChartName} */ (name)]);
    return !chart.unfit?.(run, most) && !chart.repeats?.(run);
  }

  /** The page ends with the card, and would jump if another chart made it lower. */
  function keepHeight() {
    node.style.minHeight = `${node.offsetHeight}px`;
  }

  /** @param {boolean} is  whether the chart is of what is wanted */
  function ready(is) {
    node.dataset.ready = String(is);
  }

  /** @param {boolean} is */
  function see(is) {
    inView = is;
    if (is) soon();
  }

  function soon(wait = QUIET) {
    clearTimeout(timer);
    timer = setTimeout(() => draw(inView), wait);
  }

  /** @param {boolean} seen */
  async function draw(seen) {
    if (!seen || !wanted || !charts) return;
    const mine = wanted;
    const { run, name } = mine;
    /** @type {Chart} */
    const chart = charts[name];
    const here = panel(name);
    const choice = here.offer(chart.choices?.(run, t) ?? []);
    const unfit = chart.unfit?.(run, most);
    if (unfit) {
      here.empty(t(unfit));
      return ready(true);
    }
    try {
      const [[plotly, figures], answer] = await Promise.all([library.load(), ask(chart, mine)]);
      if (wanted !== mine) return;
      const filling = chart.fill(run, answer, choice, beside(mine));
      const filled = fill(figures[chart.figure?.(run) ?? name], filling);
      const { data, layout, config } = enlarged(filled, scale = fontScale());
      const { step = 1 } = filling;
      const sampled = step > 1 ? ` ${t("chart.sampled", { step })}` : "";
      here.drawn(
        readingOf(chart, run, answer, choice, t) + sampled,
        () => chart.table(run, answer, t, choice),
      );
      await plotly.react(here.plot, data, { ...layout, datarevision: run.id }, config);
      if (name === "sweep") sweeper.drawn(answer);
      if (wanted === mine) ready(true);
    } catch (error) {
      if (wanted === mine) failed(error);
    }
  }

  /**
   * The pinned runs, each by its name.
   * @param {Wanted} mine
   */
  function beside({ run, pins }) {
    return pins.flatMap((pin) =>
      pin.run
        ? [{ run: pin.run, name: plain(difference(pin.experiment, run.experiment, t), t) }]
        : []
    );
  }

  /**
   * @param {Chart} chart
   * @param {Wanted} mine
   */
  function ask(chart, { run, name }) {
    if (name !== "sweep" && !chart.analysis) return null;
    panel(name).working();
    if (name === "sweep") return sweeper.ask(run);
    return analyses.get(`analysis/${chart.analysis}`, run.experiment);
  }

  /**
   * The chart as it is, on a slide.
   * @param {ChartName} name
   * @param {string} format
   */
  async function save(name, format) {
    panel(name).saved("");
    try {
      const [plotly] = await library.load();
      const { intoPng, intoSvg } = await import("../canvas/made-by.js");
      const { madeBy } = /** @type {Wanted} */ (wanted).run;
      const options = { width: 1280, height: 720, format, imageDataOnly: true };
      const image = await plotly.toImage(panel(name).plot, options);
      const picture = format === "svg"
        ? new Blob([intoSvg(image, madeBy)], { type: "image/svg+xml" })
        : intoPng(Uint8Array.from(atob(image), (sign) => sign.charCodeAt(0)), madeBy);
      download(picture, `unrolled-${name}.${format}`);
    } catch (error) {
      panel(name).saved(t("export.failed"));
      console.info(error);
    }
  }

  /** Nothing is drawn any more, and what is drawn no longer listens to the window. */
  async function end() {
    clearTimeout(timer);
    wanted = null;
    const plots = [...node.querySelectorAll(".js-plotly-plot")];
    const [plotly] = plots.length ? await library.load() : [];
    for (const plot of plots) plotly.purge(plot);
  }

  /** @param {unknown} error */
  function failed(error) {
    const { name } = /** @type {Wanted} */ (wanted);
    if (error instanceof DOMException && error.name === "AbortError") return;
    if (error instanceof Refusal) return panel(name).empty(explain(error.problem, t));
    library.forget();
    panel(name).empty(t("chart.failed"));
    console.info(error);
    soon(AGAIN);
  }

  /** @param {string} name */
  function panel(name) {
    return /** @type {ReturnType<typeof createChartCard>} */ (panels.get(name));
  }
}
