/**
 * The page's channel to the engine.
 *
 * At most one run is under way and one is waiting, the latest: a fast drag never queues up. A run
 * that goes unanswered for longer than is usual is superseded by it; the server then sends what it
 * has computed, and turns to the newer one.
 */
import { learnt, timeout, unanswered } from "./answer-timeout.js";

/** Milliseconds until a request to a busy server is repeated. */
const BUSY = 1000;
/** Milliseconds without a frame after which a connection is taken to be dead. */
const SILENCE = 10_000;

/**
 * @typedef {import("./frames.js").Frame<import("./frames.js").RunHeader>} Frame
 * @typedef {import("./connection.js").Way} Way
 * @typedef {{frame: (frame: Frame) => void, way: (way: Way) => void}} OnRuns
 *
 * @typedef {object} Wishes  further parts of the last frame
 * @property {object} [claims]  that words make of the run, by their names
 * @property {string} [weight]  to look at: then it has all of them in numbers, if they are few
 *
 * @typedef {object} RunChannel
 * @property {(experiment: object, wishes?: Wishes) => number} request  asks for a run, and returns the
 *   id that its frames will carry
 * @property {() => void} close
 *
 * @param {import("./server.js").Connect} open
 * @param {OnRuns} on
 * @returns {RunChannel}
 */
export function createRunChannel(open, on) {
  /** @type {{id: number, experiment: object} & Wishes | null} */
  let latest = null;
  /** @type {{id: number, since: number, answered: boolean} | null} */
  let underWay = null;
  /** @type {number | null} milliseconds until an answer begins */
  let usual = null;
  let lastId = 0;
  let hurry = 0;
  let silence = 0;

  const link = open({
    open: (say) => latest && send(say),
    frame: receive,
    way(way) {
      if (way === "lost") idle();
      on.way(way);
    },
  });

  /** @param {(message: object) => boolean} [say] */
  function send(say = link.say) {
    clearTimeout(hurry);
    if (!latest || !say(latest)) return;
    const now = performance.now();
    if (underWay && !underWay.answered) usual = unanswered(usual, now - underWay.since);
    underWay = { id: latest.id, since: now, answered: false };
    listen();
  }

  /** @param {Frame} frame */
  function receive(frame) {
    const { header } = frame;
    const { id, type } = header;
    if (underWay && id === underWay.id) {
      if (!underWay.answered) usual = learnt(usual, performance.now() - underWay.since);
      underWay.answered = true;
      listen();
      if (type === "end" || type === "error") {
        idle();
        if (latest?.id !== id) send();
        else if (header.type === "error" && header.code === "busy") {
          hurry = setTimeout(send, BUSY * (0.75 + Math.random() / 2));
        }
      }
    }
    on.frame(frame);
  }

  function listen() {
    clearTimeout(silence);
    silence = setTimeout(link.drop, SILENCE);
  }

  function idle() {
    clearTimeout(silence);
    underWay = null;
  }

  return {
    request(experiment, wishes) {
      latest = { id: ++lastId, experiment, ...wishes };
      if (!underWay) {
        send();
      } else {
        clearTimeout(hurry);
        hurry = setTimeout(send, underWay.since + timeout(usual) - performance.now());
      }
      return lastId;
    },
    close() {
      clearTimeout(hurry);
      clearTimeout(silence);
      link.close();
    },
  };
}
