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
