import { below, center, layout, visible } from "../../static/js/layout.js";
import { equal, ok } from "./assert.js";

Deno.test("25 timesteps share a desk's width, and a phone scrolls", () => {
  const desk = layout(1080, 500, 25);
  equal([desk.detail, desk.width], ["full", 1080]);
  const phone = layout(350, 440, 25);
  equal(phone.detail, "full");
  ok(phone.width > 350, "columns keep a legible width");
});

Deno.test("long sequences fall back to compact columns and to a ribbon", () => {
  equal([80, 300, 2000].map((T) => layout(1080, 500, T).detail), ["compact", "ribbon", "ribbon"]);
});

Deno.test("rows lie one under the other, within the height", () => {
  const rows = layout(1080, 500, 25);
  const order = [rows.output, rows.hidden, rows.token, rows.index, rows.bars];
  order.slice(1).forEach((row, i) => ok(row.top >= below(order[i]), `row ${i + 1} overlaps`));
  ok(below(rows.bars) <= 500, "the bars end within the stage");
});

Deno.test("what is in view is what is drawn", () => {
  const wide = layout(400, 500, 2000);
  const { from, to } = visible(wide, center(wide, 1000));
  ok(from <= 1000 && to >= 1000 && to - from < 250, `${from}..${to}`);
  equal(visible(layout(1080, 500, 25), 0), { from: 1, to: 25 });
});
