import {
  cellsOf,
  LONGEST_IN_ADDRESS,
  planFrom,
  searchOf,
  trainingOf,
  withCell,
  withTask,
} from "../../static/js/train/plan.js";
import { equal } from "./assert.js";

const CELLS = ["rnn", "lstm", "gru", "feedforward"];
const defaults = {
  task: "recall",
  length: 0,
  examples: "",
  activation: "tanh",
  learning_rate: 0.003,
  cells: "rnn,lstm",
};

Deno.test("the address holds what is planned beyond the defaults, and it comes back", () => {
  equal(searchOf(defaults, defaults, ""), "");
  const plan = { ...defaults, task: "text", examples: "a & b", learning_rate: 0.1, cells: "gru" };
  equal(planFrom(searchOf(plan, defaults, ""), defaults, CELLS), plan);
  equal(searchOf(defaults, defaults, "?view=projector&x=1"), "?view=projector");
});

Deno.test("a text that is too long for an address is left out of it", () => {
  const plan = { ...defaults, task: "text", examples: "x".repeat(LONGEST_IN_ADDRESS + 1) };
  equal(searchOf(plan, defaults, ""), "?task=text");
});

Deno.test("an address names cells that there are, each once and three at most", () => {
  equal(cellsOf(planFrom("?cells=gru,gru,toaster,lstm", defaults, CELLS)), ["gru", "lstm"]);
  equal(cellsOf(planFrom("?cells=rnn,lstm,gru,feedforward", defaults, CELLS)).length, 3);
  equal(planFrom("?cells=toaster", defaults, CELLS).cells, "rnn,lstm");
});

Deno.test("one cell stays, and a fourth takes the place of the first", () => {
  equal(withCell(defaults, "gru", true, CELLS).cells, "rnn,lstm,gru");
  equal(withCell(defaults, "rnn", false, CELLS).cells, "lstm");
  equal(withCell({ ...defaults, cells: "lstm" }, "lstm", false, CELLS).cells, "lstm");
  const three = { ...defaults, cells: "rnn,lstm,gru" };
  equal(withCell(three, "feedforward", true, CELLS).cells, "lstm,gru,feedforward");
});

Deno.test("another task starts with its own length and text", () => {
  const plan = { ...defaults, task: "text", length: 50, examples: "mine" };
  equal(withTask(plan, "copying"), { ...defaults, task: "copying" });
});

Deno.test("each cell is trained as the plan says, gated ones with activations of their own", () => {
  const { cells: _, ...fields } = { ...defaults, activation: "relu" };
  equal(trainingOf({ ...defaults, activation: "relu" }, "rnn"), { ...fields, cell: "rnn" });
  equal(trainingOf({ ...defaults, activation: "relu" }, "gru").activation, "tanh");
});
