/**
 * A screen that does not dim while it is presented, where the browser can hold it. The browser lets
 * go of the screen whenever the page is hidden.
 * @returns {(is: boolean) => void}  whether it is to stay awake
 */
export function createWakeLock() {
  let wanted = false;
  /** @type {WakeLockSentinel | undefined} */
  let lock;
  let settled = Promise.resolve();
  document.addEventListener("visibilitychange", next);

  return (is) => {
    wanted = is;
    next();
  };

  /** In sequence, so that a lock is never granted after its release. */
  function next() {
    settled = settled.then(settle);
  }

  async function settle() {
    try {
      if (!wanted) await lock?.release();
      else if (!document.hidden && (lock?.released ?? true)) {
        lock = await navigator.wakeLock?.request("screen");
      }
    } catch {
      // a low battery, or a page that may not: the screen does as it does
    }
  }
}
