/**
 * The composition root: it alone knows every module, finds the elements, and holds the state.
 *
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Action} Action
 * @typedef {import("./state.js").Experiment} Experiment
 */
import { experimentFrom, searchFor } from "./address.js";
import { createCharts } from "./charts/charts.js";
import { createClock } from "./clock.js";
import { createControls } from "./controls.js";
import { createDetail } from "./detail.js";
import { translator } from "./format.js";
import { createHeadline } from "./headline.js";
import { advance, endPosition, moment, stepDuration } from "./player.js";
import { connect } from "./socket.js";
import { createStage } from "./stage/stage.js";
import { initial, reduce, samePicture } from "./state.js";
import { createTransport } from "./transport.js";

const SETTLED = 400;
const PARTIAL_AFTER = 80;
const FIRST_FLOW = 900;
const DETAIL_PAUSE = 60;
const GATED = new Set(["lstm", "gru"]);

/** @param {string} id */
const element = (id) => /** @type {any} */ (document.getElementById(id));

const config = JSON.parse(element("config").textContent);
/** @type {Experiment} */
const defaults = config.defaults;
const t = translator(config.catalog);
const still = matchMedia("(prefers-reduced-motion: reduce)");

/** @type {State} */
let state = initial(experimentFrom(location.search, defaults));
/** How much faster the gradient flows back once, by itself, when the page opens; 0 after that. */
let firstFlow = 0;
const timers = { partial: 0, detail: 0, settling: 0, paint: 0 };

const stage = createStage(element("stage"), t, {
  choose: (timestep) => dispatch({ type: "choose", t: timestep }),
});
const headline = createHeadline({
  title: element("stage-title"),
  verdict: element("verdict"),
  notice: element("notice"),
  pace: element("pace"),
  computed: element("computed"),
}, t);
const detail = createDetail(element("detail"), t);
const charts = createCharts(element("charts"), t, config, {
  select: (name) => dispatch({ type: "chart", name }),
  scale: (value) => ask({ type: "edit", field: "recurrent_scale", value }),
});
const controls = createControls(element("experiment"), t, {
  edit: (field, value) => ask({ type: "edit", field, value }),
  reset: () => ask({ type: "open", experiment: defaults }),
});
const transport = createTransport(element("transport"), t, {
  seek: (position) => dispatch({ type: "seek", position }),
  step,
  play: () => play(!state.playing),
  speed: (value) => dispatch({ type: "speed", value }),
});
const clock = createClock((elapsed) => {
  if (!state.playing || !state.run) return false;
  const { position, speed, run } = state;
  const next = advance(position, elapsed, firstFlow || speed, run.T);
  dispatch({ type: "tick", position: next });
  if (!state.playing) firstFlow = 0;
  return state.playing;
});
const channel = connect(new URL(config.stream, location.href.replace(/^http/, "ws")).href, {
  frame: receive,
  connected: (is) => dispatch({ type: "connected", is }),
});

addEventListener("popstate", () => {
  clearTimeout(timers.settling);
  request({ type: "open", experiment: experimentFrom(location.search, defaults) });
});
addEventListener("keydown", shortcut);
request({ type: "open", experiment: state.experiment });

/** @param {Action} action */
function dispatch(action) {
  const before = state;
  state = reduce(state, action);
  if (!samePicture(before, state)) render();
}

/**
 * Drawn on arrival, so that a drag sees its number in the frame that is being made; at most once a
 * frame while a long run streams in.
 */
function render() {
  if (!state.run || state.run.end) return paint();
  timers.paint ||= requestAnimationFrame(() => {
    timers.paint = 0;
    paint();
  });
}

function paint() {
  const { run, position, chosen, playing, problem, experiment } = state;
  const shown = still.matches ? Math.floor(position) : position;
  if (run) stage.render({ run, position: shown, chosen, moving: playing });
  headline.render(state);
  transport.render(state);
  controls.render(experiment, problem);
  charts.render(run, state.chart);
  timers.detail ||= setTimeout(paintDetail, DETAIL_PAUSE);
}

/** The details follow a moment behind the stage, which comes first. */
function paintDetail() {
  timers.detail = 0;
  const { run, position, chosen } = state;
  if (!run) return;
  const timestep = chosen ?? Math.max(1, moment(position, run.T).t);
  detail.render(run, timestep, stage.stateColour);
}

/**
 * Someone has changed the experiment: ask the engine for it, and note it in the address.
 * @param {Action} action
 */
function ask(action) {
  if (firstFlow) {
    play(false);
    dispatch({ type: "seek", position: Infinity });
  }
  request(action);
  clearTimeout(timers.settling);
  timers.settling = setTimeout(() => {
    const search = searchFor(state.experiment, defaults);
    if (search !== location.search) history.pushState(null, "", location.pathname + search);
  }, SETTLED);
}

/**
 * The engine is asked before anything is drawn: it computes while the page paints.
 * @param {Action} action
 */
function request(action) {
  const { experiment } = reduce(state, action);
  const gated = GATED.has(String(experiment.cell));
  channel.request(gated ? { ...experiment, activation: "tanh" } : experiment);
  dispatch(action);
}

/** @param {import("./frames.js").Frame} frame */
function receive(frame) {
  const { type } = frame.header;
  const first = !state.run;
  clearTimeout(timers.partial);
  dispatch({ type: "frame", frame });
  if (type === "error" && first) dispatch({ type: "fallback", id: channel.request({}) });
  else if (type === "end" && first) flowOnce();
  else if (state.coming) {
    timers.partial = setTimeout(() => dispatch({ type: "show coming" }), PARTIAL_AFTER);
  }
}

/** @param {boolean} is */
function play(is) {
  firstFlow = 0;
  dispatch({ type: "play", is });
  if (is) clock.start();
}

/** @param {number} by */
function step(by) {
  play(false);
  dispatch({ type: "seek", position: state.position + by });
}

/** The gradient flows back once, quickly, when the page opens. */
function flowOnce() {
  const { run } = state;
  if (still.matches || !run?.losses.size) return;
  firstFlow = Math.max(1, run.T * stepDuration(run.T) / FIRST_FLOW);
  dispatch({ type: "seek", position: run.T + 1 });
  dispatch({ type: "play", is: true });
  clock.start();
}

/** @param {KeyboardEvent} event */
function shortcut(event) {
  const { target, key } = event;
  const free = target === document.body ||
    (target instanceof HTMLElement && target.matches(".timestep") && key === " ");
  if (!free || event.ctrlKey || event.metaKey || event.altKey) return;
  if (key === " ") play(!state.playing);
  else if (key === "ArrowRight") step(1);
  else if (key === "ArrowLeft") step(-1);
  else if (key === "Home") dispatch({ type: "seek", position: 0 });
  else if (key === "End") dispatch({ type: "seek", position: endPosition(state.run?.T ?? 0) });
  else return;
  event.preventDefault();
}
