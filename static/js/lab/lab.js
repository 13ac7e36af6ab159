/**
 * The lab itself: its controls, its stage, its charts, and the state that they show. The lab's own
 * page and a lesson share it.
 *
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Action} Action
 * @typedef {import("./state.js").Experiment} Experiment
 * @typedef {import("../text/format.js").Translate} Translate
 * @typedef {Omit<import("./state.js").Scene, "id">} Stand
 */
import { createCharts } from "../charts/chart-cards.js";
import { createEdge } from "../charts/scale-map.js";
import { createStep } from "../equation/equation.js";
import { createHandout } from "../experiment/settings-list.js";
import { connect } from "../net/run-channel.js";
import { createPlayback } from "../playback/playback.js";
import { moment, positionOf } from "../playback/playhead.js";
import { createTheatre } from "../stage/stage-view.js";
import { showBehind } from "../ui/offline-mark.js";
import { createControls } from "./controls.js";
import { createExports } from "./exports.js";
import { createGates } from "./gate-summary.js";
import { createLoader } from "./pinned-runs.js";
import { asked, COMPARED, createPins, follower, isOf, missing, MOST_PINS, OPEN } from "./pins.js";
import { createMultiples } from "./small-multiples.js";
import { behind, initial, reduce, samePicture } from "./state.js";
import { createWhy } from "./step-factors-request.js";
import { createDetail } from "./timestep-summary.js";

const SETTLED = 400;
const PARTIAL_AFTER = 80;
const DETAIL_PAUSE = 60;
/** Seconds of a run whose followers wait until the hand rests, and for how many milliseconds. */
const DEAR = 0.012;
const REST = 150;

/**
 * @param {any} config  what the server says: addresses, defaults
 * @param {Translate} t
 * @param {Experiment} first
 * @param {{settled: (state: State) => void, flows: boolean, reset: () => void,
 *   forgotten: () => void, address: (state: State) => string}} on
 *   `settled`: someone has changed the experiment or the pins, and they have come to rest;
 *   `address`: that opens a state again;
 *   `forgotten`: the server no longer has the trained network that the experiment names;
 *   `flows`: the gradient of the first run flows back once, by itself
 */
export function createLab(config, t, first, on) {
  /** @param {string} id */
  const element = (id) => /** @type {any} */ (document.getElementById(id));
  const stream = new URL(config.stream, location.href.replace(/^http/, "ws")).href;

  /** @type {State} */
  let state = initial(first);
  const timers = { partial: 0, detail: 0, settling: 0, paint: 0, followers: 0 };
  /** @type {State["run"]} the run whose details are shown */
  let detailed = null;

  const playback = createPlayback(() => state, dispatch);
  const theatre = createTheatre(element, t, dispatch, playback, draw);
  const detail = createDetail(element("detail"), t);
  const stepInNumbers = createStep(element("step"), element("factors"), t, config.step, {
    light: theatre.light,
    named: detail.render,
  });
  const charts = createCharts(element("charts"), t, config, {
    select: (name) => dispatch({ type: "chart", name }),
    scale: (value) => ask({ type: "edit", field: "recurrent_scale", value }),
  });
  const controls = createControls(element("experiment"), t, {
    edit: (field, value) => ask({ type: "edit", field, value }),
    reset: on.reset,
  });
  const edge = createEdge(
    element("edge"),
    element("recurrent_scale"),
    t,
    config.sweep,
    (value) => ask({ type: "edit", field: "recurrent_scale", value }),
  );
  const pins = createPins(element("pins"), t, {
    pin: () => pin([...state.pins, { experiment: state.experiment, run: runOf(state.experiment) }]),
    cells: compare,
    unpin: (index) => pin(state.pins.filter((_, i) => i !== index)),
    open: (index) => ask({ type: "open", experiment: state.pins[index].experiment }),
  });
  const gates = createGates(
    element("gates"),
    t,
    (field, value) => ask({ type: "edit", field, value }),
  );
  const exports = createExports(element("export"), t, config.exports);
  const handout = createHandout(element("handout"), t);
  const multiples = createMultiples(element("multiples"), t);
  const loader = createLoader(stream, {
    ready(experiment, run) {
      dispatch({ type: "pinned", experiment, run });
      loader.want(missing(state.pins));
    },
    failed: (experiment, problem) => dispatch({ type: "pin failed", experiment, problem }),
  });
  const why = createWhy(config.analysis, config.step.most, {
    ready: (run, found) => dispatch({ type: "why", run, why: found }),
  });
  const channel = connect(stream, {
    frame: receive,
    way: (way) => dispatch({ type: "way", way }),
  });

  addEventListener("leaving", flush);

  return {
    state: () => state,
    ask,
    request,
    dispatch,
    flush,
    playback,
    theatre,
    open,
    arrive,
    /** @param {import("../canvas/color-scale.js").View} view  of the bars */
    show: (view) => dispatch({ type: "bars", view }),
  };

  /**
   * What an address or a lesson says; `stand`, if given, how its run then stands.
   * @param {Experiment} experiment
   * @param {Experiment[]} pinned
   * @param {Stand | null} [stand]
   * @param {string[]} [cells]  of the runs that follow it
   */
  function open(experiment, pinned, stand = null, cells = []) {
    clearTimeout(timers.settling);
    timers.settling = 0;
    playback.giveWay();
    const id = request({ type: "open", experiment });
    if (stand) dispatch({ type: "stand", scene: { ...stand, id } });
    const fixed = pinned.map((each) => ({ experiment: each, run: null }));
    const following = cells.map((cell) => follower(experiment, cell));
    showPins([...fixed, ...following].slice(0, MOST_PINS));
  }

  /**
   * What a class was to predict is shown: where things move by themselves, they move there.
   * @param {import("../playback/playhead.js").Place} place
   * @param {boolean} plays
   * @param {number | null} chosen
   */
  function arrive(place, plays, chosen) {
    const { run } = state;
    if (!run) return;
    if (!theatre.still.matches) playback.arrive(place, plays);
    else dispatch({ type: "seek", position: plays ? Infinity : positionOf(place, run.T) });
    if (chosen) dispatch({ type: "choose", t: chosen });
  }

  /** @param {Action} action */
  function dispatch(action) {
    const before = state;
    state = reduce(state, action);
    if (before.scene?.play && !state.scene && state.run) playback.toggle();
    if (before.bars !== state.bars) note();
    if (!samePicture(before, state)) render();
  }

  /**
   * The pinned runs, and their runs where they are not known yet.
   * @param {State["pins"]} next
   */
  function showPins(next) {
    dispatch({ type: "pin", pins: next });
    loader.want(missing(state.pins));
  }

  /**
   * Someone has changed what is pinned.
   * @param {State["pins"]} next
   */
  function pin(next) {
    showPins(next);
    note();
  }

  /**
   * The run on the stage, if it is this experiment's and not an earlier one's.
   * @param {Experiment} experiment
   */
  function runOf(experiment) {
    return isOf(state.run, experiment) ? state.run : null;
  }

  /** Every cell with open gates, side by side: half open, they show no more than the RNN does. */
  function compare() {
    /** @type {Experiment} */
    const experiment = { ...state.experiment, forget_bias: OPEN, update_bias: OPEN };
    const others = COMPARED.filter((cell) => cell !== experiment.cell);
    ask({ type: "open", experiment });
    pin(others.map((cell) => follower(experiment, cell)));
  }

  /** The runs that follow the one on the stage: at once where they are quick, and else at rest. */
  function follow() {
    clearTimeout(timers.followers);
    const dear = Number(state.run?.end?.engine_seconds) > DEAR;
    if (!dear) loader.want(missing(state.pins));
    else timers.followers = setTimeout(() => loader.want(missing(state.pins)), REST);
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
    const { problem, experiment } = state;
    theatre.render(state);
    pins.render(state);
    multiples.render(state);
    exports.render(state);
    controls.render(experiment, problem);
    gates.render(state);
    edge.render(state);
    charts.render(state);
    showBehind(
      element("stage").closest(".board"),
      ["stage", "detail", "charts"].map(element),
      behind(state) ? t("status.behind.mark") : "",
    );
    why.follow(state);
    stepInNumbers.light(state.lit);
    if (state.run === detailed) paintStep();
    else timers.detail ||= setTimeout(paintDetail, DETAIL_PAUSE);
  }

  /** The details of another run follow a moment behind the stage, which comes first. */
  function paintDetail() {
    timers.detail = 0;
    if (!state.run) return;
    detailed = state.run;
    handout.render(
      state.run.experiment,
      on.address({ ...state, experiment: state.run.experiment }),
    );
    paintStep();
  }

  /** The step in numbers keeps step with the playhead. */
  function paintStep() {
    const { run, position, chosen, playing } = state;
    if (!run) return;
    const timestep = chosen ?? Math.max(1, moment(position, run.T).t);
    stepInNumbers.render(run, timestep, position >= run.T + 1, playing);
  }

  /**
   * Someone has changed the experiment: ask the engine for it, and note it in the address.
   * @param {Action} action
   */
  function ask(action) {
    playback.giveWay();
    request(action);
    note();
  }

  /**
   * Someone has chosen the loss that is drawn. The last one goes by that name; the only one is a
   * timestep to look at.
   * @param {number | string} loss
   */
  function draw(loss) {
    const targets = state.run?.targets ?? [];
    const timesteps = targets.flatMap((target, i) => target >= 0 ? [i + 1] : []);
    if (timesteps.length < 2) return dispatch({ type: "choose", t: Number(loss) });
    ask({ type: "edit", field: "loss", value: loss === timesteps.at(-1) ? "last" : loss });
  }

  /** Whoever holds the address hears of it once things have come to rest. */
  function note() {
    clearTimeout(timers.settling);
    timers.settling = setTimeout(settle, SETTLED);
  }

  /** What has changed is told now, if it has not been told. */
  function flush() {
    if (timers.settling) settle();
  }

  function settle() {
    clearTimeout(timers.settling);
    timers.settling = 0;
    on.settled(state);
  }

  /**
   * The engine is asked before anything is drawn: it computes while the page paints.
   * @param {Action} action
   */
  function request(action) {
    const { experiment } = reduce(state, action);
    const id = channel.request(asked(experiment));
    dispatch(action);
    return id;
  }

  /** @param {import("../net/frames.js").Frame} frame */
  function receive(frame) {
    const { type, code } = frame.header;
    const first = !state.run;
    clearTimeout(timers.partial);
    dispatch({ type: "frame", frame });
    if (type === "end") follow();
    if (code === "forgotten") on.forgotten();
    else if (type === "error" && first && code !== "busy") {
      dispatch({ type: "fallback", id: channel.request({}) });
    }
    if (type === "end" && first && on.flows && !theatre.still.matches) playback.flowOnce();
    else if (state.coming) {
      timers.partial = setTimeout(() => dispatch({ type: "show coming" }), PARTIAL_AFTER);
    }
  }
}
