import { initial, reduce } from "../../../static/js/train/state.js";
import { asked, differs, guessable, live, seen } from "../../../static/js/train/status.js";
import { equal } from "../assert.js";

/** @type {any} */
const PLAN = { task: "first", cells: "rnn,lstm", learning_rate: 0.1, steps: 10 };

/**
 * The state after one action and another.
 * @param {any} state
 * @param {any[]} actions
 * @returns {import("../../../static/js/train/state.js").State}
 */
const after = (state, ...actions) => actions.reduce(reduce, state);

/**
 * The answer to a network that was asked to train.
 * @param {string} cell
 * @param {object} [more]
 */
const begin = (cell, more = {}) => {
  const { cells: _, ...training } = PLAN;
  const header = { type: "begin", id: 1, key: `key ${cell}`, training: { ...training, cell } };
  const sizes = { T: 2, run: "run", planned: 10, losses: [2], tokens: [], vocabulary: [] };
  return { type: "frame", cell, frame: { header: { ...header, ...sizes, ...more }, arrays: {} } };
};

const start = { type: "start", single: false };
/** @param {string} cell @param {string} code */
const refuse = (cell, code) => ({
  type: "frame",
  cell,
  frame: {
    header: { type: "error", id: 1, field: null, code, details: {}, message: "" },
    arrays: {},
  },
});

Deno.test("networks are live once each that was asked for has begun or was refused", () => {
  const one = after(initial(PLAN, true), start, begin("rnn"));
  equal([asked(one.networks), live(one.networks), one.first], [true, false, true]);
  const both = after(one, begin("lstm"));
  equal([asked(both.networks), live(both.networks), both.first], [false, true, false]);
  equal(both.networks.map(({ key }) => key), ["key rnn", "key lstm"]);
  const refused = after(one, refuse("lstm", "busy"));
  equal(live(refused.networks), true);
  equal(refused.problem?.code, "busy");
});

Deno.test("a start of single steps waits after the first", () => {
  const { networks } = after(
    initial(PLAN, true),
    { type: "start", single: true },
    begin("rnn"),
    begin("lstm"),
  );
  equal(networks.map(({ state }) => state), ["paused", "paused"]);
});

Deno.test("pause stops those that train, and goes on with those that wait", () => {
  const running = after(initial(PLAN, true), start, begin("rnn"), begin("lstm"));
  const paused = after(running, { type: "pause" });
  equal(paused.networks.map(({ state }) => state), ["paused", "paused"]);
  equal(
    after(paused, { type: "pause" }).networks.map(({ state }) => state),
    ["running", "running"],
  );
});

Deno.test("another cell keeps the runs of those that stay", () => {
  const running = after(initial(PLAN, true), start, begin("rnn"), begin("lstm"));
  const plan = { ...PLAN, cells: "lstm,gru" };
  const { networks, crowded } = after(running, { type: "plan", plan, crowded: "rnn" });
  equal(networks.map(({ cell, state }) => [cell, state]), [["lstm", "running"], ["gru", "idle"]]);
  equal(crowded, "rnn");
});

Deno.test("a run of another task is not shown until that is chosen again", () => {
  const running = after(initial(PLAN, true), start, begin("rnn"), begin("lstm"));
  const away = after(running, { type: "plan", plan: { ...PLAN, task: "second" } });
  equal(seen(away).map(({ history }) => history), [null, null]);
  const back = after(away, { type: "plan", plan: PLAN });
  equal(seen(back).every(({ history }) => history), true);
});

Deno.test("a guess is asked for until something has been trained, and again for another plan", () => {
  const fresh = after(initial(PLAN, true), { type: "guess", guess: ["lstm"] });
  equal(guessable(fresh), true);
  const running = after(fresh, start, begin("rnn"), begin("lstm"));
  equal([guessable(running), running.guess, running.guessed], [false, null, ["lstm"]]);
  const over = after(running, refuse("rnn", "internal"), refuse("lstm", "internal"));
  equal([guessable(over), differs(over)], [false, false]);
  const longer = after(over, { type: "plan", plan: { ...PLAN, steps: 20 } });
  equal([guessable(longer), differs(longer)], [true, true]);
});

Deno.test("a run that took up another rate while it trained is not an earlier one", () => {
  const running = after(initial(PLAN, true), start, begin("rnn"), begin("lstm"));
  const told = after(running, { type: "plan", plan: { ...PLAN, learning_rate: 0.2 } });
  equal(differs(told), false);
});

Deno.test("a run that the server lost has a notice, and one that waits there is away", () => {
  const running = after(initial(PLAN, true), start, begin("rnn"), begin("lstm"));
  const lost = { type: "way", cell: "rnn", way: "lost", unreachable: false };
  equal(after(running, lost).notice, "away");
  const gone = after(running, refuse("rnn", "training_gone"));
  equal([gone.notice, gone.problem, gone.networks[0].state], ["lost", null, "over"]);
});

Deno.test("a run that a page asks for after a reload, and the server has not, is said to be gone", () => {
  const asked = after(initial(PLAN, true), start, refuse("rnn", "training_gone"));
  const [rnn] = asked.networks;
  equal([asked.notice, asked.problem, rnn.state, rnn.key], ["not_found", null, "idle", ""]);
});

Deno.test("a server that does not answer ends the waiting", () => {
  const waiting = after(initial(PLAN, true), start);
  const lost = { type: "way", way: "lost", unreachable: true };
  const state = after(waiting, { ...lost, cell: "rnn" }, { ...lost, cell: "lstm" });
  equal([asked(state.networks), state.notice], [false, "unreachable"]);
});
