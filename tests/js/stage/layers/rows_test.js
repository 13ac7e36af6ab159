import { isDeep, levelShare, levelsOf } from "../../../../static/js/run/levels.js";
import { rowsOf } from "../../../../static/js/stage/layers/rows.js";
import { barY } from "../../../../static/js/stage/draw/bars.js";
import { height } from "../../../../static/js/canvas/color-scale.js";
import { equal, ok } from "../../assert.js";

const { test } = Deno;
const run = { layers: 2, directions: 2, T: 3, log10LevelShares: new Float64Array(12).fill(-1) };

test("the highest layer is above, and the direction that reads forward above the other", () => {
  equal(levelsOf(run).map(({ layer, reverse, index }) => [layer, reverse, index]), [
    [2, false, 2],
    [2, true, 3],
    [1, false, 0],
    [1, true, 1],
  ]);
  equal([isDeep(run), isDeep({ layers: 1, directions: 1 })], [true, false]);
});

test("rows follow one another from above, and none is over another", () => {
  for (const directions of [1, 2]) {
    for (const layers of [1, 2, 3, 4]) {
      const { rows, height: whole } = rowsOf({ layers, directions });
      equal(rows.length, layers * directions);
      rows.forEach(({ top, ceiling, floor }, k) => {
        ok(top < ceiling && ceiling < floor && floor <= whole, "a row has no room");
        if (k) ok(top > rows[k - 1].floor, "a row is over another");
      });
    }
  }
});

test("rows have no more than their room, and their full height where there is more", () => {
  const most = { layers: 4, directions: 2 };
  const { height: whole, scale } = rowsOf(most, 1.3);
  equal(scale, 1.3);
  equal(rowsOf(most, 1.3, whole).height, whole);
  ok(Math.abs(rowsOf(most, 1.3, 200).height - 202) < 1e-9, "they are higher than their room");
});

test("a smaller share never looks larger, in whichever layer it is", () => {
  const { rows } = rowsOf(run);
  for (const view of /** @type {const} */ (["linear", "powers"])) {
    const tall = rows.map((row) => row.floor - barY(row, height(-0.5, view)));
    const low = rows.map((row) => row.floor - barY(row, height(-1.5, view)));
    ok(Math.max(...low) < Math.min(...tall), view);
    ok(Math.max(...tall) - Math.min(...tall) < 1e-9, view);
  }
});

test("a level's share is found by timestep", () => {
  const shares = Float64Array.from({ length: 12 }, (_, i) => -i);
  const [top] = levelsOf(run);
  equal(levelShare({ ...run, log10LevelShares: shares }, top, 2), -6);
  equal(levelShare({ ...run, log10LevelShares: null }, top, 2), -Infinity);
});
