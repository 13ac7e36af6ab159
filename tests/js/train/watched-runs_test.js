import { createTrainer } from "../../../static/js/train/trainer.js";
import { createWatchedRuns } from "../../../static/js/train/watched-runs.js";
import { equal } from "../assert.js";

/** @type {any} */
const PLAN = { task: "first", cells: "rnn,lstm", learning_rate: 0.1, clip_norm: 0, steps: 10 };

/** @type {any} */
const on = { changed() {}, told() {}, begun() {}, keep() {}, watched: () => false };

/** A page that watches, and what it says to the server. */
function watching() {
  let asked = 0;
  const connect = () => {
    asked++;
    return {
      say: () => true,
      post: () => Promise.resolve(true),
      opened: () => true,
      drop() {},
      close() {},
    };
  };
  const trainer = createTrainer(PLAN, true, { connect, most: 1000 }, on);
  /** @type {string[]} */
  const news = [];
  const watched = createWatchedRuns(trainer, (each) => news.push(each));
  /** @param {string} type @param {number} id @param {object} [rest] */
  const hear = (type, id, rest = {}) =>
    watched.hear(
      /** @type {any} */ ({ header: { type, id, checkpoints: [0], ...rest }, arrays: {} }),
    );
  return { trainer, watched, hear, news, asked: () => asked };
}

const BEGIN = { key: "", timesteps: 2, probes: [], training: { ...PLAN, cell: "lstm" }, run: "b" };

/** @param {ReturnType<typeof createTrainer>} trainer */
const states = (trainer) =>
  trainer.state().networks.map(({ cell, state, history }) => [cell, state, history?.run]);

Deno.test("networks that the teacher trains are watched, and none is trained for it", () => {
  const { trainer, watched, hear, news, asked } = watching();
  watched.stand(true);
  hear("begin", 2, BEGIN);
  equal(states(trainer), [["rnn", "idle", undefined], ["lstm", "running", "b"]]);
  watched.stand(false);
  equal(states(trainer)[1], ["lstm", "paused", "b"]);
  watched.stand(true);
  hear("end", 2, { result: "finished", step: 10 });
  equal(states(trainer)[1], ["lstm", "over", "b"]);
  equal(news, ["begun", "paused", "resumed", "finished"]);
  hear("error", 7, { code: "room_hasty" });
  equal(asked(), 0);
});

Deno.test("networks that are no longer watched do not look as if they trained on", () => {
  const { trainer, watched, hear, news } = watching();
  watched.stand(true);
  hear("begin", 2, BEGIN);
  watched.follow(false);
  equal(states(trainer)[1], ["lstm", "over", "b"]);
  equal(news, ["begun", "nothing"]);
  watched.follow(true);
  trainer.adopt(PLAN);
  watched.stand(true);
  equal(states(trainer)[1], ["lstm", "running", "b"]);
});

Deno.test("a student who has trained alone sees the class's networks again on the way back, and not its own", () => {
  const { trainer, watched, hear, asked } = watching();
  watched.stand(true);
  hear("begin", 2, BEGIN);
  watched.follow(false);
  trainer.start();
  equal(asked(), 2);
  hear("end", 2, { result: "stopped", step: 3 });
  watched.follow(true);
  equal(states(trainer), []);
  trainer.adopt(PLAN);
  watched.stand(false);
  equal(states(trainer), [["rnn", "idle", undefined], ["lstm", "over", "b"]]);
});
