/**
 * Networks that are trained elsewhere, and watched on this page: their frames come from a room.
 *
 * @typedef {import("../net/frames.js").Frame<import("../net/frames.js").TrainingHeader>} Frame
 */
import { runs, trains } from "./status.js";

/**
 * @param {Pick<ReturnType<typeof import("./trainer.js").createTrainer>, "state" | "dispatch" | "adopt">} trainer
 * @param {(news: import("./trainer.js").News) => void} told
 */
export function createWatchedRuns(trainer, told) {
  /** @type {Map<number | null, Frame[]>} of each network from its beginning on */
  const frames = new Map();
  let goes = true;
  let follows = true;
  let again = false;

  return {
    /** @param {Frame} frame */
    hear(frame) {
      const { id, type } = frame.header;
      if (type === "begin") frames.set(id, []);
      frames.get(id)?.push(frame);
      if (!follows || again || !frames.has(id)) return;
      show(frame);
      if (type === "begin") told("begun");
      if (type === "end" && !trainer.state().networks.some(trains)) told("finished");
    },
    /**
     * The page stands as the room does.
     * @param {boolean} is  whether the networks go on
     */
    stand(is) {
      goes = is;
      if (again) {
        again = false;
        for (const frame of [...frames.values()].flat()) show(frame);
      }
      const { networks } = trainer.state();
      if (!networks.some(trains) || runs(trainer.state()) === is) return;
      trainer.dispatch({ type: "pause" });
      told(is ? "resumed" : "paused");
    },
    /** @param {boolean} is  whether they are watched, or the page has networks of its own */
    follow(is) {
      if (is && !follows) trainer.adopt({ ...trainer.state().plan, cells: "" }); // its own are gone
      else if (!is && follows) leave();
      again ||= is && !follows;
      follows = is;
    },
  };

  /** Nothing more comes of the networks on the page: they stand as they are. */
  function leave() {
    const trained = trainer.state().networks.some(trains);
    trainer.dispatch({ type: "leave" });
    if (trained) told("nothing");
  }

  /** @param {Frame} frame */
  function show(frame) {
    const { id } = frame.header;
    const [{ header }] = /** @type {Frame[]} */ (frames.get(id));
    if (header.type !== "begin") return;
    const cell = String(header.training.cell);
    const told = { ...frame.header, found: true, paused: !goes };
    trainer.dispatch({ type: "frame", cell, frame: { ...frame, header: told } });
  }
}
