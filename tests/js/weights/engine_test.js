import { createWeightsRequest } from "../../../static/js/weights/engine.js";
import { equal } from "../assert.js";

/** A request whose answers come when they are let go, by the weight that is looked at. */
function asked() {
  /** @type {Map<string, (numbers: any) => void>} */
  const held = new Map();
  /** @type {string[]} */
  const heard = [];
  const ask = (/** @type {string} */ _, /** @type {any} */ { weight }) =>
    new Promise((answer) => held.set(weight, answer));
  const request = createWeightsRequest(
    ask,
    (_, { weight }) => heard.push(weight),
    (problem) => heard.push(String(problem)),
    new AbortController().signal,
  );
  return {
    want: (/** @type {string} */ weight) => request.want(/** @type {any} */ ({ run: {}, weight })),
    drop: request.drop,
    /** The weights that were asked for. */
    get asks() {
      return [...held.keys()];
    },
    heard,
    async answer(/** @type {string} */ weight) {
      held.get(weight)?.({});
      await new Promise((done) => setTimeout(done));
    },
  };
}

Deno.test("one question is under way, and of those that wait the latest is asked", async () => {
  const engine = asked();
  const { want, answer, heard } = engine;
  for (const weight of ["a", "b", "c"]) want(weight);
  equal(engine.asks, ["a"]);
  await answer("a");
  equal([engine.asks, heard], [["a", "c"], ["a"]]);
  await answer("c");
  equal(heard, ["a", "c"]);
});

Deno.test("an answer that comes after newer numbers is not heard", async () => {
  const { want, drop, answer, heard } = asked();
  for (const weight of ["a", "b"]) want(weight);
  drop();
  await answer("a");
  equal(heard, []);
  want("c");
  await answer("c");
  equal(heard, ["c"]);
});
