/** A busy page slows the picture down; it does not make it jump. */
const LONGEST_TICK = 50;

/**
 * The part of a way that is done; it starts and stops smoothly.
 * @param {number} share  0..1, of the time
 */
export const smooth = (share) => share ** 2 * (3 - 2 * share);

/**
 * One tick per display frame, with the milliseconds since the last, until it is stopped.
 * @param {(elapsed: number) => boolean} tick  whether to go on
 */
export function createAnimationClock(tick) {
  let frame = 0;
  let last = 0;

  /** @param {number} now */
  function next(now) {
    const elapsed = Math.min(Math.max(0, now - last), LONGEST_TICK);
    last = now;
    if (tick(elapsed)) frame = requestAnimationFrame(next);
  }

  return {
    start() {
      cancelAnimationFrame(frame);
      last = performance.now();
      frame = requestAnimationFrame(next);
    },
    stop: () => cancelAnimationFrame(frame),
  };
}
