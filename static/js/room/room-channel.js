/**
 * The way to a room: a socket that joins it, and joins again when it was lost. Newest wins: what could
 * not be said meanwhile is not kept.
 *
 * @typedef {import("../net/frames.js").Frame<any>} Frame
 * @typedef {ReturnType<typeof createRoomChannel>} RoomChannel
 * @typedef {{join: string, name?: string}} Joining  the token of a teacher, or of a student who comes
 *   back; empty for a new one, who may have to give a name
 */
import { decode } from "../net/frames.js";

const FIRST_DELAY = 250;
const LONGEST_DELAY = 2000;
/** Codes of refusals after which another try may do. */
const PASSING = ["rooms_away", "busy"];

/**
 * @param {string} url
 * @param {Joining} as
 * @param {{frame: (frame: Frame) => void, lost: () => void}} on  `frame`: `welcome`, after each time
 *   that it joins, and what comes then; a refusal is an `error` before it, and the last frame
 * @param {(url: string) => WebSocket} [open]
 */
export function createRoomChannel(url, as, on, open = (to) => new WebSocket(to)) {
  /** @type {WebSocket | null} */
  let socket = null;
  let joined = false;
  let closed = false;
  let attempts = 0;
  let lastId = 0;
  let timer = 0;

  globalThis.addEventListener("online", now);
  connect();

  return {
    /**
     * @param {object} message
     * @returns {boolean} whether it could be said
     */
    say(message) {
      if (!joined || !socket) return false;
      tell(message);
      return true;
    },
    close,
  };

  function connect() {
    clearTimeout(timer);
    const next = open(url);
    socket = next;
    next.binaryType = "arraybuffer";
    next.onopen = () => tell(as);
    next.onmessage = ({ data }) => next === socket && receive(decode(data));
    next.onclose = () => next === socket && gone();
  }

  /** @param {object} message */
  function tell(message) {
    socket?.send(JSON.stringify({ id: ++lastId, ...message }));
  }

  /** @param {Frame} frame */
  function receive(frame) {
    const { header } = frame;
    if (header.type === "welcome") {
      as = { join: header.token };
      joined = true;
      attempts = 0;
    } else if (header.type === "error" && !joined) {
      if (PASSING.includes(header.code)) return;
      if (header.code === "room_token" && as.join) as = { join: "" }; // it was of a room before
      else close();
      if (!closed) return;
    }
    if (header.type === "moved" && header.changes.over) close();
    on.frame(frame);
  }

  function gone() {
    socket = null;
    joined = false;
    if (closed) return;
    on.lost();
    const delay = Math.min(FIRST_DELAY * 2 ** attempts++, LONGEST_DELAY);
    timer = setTimeout(connect, delay * (0.5 + Math.random()));
  }

  function now() {
    if (!socket && !closed) connect();
  }

  function close() {
    closed = true;
    clearTimeout(timer);
    globalThis.removeEventListener("online", now);
    const closing = socket;
    socket = null;
    closing?.close();
  }
}

/**
 * The socket of a room.
 * @param {string} rooms  the address of rooms
 * @param {string} code
 * @param {string} href  of the page
 */
export const socketOf = (rooms, code, href) =>
  new URL(`${rooms}/${encodeURIComponent(code)}`, href).href.replace(/^http/, "ws");
