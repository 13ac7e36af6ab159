/** A recorded training as the histories that a gradient map draws, one for each layer and direction. */

const MOST_COLUMNS = 1200;

/**
 * @param {import("./recorded-window.js").Recorded} recorded
 * @returns {any[]}
 */
export function historiesOf({ module, steps, levels, log10_norms }) {
  const last = steps[steps.length - 1];
  const apart = steps.slice(1).map((step, i) => step - steps[i]);
  const every = Math.max(Math.min(...apart, last), Math.ceil(last / MOST_COLUMNS), 1);
  const count = Math.floor((last - 1) / every) + 1;
  const T = Math.max(...log10_norms[0].map((norms) => norms.length));
  return levels.map((level, k) => {
    const reach = new Float32Array(count * T).fill(NaN);
    for (let i = 0; i < count; i++) {
      const now = steps.findLastIndex((step) => step <= 1 + i * every);
      if (now < 0) continue; // before the first that was recorded
      const norms = log10_norms[k][now].map((each) => each ?? NaN);
      reach.set(norms, i * T);
    }
    return {
      run: `${module} ${level} ${last}`,
      T,
      planned: count * every,
      step: last,
      every,
      count,
      loss: { length: count },
      reach,
      end: null,
    };
  });
}
