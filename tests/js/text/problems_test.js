import { explain } from "../../../static/js/text/problems.js";
import { translator } from "../../../static/js/text/format.js";
import { equal } from "../assert.js";

const t = translator({
  "field.seed": "种子",
  "where.lesson.step": "课程的步骤“{step}”",
  "where.words": "文字",
  "error.integer": "{field}必须是 {low} 到 {high} 的整数",
  "error.lesson_experiment": "{where}：{name} 无法运行：{problem}",
});
const seed = { field: "seed", code: "integer", details: { low: 0, high: 9 }, message: "seed …" };

Deno.test("a problem uses the names of the page, and so does one inside it", () => {
  equal(explain(seed, t), "种子必须是 0 到 9 的整数");
  const details = { where: "lesson, a", name: "experiment", problem: seed };
  const outer = { field: null, code: "lesson_experiment", details, message: "lesson, a: …" };
  equal(explain(outer, t), "课程的步骤“a”：experiment 无法运行：种子必须是 0 到 9 的整数");
});

Deno.test("a problem begins with a large letter, but where that is a name of the user's", () => {
  const named = translator({
    "error.data_first": "{value} needs a network",
    "error.empty": "{field} is empty",
  });
  const file = { field: null, code: "data_first", details: { value: "x.csv" }, message: "" };
  equal(explain(file, named), "x.csv needs a network");
  const empty = { field: "sequence", code: "empty", details: {}, message: "" };
  equal(explain(empty, named), "Sequence is empty");
});

Deno.test("the choices of a field, the one that was made, and a cell have the names of the page", () => {
  const named = translator({
    "language.comma": "、",
    "field.cell": "循环单元",
    "choice.cell.lstm": "LSTM",
    "choice.cell.feedforward": "无记忆",
    "error.choice": "{field}必须是 {choices} 之一，现在是 {value}",
    "choice.activation.identity": "线性",
    "error.gated": "{cell} 的门有自己的激活函数，不能是 {value}",
  });
  const details = { choices: "lstm, feedforward", value: "'foo'" };
  equal(
    explain({ field: "cell", code: "choice", details, message: "" }, named),
    "循环单元必须是 LSTM、无记忆之一，现在是 'foo'",
  );
  const got = { cell: "lstm", value: "identity" };
  const gated = { field: "activation", code: "gated", details: got, message: "" };
  equal(explain(gated, named), "LSTM 的门有自己的激活函数，不能是线性");
});

Deno.test("a task has the name of the page, and one there is not stays as it was typed", () => {
  const named = translator({
    "task.recall": "Recall the first letter",
    "error.no_length": "the task “{task}” does not use {field}",
  });
  /** @param {string} task */
  const told = (task) =>
    explain({ field: "length", code: "no_length", details: { task }, message: "" }, named);
  equal(told("recall"), "The task “Recall the first letter” does not use length");
  equal(told("chess"), "The task “chess” does not use length");
});

Deno.test("a lesson's table has the name of the page, a file its own", () => {
  /** @param {string} where */
  const told = (where) => {
    const details = { where, name: "title", problem: seed };
    return explain({ field: null, code: "lesson_experiment", details, message: "" }, t);
  };
  equal(told("words"), "文字：title 无法运行：种子必须是 0 到 9 的整数");
  equal(told("gates/zh-CN.toml"), "Gates/zh-CN.toml：title 无法运行：种子必须是 0 到 9 的整数");
});

Deno.test("a problem without a text in the catalog has the server's", () => {
  equal(explain({ ...seed, code: "new" }, t), "Seed …");
});
