/**
 * All that a lab shows of its state: controls, stage, pinned runs, numbers and charts.
 *
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Action} Action
 * @typedef {import("../text/format.js").Translate} Translate
 *
 * @typedef {object} Context  what a lab is given by the page that it is on
 * @property {Translate} t
 * @property {import("../net/server.js").Engine} engine
 * @property {number} most  hidden units in all timesteps that an analysis is asked for
 * @property {import("./exports.js").Files} files
 */
import { createChartCards } from "../charts/chart-cards.js";
import { createScaleMap } from "../charts/scale-map.js";
import { createSettingsList } from "../experiment/settings-list.js";
import { patiently } from "../net/module.js";
import { moment } from "../playback/playhead.js";
import { inTime } from "../run/reading-order.js";
import { createLayerRows } from "../stage/layers/layer-rows.js";
import { createStageView } from "../stage/stage-view.js";
import { partsOf } from "../ui/dom.js";
import { showOfflineMark } from "../ui/offline-mark.js";
import { createControls } from "./controls.js";
import { createExports } from "./exports.js";
import { createGateSummary } from "./gate-summary.js";
import { createPins } from "./pins.js";
import { createSmallMultiples } from "./small-multiples.js";
import { behind } from "./state.js";
import { createStepFactorsRequest } from "../equation/step-factors-request.js";
import { createTimestepSummary } from "./timestep-summary.js";

/** Milliseconds by which the details of another run follow the stage, which comes first. */
const DETAIL_PAUSE = 60;

/**
 * @param {HTMLElement} root
 * @param {Context} context
 * @param {import("../stage/stage-view.js").Playback} playback
 * @param {{dispatch: (action: Action) => void, edit: (field: string, value: string | number) => void,
 *   reset: () => void, draw: (loss: number | string) => void, pin: () => void,
 *   cells: () => void, unpin: (index: number) => void, open: (index: number) => void,
 *   address: (state: State) => string, claims?: () => object, painted?: (state: State) => void}} on
 * @param {AbortSignal} signal  that ends them
 */
export function createViews(root, { t, engine, most, files }, playback, on, signal) {
  const part = partsOf(root);
  const regions = ["stage", "detail", "charts"].map(part);
  const board = part("stage").closest(".board");
  /** @type {State} */
  let state;
  /** @type {State["run"]} the run whose details are shown */
  let detailed = null;
  let detail = 0;
  const scale = (/** @type {number} */ value) => on.edit("recurrent_scale", value);

  const stage = createStageView(root, t, on.dispatch, playback, on.draw, signal);
  const bring = (/** @type {number} */ layer) => on.edit("layer", layer);
  const layers = createLayerRows(part("layers"), t, bring, signal);
  const summary = createTimestepSummary(part("detail"), t);
  /** @type {ReturnType<typeof import("../equation/equation.js").createEquation> | null} */
  let equation = null;
  /** @type {ReturnType<typeof import("../weights/card.js").createWeightsCard> | null} */
  let weights = null;
  const charts = createChartCards(part("charts"), t, engine, most, {
    select: (name) => on.dispatch({ type: "chart", name }),
    scale,
  }, signal);
  const controls = createControls(/** @type {HTMLFormElement} */ (root), t, on);
  const slider = root.querySelector("[name=recurrent_scale][type=range]");
  const edge = createScaleMap(
    part("edge"),
    /** @type {HTMLInputElement} */ (slider),
    t,
    engine.ask,
    scale,
    signal,
  );
  const pins = createPins(part("pins"), t, on);
  const gates = createGateSummary(part("gates"), t, on.edit);
  const exports = createExports(part("export"), t, files);
  const handout = createSettingsList(part("handout"), t);
  const multiples = createSmallMultiples(part("multiples"), t, signal);
  const why = createStepFactorsRequest(engine.ask, most, {
    ready: (run, found) => on.dispatch({ type: "why", run, why: found }),
  });

  signal.addEventListener("abort", () => clearTimeout(detail));

  return {
    stage,
    /** The claims, and the weight to look at, that a run is asked for. */
    wishes: () => ({ claims: on.claims?.(), weight: weights?.looksAt() }),
    /** @param {State} next */
    render(next) {
      state = next;
      weights?.draw(state); // its letters are drawn before any is written: they would wait for a layout
      layers.arrange(state);
      stage.render(state);
      layers.render(state);
      pins.render(state);
      multiples.render(state);
      exports.render(state);
      controls.render(state.experiment, state.problem);
      gates.render(state);
      edge.render(state);
      charts.render(state);
      weights?.render(state);
      on.painted?.(state);
      const mark = behind(state) ? t("status.behind.mark") : "";
      showOfflineMark(board, regions, part("notice").id, mark);
      why.follow(state);
      equation?.light(state.lit);
      if (state.run === detailed) showNumbers();
      else detail ||= setTimeout(showDetail, DETAIL_PAUSE);
    },
  };

  async function showDetail() {
    detail = 0;
    if (!state.run) return;
    if (!equation) await loadEquation();
    if (!weights) await loadWeights();
    if (signal.aborted) return;
    detailed = state.run;
    const { experiment } = state.run;
    handout.render(experiment, on.address({ ...state, experiment }));
    showNumbers();
  }

  /** The numbers of a timestep come after the first paint. */
  async function loadEquation() {
    const { createEquation } = await patiently(() => import("../equation/equation.js"));
    if (signal.aborted) return;
    equation ??= createEquation(part("step"), part("factors"), t, { ask: engine.ask, most }, {
      light: stage.light,
      named: (run, timestep) => summary.render(run, timestep, state.backward),
    }, signal);
  }

  /** So does the card on which weights are set by hand. */
  async function loadWeights() {
    const { createWeightsCard } = await patiently(() => import("../weights/card.js"));
    if (signal.aborted) return;
    weights ??= createWeightsCard(part("by-hand"), t, engine.ask, on.edit, signal);
    weights.draw(state);
    weights.render(state);
  }

  /** The equation keeps step with the playhead. */
  function showNumbers() {
    const { run, position, chosen, playing, backward } = state;
    if (!run) return;
    const timestep = chosen ?? inTime(run, Math.max(1, moment(position, run.T).t));
    equation?.render(run, timestep, backward && position >= run.T + 1, playing);
  }
}
