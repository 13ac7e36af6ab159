/**
 * The state of a room, and the view of a lab that shows it: pure functions.
 *
 * @typedef {import("../net/frame-types.d.ts").RoomState} RoomState
 * @typedef {import("../lab/state.js").State} State
 * @typedef {import("../lab/state.js").Experiment} Experiment
 * @typedef {Record<string, string | number | boolean>} Address
 *
 * @typedef {{page: string, step: string, address: Address, playhead: number | null}} Where
 * @typedef {Where & {playing: boolean, parts: string[], point: string,
 *   keys?: Record<string, string>}} Shown  what a teacher's page tells the room; `keys`: of the
 *   training runs, for who takes the lead
 * @typedef {{from: Experiment, to: Experiment}} Translation  what a run reads in another language, and
 *   in this one
 * @typedef {{page: string, step: string, told: boolean, version?: string}} Step  of a lesson, and whether
 *   its question is answered; the version of one of the teacher's own
 */
import { experimentFrom, searchFor } from "../experiment/address.js";

const CHART = "chart-";
const TIMESTEP = "timestep-";
const LENGTH = "timesteps-";
const TOLD = "answered";
const VERSION = "own-";
const SYMBOL = "symbol";
/** Of a name in what is pointed at. */
const NAME = /^[A-Za-z0-9_-]+$/;
/** The page of the lab. */
const LAB = { page: "", step: "", told: false };

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

/** The pages where a class can be. */
const PAGES = { "": "room.at.lab", lessons: "room.at.lessons", train: "room.at.train" };

/**
 * The name of another page.
 * @param {string} page
 * @param {import("../text/format.js").Translate} t
 */
export function pageName(page, t) {
  const [its] = /** @type {(keyof PAGES)[]} */ (page.split("/"));
  return t(PAGES[its]);
}

/** The parts of the state that a teacher's page moves. */
const MOVED = ["page", "step", "address", "playhead", "playing", "parts", "point"];

/**
 * The difference between two states of a room, as a `moved` frame has it.
 * @param {RoomState} before
 * @param {RoomState} now
 * @param {number} teacher  the number of the teacher who is told, whose own moves are left out; 0 of a
 *   student
 * @returns {Record<string, any>}
 */
export function changesOf(before, now, teacher) {
  const gone = Object.keys(before.address).filter((field) => !(field in now.address));
  const address = { ...now.address, ...Object.fromEntries(gone.map((field) => [field, null])) };
  const others = Object.entries({ ...now, address }).filter(([name, value]) =>
    name !== "strip" && !(teacher === now.driver && MOVED.includes(name)) &&
    JSON.stringify(value) !== JSON.stringify(/** @type {any} */ (before)[name])
  );
  return Object.fromEntries(others);
}

/**
 * The report of a teacher's lab to the room: the settings that differ from the defaults, what is
 * pinned, and how it stands.
 * @param {State} state
 * @param {Experiment} defaults
 * @param {Step} [where]  it is, if that is not its own page
 * @returns {Shown}
 */
export function shownBy({ experiment, run, pins, lit, ...state }, defaults, where = LAB) {
  const flags = /** @type {const} */ (["folded", "attention"]).filter((is) => state[is]);
  const fixed = pins.filter((pin) => !pin.follows).map((pin) =>
    searchFor(pin.experiment, withNetwork(defaults)) || "?"
  );
  const cells = pins.filter((pin) => pin.follows).map((pin) => pin.experiment.cell);
  return {
    page: where.page,
    step: where.step,
    address: {
      ...Object.fromEntries(
        Object.entries(experiment).filter(([field, value]) => value !== defaults[field]),
      ),
      ...(fixed.length && { pins: fixed.join(" ") }),
      ...(cells.length && { follow: cells.join(" ") }),
    },
    playhead: run && Math.round(100 * state.position) / 100,
    playing: state.playing,
    parts: [
      ...flags,
      ...(state.output ? [] : ["states-only"]),
      ...(state.backward ? [] : ["forward-only"]),
      ...(state.bars === "powers" ? ["powers"] : []),
      ...(state.chosen ? [TIMESTEP + state.chosen] : []),
      ...(run ? [LENGTH + run.T] : []),
      ...(where.told ? [TOLD] : []),
      ...(where.version ? [VERSION + where.version] : []),
      CHART + state.chart.replaceAll("_", "-"),
    ],
    point: lit && NAME.test(lit.quantity)
      ? [SYMBOL, lit.quantity, lit.timestep ?? 0, lit.part ?? ""].join(" ").trim()
      : "",
  };
}

/**
 * Defaults with a place for the name of a trained network.
 * @param {Experiment} defaults
 */
const withNetwork = (defaults) => ({ ...defaults, checkpoint: "" });

/**
 * The experiment, the pins and the view of a lab that shows a room.
 * @param {Address} address
 * @param {Experiment} defaults
 */
export function runsOf({ pins = "", follow = "", ...settings }, defaults) {
  const words = (/** @type {unknown} */ text) => String(text).split(" ").filter(Boolean);
  return {
    experiment: /** @type {Experiment} */ ({ ...defaults, ...settings }),
    pins: words(pins).map((pin) => {
      const { checkpoint, ...experiment } = experimentFrom(pin, withNetwork(defaults));
      return checkpoint ? { ...experiment, checkpoint } : experiment;
    }),
    cells: words(follow),
  };
}

/**
 * A run with its text in the language of the page, where it is that of a lesson; else as it is: a
 * teacher has typed it, or trained a network on it.
 * @param {Experiment} experiment
 * @param {Translation[]} [translations]  of the step
 */
export function translated(experiment, translations = []) {
  const found = translations.find(({ from }) =>
    Object.entries({ checkpoint: undefined, ...from })
      .every(([field, value]) => experiment[field] === value)
  );
  return found ? { ...experiment, ...found.to } : experiment;
}

/**
 * The changes since the last report; null where there are none.
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
 * The view of a lab that shows a room. Time does not pass in it: the room tells each position.
 * @param {Pick<RoomState, "playhead" | "parts">} room
 */
export function standOf({ playhead, parts }) {
  const after = (/** @type {string} */ name) =>
    parts.find((part) => part.startsWith(name))?.slice(name.length);
  const of = Number(after(LENGTH));
  const place = playhead !== null && of ? { position: playhead, of } : playhead;
  return {
    place: place ?? /** @type {const} */ ("end"),
    play: false,
    folded: parts.includes("folded"),
    attention: parts.includes("attention"),
    output: !parts.includes("states-only"),
    backward: !parts.includes("forward-only"),
    chart: /** @type {State["chart"]} */ ((after(CHART) ?? "step-factors").replaceAll("-", "_")),
    chosen: Number(after(TIMESTEP)) || null,
  };
}

/**
 * The part that the teacher points at; at the last timestep, where a run in another language is shorter.
 * @param {RoomState} room
 * @param {number} [T]  of the run that is shown
 * @returns {State["lit"]}
 */
export function litBy({ point }, T = Infinity) {
  const [kind, quantity, timestep, part] = point.split(" ");
  if (kind !== SYMBOL) return null;
  return {
    quantity,
    timestep: Math.min(Number(timestep), T) || null,
    ...(part !== undefined && { part: Number(part) }),
  };
}

/**
 * Whether the class has the answer to the question of its step.
 * @param {RoomState} room
 */
export const isTold = ({ parts }) => parts.includes(TOLD);

/**
 * The version of the teacher's own lesson that the class follows; empty for another lesson.
 * @param {RoomState} room
 */
export const versionOf = ({ parts }) =>
  parts.find((part) => part.startsWith(VERSION))?.slice(VERSION.length) ?? "";

/**
 * The scale of a room's bars for a share.
 * @param {RoomState} room
 * @returns {State["bars"]}
 */
export const barsOf = ({ parts }) => parts.includes("powers") ? "powers" : "linear";
