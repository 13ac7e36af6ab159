import { initial } from "../../../static/js/lab/state.js";
import {
  applied,
  barsOf,
  isTold,
  litBy,
  news,
  runsOf,
  shownBy,
  standOf,
  translated,
} from "../../../static/js/room/room-state.js";
import { positionOf } from "../../../static/js/playback/playhead.js";
import { stripOf, withStrip } from "../../../static/js/room/strip.js";
import { equal } from "../assert.js";

/** @type {any} */
const ROOM = {
  address: { cell: "lstm", seed: 3 },
  parts: [],
  point: "",
  playhead: null,
  strip: [1],
};
const DEFAULTS = { cell: "rnn", recurrent_scale: 1, sequence: "hello" };

/** @param {number[]} shares @returns {any} */
const runOf = (shares) => ({ T: shares.length, log10Share: Float64Array.from(shares) });

Deno.test("a change of the room replaces the old value, and a setting that is gone is removed", () => {
  const moved = applied(ROOM, { address: { seed: null, bias: 2 }, step: "x" });
  equal(moved.address, { cell: "lstm", bias: 2 });
  equal([moved.step, moved.strip], ["x", null]);
  equal(applied(ROOM, {}, new Float32Array([0.5, -Infinity])).strip, [0.5, -Infinity]);
  equal(ROOM.address, { cell: "lstm", seed: 3 });
});

Deno.test("a student's lab stands as the teacher's does", () => {
  const teacher = {
    ...initial({ ...DEFAULTS, cell: "gru" }),
    run: runOf([0, -1]),
    position: 2.5,
    folded: true,
    output: false,
    backward: false,
    bars: /** @type {const} */ ("powers"),
    chart: /** @type {const} */ ("spectrum"),
    chosen: 2,
    playing: true,
  };
  const shown = shownBy(/** @type {any} */ (teacher), DEFAULTS);
  equal(shown.address, { cell: "gru" });
  const room = { ...ROOM, ...shown };
  equal(standOf(room), {
    place: { position: 2.5, of: 2 },
    play: false,
    folded: true,
    attention: false,
    output: false,
    backward: false,
    chart: "spectrum",
    chosen: 2,
  });
  equal([barsOf(room), barsOf(ROOM)], ["powers", "linear"]);
});

Deno.test("pins, the thing that is pointed at and the answer are told as well", () => {
  const lstm = { ...DEFAULTS, cell: "lstm" };
  const trained = { ...DEFAULTS, checkpoint: "a-150", sequence: "a b\u00e9" };
  const pins = [lstm, DEFAULTS, trained].map((experiment) => ({ experiment, run: null }));
  const other = { experiment: { ...DEFAULTS, cell: "gru" }, run: null, follows: true };
  for (const pinned of [[], pins, [...pins, other]]) {
    const shown = shownBy({ ...initial(DEFAULTS), pins: pinned }, DEFAULTS);
    equal(runsOf(shown.address, DEFAULTS), {
      experiment: DEFAULTS,
      pins: pinned.filter((pin) => pin !== other).map((pin) => pin.experiment),
      cells: pinned.includes(other) ? ["gru"] : [],
    });
  }
  for (
    const lit of [
      null,
      { quantity: "d_h", timestep: 3 },
      { quantity: "W_hh", timestep: null, part: 1 },
    ]
  ) {
    equal(litBy({ ...ROOM, ...shownBy({ ...initial(DEFAULTS), lit }, DEFAULTS) }), lit);
  }
  const where = { page: "lessons/gates", step: "forget", told: true };
  const shown = shownBy(initial(DEFAULTS), DEFAULTS, where);
  equal([shown.page, shown.step, isTold({ ...ROOM, ...shown })], ["lessons/gates", "forget", true]);
  equal(isTold(ROOM), false);
});

Deno.test("only what has changed is told", () => {
  const shown = shownBy(initial(DEFAULTS), DEFAULTS);
  equal(news({}, shown), shown);
  equal(news(shown, { ...shown, address: {} }), null);
  equal(news(shown, { ...shown, playhead: 4 }), { playhead: 4 });
});

Deno.test("the strip of a long run has every k-th bar, and draws them all", () => {
  const short = runOf([0, -1.5, -Infinity]);
  equal(stripOf(short), [0, -1.5, null]);
  equal([...withStrip(short, [-1, -2, null]).log10Share], [-1, -2, -Infinity]);
  const long = runOf(Array.from({ length: 130 }, (_, i) => -i));
  const strip = stripOf(long) ?? [];
  equal(strip.length, 44);
  equal([...withStrip(long, strip).log10Share].slice(0, 4), [0, 0, 0, -3]);
  equal(withStrip(short, strip), short);
});

Deno.test("a lesson's text is in the student's language, and one that was typed stays", () => {
  /** @type {any[]} */
  const pairs = [{ from: { sequence: "the sky" }, to: { sequence: "天空" } }, {
    from: { sequence: "good", target: "positive", checkpoint: "en-600" },
    to: { sequence: "好", target: "正面", checkpoint: "zh-600" },
  }];
  equal(translated({ cell: "gru", sequence: "the sky" }, pairs), {
    cell: "gru",
    sequence: "天空",
  });
  const trained = { sequence: "the sky", checkpoint: "mine-3" };
  const changed = { sequence: "good", target: "negative", checkpoint: "en-600" };
  for (const same of [{ sequence: "the sea" }, trained, changed]) {
    equal(translated(same, pairs) === same, true);
  }
  const both = translated({ ...changed, target: "positive" }, pairs);
  equal(both, { sequence: "好", target: "正面", checkpoint: "zh-600" });
});

Deno.test("the playhead and the bars stand alike in a run of another length", () => {
  const teacher = { ...initial(DEFAULTS), run: runOf([-2, -1, 0]), position: 6 };
  const { place } = standOf(/** @type {any} */ (shownBy(/** @type {any} */ (teacher), DEFAULTS)));
  equal(place, { position: 6, of: 3 });
  equal([positionOf(place, 5), positionOf(place, 3)], [10, 6]);
  equal(positionOf({ position: 2, of: 3 }, 5), 2);
  equal([...withStrip(runOf([0, 0, 0, 0, 0, 0]), [-2, -1, 0], true).log10Share], [
    -2,
    -2,
    -1,
    -1,
    0,
    0,
  ]);
  const room = { ...ROOM, point: "symbol h 5" };
  equal(litBy(room, 3)?.timestep, 3);
});
