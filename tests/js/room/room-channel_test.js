import { createRoomChannel } from "../../../static/js/room/room-channel.js";
import { equal } from "../assert.js";

const ROOM = { address: { cell: "gru", seed: 2 }, step: "", playhead: 3, strip: null, driver: 1 };

/** A way to a room that the test opens, what is said on it, and what the channel tells. */
function joining() {
  /** @type {any} */
  let on;
  /** @type {any[]} */
  const sent = [];
  /** @type {((whole: boolean) => void)[]} answers of what is posted */
  const answer = [];
  /** @type {any[]} */
  const heard = [];
  let closed = false;
  const say = (/** @type {any} */ message) => sent.push(message) > 0;
  const post = (/** @type {any} */ message) => {
    sent.push(message);
    return new Promise((resolve) => answer.push(resolve));
  };
  const connect = (/** @type {any} */ its) => {
    on = its;
    return { say, post, opened: () => true, drop() {}, close: () => closed = true };
  };
  const channel = createRoomChannel(/** @type {any} */ (connect), { join: "" }, {
    frame: ({ header, arrays }) => heard.push({ ...header, ...arrays }),
    lost: () => heard.push({ type: "lost" }),
  });
  return {
    channel,
    sent,
    answer,
    heard,
    types: () => heard.map(({ type }) => type),
    closed: () => closed,
    open: (/** @type {string} */ over) => on.open(say, over),
    way: (/** @type {string} */ way) => on.way(way, false),
    hear: (/** @type {object} */ header, arrays = {}) => on.frame({ header, arrays }),
  };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("a student who comes back joins as the same one, and sends nothing before", () => {
  const { channel, sent, types, open, way, hear } = joining();
  equal(channel.say({ do: "offer" }), false);
  open("socket");
  hear({ type: "welcome", token: "mine", room: ROOM });
  equal(channel.say({ do: "offer" }), true);
  equal(sent.map(({ join }) => join), ["", undefined]);
  way("lost");
  equal(channel.say({ do: "offer" }), false);
  open("socket");
  equal(sent[2].join, "mine");
  equal(types(), ["welcome", "lost"]);
});

Deno.test("after a refusal, and when the room has ended, nothing is tried again", () => {
  for (
    const last of [{ type: "error", code: "room_full" }, { type: "moved", changes: { over: true } }]
  ) {
    const { types, closed, open, hear } = joining();
    open("socket");
    if (last.type === "moved") hear({ type: "welcome", token: "mine", room: ROOM });
    hear(last);
    equal([types().at(-1), closed()], [last.type, true]);
  }
});

Deno.test("without a socket it asks again for what it has not seen, and hears what has moved", async () => {
  const { channel, sent, answer, heard, open, way, hear } = joining();
  open("http");
  way("http");
  hear({ type: "welcome", token: "mine", seq: 7, room: ROOM, teacher: 0 });
  hear({ type: "begin", id: 6 });
  answer[0](true);
  await settled();
  equal(sent[1], { id: 2, join: "mine", seen: 7, run: 6 });
  const room = { ...ROOM, address: { cell: "gru" }, step: "x", strip: [0.5, null] };
  hear({ type: "welcome", token: "mine", seq: 9, room, teacher: 0 });
  const changes = { address: { cell: "gru", seed: null }, step: "x" };
  const strip = new Float32Array([0.5, -Infinity]);
  equal(heard.at(-1), { id: null, type: "moved", seq: 9, changes, strip });
  for (const scale of [1, 2, 3]) channel.say({ do: "drive", playhead: scale });
  channel.say({ do: "end" });
  equal(sent.slice(2).map(({ join, playhead }) => [join, playhead]), [["mine", 1]]);
  answer[2](true);
  await settled();
  answer[3](true);
  await settled();
  equal(sent.slice(3).map((each) => [each.do, each.playhead]), [["drive", 3], ["end", undefined]]);
  way("socket");
  answer[1](false);
  await settled();
  equal(sent.length, 5);
});

Deno.test("a poll that is answered by what has moved asks from there on", async () => {
  const { sent, answer, heard, open, hear } = joining();
  open("http");
  hear({ type: "welcome", token: "mine", seq: 7, room: ROOM, teacher: 0 });
  const strip = new Float32Array([0.5]);
  hear({ type: "moved", id: null, seq: 9, changes: { step: "x" } }, { strip });
  equal([heard.length, heard[1].seq], [2, 9]);
  answer[0](true);
  await settled();
  equal(sent[1].seen, 9);
  const room = { ...ROOM, step: "x" };
  hear({ type: "welcome", token: "mine", seq: 10, room, teacher: 0 });
  equal([heard[2].changes, heard[2].strip], [{}, undefined]);
});

Deno.test("a teacher who asks again is not told of the own moves", () => {
  const { heard, open, hear } = joining();
  open("http");
  hear({ type: "welcome", token: "mine", seq: 1, room: ROOM, teacher: 1 });
  const room = { ...ROOM, step: "x", trying: true };
  hear({ type: "welcome", token: "mine", seq: 2, room, teacher: 1 });
  equal(heard.at(-1).changes, { trying: true });
  hear({
    type: "welcome",
    token: "mine",
    seq: 3,
    room: { ...room, step: "y", driver: 2 },
    teacher: 1,
  });
  equal(heard.at(-1).changes, { step: "y", driver: 2 });
});
