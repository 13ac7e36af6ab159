/**
 * Milliseconds without a change after which the numbers of a run are asked for: keys that are pressed one
 * by one are quicker, and each has a run.
 */
export const QUIET = 250;

/**
 * Return a function that calls `act` once there were no calls for `quiet` milliseconds.
 * @template {unknown[]} A
 * @param {(...args: A) => void} act
 * @param {number} quiet  milliseconds
 */
export function debounced(act, quiet) {
  let timer = 0;
  /** @type {A | null} */
  let waiting = null;

  function flush() {
    clearTimeout(timer);
    const args = waiting;
    waiting = null;
    if (args) act(...args);
  }

  return {
    /** @param {A} args  of which the latest are taken */
    soon(...args) {
      clearTimeout(timer);
      waiting = args;
      timer = setTimeout(flush, quiet);
    },
    /** Do now what waits, if anything does. */
    flush,
    cancel() {
      clearTimeout(timer);
      waiting = null;
    },
  };
}
