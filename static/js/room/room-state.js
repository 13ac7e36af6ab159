/**
 * What a room shows, and how a lab stands for it: pure functions.
 *
 * @typedef {import("../net/frame-types.d.ts").RoomState} RoomState
 * @typedef {import("../lab/state.js").State} State
 * @typedef {import("../lab/state.js").Experiment} Experiment
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {{address: Experiment, playhead: number | null, playing: boolean, parts: string[],
 *   point: string}} Shown  what a teacher's lab tells the room
 */

/** Timesteps of a strip, at most. */
const MOST_POINTS = 64;
const POINTED = "timestep ";
const CHART = "chart-";

/**
 * A room after a `moved` frame.
 * @param {RoomState} room
 * @param {Record<string, any>} changes
 * @param {import("../net/frames.js").Numbers} [strip]
 * @returns {RoomState}
 */
export function applied(room, changes, strip) {
  const address = Object.fromEntries(
    Object.entries({ ...room.address, ...changes.address }).filter(([, value]) => value !== null),
  );
  return { ...room, ...changes, address, strip: strip ? [...strip] : null };
}

/**
 * What a teacher's lab tells the room: the settings that differ from the defaults, and how it stands.
 * @param {State} state
 * @param {Experiment} defaults
 * @returns {Shown}
 */
export function shownBy({ experiment, run, ...state }, defaults) {
  const flags = /** @type {const} */ (["folded", "attention", "playing"]).filter((is) => state[is]);
  return {
    address: Object.fromEntries(
      Object.entries(experiment).filter(([field, value]) => value !== defaults[field]),
    ),
    playhead: run && Math.round(100 * state.position) / 100,
    playing: state.playing,
    parts: [
      ...flags.filter((is) => is !== "playing"),
      ...(state.backward ? [] : ["forward-only"]),
      ...(state.bars === "powers" ? ["powers"] : []),
      CHART + state.chart.replaceAll("_", "-"),
    ],
    point: state.chosen ? POINTED + state.chosen : "",
  };
}

/**
 * What has changed since it was told; null where nothing has.
 * @param {Partial<Shown>} told
 * @param {Shown} now
 * @returns {Partial<Shown> | null}
 */
export function news(told, now) {
  const names = /** @type {(keyof Shown)[]} */ (Object.keys(now));
  const changed = names.filter((name) => JSON.stringify(now[name]) !== JSON.stringify(told[name]));
  return changed.length ? Object.fromEntries(changed.map((name) => [name, now[name]])) : null;
}

/**
 * How a lab stands that shows a room. Time does not pass in it: the room tells each position.
 * @param {RoomState} room
 */
export function standOf({ playhead, parts, point }) {
  const chart = parts.find((part) => part.startsWith(CHART))?.slice(CHART.length);
  return {
    place: playhead ?? /** @type {const} */ ("end"),
    play: false,
    folded: parts.includes("folded"),
    attention: parts.includes("attention"),
    backward: !parts.includes("forward-only"),
    chart: /** @type {State["chart"]} */ ((chart ?? "step-factors").replaceAll("-", "_")),
    chosen: point.startsWith(POINTED) ? Number(point.slice(POINTED.length)) : null,
  };
}

/**
 * How high the bars of a room are for a share.
 * @param {RoomState} room
 * @returns {State["bars"]}
 */
export const barsOf = ({ parts }) => parts.includes("powers") ? "powers" : "linear";

/**
 * The bars of a run, while a thumb moves: log10 of the share, null where nothing arrives; of a long run
 * every k-th.
 * @param {Run} run
 */
export function stripOf({ log10Share, T }) {
  const every = Math.ceil(T / MOST_POINTS);
  return [...log10Share].filter((_, i) => i % every === 0)
    .map((value) => Number.isFinite(value) ? Number(value.toFixed(4)) : null);
}

/**
 * A run with the bars of a strip; as it is, where that is of a sequence of another length.
 * @param {Run} run
 * @param {(number | null)[]} strip
 * @returns {Run}
 */
export function withStrip(run, strip) {
  const every = Math.ceil(run.T / MOST_POINTS);
  if (strip.length !== Math.ceil(run.T / every)) return run;
  return {
    ...run,
    log10Share: run.log10Share.map((_, i) => strip[Math.floor(i / every)] ?? -Infinity),
  };
}
