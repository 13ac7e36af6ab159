/**
 * Trains the networks of a state: a channel to the engine for each, and what it has sent and is not
 * drawn yet.
 *
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Action} Action
 * @typedef {import("./training-config.js").Plan} Plan
 * @typedef {import("../net/frames.js").Frame<import("../net/frames.js").TrainingHeader>} Frame
 *
 * @typedef {object} Line  to a network's run
 * @property {ReturnType<typeof createTrainingChannel>} channel
 * @property {ReturnType<typeof createFramePace>} pace  at which the run is drawn
 *
 * @typedef {"begun" | "paused" | "resumed" | "finished" | "nothing"} News  for the live region
 */
import { createTrainingChannel } from "../net/training-channel.js";
import { createClock, createFramePace } from "./frame-pace.js";
import { initial, reduce } from "./state.js";
import { asked, away, isFatal, live, runs, seen, trains } from "./status.js";
import { changes, trainingOf } from "./training-config.js";

/**
 * @param {Plan} plan
 * @param {boolean} first  whether the next run is the first that is seen here
 * @param {{connect: import("../net/server.js").Connect, most: number}} server  `most`: bytes of a
 *   message that it takes
 * @param {{changed: () => void, told: (news: News) => void, begun: () => void,
 *   keep: (state: State) => void, watched: () => boolean}} on
 *   `begun`: what was started with `start` has; `keep`: the server has given a run its key;
 *   `watched`: whether a class is sent the run, as fast as it is
 */
export function createTrainer(plan, first, server, on) {
  let state = initial(plan, first);
  /** @type {Map<string, Line>} */
  const lines = new Map();
  const clock = createClock();
  connect();

  return {
    state: () => state,
    dispatch,
    adopt,
    find,
    start,
    startFirst,
    pause,
    step,
    stop,
    catchUp,
    draw,
    behind,
    isDrawing: () => runs(state) && behind(),
  };

  /** @param {Action} action */
  function dispatch(action) {
    state = reduce(state, action);
    on.changed();
  }

  /** A line to each network, and none to those that are gone. */
  function connect() {
    for (const [cell, { channel }] of lines) {
      if (network(cell)) continue;
      channel.tell("stop");
      channel.close();
      lines.delete(cell);
    }
    for (const { cell } of state.networks) if (!lines.has(cell)) lines.set(cell, line(cell));
  }

  /** @param {string} cell */
  function line(cell) {
    const pace = createFramePace((frame) => receive(cell, frame), on.changed);
    const channel = createTrainingChannel(server.connect, server.most, {
      frame: pace.take,
      way: (way, unreachable) => enter(cell, way, unreachable),
    });
    return { channel, pace };
  }

  /** @param {string} cell */
  function lineOf(cell) {
    return /** @type {Line} */ (lines.get(cell));
  }

  /** @param {string} cell */
  function network(cell) {
    return state.networks.find((each) => each.cell === cell);
  }

  /**
   * @param {string} cell
   * @param {Frame} frame
   */
  function receive(cell, frame) {
    const { header } = frame;
    const before = network(cell);
    if (!before) return;
    const { comes } = state;
    if (header.type === "begin") {
      const slow = state.first && !header.found && before.next !== "paused";
      lineOf(cell).pace.begin(slow && !on.watched());
    }
    dispatch({ type: "frame", cell, frame });
    if (header.type === "begin") on.keep(state);
    if (header.type === "begin" || (header.type === "error" && before.next)) answered(comes);
    if (isFatal(header)) {
      lineOf(cell).channel.close();
      if (!live(state.networks)) on.told("nothing");
    }
    if (header.type === "end" && !asked(state.networks) && !state.networks.some(trains)) {
      on.told("finished");
    }
  }

  /**
   * Handle the start or the failure of a run; once all are known, report those that train.
   * @param {boolean} comes
   */
  function answered(comes) {
    if (!live(state.networks)) return;
    on.told("begun");
    if (comes) on.begun();
  }

  /**
   * @param {string} cell
   * @param {import("../net/connection.js").Way} way
   * @param {boolean} unreachable
   */
  function enter(cell, way, unreachable) {
    const before = network(cell);
    if (!before) return;
    const { comes } = state;
    dispatch({ type: "way", cell, way, unreachable });
    if (way !== "lost") return;
    if (before.next && unreachable) {
      lineOf(cell).channel.close();
      answered(comes);
    } else if (!before.next && !trains(before)) lineOf(cell).channel.close();
  }

  /**
   * Apply new settings: send a run the ones that may change while it trains.
   * @param {Plan} next
   * @param {string | null} [crowded]  the cell that made room
   */
  function adopt(next, crowded = null) {
    const before = state.plan;
    const changed = changes(before, next);
    const task = next.task !== before.task;
    const some = Object.keys(changed).length > 0;
    if (some || task) catchUp();
    for (const each of state.networks.filter((each) => each.next || trains(each))) {
      const { channel } = lineOf(each.cell);
      if (task) channel.tell("stop");
      else if (some) channel.tell("change", changed);
    }
    const trained = state.networks.some(trains);
    dispatch({ type: "plan", plan: next, crowded });
    connect();
    if (trained && !state.networks.some(trains)) on.told("nothing");
    if (task && !state.networks.some(trains)) on.told("finished");
  }

  /**
   * The runs that this tab had before it was loaded again, if the server still has them.
   * @param {Record<string, string>} keys
   * @param {import("./guess.js").Guess} guessed
   */
  function find(keys, guessed) {
    dispatch({ type: "find", keys, guessed });
    for (const { cell } of state.networks) if (keys[cell]) lineOf(cell).channel.find(keys[cell]);
  }

  /** @param {boolean} [single]  whether each waits after its first step */
  function start(single = false) {
    if (live(state.networks)) on.told("nothing");
    clock.restart();
    dispatch({ type: "start", single });
    for (const { cell } of state.networks) {
      const { pace, channel } = lineOf(cell);
      pace.begin(false);
      channel.begin(trainingOf(state.plan, cell), single);
    }
  }

  /**
   * A run where there was none: nothing but Start takes the place of what has been trained.
   * @param {boolean} [single]
   */
  function startFirst(single) {
    if (!asked(state.networks) && !seen(state).some(({ history }) => history)) start(single);
  }

  function pause() {
    if (state.networks.some(away)) return;
    const running = runs(state);
    for (const { cell } of state.networks.filter(trains)) {
      const { pace, channel } = lineOf(cell);
      if (!pace.ended) channel.tell(running ? "pause" : "resume");
    }
    dispatch({ type: "pause" });
    on.told(running ? "paused" : "resumed");
  }

  function step() {
    if (state.networks.some(away)) return;
    if (!live(state.networks)) return startFirst(true);
    const training = state.networks.filter(trains);
    for (const { cell, state: is } of training) {
      const { pace, channel } = lineOf(cell);
      if (!pace.behind) channel.tell("step");
      else if (is === "running" && !pace.ended) channel.tell("pause");
    }
    dispatch({ type: "step" });
    for (const { cell, history } of training) {
      if (history) lineOf(cell).pace.advance(history.step + 1);
    }
  }

  function stop() {
    if (state.networks.some(away)) return;
    catchUp();
    for (const { cell } of state.networks.filter(trains)) lineOf(cell).channel.tell("stop");
  }

  /** Nothing waits to be drawn. */
  function catchUp() {
    for (const { pace } of lines.values()) pace.catchUp();
    on.changed();
  }

  /**
   * Draws the waiting frames that are due.
   * @param {number} now
   */
  function draw(now) {
    const planned = Math.max(...state.networks.map(({ history }) => history?.planned ?? 0));
    const going = runs(state);
    const to = clock.tick(now, planned, going);
    if (going) { for (const { pace } of lines.values()) pace.advance(to); }
  }

  /** Whether something waits to be drawn. */
  function behind() {
    return [...lines.values()].some(({ pace }) => pace.behind);
  }
}
