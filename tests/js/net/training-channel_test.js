import { createTrainingChannel } from "../../../static/js/net/training-channel.js";
import { equal } from "../assert.js";

/**
 * A channel over HTTP to a server whose answers are given here: what was posted, and what was seen.
 * @param {((message: any) => string[])[]} answers  the types of the frames of each
 */
function posting(answers) {
  /** @type {any[]} */
  const posted = [];
  /** @type {string[]} */
  const seen = [];
  /** @type {() => void} */
  let done = () => {};
  const over = new Promise((resolve) => done = () => resolve(null));
  const connect = (/** @type {any} */ on) => {
    queueMicrotask(() => on.open(() => true, "http"));
    return {
      say: () => true,
      async post(/** @type {any} */ message) {
        await Promise.resolve();
        const answer = answers[posted.push(message) - 1];
        if (!answer) return false;
        if (posted.length === answers.length) setTimeout(done); // once all else has been said
        for (const type of answer(message)) {
          on.frame({ header: { type, id: message.id, key: "the key", before: 2 }, arrays: {} });
        }
        return true;
      },
      opened: () => false,
      drop() {},
      close() {},
    };
  };
  const channel = createTrainingChannel(connect, 1000, {
    frame: ({ header }) => seen.push(header.type),
    way() {},
  });
  return { channel, posted, seen, over };
}

const FULL = () => ["waiting", "waiting"];
const CHUNK = () => ["steps"];

Deno.test("a training is asked for over HTTP until there is a place, and then goes on", async () => {
  const { channel, posted, seen, over } = posting([FULL, FULL, () => ["begin", "steps"], CHUNK]);
  channel.begin({ task: "recall" }, false);
  await over;
  const train = { id: 1, train: { task: "recall" } };
  equal(posted.slice(0, 3), [train, train, train]);
  equal(posted.slice(3), Array(2).fill({ id: 1, key: "the key", do: "resume" }));
  equal(seen, [...FULL(), ...FULL(), "begin", "steps", "steps"]);
});

Deno.test("a step that found no place is asked for again, and a pause ends the asking", async () => {
  const begun = () => ["begin", "steps", "paused"];
  const { channel, posted, over } = posting([
    begun,
    FULL,
    CHUNK,
    () => {
      channel.tell("pause");
      return FULL();
    },
    () => ["paused"],
  ]);
  channel.begin({}, true);
  channel.tell("step");
  channel.tell("resume");
  channel.tell("step");
  await over;
  equal(posted.map((each) => each.do), ["step", "step", "step", "resume", "step", "pause"]);
});

Deno.test("a request in the queue is replaced by a new run", async () => {
  const { channel, posted, over } = posting([
    () => {
      channel.begin({ task: "adding" }, false);
      return FULL();
    },
    () => ["begin", "end"],
  ]);
  channel.begin({ task: "recall" }, false);
  await over;
  equal(posted.map(({ id, train }) => [id, train.task]), [[1, "recall"], [2, "adding"]]);
});
