/**
 * The first run is drawn slowly enough to be seen. It is trained as fast as ever: what is not yet
 * drawn waits here, and can be drawn at once.
 *
 * @typedef {import("../net/frames.js").Frame<import("../net/frames.js").TrainingHeader>} Frame
 */

/** Seconds that a run takes to be drawn, at least. */
export const SECONDS = 6;

/**
 * The frames of one network's run, and those of them that are drawn.
 * @param {(frame: Frame) => void} show
 * @param {() => void} waits  called where a frame waits: all before it may have been drawn
 */
export function createFramePace(show, waits) {
  /** @type {Frame[]} */
  let waiting = [];
  let slow = false;

  return {
    /** Whether anything waits to be drawn. */
    get behind() {
      return waiting.length > 0;
    },
    /** Whether the run has ended, and is not drawn to its end. */
    get ended() {
      return waiting.at(-1)?.header.type === "end";
    },
    /** @param {boolean} is  whether the run that begins is to be drawn slowly */
    begin(is) {
      [waiting, slow] = [[], is];
    },
    /** @param {Frame} frame */
    take(frame) {
      const paced = frame.header.type === "steps" || frame.header.type === "end";
      if (!slow || !paced) return show(frame);
      waiting.push(frame);
      waits();
    },
    /** @param {number} to  the step up to which it is drawn */
    advance(to) {
      while (waiting.length) {
        const [drawn, rest] = cut(waiting[0], to);
        if (!drawn) return;
        if (rest) waiting[0] = rest;
        else waiting.shift();
        show(drawn);
      }
    },
    /** Draw all of it now, and what follows as it comes. */
    catchUp() {
      slow = false;
      for (const frame of waiting.splice(0)) show(frame);
    },
  };
}

/**
 * A frame, cut after a step: what the network answers then is not known before the frame's last.
 * @param {Frame} frame  of every step from one to another, or an end
 * @param {number} to
 * @returns {[Frame | null, Frame | null]}
 */
export function cut(frame, to) {
  const { header, arrays } = frame;
  if (header.type !== "steps" || to >= header.to) return [frame, null];
  if (to < header.from) return [null, frame];
  const rows = header.to - header.from + 1;
  const at = to - header.from + 1;
  /** @param {number} from @param {number} until */
  const part = (from, until) =>
    Object.fromEntries(
      Object.entries(arrays).map(([name, { length }]) => {
        const wide = length / rows;
        return [name, arrays[name].subarray(from * wide, until * wide)];
      }),
    );
  const checkpoints = header.checkpoints.filter((/** @type {number} */ step) => step <= to);
  const seconds = header.seconds * to / header.to;
  const first = { ...header, to, checkpoints, seconds, answers: [] };
  return [
    { header: first, arrays: part(0, at) },
    { header: { ...header, from: to + 1 }, arrays: part(at, rows) },
  ];
}

/** The number of steps to be drawn by now. */
export function createClock() {
  let step = 0;
  let before = NaN;

  return {
    restart() {
      [step, before] = [0, NaN];
    },
    /**
     * @param {number} now  milliseconds
     * @param {number} planned  steps
     * @param {boolean} runs
     */
    tick(now, planned, runs) {
      if (runs && before < now) step += (now - before) / 1000 * planned / SECONDS;
      before = now;
      return Math.floor(step);
    },
  };
}
