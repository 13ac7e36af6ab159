/**
 * The page's channel to the engine.
 *
 * At most one run is under way and one is waiting, the latest: a fast drag never queues up. A run
 * that goes unanswered for longer than is usual is superseded by it; the server then sends what it
 * has computed, and turns to the newer one.
 */
import { decode } from "./frames.js";
import { learnt, patience, unanswered } from "./patience.js";

const FIRST_DELAY = 250;
const LONGEST_DELAY = 8000;
/** Milliseconds until a busy server is asked again. */
const BUSY = 1000;

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
  /** @type {{id: number, since: number, answered: boolean} | null} */
  let underWay = null;
  /** @type {number | null} milliseconds until an answer begins */
  let usual = null;
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
      retry = setTimeout(open, delay * scatter());
    };
  }

  function send() {
    clearTimeout(hurry);
    if (!latest || socket.readyState !== WebSocket.OPEN) return;
    const now = performance.now();
    if (underWay && !underWay.answered) usual = unanswered(usual, now - underWay.since);
    underWay = { id: latest.id, since: now, answered: false };
    socket.send(JSON.stringify(latest));
  }

  /** @param {Frame} frame */
  function receive(frame) {
    const { id, type, code } = frame.header;
    if (underWay && id === underWay.id) {
      if (!underWay.answered) usual = learnt(usual, performance.now() - underWay.since);
      underWay.answered = true;
      if (type === "end" || type === "error") {
        underWay = null;
        if (latest?.id !== id) send();
        else if (code === "busy") hurry = setTimeout(send, BUSY * scatter());
      }
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
        hurry = setTimeout(send, underWay.since + patience(usual) - performance.now());
      }
      return lastId;
    },
  };
}

/** A factor that keeps the pages of a class from asking all at once. */
const scatter = () => 0.75 + Math.random() / 2;
