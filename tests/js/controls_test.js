import { explain } from "../../static/js/controls.js";
import { translator } from "../../static/js/format.js";
import { equal } from "./assert.js";

const t = translator({
  "field.seed": "种子",
  "error.integer": "{field}必须是 {low} 到 {high} 的整数",
  "error.lesson_experiment": "{where}：{name} 无法运行：{problem}",
});
const seed = { field: "seed", code: "integer", details: { low: 0, high: 9 }, message: "seed …" };

Deno.test("a problem goes by the names of the page, and so does one that it tells of", () => {
  equal(explain(seed, t), "种子必须是 0 到 9 的整数");
  const details = { where: "lesson, a", name: "experiment", problem: seed };
  const outer = { field: null, code: "lesson_experiment", details, message: "lesson, a: …" };
  equal(explain(outer, t), "Lesson, a：experiment 无法运行：种子必须是 0 到 9 的整数");
});

Deno.test("a problem without words in the catalog is told as the server tells it", () => {
  equal(explain({ ...seed, code: "new" }, t), "Seed …");
});
