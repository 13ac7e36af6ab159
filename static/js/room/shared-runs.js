/**
 * An engine whose runs are those of a room, each computed once for all, as long as its lab follows: a
 * lab asks it as it does any other. Its own run comes by itself; what stands beside it, pinned or in
 * the student's own language, is asked of the room.
 *
 * @typedef {import("../net/server.js").Engine} Engine
 * @typedef {import("../net/run-channel.js").Frame} Frame
 * @typedef {import("../lab/state.js").Experiment} Experiment
 * @typedef {{experiment: Experiment, hear: (frame: Frame) => void, begun: boolean}} Asked
 */
import { isOf } from "../lab/pins.js";

/** Beyond the numbers that the channel gives to its messages, and below those of answers. */
const FIRST_ID = 5e5;

/**
 * @param {Engine} engine  that is asked where the room has no run
 * @param {(message: object) => boolean} say  to the room
 */
export function createSharedRuns(engine, say) {
  /** @type {import("../net/run-channel.js").OnRuns | null} */
  let on = null;
  /** @type {import("../net/run-channel.js").RunChannel | null} */
  let own = null;
  /** @type {Map<number, number>} the lab's ids by the engine's */
  const ids = new Map();
  /** @type {Frame[]} of the room's newest run, as far as it has come */
  let frames = [];
  let follows = true;
  /** Whether the lab shows another run than the room's own. */
  let apart = false;
  let lastId = 0;
  /** The lab's id of the run that comes from the room. */
  let given = 0;
  /** @type {Experiment} */
  let wanted = {};
  /** @type {Map<number, Asked>} what the room was asked for, by the id of the message */
  const asked = new Map();
  let message = FIRST_ID;
  /** The message that asks for the lab's own run. */
  let shown = 0;

  return {
    /** @type {Engine} */
    engine: {
      ...engine,
      runs(hears) {
        if (on) return beside(hears);
        on = hears;
        return { request, close: () => own?.close() };
      },
    },
    hear,
    /** @param {import("../net/connection.js").Way} way  to the room */
    way(way) {
      if (way === "socket") { for (const [id, { experiment }] of asked) tell(id, experiment); }
      if (follows) on?.way(way);
    },
    /** @param {boolean} is  whether the lab follows the room, or has runs of its own */
    follow(is) {
      follows = is;
      if (!is) on?.way("opening");
    },
    /** @param {boolean} is  whether what the lab is about to open is another run than the room's own */
    apart: (is) => apart = is,
  };

  /**
   * @param {object} experiment
   * @param {import("../net/run-channel.js").Wishes} [wishes]
   */
  function request(experiment, wishes) {
    lastId += 1;
    wanted = /** @type {Experiment} */ (experiment);
    asked.delete(shown);
    if (!follows) ask(experiment, wishes);
    else if (apart) {
      const id = lastId;
      shown = askRoom(wanted, (frame) => follows && deliver(frame, id), () => ask(experiment));
    } else if (frames[0]?.header.type === "begin" && isOfFrame(frames[0], wanted)) {
      queueMicrotask(() => {
        given = lastId;
        frames.forEach((frame) => deliver(frame, given));
      });
    }
    return lastId;
  }

  /**
   * @param {object} experiment
   * @param {import("../net/run-channel.js").Wishes} [wishes]
   */
  function ask(experiment, wishes) {
    own ??= engine.runs({
      frame: (frame) => deliver(frame, ids.get(Number(frame.header.id)) ?? 0),
      way: (way) => follows || on?.way(way),
    });
    ids.set(own.request(experiment, wishes), lastId);
  }

  /**
   * A channel of runs beside the lab's own, one at a time.
   * @param {import("../net/run-channel.js").OnRuns} hears
   * @returns {import("../net/run-channel.js").RunChannel}
   */
  function beside(hears) {
    /** @type {import("../net/run-channel.js").RunChannel | null} */
    let other = null;
    const direct = (/** @type {object} */ experiment) =>
      (other ??= engine.runs(hears)).request(experiment);
    return {
      request(experiment) {
        if (!follows) return direct(experiment);
        return askRoom(
          /** @type {Experiment} */ (experiment),
          hears.frame,
          () => direct(experiment),
        );
      },
      close: () => other?.close(),
    };
  }

  /**
   * @param {Experiment} experiment
   * @param {(frame: Frame) => void} hear
   * @param {() => void} big  the run is too big for the room
   */
  function askRoom(experiment, hear, big) {
    message += 1;
    const take = (/** @type {Frame} */ frame) =>
      frame.header.type === "error" && frame.header.code === "room_run_big" ? big() : hear(frame);
    asked.set(message, { experiment, hear: take, begun: false });
    tell(message, experiment);
    return message;
  }

  /** @param {number} id @param {Experiment} experiment */
  function tell(id, experiment) {
    say({ do: "run", experiment, id });
  }

  /**
   * A frame of a run has come from the room: of its own, or of one that was asked for.
   * @param {Frame} frame
   */
  function hear(frame) {
    const { header } = frame;
    const id = Number(header.id);
    if (id < 0) return answer(frame);
    const refused = asked.get(id);
    if (id > FIRST_ID) {
      asked.delete(id);
      return refused?.hear(frame);
    }
    if (header.type === "begin" || header.type === "error") {
      frames = [];
      given = lastId;
    }
    frames.push(frame);
    if (!follows || apart) return;
    if (header.type === "error" && header.code === "room_run_big") ask(wanted);
    else deliver(frame, given);
  }

  /** @param {Frame} frame  of a run beside the room's own */
  function answer(frame) {
    const { type } = frame.header;
    for (const [id, each] of [...asked]) {
      if (type === "begin") each.begun = isOfFrame(frame, each.experiment);
      if (!each.begun) continue;
      if (type === "end" || type === "error") asked.delete(id);
      each.hear(frame);
    }
  }

  /**
   * @param {Frame} frame
   * @param {number} id  that the lab knows it by
   */
  function deliver(frame, id) {
    on?.frame({ ...frame, header: { ...frame.header, id } });
  }
}

/** @param {Frame} frame  that begins a run @param {Experiment} experiment */
const isOfFrame = ({ header }, experiment) => isOf(/** @type {any} */ (header), experiment);
