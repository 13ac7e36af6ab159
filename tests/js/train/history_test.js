import {
  checkpointFor,
  extend,
  indexOf,
  lasting,
  MOST_KEPT,
  reachAt,
  spanOf,
  started,
  steadyWindows,
  stepAt,
  windowOf,
} from "../../../static/js/train/history.js";
import { equal, ok } from "../assert.js";

const T = 3;

/** @param {number} [steps] */
function begun(steps = 10_000) {
  /** @type {any} */
  const begin = {
    id: 1,
    type: "begin",
    run: "abc",
    training: { steps },
    timesteps: T,
    baseline: 2,
    numbers: false,
    probes: [],
    checkpoints: [0],
  };
  return started(begin);
}

/**
 * The frame of some steps: the loss of each is its number.
 * @param {number} from
 * @param {number} to
 * @param {number} [every]  of which every k-th is brought
 * @returns {any}
 */
function frame(from, to, every = 1) {
  const n = Math.floor((to - from) / every) + 1;
  const reach = new Float32Array(n * T);
  for (let i = 0; i < n * T; i++) reach[i] = -(i % T) * 2 - from - every * Math.floor(i / T);
  const steps = Float64Array.from({ length: n }, (_, i) => from + i * every);
  return {
    header: {
      id: 1,
      type: "steps",
      from,
      to,
      every,
      answers: [],
      checkpoints: [0, to],
      seconds: to,
    },
    arrays: {
      loss: steps,
      mean_loss: steps,
      accuracy: new Float32Array(n).fill(0.5),
      log10_gradient_norm: steps,
      log10_norm_by_distance: reach,
    },
  };
}

Deno.test("every step is kept while there is room", () => {
  const history = begun();
  extend(history, frame(1, 4));
  extend(history, frame(5, 6));
  equal([history.step, history.count, history.every], [6, 6, 1]);
  equal([...history.loss.subarray(0, 6)], [1, 2, 3, 4, 5, 6]);
  equal(reachAt(history, 4, 2), -4);
  equal(history.lastMean, 6);
});

Deno.test("of more steps than there is room for every k-th is kept, with its own numbers", () => {
  const history = begun();
  for (let step = 1; step < 5 * MOST_KEPT; step += 50) extend(history, frame(step, step + 49));
  equal(history.every, 8);
  ok(history.count <= MOST_KEPT, `${history.count}`);
  for (const i of [0, 1, 100, history.count - 1]) {
    equal(history.loss[i], stepAt(i, history));
    equal(reachAt(history, i, 1), -2);
  }
  equal(indexOf(8001, history), history.count - 1);
  equal(stepAt(indexOf(1003, history), history), 1001);
});

Deno.test("the same steps are kept however they are cut into frames", () => {
  const [whole, cut] = [begun(), begun()];
  extend(whole, frame(1, 3 * MOST_KEPT));
  for (let step = 1; step <= 3 * MOST_KEPT; step++) extend(cut, frame(step, step));
  equal([whole.every, whole.count], [cut.every, cut.count]);
  equal([...whole.loss], [...cut.loss]);
  equal([...whole.mean], [...cut.mean]);
});

Deno.test("a run that is found again goes on as one that was never left", () => {
  const [stayed, found] = [begun(), begun()];
  extend(stayed, frame(1, 3 * MOST_KEPT + 2));
  extend(found, frame(1, 3 * MOST_KEPT + 2, 4));
  for (const each of [stayed, found]) extend(each, frame(3 * MOST_KEPT + 3, 6 * MOST_KEPT));
  equal([found.step, found.every, found.count], [stayed.step, stayed.every, stayed.count]);
  equal([...found.loss], [...stayed.loss]);
  equal([...found.reach], [...stayed.reach]);
});

Deno.test("the window ends before the first distance that hardly anything reaches", () => {
  equal(windowOf([0, -1, -3.9, -4.1, 0]), 2);
  equal(windowOf([-3, -6.9, -7]), 2);
  equal(windowOf([5, -Infinity]), 0);
  equal(windowOf([NaN, 1]), 0);
});

Deno.test("the line of the windows does not follow one minibatch that is unlike those around it", () => {
  const history = begun();
  const windows = [0, 1, 1, 0, 1, 1, 1, 0, 1, 1];
  extend(history, frame(1, windows.length));
  const { T, reach } = history;
  windows.forEach((window, i) => reach.set([0, window ? -1 : -9, -9], i * T));
  equal(steadyWindows(history), [0, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
});

Deno.test("a step has the checkpoint of the step before, or the closest one", () => {
  const checkpoints = [0, 1, 2, 4, 8, 13];
  equal([1, 2, 5, 7, 99].map((step) => checkpointFor(checkpoints, step)), [0, 1, 4, 4, 13]);
  equal(checkpointFor([], 1), null);
});

Deno.test("the newest network of a run that goes on gives way, and is not counted on", () => {
  const history = { ...begun(), checkpoints: [0, 1, 7] };
  equal(lasting(history, true), [0, 1]);
  equal(lasting(history, false), [0, 1, 7]);
  equal(lasting({ ...history, checkpoints: [0] }, true), [0]);
});

Deno.test("a run that ended soon has a picture of its own width", () => {
  const history = begun(1000);
  extend(history, frame(1, 40));
  equal(spanOf(history), 1000);
  /** @type {any} */
  const end = { id: 1, type: "end", checkpoints: [], seconds: 1, result: "diverged" };
  extend(history, { header: end, arrays: {} });
  equal(spanOf(history), 60);
});
