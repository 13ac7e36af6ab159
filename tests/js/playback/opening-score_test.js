import { LENGTH, LENGTHS, momentAt } from "../../../static/js/playback/opening-score.js";
import { endPosition } from "../../../static/js/playback/playhead.js";
import { equal, ok } from "../assert.js";

const T = 24;
const SCALE = 1;
const moments = Array.from({ length: LENGTH }, (_, ms) => momentAt(ms, T, SCALE));

Deno.test("an opening has five captions in eight to ten seconds, each long enough to be read", () => {
  equal(LENGTHS.length, 5);
  ok(LENGTH >= 8000 && LENGTH <= 10_000, `${LENGTH} ms`);
  for (const length of LENGTHS) ok(length >= 1500, `${length} ms`);
  equal([...new Set(moments.map(({ caption }) => caption))], [0, 1, 2, 3, 4]);
  equal(momentAt(LENGTH, T, SCALE).caption, 5);
});

Deno.test("the playhead goes from the one cell to the end, without a jump and never back", () => {
  equal([moments[0].folded, moments[0].position], [true, 0]);
  moments.slice(1).forEach(({ position }, i) => {
    const step = position - moments[i].position;
    ok(step >= 0 && step < 0.1, `a step of ${step} at ${i} ms`);
  });
  equal(momentAt(LENGTH, T, SCALE).position, endPosition(T));
  ok(moments.every(({ folded, position }) => !folded || position === 0), "folded, and moving");
});

Deno.test("the slider goes down, up and back to where it was, once everything else is still", () => {
  const scales = moments.map(({ scale }) => scale);
  equal([Math.min(...scales), Math.max(...scales)], [0.5, 2.5]);
  ok(scales.indexOf(0.5) < scales.indexOf(2.5), "up before down");
  equal([scales[0], scales.at(-1)], [SCALE, SCALE]);
  const still = moments.every(({ scale, position }) =>
    scale === SCALE || position === endPosition(T)
  );
  ok(still, "the slider and the playhead move at once");
  equal(momentAt(LENGTH - 1, T, 1.37).scale, 1.37);
});
