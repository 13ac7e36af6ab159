import { createClock, createFramePace, cut, SECONDS } from "../../../static/js/train/frame-pace.js";
import { extend, started } from "../../../static/js/train/history.js";
import { equal, ok } from "../assert.js";

const T = 3;
/** @type {any} */
const BEGIN = { id: 1, type: "begin", training: { steps: 60 }, timesteps: T, checkpoints: [0] };
const begun = () => started(BEGIN);

/** @param {number} from @param {number} to @returns {any} */
function frame(from, to) {
  const steps = Float64Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const reach = Float32Array.from({ length: T * steps.length }, (_, i) => -i - from);
  return {
    header: {
      id: 1,
      type: "steps",
      from,
      to,
      every: 1,
      checkpoints: [0, to],
      seconds: to,
      answers: [],
    },
    arrays: {
      loss: steps,
      mean_loss: steps,
      accuracy: steps,
      log10_gradient_norm: steps,
      log10_norm_by_distance: reach,
    },
  };
}
/** @type {any} */
const end = { header: { id: 1, type: "end", checkpoints: [0, 60], seconds: 60 }, arrays: {} };

Deno.test("a run that is drawn slowly is in the end the run that was trained", () => {
  const [whole, drawn] = [begun(), begun()];
  const pace = createFramePace((each) => extend(drawn, each), () => {});
  pace.begin(true);
  for (const each of [frame(1, 25), frame(26, 60), end]) {
    extend(whole, each);
    pace.take(each);
  }
  equal([drawn.step, pace.behind, pace.ended], [0, true, true]);
  for (const to of [0, 1, 7, 7, 25, 26, 59]) {
    pace.advance(to);
    equal([drawn.step, drawn.count, drawn.end], [to, to, null]);
    ok(drawn.checkpoints.every((step) => step <= to), `${drawn.checkpoints}`);
  }
  pace.advance(60);
  equal([drawn.reach, drawn.loss, drawn.end], [whole.reach, whole.loss, whole.end]);
  equal([drawn.step, pace.behind, pace.ended], [60, false, false]);
});

Deno.test("waiting frames can be drawn at once, and later ones follow at once", () => {
  const drawn = begun();
  const pace = createFramePace((each) => extend(drawn, each), () => {});
  pace.begin(true);
  pace.take(frame(1, 25));
  pace.catchUp();
  equal(drawn.step, 25);
  pace.take(frame(26, 40));
  equal(drawn.step, 40);
});

Deno.test("a later run, and an error, are not delayed", () => {
  /** @type {string[]} */
  const shown = [];
  const pace = createFramePace(({ header }) => shown.push(header.type), () => {});
  pace.take(frame(1, 5));
  pace.begin(true);
  pace.take(frame(1, 5));
  /** @type {any} */
  const header = { id: 1, type: "error" };
  pace.take({ header, arrays: {} });
  equal(shown, ["steps", "error"]);
});

Deno.test("a cut leaves every step on one side", () => {
  const [first, rest] = cut(frame(11, 20), 13);
  equal([...first?.arrays.loss ?? []], [11, 12, 13]);
  equal([...rest?.arrays.loss ?? []], [14, 15, 16, 17, 18, 19, 20]);
  const [before, after] = /** @type {any[]} */ ([first?.header, rest?.header]);
  equal([before.to, after.from, before.seconds], [13, 14, 13]);
  equal(cut(frame(11, 20), 10)[0], null);
});

Deno.test("the clock takes its seconds for all steps, and stands while nothing runs", () => {
  const clock = createClock();
  equal(clock.tick(1000, 600, true), 0);
  equal(clock.tick(2000, 600, true), 600 / SECONDS);
  equal(clock.tick(9000, 600, false), 600 / SECONDS);
  equal(clock.tick(10_000, 600, true), 1200 / SECONDS);
  clock.restart();
  equal(clock.tick(20_000, 600, true), 0);
});
