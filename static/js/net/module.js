/** Modules that are not for the first paint. */

const AGAIN = 3000;

/**
 * A module; while the server is away it is asked for again and again.
 * @template Module
 * @param {() => Promise<Module>} load
 * @param {() => void} [failed]  each time that it did not come
 * @returns {Promise<Module>}
 */
export async function patiently(load, failed = () => {}) {
  for (;;) {
    try {
      return await load();
    } catch (error) {
      console.info(error);
      failed();
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }
}
