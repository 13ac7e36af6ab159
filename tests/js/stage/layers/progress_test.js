import { isRead, isWalked, walkOf } from "../../../../static/js/stage/layers/progress.js";
import { equal } from "../../assert.js";

const { test } = Deno;
const [BLANK, WHOLE] = [[false, false, false], [true, true, true]];
const FRONT = { layer: 2, reverse: false };

/**
 * Where a level of a stack in which layer 2 is in front has been read, and where walked back.
 * @param {number} directions
 * @param {{to?: number, from?: number}} walk
 * @param {{layer: number, reverse: boolean}} level
 */
function seen(directions, { to = 3, from = 4 }, level) {
  const walk = walkOf({ T: 3, directions, layer: 2 }, { to, from }, level);
  const at = (/** @type {typeof isRead} */ told) =>
    [1, 2, 3].map((t) => told(3, { ...level, walk }, t));
  return { read: at(isRead), walked: at(isWalked) };
}

test("the way back begins at T, and at t = 1 in the cell that reads from the end", () => {
  equal(seen(2, { from: 3 }, FRONT).walked, [false, false, true]);
  equal(seen(2, { from: 3 }, { ...FRONT, reverse: true }).walked, [true, false, false]);
});

test("of layers read in one direction, each timestep goes through all", () => {
  for (const layer of [1, 2, 3]) {
    const { read, walked } = seen(1, { to: 1, from: 3 }, { layer, reverse: false });
    equal([read, walked], [[true, false, false], [false, false, true]]);
  }
});

test("where both directions are read, what is in front reads a layer that is whole", () => {
  for (const reverse of [false, true]) {
    const [below, above] = [1, 3].map((layer) => ({ layer, reverse }));
    equal([0, 1, 3].map((to) => seen(2, { to }, below).read), [BLANK, WHOLE, WHOLE]);
    equal([0, 1, 3].map((to) => seen(2, { to }, above).read), [BLANK, BLANK, WHOLE]);
  }
});

test("where both directions are read, the gradient has left a layer before it is in the next", () => {
  for (const reverse of [false, true]) {
    const [below, above] = [1, 3].map((layer) => ({ layer, reverse }));
    equal([4, 3, 1].map((from) => seen(2, { from }, below).walked), [BLANK, BLANK, WHOLE]);
    equal([4, 3, 1].map((from) => seen(2, { from }, above).walked), [BLANK, WHOLE, WHOLE]);
  }
});
