/**
 * The Plotly charts. Their definitions come from the server, which is the one place they are
 * written; the page fills in numbers. Plotly itself is fetched after the first paint.
 *
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("./state.js").ChartName} ChartName
 * @typedef {import("./format.js").Translate} Translate
 * @typedef {{data: Record<string, any>[], layout: Record<string, any>, config: Record<string, any>}} Figure
 */

const QUIET = 120;
const MOST_COLUMNS = 400;
const FEW = 8;

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {{plotly: string, figures: string}} urls
 * @param {{select: (name: ChartName) => void}} on
 */
export function createCharts(node, t, urls, on) {
  const tabs = /** @type {HTMLElement[]} */ ([...node.querySelectorAll("[role=tab]")]);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  /** @type {Promise<void> | null} */
  let loading = null;
  /** @type {any} */
  let plotly = null;
  /** @type {Promise<Record<ChartName, Figure>> | null} */
  let definitions = null;
  /** @type {{run: Run, name: ChartName} | null} */
  let wanted = null;
  let timer = 0;
  let inView = false;

  for (const tab of tabs) {
    tab.addEventListener("click", () => on.select(/** @type {ChartName} */ (tab.dataset.chart)));
    tab.addEventListener("keydown", ({ key }) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (!by) return;
      const next = tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length];
      next.focus();
      next.click();
    });
  }
  new IntersectionObserver(([entry]) => {
    inView = entry.isIntersecting;
    if (inView) soon();
  }).observe(node);
  dark.addEventListener("change", () => {
    definitions = null;
    soon();
  });

  return {
    /**
     * Draw when things have come to rest.
     * @param {Run | null} run
     * @param {ChartName} name
     */
    render(run, name) {
      for (const tab of tabs) {
        const selected = tab.dataset.chart === name;
        tab.setAttribute("aria-selected", String(selected));
        tab.tabIndex = selected ? 0 : -1;
        panel(/** @type {ChartName} */ (tab.dataset.chart)).hidden = !selected;
      }
      if (!run?.end || (wanted?.run === run && wanted.name === name)) return;
      wanted = { run, name };
      soon();
    },
  };

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(draw, QUIET);
  }

  async function draw() {
    if (!inView || !wanted) return;
    try {
      loading ??= import(urls.plotly).then(() => {
        plotly = /** @type {any} */ (globalThis).Plotly;
      });
      const url = `${urls.figures}?theme=${
        dark.matches ? "dark" : "light"
      }&lang=${document.documentElement.lang}`;
      definitions ??= fetch(url).then((answer) => {
        if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
        return answer.json();
      });
      const [figures] = await Promise.all([definitions, loading]);
      const { run, name } = wanted;
      const figure = figures[name];
      const { numbers, step } = name === "hidden_states" ? hiddenStates(run) : gradientMatrix(run);
      const [trace] = figure.data;
      const plot = /** @type {HTMLElement} */ (panel(name).querySelector(".plot"));
      plot.querySelector(".loading")?.remove();
      const layout = {
        ...figure.layout,
        xaxis: wholeTicks(figure.layout.xaxis, numbers.x),
        yaxis: wholeTicks(figure.layout.yaxis, numbers.y),
        datarevision: run.id,
      };
      await plotly.react(plot, [{ ...trace, ...numbers }], layout, figure.config);
      const sampled = step > 1 ? ` ${t("chart.sampled", { step })}` : "";
      reading(name).textContent = t(`chart.${name}.reading`) + sampled;
    } catch (error) {
      [loading, definitions] = [null, null];
      reading(wanted.name).textContent = t("chart.failed");
      console.info(error);
    }
  }

  /** @param {ChartName} name */
  function panel(name) {
    return /** @type {HTMLElement} */ (node.querySelector(`#chart-${name}`));
  }

  /** @param {ChartName} name */
  function reading(name) {
    return /** @type {HTMLElement} */ (panel(name).querySelector(".reading"));
  }
}

/**
 * One row a hidden unit, one column a timestep.
 * @param {Run} run
 */
function hiddenStates(run) {
  const step = Math.ceil(run.forwardTo / MOST_COLUMNS) || 1;
  const x = range(1, run.forwardTo, step);
  const z = range(0, run.H - 1, 1).map((unit) => x.map((t) => run.hidden[(t - 1) * run.H + unit]));
  return { numbers: { x, y: range(1, run.H, 1), z }, step };
}

/**
 * The matrix as the server sent it: rows of the timesteps that owe a loss.
 * @param {Run} run
 */
function gradientMatrix(run) {
  const { matrix_losses: y, matrix_timesteps: x } =
    /** @type {Record<string, number[]>} */ (run.end);
  const matrix = /** @type {Float32Array} */ (run.matrix);
  const z = y.map((_, row) => Array.from(matrix.subarray(row * x.length, (row + 1) * x.length)));
  return { numbers: { x, y, z }, step: x.length > 1 ? x[1] - x[0] : 1 };
}

/**
 * Where an axis has only a few timesteps, Plotly would number the space between them too.
 * @param {Record<string, any>} axis
 * @param {number[]} values
 */
function wholeTicks(axis, values) {
  return values.length <= FEW ? { ...axis, tickvals: values } : axis;
}

/**
 * @param {number} from
 * @param {number} to
 * @param {number} step
 */
function range(from, to, step) {
  return Array.from(
    { length: Math.max(0, Math.floor((to - from) / step) + 1) },
    (_, i) => from + i * step,
  );
}
