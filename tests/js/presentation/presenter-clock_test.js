import { minutes } from "../../../static/js/presentation/presenter-clock.js";
import { equal } from "../assert.js";

Deno.test("a clock counts minutes and seconds", () => {
  equal([0, 7.9, 60, 754, -3].map(minutes), ["0:00", "0:07", "1:00", "12:34", "0:00"]);
});
