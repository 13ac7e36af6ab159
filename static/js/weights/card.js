/**
 * The card on which the weights of a small network are set by hand. It shows nothing until it is
 * opened; then each run brings its weights along. Those of a run that was asked for without them, or
 * with another weight to look at, it asks for.
 *
 * @typedef {import("./engine.js").Numbers} Numbers
 * @typedef {import("../lab/state.js").State} State
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { Refusal } from "../net/request.js";
import { explain } from "../text/problems.js";
import { say } from "../text/sentence.js";
import { disable, finder, hide, setText } from "../ui/dom.js";
import { createChosenWeight } from "./chosen-weight.js";
import { eigenvaluesIn, radiiIn } from "./eigenvalues.js";
import { createWeightsRequest } from "./engine.js";
import { createGrid } from "./grid.js";
import { createDropped } from "./dropped.js";
import { begun, changed, redone, undone } from "./history.js";
import { afterStep, createLearning, learned } from "./learning.js";
import { placeOf, weightName } from "./names.js";
import { createNetwork } from "./network.js";
import { brief, numbersIn, tellWrong, withNumbers } from "./numbers.js";

/** Hidden units of a network whose weights can be set. */
const MOST_UNITS = 4;
/** Another network: what was done to the one before cannot be undone in it. */
const SHAPE = ["cell", "hidden_size", "architecture", "attention"];

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {import("../net/server.js").Engine["ask"]} ask
 * @param {(field: string, value: string | number) => void} edit
 * @param {AbortSignal} signal  that ends it
 */
export function createWeightsCard(node, t, ask, edit, signal) {
  const part = finder(node);
  const details = /** @type {HTMLDetailsElement} */ (part("details"));
  const [many, weights, eigenvalues] = [".many", ".hand-numbers", ".eigenvalues"].map(part);
  const few = /** @type {HTMLElement} */ (many.querySelector("button"));
  const button = (/** @type {string} */ name) => part(`[data-do=${name}]`);
  const chosenWeight = createChosenWeight(part(".hand-weight"), t, signal);
  const request = createWeightsRequest(ask, answered, refused, signal);
  const learning = createLearning(part(".learning"), t, { changed: draw, step });
  const wrong = (/** @type {import("./numbers.js").Wrong | null} */ found) =>
    tellWrong(part(".weight-wrong"), found, t);
  const typed = (/** @type {string} */ name) => numbersIn(history.present).get(name);
  const grid = createGrid(part(".matrices"), t, { set, choose, typed, wrong });
  const dropped = createDropped(part(".dropped"), t, edit);
  const network = createNetwork(part(".hand-network"), t, signal);
  /** @type {State | null} */
  let state = null;
  /** @type {Numbers | null} */
  let numbers = null;
  let chosen = "";
  let history = begun("");
  /** @type {State["run"]} whose numbers are shown, or asked for */
  let known = null;
  /** The weight that they are of, and the network that the history is of. */
  let [looked, shape] = ["", ""];
  let wasEmpty = true;
  /** The text whose numbers are in the fields. */
  let written = "";

  details.addEventListener("toggle", () => want());
  few.addEventListener("click", () => edit("hidden_size", MOST_UNITS));
  button("undo").addEventListener("click", () => go(undone(history)));
  button("redo").addEventListener("click", () => go(redone(history)));
  button("reset").addEventListener("click", () => put("", ""));
  node.addEventListener("left", () => draw());
  weights.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    go(key === "y" || event.shiftKey ? redone(history) : undone(history));
  });

  return {
    /** The weight that a run is asked for; undefined while no weights are seen. */
    looksAt: () => details.open ? chosen : undefined,

    /** @param {State} next */
    draw: (next) => network.render(next),

    /** @param {State} next */
    render(next) {
      state = next;
      const { experiment } = next;
      const text = String(experiment.by_hand ?? "");
      const now = JSON.stringify(SHAPE.map((field) => experiment[field]));
      if (now !== shape) [history, chosen] = [begun(text), ""];
      dropped.render(experiment);
      shape = now;
      history = changed(history, text, "", performance.now());
      const lesson = node.closest("[data-show~=by_hand]") !== null;
      if ((text && wasEmpty) || (lesson && wasEmpty)) details.open = true;
      wasEmpty = !text && !lesson;
      want();
      if (text !== written) draw();
    },
  };

  /** Show the weights of the run, if they are seen and can be set; it has them, or they are asked for. */
  function want() {
    if (!state || !details.open) return;
    const { experiment, run } = state;
    const problem = unfit(experiment);
    tell(problem ? t(problem, { most: MOST_UNITS, count: experiment.hidden_size }) : "");
    hide(few, problem !== "hand.many");
    if (problem) {
      known = null;
      return hide(weights, true);
    }
    disable(button("undo"), !history.past.length);
    disable(button("redo"), !history.future.length);
    disable(button("reset"), !experiment.by_hand);
    if (!run?.end || unfit(run.experiment) || (run === known && chosen === looked)) return;
    [known, looked] = [run, chosen];
    const brought =
      /** @type {Numbers | null | undefined} */ (/** @type {any} */ (run.end.weights));
    if (brought && (brought.weight?.name ?? "") === chosen) {
      request.drop();
      answered(brought, { run });
    } else request.want({ run, weight: chosen });
  }

  /**
   * @param {Numbers} found
   * @param {{run: import("../run/run.js").Run}} of
   */
  function answered(found, { run }) {
    numbers = found;
    hide(weights, false);
    draw();
    weights.dataset.run = String(run.id);
  }

  /**
   * A weight of a word that is gone is no longer looked at; what else is wrong is said.
   * @param {unknown} problem
   */
  function refused(problem) {
    if (!(problem instanceof Refusal)) return console.info(problem);
    if (chosen && ["weight_gone", "hand_name"].includes(problem.problem.code)) {
      chosen = "";
      return want();
    }
    tell(explain(problem.problem, t));
    hide(weights, true);
  }

  /** @param {string} problem */
  function tell(problem) {
    setText(/** @type {HTMLElement} */ (many.querySelector("span")), problem);
    hide(many, !problem);
  }

  function draw() {
    if (!numbers || !state) return;
    const { experiment, run } = state;
    written = history.present; // the state may be of before a key
    const rate = learning.rate();
    const next = (/** @type {number | null} */ gradient, /** @type {number} */ value) =>
      rate === null ? "" : `→ ${brief(learned(value, gradient, rate))}`;
    grid.render(numbers.matrices, numbersIn(written), chosen, next);
    learning.render(numbers.loss);
    say(eigenvalues, eigenvaluesIn(numbers, t), t);
    network.tell(radiiIn(numbers, t));
    const place = placeOf(numbers.matrices, numbers.weight?.name ?? "");
    const name = place ? weightName(place.matrix, place.row, place.column, t) : "";
    chosenWeight.render(
      place && numbers.weight,
      name,
      run?.tokens ?? [],
      Number(experiment.truncate) > 0,
      rate,
    );
  }

  /** @param {string} name */
  function choose(name) {
    if (name === chosen) return;
    chosen = name;
    draw();
    want();
  }

  /**
   * @param {string} name
   * @param {string | null} number
   * @param {boolean} [typed]  which is undone apart from steps and drags
   */
  function set(name, number, typed = false) {
    put(withNumbers(history.present, [[name, number]]), typed ? `${name} typed` : name);
  }

  /** @param {number} rate */
  function step(rate) {
    if (numbers) put(withNumbers(history.present, afterStep(numbers.matrices, rate)), "");
  }

  /**
   * @param {string} text
   * @param {string} weight  that was changed, and how; empty for several
   */
  function put(text, weight) {
    go(changed(history, text, weight, performance.now()));
  }

  /** @param {import("./history.js").History} next */
  function go(next) {
    const before = history.present;
    history = next;
    if (next.present !== before) edit("by_hand", next.present);
  }
}

/**
 * The reason why the weights of a network cannot be set, as the key of a message.
 * @param {import("../lab/state.js").Experiment} experiment
 */
function unfit({ checkpoint, hidden_size, layers, directions }) {
  if (checkpoint) return "hand.trained";
  if (Number(layers ?? 1) * Number(directions ?? 1) > 1) return "hand.layers";
  return Number(hidden_size) > MOST_UNITS ? "hand.many" : null;
}
