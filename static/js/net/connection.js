/**
 * The way to the server: a WebSocket, which is opened again whenever it is lost. Where none opens, as
 * behind the proxies of some schools, messages are posted and the same frames come back over HTTP,
 * until a socket opens.
 *
 * A socket is believed once a frame has come over it: some proxies open one and close it again, or
 * let nothing through.
 *
 * @typedef {import("./frames.js").Frame<any>} Frame
 * @typedef {"opening" | "socket" | "http" | "lost"} Way
 * @typedef {ReturnType<typeof createConnection>} Connection
 * @typedef {Parameters<typeof createConnection>[1]} OnConnection
 */
import { decode, framesOf } from "./frames.js";
import { post, Refusal } from "./request.js";

const OPENING = 3000;
const DETOUR = 3000;
const FIRST_DELAY = 250;
const LONGEST_DELAY = 1500;

/** Whether sockets were found not to open here: a further link then does not wait for one. */
let blocked = false;

/**
 * @param {string} url  of the socket; HTTP has the same
 * @param {{open: (say: (message: object) => boolean, over: "socket" | "http") => void,
 *   frame: (frame: Frame) => void, way: (way: Way, unreachable: boolean) => void}} on
 *   `open`: a way may be there; what is wanted can be said.
 *   `way`: it is another, or HTTP has failed too, and so the server is `unreachable`
 */
export function createConnection(url, on) {
  const posts = url.replace(/^ws/, "http");
  /** @type {Way} */
  let way = "opening";
  /** @type {WebSocket | null} */
  let socket = null;
  let opened = false;
  let believed = false;
  let detoured = false;
  let closed = false;
  let attempts = 0;
  /** When the socket opened. */
  let since = 0;
  let asking = new AbortController();
  const timers = { opening: 0, retry: 0, detour: 0 };

  addEventListener("online", again);
  addEventListener("offline", cut);
  open();
  detour(blocked ? 0 : DETOUR);

  return {
    /**
     * @param {object} message
     * @returns {boolean} whether there is a way; one that opens later asks for what is wanted
     */
    say(message) {
      if (socket?.readyState === WebSocket.OPEN && (believed || !detoured)) return tell(message);
      return detoured && ask(message);
    },
    /**
     * Post a message beside those that are under way.
     * @param {object} message
     * @returns {Promise<boolean>} whether its answer has come whole
     */
    post: (message) => hear(message, asking.signal),
    /** Whether a socket is open, and not passed over. */
    opened: () => socket?.readyState === WebSocket.OPEN && (believed || !detoured),
    /** Nothing has come for too long: whatever there is does not work. */
    drop,
    close() {
      closed = true;
      removeEventListener("online", again);
      removeEventListener("offline", cut);
      for (const timer of Object.values(timers)) clearTimeout(timer);
      asking.abort();
      const closing = socket;
      socket = null;
      closing?.close();
    },
  };

  function open() {
    clearTimeout(timers.retry);
    const next = new WebSocket(url);
    socket = next;
    believed = false;
    timers.opening = setTimeout(() => next === socket && shut(), OPENING);
    next.binaryType = "arraybuffer";
    next.onopen = () => {
      clearTimeout(timers.opening);
      if (next !== socket) return;
      opened = true;
      since = performance.now();
      on.open(tell, "socket");
    };
    next.onmessage = ({ data }) => {
      if (next !== socket) return;
      if (!believed) believe();
      on.frame(decode(data));
    };
    next.onclose = () => next === socket && gone();
  }

  /** @param {object} message */
  function tell(message) {
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(message));
    return true;
  }

  function believe() {
    believed = true;
    blocked = detoured = false;
    clearTimeout(timers.detour);
    timers.detour = 0;
    quit();
    enter("socket");
  }

  function drop() {
    quit();
    detoured = false;
    shut();
  }

  /** The socket is no longer waited for, not even until it has closed. */
  function shut() {
    const closing = socket;
    gone();
    closing?.close();
  }

  function gone() {
    clearTimeout(timers.opening);
    clearTimeout(timers.retry);
    const tried = opened && detoured;
    if (believed && performance.now() - since > LONGEST_DELAY) attempts = 0;
    opened = false;
    socket = null;
    if (!detoured) {
      enter("lost");
      detour(DETOUR);
    }
    const delay = Math.min(FIRST_DELAY * 2 ** attempts++, LONGEST_DELAY);
    timers.retry = setTimeout(open, delay * (0.75 + Math.random() / 2));
    if (tried) on.open(ask, "http"); // it opened, and was of no use
  }

  function again() {
    if (!socket) open();
  }

  /** The network is gone: a socket may never tell. */
  function cut() {
    if (socket) shut();
  }

  /**
   * Use HTTP if no socket has worked for a while.
   * @param {number} after  milliseconds
   */
  function detour(after) {
    timers.detour ||= setTimeout(() => {
      timers.detour = 0;
      detoured = true;
      on.open(ask, "http");
    }, after);
  }

  /**
   * Post a message; the one before is not waited for any longer.
   * @param {object} message
   */
  function ask(message) {
    quit();
    hear(message, asking.signal);
    return true;
  }

  /**
   * @param {object} message
   * @param {AbortSignal} signal
   * @returns {Promise<boolean>}
   */
  async function hear(message, signal) {
    try {
      const { body } = await post(posts, message, signal);
      for await (const frame of framesOf(/** @type {ReadableStream} */ (body))) {
        if (signal.aborted) return false;
        asked(frame);
      }
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      if (error instanceof Refusal) {
        const { id } = /** @type {{id: number}} */ (message);
        asked({ header: { id, type: "error", ...error.problem }, arrays: {} });
        return true;
      }
      detoured = false;
      enter("lost", true);
      detour(DETOUR);
      return false;
    }
  }

  /** Stops waiting for messages that were posted. */
  function quit() {
    asking.abort();
    asking = new AbortController();
  }

  /** @param {Frame} frame */
  function asked(frame) {
    blocked = true;
    enter("http");
    on.frame(frame);
  }

  /**
   * @param {Way} next
   * @param {boolean} [unreachable]
   */
  function enter(next, unreachable = false) {
    if (closed || (way === next && !unreachable)) return;
    way = next;
    on.way(way, unreachable);
  }
}
