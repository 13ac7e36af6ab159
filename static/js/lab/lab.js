/**
 * The lab in an element of any page: the state that it shows, and the engine that it asks. It reads
 * no address and hears no window: what is around it comes as arguments. The lab's own page and a
 * lesson share it.
 *
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Action} Action
 * @typedef {import("./state.js").Experiment} Experiment
 * @typedef {import("./view-state.js").ViewState} ViewState
 * @typedef {ReturnType<typeof createLab>} Lab
 */
import { asked, biasOf, compared } from "../experiment/cells.js";
import { engineUntil } from "../net/engine-until.js";
import { createPlayback } from "../playback/playback.js";
import { positionOf } from "../playback/playhead.js";
import { debounced } from "../ui/debounce.js";
import { makeIdsUnique } from "../ui/unique-ids.js";
import { createDrawing } from "./drawing.js";
import { createPinnedRuns } from "./pinned-runs.js";
import { follower, isOf, missing, MOST_PINS, OPEN } from "./pins.js";
import { initial, reduce, samePicture } from "./state.js";
import { createViews } from "./views.js";

const SETTLED = 400;
const PARTIAL_AFTER = 80;
/** Seconds of a run from which other requests wait until the slider stops, and for how many milliseconds. */
const SLOW_RUN = 0.012;
const FOLLOWERS_AFTER = 150;

/**
 * @param {HTMLElement} root  a form with the parts of the lab (`_stage.html`, `_lab.html` and the
 *   controls), which another lab on the page may have too
 * @param {import("./views.js").Context} context
 * @param {Experiment} first
 * @param {{settled: (state: State) => void, flows: boolean, reset: () => void,
 *   forgotten: () => void, address: (state: State) => string,
 *   claims?: () => object, painted?: (state: State) => void, beat?: number}} on
 *   `settled`: nothing of the experiment or the pins changes any more; `address`: opens a state again;
 *   `forgotten`: the engine no longer has the trained network that the experiment names;
 *   `flows`: the gradient of the first run flows back once, by itself;
 *   `beat`: milliseconds of a position, where that is not the lab's
 */
export function createLab(root, context, first, on) {
  makeIdsUnique(root);
  const ending = new AbortController();
  const { signal } = ending;
  const engine = engineUntil(context.engine, signal);
  let state = initial(first);
  let partial = 0;
  const still = () => stage.still.matches;
  const playback = createPlayback(() => state, dispatch, { beat: on.beat, still });
  const views = createViews(root, { ...context, engine }, playback, {
    dispatch,
    ...on,
    edit: (field, value) => ask({ type: "edit", field, value }),
    draw,
    pin() {
      const { experiment, run, pins } = state;
      pin([...pins, { experiment, run: isOf(run, experiment) ? run : null }]);
    },
    cells: compare,
    unpin: (index) => pin(state.pins.filter((_, i) => i !== index)),
    open: (index) => ask({ type: "open", experiment: state.pins[index].experiment }),
  }, signal);
  const { stage } = views;
  const drawing = createDrawing(() => state, views.render);
  const loader = createPinnedRuns(engine.runs, {
    ready(experiment, run) {
      dispatch({ type: "pinned", experiment, run });
      loader.want(missing(state.pins));
    },
    failed: (experiment, problem) => dispatch({ type: "pin failed", experiment, problem }),
  });
  const channel = engine.runs({
    frame: receive,
    way: (way) => dispatch({ type: "way", way }),
  });
  const note = debounced(() => on.settled(state), SETTLED);
  const followers = debounced(() => loader.want(missing(state.pins)), FOLLOWERS_AFTER);

  return {
    state: () => state,
    ask,
    request,
    dispatch,
    /** Reports a change at once, if it has not been reported. */
    flush: note.flush,
    playback,
    stage,
    open,
    arrive,
    /** @param {import("../canvas/color-scale.js").View} view  of the bars */
    show: (view) => dispatch({ type: "bars", view }),
    destroy,
  };

  /** The lab asks, hears and draws nothing more; its element can go. */
  function destroy() {
    ending.abort();
    playback.stop();
    note.cancel();
    followers.cancel();
    clearTimeout(partial);
    drawing.stop();
  }

  /**
   * Opens the experiment of an address or of a lesson; `view`, if given, is the state of its run.
   * @param {Experiment} experiment
   * @param {Experiment[]} pinned
   * @param {ViewState | null} [view]
   * @param {string[]} [cells]  of the runs that follow it
   * @param {Experiment | null} [before]  what was there before a change, one of those pinned
   */
  function open(experiment, pinned, view = null, cells = [], before = null) {
    note.cancel();
    playback.stopAutoplay();
    const id = request({ type: "open", experiment });
    if (view) dispatch({ type: "stand", scene: { ...view, id } });
    const fixed = pinned.map((each) => ({ experiment: each, run: null, before: each === before }));
    const following = cells.map((cell) => follower(experiment, cell));
    showPins([...fixed, ...following].slice(0, MOST_PINS));
  }

  /**
   * Shows the place that a class was to predict: with motion, the playhead moves there.
   * @param {import("../playback/playhead.js").Place} place
   * @param {boolean} plays
   * @param {number | null} chosen
   */
  function arrive(place, plays, chosen) {
    const { run } = state;
    if (!run) return;
    if (!stage.still.matches) playback.arrive(place, plays);
    else dispatch({ type: "seek", position: plays ? Infinity : positionOf(place, run.T) });
    if (chosen) dispatch({ type: "choose", t: chosen });
  }

  /** @param {Action} action */
  function dispatch(action) {
    become(reduce(state, action));
  }

  /** @param {State} next */
  function become(next) {
    if (signal.aborted) return;
    const before = state;
    state = next;
    if (before.scene?.play && !state.scene && state.run) playback.toggle();
    if (before.bars !== state.bars) note.soon();
    if (!samePicture(before, state)) drawing.now();
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
    note.soon();
  }

  /** Every cell with open gates, side by side: half open, they show no more than the RNN does. */
  function compare() {
    const biases = compared().flatMap((cell) => biasOf(cell) ?? []);
    /** @type {Experiment} */
    const experiment = {
      ...state.experiment,
      ...Object.fromEntries(biases.map((bias) => [bias, OPEN])),
    };
    const others = compared().filter((cell) => cell !== experiment.cell);
    ask({ type: "open", experiment });
    pin(others.map((cell) => follower(experiment, cell)));
  }

  /** The runs that follow the one on the stage: at once where they are quick, and else at rest. */
  function follow() {
    followers.soon();
    if (Number(state.run?.end?.engine_seconds) <= SLOW_RUN) followers.flush();
  }

  /**
   * Someone has changed the experiment: ask the engine for it, and note it in the address.
   * @param {Action} action
   */
  function ask(action) {
    playback.stopAutoplay();
    request(action, action.type === "edit" && action.field === "by_hand");
    note.soon();
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

  /**
   * The engine is asked before anything is drawn.
   * @param {Action} action
   * @param {boolean} [together]  whether the change is drawn with its run, where that comes soon
   */
  function request(action, together = false) {
    const next = reduce(state, action);
    const id = channel.request(asked(next.experiment), views.wishes());
    if (!together) become(next);
    else {
      state = next;
      drawing.withRun();
    }
    return id;
  }

  /** @param {import("../net/frames.js").Frame<import("../net/frames.js").RunHeader>} frame */
  function receive(frame) {
    const { header } = frame;
    const first = !state.run;
    clearTimeout(partial);
    dispatch({ type: "frame", frame });
    if (header.type === "end") follow();
    if (header.type === "error" && header.code === "forgotten") on.forgotten();
    else if (header.type === "error" && first && header.code !== "busy") {
      dispatch({ type: "fallback", id: channel.request({}) });
    }
    if (header.type === "end" && first && on.flows && !stage.still.matches) playback.flowOnce();
    else if (state.coming) {
      partial = setTimeout(() => dispatch({ type: "show coming" }), PARTIAL_AFTER);
    }
  }
}
