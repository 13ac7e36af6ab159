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
  /** @type {any[]} */
  const said = [];
  const shared = createSharedRuns(engine, (message) => said.push(message) > 0);
  /** @type {[string, number | null][]} */
  const heard = [];
  const channel = shared.engine.runs({
    frame: ({ header }) => heard.push([header.type, header.id]),
    way() {},
  });
  /** @param {string} type @param {number} id @param {object} [rest] */
  const room = (type, id, rest = {}) =>
    shared.hear(/** @type {any} */ ({ header: { type, id, ...rest }, arrays: {} }));
  return { shared, channel, heard, asked, said, room, own: () => own };
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

const CHINESE = { ...EXPERIMENT, sequence: "云" };

Deno.test("a lesson's run in the student's own language is the room's too, computed once for all", () => {
  const { shared, channel, heard, asked, said, room } = listening();
  shared.apart(true);
  channel.request(CHINESE);
  room("begin", 8, { experiment: EXPERIMENT });
  room("end", 8);
  equal(heard, []);
  equal(said.map(({ experiment }) => experiment), [CHINESE]);
  room("begin", -1, { experiment: { ...CHINESE, seed: 9 } }); // of another student
  room("end", -1);
  room("begin", -2, { experiment: CHINESE });
  room("end", -2);
  room("end", -3);
  equal(heard, [["begin", 1], ["end", 1]]);
  equal(asked, []);
});

Deno.test("pinned runs are asked of the room, and again where the connection was lost", () => {
  const { shared, channel, asked, said, room } = listening();
  channel.request(EXPERIMENT);
  /** @type {(string | undefined)[]} */
  const told = [];
  const pins = shared.engine.runs({
    frame: ({ header }) => told.push(header.type === "error" ? header.code : header.type),
    way() {},
  });
  pins.request(CHINESE);
  shared.way("lost");
  shared.way("socket");
  equal(said.length, 2);
  equal(said[0], said[1]);
  room("begin", -1, { experiment: CHINESE });
  room("end", -1);
  pins.request({ ...CHINESE, hidden_size: 0 });
  room("error", said[2].id, { code: "number" });
  pins.request({ ...CHINESE, hidden_size: 512 });
  room("error", said[3].id, { code: "room_run_big" });
  equal(told, ["begin", "end", "number"]);
  equal(asked, [{ ...CHINESE, hidden_size: 512 }]);
});
