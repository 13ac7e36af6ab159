/**
 * An engine whose runs are those of a room, computed once for all, as long as its lab follows: a lab
 * asks it as it does any other. Of the lab's own channel alone; pinned runs are asked for as ever.
 *
 * @typedef {import("../net/server.js").Engine} Engine
 * @typedef {import("../net/run-channel.js").Frame} Frame
 */
import { isOf } from "../lab/pins.js";

/** @param {Engine} engine  that is asked where the room has no run */
export function createSharedRuns(engine) {
  /** @type {import("../net/run-channel.js").OnRuns | null} */
  let on = null;
  /** @type {import("../net/run-channel.js").RunChannel | null} */
  let own = null;
  /** @type {Map<number, number>} the lab's ids by the engine's */
  const ids = new Map();
  /** @type {Frame[]} of the room's newest run, as far as it has come */
  let frames = [];
  let follows = true;
  let lastId = 0;
  /** The lab's id of the run that comes from the room. */
  let given = 0;
  /** @type {import("../lab/state.js").Experiment} */
  let wanted = {};

  return {
    /** @type {Engine} */
    engine: {
      ...engine,
      runs(hears) {
        if (on) return engine.runs(hears);
        on = hears;
        return { request, close: () => own?.close() };
      },
    },
    hear,
    /** @param {import("../net/connection.js").Way} way  to the room */
    way: (way) => follows && on?.way(way),
    /** @param {boolean} is  whether the lab follows the room, or has runs of its own */
    follow(is) {
      follows = is;
      if (!is) on?.way("opening");
    },
  };

  /**
   * @param {object} experiment
   * @param {object} [claims]
   */
  function request(experiment, claims) {
    lastId += 1;
    wanted = /** @type {typeof wanted} */ (experiment);
    if (!follows) ask(experiment, claims);
    else if (
      frames[0]?.header.type === "begin" && isOf(/** @type {any} */ (frames[0].header), wanted)
    ) {
      queueMicrotask(() => {
        given = lastId;
        frames.forEach((frame) => deliver(frame, given));
      });
    }
    return lastId;
  }

  /**
   * @param {object} experiment
   * @param {object} [claims]
   */
  function ask(experiment, claims) {
    own ??= engine.runs({
      frame: (frame) => deliver(frame, ids.get(Number(frame.header.id)) ?? 0),
      way: (way) => follows || on?.way(way),
    });
    ids.set(own.request(experiment, claims), lastId);
  }

  /**
   * A frame of a run has come from the room.
   * @param {Frame} frame
   */
  function hear(frame) {
    const { header } = frame;
    if (header.type === "begin" || header.type === "error") {
      frames = [];
      given = lastId;
    }
    frames.push(frame);
    if (!follows) return;
    if (header.type === "error" && header.code === "room_run_big") ask(wanted);
    else deliver(frame, given);
  }

  /**
   * @param {Frame} frame
   * @param {number} id  that the lab knows it by
   */
  function deliver(frame, id) {
    on?.frame({ ...frame, header: { ...frame.header, id } });
  }
}
