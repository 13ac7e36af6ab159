/** The address bar holds the experiment: what differs from the defaults. */

/** @typedef {import("./state.js").Experiment} Experiment */

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
    return [field, text === null ? value : typeof value === "number" ? number(text) : text];
  });
  return Object.fromEntries(entries);
}

/**
 * @param {Experiment} experiment
 * @param {Experiment} defaults
 */
export function searchFor(experiment, defaults) {
  const differing = Object.entries(experiment).filter(([field, value]) =>
    value !== defaults[field]
  );
  const search = new URLSearchParams(differing.map(([field, value]) => [field, String(value)]));
  return differing.length ? `?${search}` : "";
}

/**
 * A number, or the text itself where it is none, so that a message can name it.
 * @param {string} text
 */
export function number(text) {
  const value = Number(text);
  return text.trim() === "" || Number.isNaN(value) ? text : value;
}
