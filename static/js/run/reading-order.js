/**
 * A run in the order in which its cell reads. That of a cell that reads from the end is mirrored: its
 * first timestep is T, its gradient goes back to T, and what is said of it counts as the sequence does.
 *
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("../text/format.js").Translate} Translate
 */

/** Blanks of the messages that are timesteps. */
const TIMESTEPS = new Set(
  ["t", "next", "before", "s", "from", "first", "reaches", "most", "least", "most_t", "least_t"],
);

/** @type {WeakMap<Run, {grown: string, run: Run}>} */
const known = new WeakMap();

/**
 * The timestep of the sequence that comes at a place of the reading order, and the other way round.
 * @param {Pick<Run, "T" | "reverse">} run
 * @param {number} t
 */
export const inTime = ({ T, reverse }, t) => reverse ? T + 1 - t : t;

/**
 * A run as its cell reads it: the same one if it reads forward.
 * @param {Run} run
 */
export function asRead(run) {
  if (!run.reverse) return run;
  const grown = [run.forwardTo, run.backwardFrom, run.losses.size, Boolean(run.end)].join();
  const last = known.get(run);
  if (last?.grown === grown) return last.run;
  const mirror = mirrored(run);
  known.set(run, { grown, run: mirror });
  return mirror;
}

/**
 * A run from its last timestep to its first.
 * @param {Run} run
 * @returns {Run}
 */
export function mirrored(run) {
  const { T, H, end, loss } = run;
  /** @param {Map<number, any>} map */
  const turn = (map) =>
    new Map([...map].reverse().map(([t, value]) => /** @type {const} */ ([T + 1 - t, value])));
  /** @param {number | null} t */
  const at = (t) => t === null ? null : T + 1 - t;
  return {
    ...run,
    tokens: run.tokens.toReversed(),
    named: run.named.toReversed(),
    targets: run.targets.toReversed(),
    hidden: backwards(run.hidden, H),
    cellState: run.cellState && backwards(run.cellState, H),
    gateValues: Object.fromEntries(
      Object.entries(run.gateValues).map(([name, values]) => [name, backwards(values, H)]),
    ),
    log10Gradient: run.log10Gradient.toReversed(),
    log10CellShare: run.log10CellShare?.toReversed() ?? null,
    log10Share: run.log10Share.toReversed(),
    probabilities: turn(run.probabilities),
    predicted: turn(run.predicted),
    losses: turn(run.losses),
    loss: typeof loss === "number" ? T + 1 - loss : loss,
    end: end && {
      ...end,
      arrives: {
        ...end.arrives,
        reaches: at(end.arrives.reaches),
        cell: end.arrives.cell && { ...end.arrives.cell, reaches: at(end.arrives.cell.reaches) },
      },
    },
  };
}

/**
 * Rows of numbers, the last first.
 * @param {Float32Array} rows
 * @param {number} width
 */
function backwards(rows, width) {
  const turned = new Float32Array(rows.length);
  for (let from = 0; from < rows.length; from += width) {
    turned.set(rows.subarray(from, from + width), rows.length - width - from);
  }
  return turned;
}

/**
 * A translator for what is said of a run in its reading order: its timesteps are those of the sequence.
 * @param {Run} run
 * @param {Translate} t
 * @returns {Translate}
 */
export function toldInTime(run, t) {
  if (!run.reverse) return t;
  /** @param {string} key @param {Record<string, unknown>} [blanks] */
  const told = (key, blanks = {}) => {
    const turned = Object.entries(blanks).map(([name, value]) => [
      name,
      TIMESTEPS.has(name) && typeof value === "number" ? run.T + 1 - value : value,
    ]);
    return t(key, Object.fromEntries(turned));
  };
  return Object.assign(told, { has: t.has, texts: t.texts });
}
