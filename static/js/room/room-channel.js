/**
 * The way to a room: what joins it, and joins again when the connection was lost. Where no socket
 * opens messages are posted, and what is new is asked for again and again. Newest wins: what could not
 * be said meanwhile is not kept.
 *
 * @typedef {import("../net/frames.js").Frame<any>} Frame
 * @typedef {import("../net/frame-types.d.ts").RoomState} RoomState
 * @typedef {ReturnType<typeof createRoomChannel>} RoomChannel
 * @typedef {{join: string, name?: string}} Joining  the token of a teacher, or of a student who comes
 *   back; empty for a new one, who may have to give a name
 */
import { linkTo } from "../net/server.js";
import { applied, changesOf } from "./room-state.js";

/** Codes of refusals after which another try may do. */
const PASSING = ["rooms_away", "busy", "room_hasty"];
/** Milliseconds until then, where no socket opens. */
const AGAIN = 1000;

/**
 * @param {import("../net/server.js").Connect} connect
 * @param {Joining} as
 * @param {{frame: (frame: Frame) => void, lost: () => void}} on  `frame`: `welcome`, after each time
 *   that it joins, and what comes then; a refusal is an `error` before it, and the last frame
 */
export function createRoomChannel(connect, as, on) {
  let joined = false;
  let closed = false;
  let lastId = 0;
  /** Whether messages are posted. */
  let posts = false;
  let polling = false;
  let refused = false;
  /** @type {Map<number, string>} the trainings that a poll has told of, by their ids */
  const runs = new Map();
  /** @type {Record<string, number>} how far each was told, by its name; what ends is one further */
  const trained = {};
  /** @type {{seq: number, run: number, room: RoomState} | null} what a poll has told of the room */
  let told = null;
  /** @type {any[]} messages that wait for the one that is being posted */
  let waiting = [];
  let posting = false;

  const link = connect({
    open(say, over) {
      if (over === "socket") return say({ id: ++lastId, ...as });
      posts = true;
      poll();
    },
    frame: receive,
    way(way) {
      if (way === "socket") posts = false;
      if (way !== "lost") return;
      joined = false;
      told = null;
      waiting = [];
      on.lost();
    },
  });

  return {
    /**
     * @param {any} message
     * @returns {boolean} whether it could be said
     */
    say(message) {
      if (!joined) return false;
      if (!posts) return link.say({ id: ++lastId, ...message });
      const last = waiting.at(-1);
      const newer = message.do === "drive" && last?.do === "drive";
      if (newer) waiting[waiting.length - 1] = { ...last, strip: undefined, ...message };
      else waiting.push(message);
      post();
      return true;
    },
    close,
  };

  async function poll() {
    if (polling) return;
    polling = true;
    for (let goes = true; goes && posts && !closed;) {
      refused = false;
      const seen = told && { seen: told.seq, run: told.run, ...(runs.size && { trained }) };
      goes = await link.post({ id: ++lastId, ...as, ...seen });
      if (refused) await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
    polling = false;
  }

  /** One message after the other. */
  async function post() {
    if (posting) return;
    posting = true;
    while (waiting.length) {
      await link.post({ id: ++lastId, ...waiting.shift(), join: as.join });
    }
    posting = false;
  }

  /** @param {Frame} frame */
  function receive(frame) {
    const { header } = frame;
    if (header.type === "welcome") {
      as = { join: header.token };
      const before = joined && told;
      joined = true;
      if (posts) told = { run: -1, ...told, seq: header.seq, room: header.room };
      if (before) return on.frame(movedFrom(before.room, header));
    } else if (header.type === "error" && !joined) {
      refused = true;
      if (PASSING.includes(header.code)) return;
      if (header.code === "room_token" && as.join) as = { join: "" }; // it was of a room before
      else close();
      if (!closed) return;
    }
    if (told && header.type === "moved") {
      const { seq, changes } = header;
      told = { ...told, seq, room: applied(told.room, changes, frame.arrays.strip) };
    }
    if (told && !("key" in header) && header.type === "begin") told.run = header.id;
    if (posts) place(header);
    if (header.type === "moved" && header.changes.over) close();
    on.frame(frame);
  }

  /**
   * The changes in a room that is sent whole again, except for the teacher's own moves.
   * @param {RoomState} before
   * @param {{room: RoomState, seq: number, teacher: number}} welcome
   * @returns {Frame}
   */
  function movedFrom(before, { room, seq, teacher }) {
    const changes = changesOf(before, room, teacher);
    if (changes.over) close();
    const strip = room.strip?.map((value) => value ?? -Infinity);
    return {
      header: { id: null, type: "moved", seq, changes },
      arrays: strip ? { strip: Float32Array.from(strip) } : {},
    };
  }

  /** @param {any} header  that may be of a training */
  function place({ id, type, key, run, to, step, result }) {
    if (key !== undefined && type === "begin") runs.set(id, run);
    const name = runs.get(id);
    if (!name) return;
    if (type === "begin") trained[name] = 1;
    if (type === "steps") trained[name] = to + 1;
    if (type === "end" && result) trained[name] = step + 2;
  }

  function close() {
    closed = true;
    link.close();
  }
}

/**
 * Connects to a room.
 * @param {string} rooms  the address of rooms
 * @param {string} code
 * @param {string} href  of the page
 */
export const linkToRoom = (rooms, code, href) =>
  linkTo(`${rooms}/${encodeURIComponent(code)}`, href);
