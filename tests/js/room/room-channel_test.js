import { createRoomChannel } from "../../../static/js/room/room-channel.js";
import { equal } from "../assert.js";

/** A socket to a room whose frames are given here. */
class Line {
  /** @type {any[]} */
  sent = [];
  /** @type {any} */
  onopen = null;
  /** @type {any} */
  onmessage = null;
  /** @type {any} */
  onclose = null;
  closed = false;
  /** @param {string} text */
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.closed = true;
  }
  /** @param {object} header */
  hear(header) {
    let text = JSON.stringify(header);
    while ((4 + text.length) % 8) text += " ";
    const bytes = new TextEncoder().encode(text);
    const frame = new Uint8Array(4 + bytes.length);
    new DataView(frame.buffer).setUint32(0, bytes.length, true);
    frame.set(bytes, 4);
    this.onmessage({ data: frame.buffer });
  }
}

/** @param {string} token */
function joining(token) {
  /** @type {Line[]} */
  const lines = [];
  /** @type {string[]} */
  const heard = [];
  /** @type {() => void} */
  let next = () => {};
  const channel = createRoomChannel("ws://lab/api/rooms/KXRBTM", { join: token }, {
    frame: ({ header }) => heard.push(header.type),
    lost: () => heard.push("lost"),
  }, () => {
    const line = new Line();
    lines.push(line);
    next();
    return /** @type {any} */ (line);
  });
  const again = () => new Promise((resolve) => next = () => resolve(null));
  return { channel, lines, heard, again };
}

Deno.test("a student who comes back joins as the same one, and sends nothing before", async () => {
  const { channel, lines, heard, again } = joining("");
  equal(channel.say({ do: "offer" }), false);
  lines[0].onopen();
  lines[0].hear({ type: "welcome", token: "mine" });
  equal(channel.say({ do: "offer" }), true);
  equal(lines[0].sent.map(({ join }) => join), ["", undefined]);
  const opens = again();
  lines[0].onclose();
  equal(channel.say({ do: "offer" }), false);
  await opens;
  lines[1].onopen();
  equal(lines[1].sent[0].join, "mine");
  equal(heard, ["welcome", "lost"]);
  channel.close();
});

Deno.test("after a refusal, and when the room has ended, nothing is tried again", () => {
  for (
    const last of [{ type: "error", code: "room_full" }, { type: "moved", changes: { over: true } }]
  ) {
    const { lines, heard } = joining("");
    lines[0].onopen();
    if (last.type === "moved") lines[0].hear({ type: "welcome", token: "mine" });
    lines[0].hear(last);
    equal(heard.at(-1), last.type);
    equal(lines[0].closed, true);
    lines[0].onclose();
    equal(lines.length, 1);
  }
});
