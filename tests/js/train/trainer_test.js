import { createTrainer } from "../../../static/js/train/trainer.js";
import { equal } from "../assert.js";

/** @type {any} */
const PLAN = { task: "first", cells: "rnn,lstm", learning_rate: 0.1, clip_norm: 0, steps: 10 };

/**
 * A trainer whose channels end here: what it says to each network, and what comes back.
 * @param {boolean} [first]  whether the run is drawn slowly
 * @param {boolean} [watched]  whether a class watches
 */
function trained(first = false, watched = false) {
  /** @type {{on: any, said: any[], closed: boolean}[]} */
  const links = [];
  /** @type {string[]} */
  const news = [];
  /** @param {any} on */
  const connect = (on) => {
    /** @type {{on: any, said: any[], closed: boolean}} */
    const link = { on, said: [], closed: false };
    const say = (/** @type {object} */ message) => {
      link.said.push(message);
      return true;
    };
    links.push(link);
    queueMicrotask(() => on.open(say, "socket"));
    return {
      say,
      post: () => Promise.resolve(true),
      opened: () => true,
      drop() {},
      close() {
        link.closed = true;
      },
    };
  };
  const changes = { count: 0 };
  const trainer = createTrainer(PLAN, first, { connect, most: 1000 }, {
    changed() {
      changes.count++;
    },
    told: (each) => news.push(each),
    begun() {},
    keep() {},
    watched: () => watched,
  });
  return { trainer, links, news, changes };
}

/**
 * A trainer whose networks have begun.
 * @param {boolean} [first]
 * @param {boolean} [watched]
 */
async function begun(first, watched) {
  const made = trained(first, watched);
  made.trainer.start();
  await Promise.resolve();
  for (const { on, said: [{ id, train: training }] } of made.links) {
    const sizes = { timesteps: 2, probes: [], checkpoints: [0] };
    const header = { type: "begin", id, key: training.cell, training, paused: false, ...sizes };
    on.frame({ header, arrays: {} });
  }
  return made;
}

Deno.test("each cell is trained on a channel of its own", async () => {
  const { trainer, links } = await begun();
  equal(links.map(({ said }) => said[0].train.cell), ["rnn", "lstm"]);
  equal(trainer.state().networks.map(({ state, key }) => [state, key]), [
    ["running", "rnn"],
    ["running", "lstm"],
  ]);
});

Deno.test("a run that is to wait after its first step does, and a found one is as it was left", async () => {
  for (const wait of [true, false]) {
    const { trainer, links } = trained();
    if (wait) trainer.start(true);
    else trainer.find({ rnn: "a key", lstm: "another" }, null);
    await Promise.resolve();
    for (const { on, said: [{ id }] } of links) {
      const sizes = { timesteps: 2, probes: [], checkpoints: [0] };
      const header = { type: "begin", id, key: "key", training: PLAN, paused: !wait, ...sizes };
      on.frame({ header, arrays: {} });
    }
    equal(trainer.state().networks.map(({ state }) => state), ["paused", "paused"]);
  }
});

Deno.test("pause and the next steps are sent to every run", async () => {
  const { trainer, links, news } = await begun();
  trainer.pause();
  trainer.step();
  trainer.pause();
  const told = ["pause", "step", "resume"];
  equal(links.map(({ said }) => said.slice(1).map((message) => message.do)), [told, told]);
  equal(news, ["begun", "paused", "resumed"]);
});

Deno.test("a rate that is dragged during training is sent to the run", async () => {
  const { trainer, links } = await begun();
  trainer.adopt({ ...PLAN, learning_rate: 0.5 });
  equal(links.map(({ said }) => [said[1].do, said[1].learning_rate]), [
    ["change", 0.5],
    ["change", 0.5],
  ]);
});

Deno.test("the run of a cell that is left out is stopped, and the others go on", async () => {
  const { trainer, links } = await begun();
  trainer.adopt({ ...PLAN, cells: "lstm,gru" });
  equal(links.map(({ said, closed }) => [said.at(-1).do ?? "train", closed]), [
    ["stop", true],
    ["train", false],
  ]);
  equal(trainer.state().networks.map(({ cell, state }) => [cell, state]), [
    ["lstm", "running"],
    ["gru", "idle"],
  ]);
});

Deno.test("another task stops what is trained", async () => {
  const { trainer, links } = await begun();
  trainer.adopt({ ...PLAN, task: "second" });
  equal(links.map(({ said }) => said.at(-1).do), ["stop", "stop"]);
});

Deno.test("steps that come after all others were drawn are drawn, too", async () => {
  const { trainer, links: [{ on, said: [{ id }] }], changes } = await begun(true);
  trainer.draw(0);
  equal(trainer.isDrawing(), false);
  const before = changes.count;
  on.frame({ header: { type: "steps", id, from: 1, to: 2, checkpoints: [] }, arrays: {} });
  equal([changes.count > before, trainer.isDrawing()], [true, true]);
});

Deno.test("a first run that a class watches is drawn as fast as the class sees it", async () => {
  for (const watched of [false, true]) {
    const { trainer, links: [{ on, said: [{ id }] }] } = await begun(true, watched);
    trainer.draw(0);
    on.frame({ header: { type: "end", id, checkpoints: [], reason: "finished" }, arrays: {} });
    equal(trainer.state().networks[0].history?.end !== null, watched);
  }
});
