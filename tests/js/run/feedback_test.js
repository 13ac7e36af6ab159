import { isFedBack, originKey, readsAnswer, unsaidKey } from "../../../static/js/run/feedback.js";
import { equal } from "../assert.js";

/** @param {(timestep: number) => boolean} is @param {number} T */
const where = (is, T) => Array.from({ length: T }, (_, i) => i + 1).filter(is);

/** @type {any} an encoder that reads two words, a decoder that says "b", and then misses "a" */
const TWO = {
  tokens: ["x", "y", "<s>", "b", "a"],
  vocabulary: ["a", "b", "</s>"],
  targets: [-1, -1, 1, 0, 2],
  encoder: 2,
  probabilities: new Map([[3, [0, 1, 0]], [4, [0, 1, 0]], [5, [0, 0, 1]]]),
};

/** @type {any} the same, which says "a" too */
const SAID = { ...TWO, probabilities: new Map([...TWO.probabilities, [4, [1, 0, 0]]]) };

Deno.test("a decoder reads after the start symbol what it has said, if it has said all of it", () => {
  equal(where((t) => readsAnswer(TWO, t), 5), [4, 5]);
  equal(where((t) => isFedBack(SAID, t), 5), [4, 5]);
  equal(unsaidKey(SAID), "stage.timestep.unsaid");
  equal(where((t) => isFedBack({ ...SAID, probabilities: new Map() }, t), 5), []);
});

Deno.test("a decoder that misses a target reads the targets: one that it meets is not fed back", () => {
  equal(where((t) => isFedBack(TWO, t), 5), []);
  equal(unsaidKey(TWO), "stage.timestep.untold");
  equal(originKey(TWO), "explain.tile.target");
});

Deno.test("a speller reads its letters after the picture, a text nothing of its own", () => {
  /** @type {any} */
  const picture = { ...TWO, encoder: 0, tokens: ["#./.#", "b", ""] };
  equal(where((t) => readsAnswer(picture, t), 3), [2]);
  /** @type {any} */
  const text = { ...TWO, encoder: 0, tokens: ["a", "b", "a"] };
  equal(where((t) => readsAnswer(text, t), 3), []);
});
