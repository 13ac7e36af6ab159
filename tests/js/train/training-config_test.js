import {
  cellsOf,
  LONGEST_IN_ADDRESS,
  offersAttention,
  planFrom,
  searchOf,
  trainingOf,
  withCell,
  withTask,
} from "../../../static/js/train/training-config.js";
import { equal } from "../assert.js";
import "../cells.js";

const CELLS = ["rnn", "lstm", "gru", "feedforward"];
const defaults = {
  task: "recall",
  length: 0,
  examples: "",
  start: "",
  temperature: 1,
  activation: "tanh",
  learning_rate: 0.003,
  cells: "rnn,lstm",
};
const offer = {
  defaults,
  cells: CELLS,
  tasks: {
    text: { plan: { learning_rate: 0.003 }, architecture: "many-to-many" },
    copying: { plan: { learning_rate: 0.02 }, architecture: "many-to-many" },
    reverse: { plan: {}, architecture: "encoder-decoder" },
    dates: { plan: {}, architecture: "encoder-decoder" },
    examples: { plan: {}, architecture: "" },
  },
};

Deno.test("the address holds the settings that differ from the defaults, and restores them", () => {
  equal(searchOf(defaults, offer, ""), "");
  const written = { examples: "a & b", start: "b ", temperature: 0.5 };
  const plan = { ...defaults, ...written, task: "text", learning_rate: 0.1, cells: "gru" };
  equal(planFrom(searchOf(plan, offer, ""), offer), plan);
  equal(searchOf(defaults, offer, "?view=projector&x=1"), "?view=projector");
});

Deno.test("a text that is too long for an address is left out of it", () => {
  const plan = { ...defaults, task: "text", examples: "x".repeat(LONGEST_IN_ADDRESS + 1) };
  equal(searchOf(plan, offer, ""), "?task=text");
});

Deno.test("an address names cells that there are, each once and three at most", () => {
  equal(cellsOf(planFrom("?cells=gru,gru,toaster,lstm", offer)), ["gru", "lstm"]);
  equal(cellsOf(planFrom("?cells=rnn,lstm,gru,feedforward", offer)).length, 3);
  equal(planFrom("?cells=toaster", offer).cells, "rnn,lstm");
});

Deno.test("one cell stays, and a fourth takes the place of the first", () => {
  equal(withCell(defaults, "gru", true, CELLS).cells, "rnn,lstm,gru");
  equal(withCell(defaults, "rnn", false, CELLS).cells, "lstm");
  equal(withCell({ ...defaults, cells: "lstm" }, "lstm", false, CELLS).cells, "lstm");
  const three = { ...defaults, cells: "rnn,lstm,gru" };
  equal(withCell(three, "feedforward", true, CELLS).cells, "lstm,gru,feedforward");
});

Deno.test("another task starts with its own length, text and learning rate", () => {
  const plan = {
    ...defaults,
    task: "text",
    length: 50,
    examples: "mine",
    start: "m",
    learning_rate: 1,
  };
  const copying = { ...defaults, task: "copying", learning_rate: 0.02 };
  equal(withTask(plan, "copying", offer), copying);
  equal(searchOf(copying, offer, ""), "?task=copying");
  equal(planFrom("?task=copying", offer), copying);
  equal(planFrom("?task=copying&learning_rate=0.003", offer).learning_rate, 0.003);
});

Deno.test("an unknown task is kept for the message", () => {
  equal(planFrom("?task=chess", offer), { ...defaults, task: "chess" });
});

Deno.test("each cell is trained as the plan says, gated ones with activations of their own", () => {
  const { cells: _, start: _start, temperature: _temperature, ...fields } = {
    ...defaults,
    activation: "relu",
  };
  equal(trainingOf({ ...defaults, activation: "relu" }, "rnn"), { ...fields, cell: "rnn" });
  equal(trainingOf({ ...defaults, activation: "relu" }, "gru").activation, "tanh");
});

Deno.test("a cell without states is trained without attention beside others that have it", () => {
  const plan = { ...defaults, task: "reverse", attention: "dot", cells: "rnn,feedforward" };
  equal(trainingOf(plan, "rnn").attention, "dot");
  equal(trainingOf(plan, "feedforward").attention, "none");
});

Deno.test("attention is offered where a recurrent encoder is, or may be in lines of one's own", () => {
  /** @param {string} task @param {string} cells @param {string} attention */
  const offered = (task, cells = "rnn,feedforward", attention = "none") =>
    offersAttention(
      { ...defaults, task, cells, attention },
      /** @type {any} */ (offer.tasks)[task],
    );
  equal(["reverse", "examples"].map((task) => offered(task)), [true, true]);
  equal(["copying", "chess"].map((task) => offered(task)), [false, false]);
  equal(offered("reverse", "feedforward"), false);
  equal(offered("copying", "rnn", "dot"), true); // an address has it: it can be put right
});

Deno.test("attention stays with another task that has an encoder, and with no other", () => {
  const plan = { ...defaults, task: "reverse", attention: "dot" };
  /** @param {string} task */
  const then = (task) => withTask(plan, task, offer).attention;
  equal(["dates", "copying", "examples"].map(then), ["dot", "none", "none"]);
});
