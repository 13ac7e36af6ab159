/**
 * A network's channel to the engine: one training run at a time, the latest.
 *
 * @typedef {import("../frames.js").Frame} Frame
 */
import { decode } from "../frames.js";

/**
 * @param {string} url
 * @param {number} most  bytes of a message that the server takes
 * @param {{frame: (frame: Frame) => void, lost: () => void}} on
 */
export function createChannel(url, most, on) {
  /** @type {WebSocket | null} */
  let socket = null;
  /** @type {string[]} */
  let waiting = [];
  let id = 0;

  return {
    /**
     * A new run, in the place of the one there was.
     * @param {object} training
     * @param {boolean} single  whether it waits after its first step
     */
    begin(training, single) {
      id++;
      send({ id, train: training, ...(single ? { do: "step" } : {}) });
    },
    /**
     * Something for the run to do.
     * @param {"pause" | "resume" | "step" | "stop" | "change"} what
     * @param {object} [fields]
     */
    tell(what, fields = {}) {
      if (socket) send({ id, do: what, ...fields });
    },
    close() {
      const closing = socket;
      socket = null;
      closing?.close();
    },
  };

  /** @param {object} message */
  function send(message) {
    const text = JSON.stringify(message);
    if (new TextEncoder().encode(text).length > most) return tooBig();
    if (!socket) open();
    if (socket?.readyState === WebSocket.OPEN) socket.send(text);
    else waiting.push(text);
  }

  /** The server would end the connection without a word. */
  function tooBig() {
    const problem = { field: "examples", code: "too_big", details: { limit: most }, message: "" };
    on.frame({ header: { id, type: "error", ...problem }, arrays: {} });
  }

  function open() {
    const opened = new WebSocket(url);
    socket = opened;
    waiting = [];
    opened.binaryType = "arraybuffer";
    opened.onopen = () => waiting.splice(0).forEach((text) => opened.send(text));
    opened.onmessage = ({ data }) => {
      const frame = decode(data);
      if (opened === socket && frame.header.id === id) on.frame(frame);
    };
    opened.onclose = () => {
      if (opened !== socket) return;
      socket = null;
      on.lost();
    };
  }
}
