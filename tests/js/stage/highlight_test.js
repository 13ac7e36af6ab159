import { lights, same } from "../../../static/js/stage/highlight.js";
import { equal } from "../assert.js";

/** @param {string} quantity @param {number | null} timestep */
const lit = (quantity, timestep) => ({ quantity, timestep });

Deno.test("a symbol is lit by the same thing, and by the whole of its timestep", () => {
  equal([
    lights(lit("h", 3), lit("h", 3)),
    lights(lit("h", 3), lit("h", 2)),
    lights(lit("h", 3), lit("x", 3)),
    lights(lit("h", 3), lit("column", 3)),
    lights(lit("weights", null), lit("column", 3)),
    lights(lit("weights", null), lit("weights", null)),
  ], [true, false, false, true, false, true]);
});

Deno.test("a matrix of the encoder does not light the decoder's", () => {
  const [encoder, decoder] = [0, 1].map((part) => ({ ...lit("W_hh", null), part }));
  equal([lights(encoder, encoder), lights(encoder, decoder)], [true, false]);
});

Deno.test("no target highlights no element", () => {
  equal(
    [lights(null, null), lights(lit("h", 1), null), same(null, null), same(lit("h", 1), null)],
    [
      false,
      false,
      true,
      false,
    ],
  );
});
