/**
 * The page's channel to the engine.
 *
 * At most one run is under way and one is waiting, the latest: a fast drag never queues up. A run
 * that has taken longer than PATIENCE is superseded at once; the server then drops it.
 */
import { decode } from "./frames.js";

const PATIENCE = 120;
const FIRST_DELAY = 250;
const LONGEST_DELAY = 8000;

/**
 * @typedef {import("./frames.js").Frame} Frame
 * @param {string} url
 * @param {{frame: (frame: Frame) => void, connected: (is: boolean) => void}} on
 */
export function connect(url, on) {
  /** @type {WebSocket} */
  let socket;
  /** @type {{id: number, experiment: object} | null} */
  let latest = null;
  /** @type {{id: number, since: number} | null} */
  let underWay = null;
  let lastId = 0;
  let attempts = 0;
  let hurry = 0;
  let retry = 0;

  function open() {
    clearTimeout(retry);
    socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      attempts = 0;
      on.connected(true);
      send();
    };
    socket.onmessage = ({ data }) => receive(decode(data));
    socket.onclose = () => {
      underWay = null;
      on.connected(false);
      const delay = Math.min(FIRST_DELAY * 2 ** attempts++, LONGEST_DELAY);
      retry = setTimeout(open, delay * (0.75 + Math.random() / 2));
    };
  }

  function send() {
    clearTimeout(hurry);
    if (!latest || socket.readyState !== WebSocket.OPEN) return;
    underWay = { id: latest.id, since: performance.now() };
    socket.send(JSON.stringify(latest));
  }

  /** @param {Frame} frame */
  function receive(frame) {
    const { id, type } = frame.header;
    if (id !== underWay?.id) return;
    if (type === "end" || type === "error") {
      underWay = null;
      if (latest?.id !== id) send();
    }
    on.frame(frame);
  }

  addEventListener("online", () => socket.readyState === WebSocket.CLOSED && open());
  open();

  return {
    /**
     * Ask for a run.
     * @param {object} experiment
     * @returns {number} the id its frames will carry
     */
    request(experiment) {
      latest = { id: ++lastId, experiment };
      if (!underWay) {
        send();
      } else {
        clearTimeout(hurry);
        hurry = setTimeout(send, Math.max(0, underWay.since + PATIENCE - performance.now()));
      }
      return lastId;
    },
  };
}
