/**
 * The strip of the bars that a room carries while a thumb moves.
 *
 * @typedef {import("../run/run.js").Run} Run
 */

/** Timesteps of a strip, at most. */
const MOST_POINTS = 64;

/**
 * The bars of a run, while a thumb moves: log10 of the share, null where nothing arrives; of a long run
 * every k-th.
 * @param {Run | null} run
 */
export function stripOf(run) {
  if (!run) return null;
  const { log10Share, T } = run;
  const every = Math.ceil(T / MOST_POINTS);
  return [...log10Share].filter((_, i) => i % every === 0)
    .map((value) => Number.isFinite(value) ? Number(value.toFixed(4)) : null);
}

/**
 * A run with the bars of a strip; as it is, where that is of a sequence of another length. Of the same
 * step in another language they are drawn out or in: they move with the thumb until it rests.
 * @param {Run} run
 * @param {(number | null)[]} strip
 * @param {boolean} [apart]  whether the run is in another language
 * @returns {Run}
 */
export function withStrip(run, strip, apart = false) {
  const every = Math.ceil(run.T / MOST_POINTS);
  const fits = strip.length === Math.ceil(run.T / every);
  if (!fits && !apart) return run;
  const along = fits ? 1 / every : strip.length / run.T;
  return {
    ...run,
    log10Share: run.log10Share.map((_, i) => strip[Math.floor(i * along)] ?? -Infinity),
  };
}
