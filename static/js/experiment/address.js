/** The address bar holds the experiment: what differs from the defaults. */

/** @typedef {import("../lab/state.js").Experiment} Experiment */
import { compared } from "./cells.js";

/**
 * Unknown names are passed over; values are read as the defaults' types, and the server judges them.
 * @param {string} search
 * @param {Experiment} defaults
 * @returns {Experiment}
 */
export function experimentFrom(search, defaults) {
  const given = new URLSearchParams(search);
  const entries = Object.entries(defaults).map(([field, value]) => {
    const text = given.get(field);
    const numeric = typeof value === "number" || field === "loss";
    return [field, text === null ? value : numeric ? number(text) : text];
  });
  const experiment = Object.fromEntries(entries);
  return { ...experiment, ...oneLayer(experiment) };
}

/**
 * The fields that an encoder-decoder has no choice of, where they say otherwise.
 * @param {Experiment} experiment
 * @returns {Experiment}
 */
export const oneLayer = ({ architecture, layers }) =>
  architecture === "encoder-decoder" && layers ? { layers: 1, directions: 1, layer: 0 } : {};

/**
 * The pinned experiments: each is an address of its own.
 * @param {string} search
 * @param {Experiment} defaults
 */
export const pinsFrom = (search, defaults) =>
  new URLSearchParams(search).getAll("pin").map((pin) => experimentFrom(pin, defaults));

/**
 * The scale of the bars for a share.
 * @param {string} search
 * @returns {import("../canvas/color-scale.js").View}
 */
export const barsFrom = (search) =>
  new URLSearchParams(search).get("bars") === "powers" ? "powers" : "linear";

/**
 * The cells of the runs that follow the experiment.
 * @param {string} search
 */
export const followersFrom = (search) =>
  compared().filter((cell) => new URLSearchParams(search).getAll("follow").includes(cell));

/** Fields of an address that no experiment changes. */
const KEPT = ["view", "lang", "route"];

/**
 * @param {Experiment} experiment
 * @param {Experiment} defaults
 * @param {Experiment[]} [pins]
 * @param {string} [before]  the address as it was
 * @param {import("../canvas/color-scale.js").View} [bars]
 * @param {(string | number)[]} [followers]  the cells of the runs that follow the experiment
 */
export function searchFor(
  experiment,
  defaults,
  pins = [],
  before = "",
  bars = "linear",
  followers = [],
) {
  const search = differing(experiment, defaults);
  if (bars !== "linear") search.set("bars", bars);
  for (const pin of pins) search.append("pin", String(differing(pin, defaults)));
  for (const cell of followers) search.append("follow", String(cell));
  const given = new URLSearchParams(before);
  for (const name of KEPT) {
    const value = given.get(name);
    if (value !== null) search.set(name, value);
  }
  return search.size ? `?${search}` : "";
}

/**
 * A trained network is named even where it is the default: what its address says is up to its name.
 * @param {Experiment} experiment
 * @param {Experiment} defaults
 */
const differing = (experiment, defaults) =>
  new URLSearchParams(
    Object.entries(defaults).flatMap(([field, value]) =>
      field in experiment && (field === "checkpoint" || experiment[field] !== value)
        ? [[field, String(experiment[field])]]
        : []
    ),
  );

/**
 * A number, or the text itself where it is none, so that a message can name it.
 * @param {string} text
 */
export function number(text) {
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) ? text : value;
}
