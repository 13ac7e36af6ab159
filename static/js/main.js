/**
 * The composition root: it alone knows every module, finds the elements, and holds the state.
 *
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Action} Action
 * @typedef {import("./state.js").Experiment} Experiment
 */
import { experimentFrom, pinsFrom, searchFor } from "./address.js";
import { createCharts } from "./charts/charts.js";
import { createClock } from "./clock.js";
import { createControls } from "./controls.js";
import { createDetail } from "./detail.js";
import { translator } from "./format.js";
import { createHelp, createHint, createSheet } from "./furniture.js";
import { createHeadline } from "./headline.js";
import { linkStage, showLit } from "./lit.js";
import { createMultiples } from "./multiples.js";
import { asked, COMPARED, createLoader, createPins, MOST_PINS } from "./pins.js";
import { advance, endPosition, moment, stepDuration } from "./player.js";
import { createPresenting } from "./presenting.js";
import { listen } from "./shortcuts.js";
import { connect } from "./socket.js";
import { createStage } from "./stage/stage.js";
import { initial, reduce, samePicture } from "./state.js";
import { createStep } from "./step.js";
import { createTools } from "./tools.js";
import { createTransport } from "./transport.js";
import { createWhy } from "./why.js";

const SETTLED = 400;
const PARTIAL_AFTER = 80;
const FIRST_FLOW = 900;
const DETAIL_PAUSE = 60;

/** @param {string} id */
const element = (id) => /** @type {any} */ (document.getElementById(id));

const config = JSON.parse(element("config").textContent);
/** @type {Experiment} */
const defaults = config.defaults;
const t = translator(config.catalog);
const stream = new URL(config.stream, location.href.replace(/^http/, "ws")).href;
const still = matchMedia("(prefers-reduced-motion: reduce)");

/** @type {State} */
let state = initial(experimentFrom(location.search, defaults));
/** How much faster the gradient flows back once, by itself, when the page opens; 0 after that. */
let firstFlow = 0;
const timers = { partial: 0, detail: 0, settling: 0, paint: 0 };

const stage = createStage(element("stage"), t, {
  choose: (timestep) => dispatch({ type: "choose", t: timestep }),
  look: (timestep) => dispatch({ type: "look", t: timestep }),
});
const headline = createHeadline({
  title: element("stage-title"),
  verdict: element("verdict"),
  notice: element("notice"),
  pace: element("pace"),
  computed: element("computed"),
  story: element("story"),
}, t);
const light = (/** @type {State["lit"]} */ lit) => dispatch({ type: "light", lit });
const tools = createTools(
  {
    caption: element("caption"),
    weights: element("weights"),
    fold: element("fold"),
    gates: element("stage").querySelector("[data-row=gates]"),
  },
  t,
  {
    point: light,
    fold,
  },
);
const detail = createDetail(element("detail"), t);
const stepInNumbers = createStep(element("step"), element("factors"), t, config.step, { light });
linkStage(element("stage"), light);
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
const pins = createPins(element("pins"), t, {
  pin: () => pin([...state.pins, { experiment: state.experiment, run: runOf(state.experiment) }]),
  cells: () => pin(COMPARED.flatMap(otherCell)),
  unpin: (index) => pin(state.pins.filter((_, i) => i !== index)),
  open: (experiment) => ask({ type: "open", experiment }),
});
const presenting = createPresenting(element("present"), t);
const help = createHelp(element("help"), element("help-button"));
const multiples = createMultiples(element("multiples"), t);
const loader = createLoader(stream, {
  ready: (experiment, run) => dispatch({ type: "pinned", experiment, run }),
  failed: (experiment, problem) => dispatch({ type: "pin failed", experiment, problem }),
});
const why = createWhy(config.analysis, {
  ready: (run, found) => dispatch({ type: "why", run, why: found }),
});
const clock = createClock((elapsed) => {
  if (!state.playing || !state.run) return false;
  const { position, speed, run } = state;
  const next = advance(position, elapsed, firstFlow || speed, run.T);
  dispatch({ type: "tick", position: next });
  if (!state.playing) firstFlow = 0;
  return state.playing;
});
const channel = connect(stream, {
  frame: receive,
  connected: (is) => dispatch({ type: "connected", is }),
});

addEventListener("popstate", () => {
  clearTimeout(timers.settling);
  open();
});
listen({
  presenting: presenting.is,
  play: () => play(!state.playing),
  step,
  start: () => dispatch({ type: "seek", position: 0 }),
  end: () => dispatch({ type: "seek", position: endPosition(state.run?.T ?? 0) }),
  fold,
  present: presenting.toggle,
  help: help.open,
});
createSheet(element("experiment"), element("more"), t);
createHint(element("hint"), element("recurrent_scale"));
open();

/** @param {Action} action */
function dispatch(action) {
  const before = state;
  state = reduce(state, action);
  if (!samePicture(before, state)) render();
}

/** What the address says. */
function open() {
  request({ type: "open", experiment: experimentFrom(location.search, defaults) });
  const experiments = pinsFrom(location.search, defaults).slice(0, MOST_PINS);
  show(experiments.map((experiment) => ({ experiment, run: null })));
}

/**
 * The pinned runs, and their runs where they are not known yet.
 * @param {State["pins"]} next
 */
function show(next) {
  dispatch({ type: "pin", pins: next });
  for (const { experiment, run } of next) if (!run) loader.load(experiment);
}

/**
 * Someone has changed what is pinned.
 * @param {State["pins"]} next
 */
function pin(next) {
  show(next);
  note();
}

/**
 * The run on the stage, if it is this experiment's and not an earlier one's.
 * @param {Experiment} experiment
 */
function runOf(experiment) {
  const { run } = state;
  const same = Object.entries(asked(experiment)).every(([field, value]) =>
    run?.experiment[field] === value
  );
  return same ? run : null;
}

/**
 * The current experiment with another cell, as a pin; nothing for its own.
 * @param {string} cell
 */
const otherCell = (cell) =>
  cell === state.experiment.cell ? [] : [{ experiment: { ...state.experiment, cell }, run: null }];

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
  const { run, position, chosen, lens, folded, lit, problem, experiment } = state;
  const shown = still.matches ? Math.floor(position) : position;
  if (run) {
    stage.render({
      run,
      position: shown,
      chosen,
      lens,
      folded,
      weight: lit && lit.timestep === null ? lit.quantity : null,
      shares: state.why?.paths ?? null,
      pins: pinned(state.pins),
      still: still.matches,
    });
  }
  headline.render(state);
  tools.render(state);
  pins.render(state);
  multiples.render(state);
  transport.render(state);
  controls.render(experiment, problem);
  charts.render(state);
  why.follow(run);
  showLit(element("stage"), state.lit);
  stepInNumbers.light(state.lit);
  timers.detail ||= setTimeout(paintDetail, DETAIL_PAUSE);
}

/** The pinned runs, the same list as long as the pins are the same. */
const pinned = (() => {
  /** @type {State["pins"]} */
  let last = [];
  /** @type {(import("./run.js").Run | null)[]} */
  let runs = [];
  return (/** @type {State["pins"]} */ next) => {
    if (next !== last) [last, runs] = [next, next.map(({ run }) => run)];
    return runs;
  };
})();

/** The details follow a moment behind the stage, which comes first. */
function paintDetail() {
  timers.detail = 0;
  const { run, position, chosen } = state;
  if (!run) return;
  const timestep = chosen ?? Math.max(1, moment(position, run.T).t);
  detail.render(run, timestep);
  stepInNumbers.render(run, timestep, position >= run.T + 1);
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
  note();
}

/** The address follows once things have come to rest. */
function note() {
  clearTimeout(timers.settling);
  timers.settling = setTimeout(() => {
    const search = searchFor(
      state.experiment,
      defaults,
      state.pins.map(({ experiment }) => experiment),
      location.search,
    );
    if (search !== location.search) history.pushState(null, "", location.pathname + search);
  }, SETTLED);
}

/**
 * The engine is asked before anything is drawn: it computes while the page paints.
 * @param {Action} action
 */
function request(action) {
  const { experiment } = reduce(state, action);
  channel.request(asked(experiment));
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

function fold() {
  dispatch({ type: "fold", is: !state.folded });
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
