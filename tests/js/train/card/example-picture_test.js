import { points } from "../../../../static/js/train/card/example-picture.js";
import { equal } from "../../assert.js";

/** @param {string} corners */
const heights = (corners) => corners.split(" ").map((each) => Number(each.split(",")[1]));

Deno.test("a larger value is drawn higher, on the scale of the targets", () => {
  const targets = [-1, 0, 1];
  const [low, middle, high] = heights(points(targets, targets));
  equal([low > middle, middle > high, low + high], [true, true, 2 * middle]);
  equal(points([0], targets).split(",")[1], points(targets, targets).split(/[ ,]/)[3]);
});

Deno.test("a value far from the targets stays at the edge, and what is no number is not drawn", () => {
  const targets = [0, 1];
  const [top, bottom] = heights(points([1e30, -1e30], targets));
  equal([top, bottom], [0, 40]);
  equal(points([NaN, NaN], targets), "");
  equal(heights(points([3, 3], [3, 3])), [20, 20]);
});
