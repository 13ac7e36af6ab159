import { createSharedRuns } from "../../../static/js/room/shared-runs.js";
import { equal } from "../assert.js";

/** A lab's channel in a room, what it has heard, and what its own engine was asked. */
function listening() {
  /** @type {any[]} */
  const asked = [];
  /** @type {any} */
  let own = null;
  const engine = /** @type {any} */ ({
    runs: (/** @type {any} */ on) => {
      own = on;
      return { request: (/** @type {any} */ wanted) => asked.push(wanted), close() {} };
    },
  });
  const shared = createSharedRuns(engine);
  /** @type {[string, number | null][]} */
  const heard = [];
  const channel = shared.engine.runs({
    frame: ({ header }) => heard.push([header.type, header.id]),
    way() {},
  });
  /** @param {string} type @param {number} id @param {object} [rest] */
  const room = (type, id, rest = {}) =>
    shared.hear(/** @type {any} */ ({ header: { type, id, ...rest }, arrays: {} }));
  return { shared, channel, heard, asked, room, own: () => own };
}

const EXPERIMENT = { cell: "rnn", seed: 1 };

Deno.test("the room's run goes by the id that the lab has asked for", () => {
  const { channel, heard, asked, room } = listening();
  equal(channel.request(EXPERIMENT), 1);
  equal(channel.request(EXPERIMENT), 2);
  room("begin", 812, { experiment: EXPERIMENT });
  room("end", 812);
  equal(heard, [["begin", 2], ["end", 2]]);
  equal(asked, []);
});

Deno.test("a student who plays alone asks the engine, and has the room's run again afterwards", async () => {
  const { shared, channel, heard, asked, room, own } = listening();
  shared.follow(false);
  channel.request({ ...EXPERIMENT, seed: 2 });
  own().frame({ header: { type: "end", id: 1 }, arrays: {} });
  room("begin", 7, { experiment: EXPERIMENT });
  room("end", 7);
  equal(heard, [["end", 1]]);
  equal(asked.length, 1);
  shared.follow(true);
  channel.request(EXPERIMENT);
  await Promise.resolve();
  equal(heard.slice(1), [["begin", 2], ["end", 2]]);
});

Deno.test("a run that is too big for the room is asked of the engine", () => {
  const { channel, heard, asked, room } = listening();
  channel.request(EXPERIMENT);
  room("error", 3, { code: "room_run_big" });
  equal(asked, [EXPERIMENT]);
  equal(heard, []);
});
