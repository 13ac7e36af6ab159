/**
 * The settings of a run and its address, where no control shows them: on paper, and in a replay.
 *
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { NAMED } from "../lab/pins.js";
import { clusters } from "../text/characters.js";
import { toldText } from "../text/sentence.js";
import { applies } from "./cells.js";

/** In the order in which they are read; those of training after those that the lab has too. */
const FIELDS = [
  ...[
    "task",
    "cell",
    "recurrent_scale",
    "seed",
    "sequence",
    "target",
    "labels",
    "tokens",
    "architecture",
  ],
  ...[
    "activation",
    "initialization",
    "hidden_size",
    "attention",
    "layers",
    "directions",
    "layer",
    "input_scale",
    "forget_bias",
  ],
  ...["update_bias", "truncate", "clip_norm", "chrono", "by_hand", "length"],
  ...["constraint", "optimizer", "learning_rate", "batch_size", "steps"],
];
/** These are omitted if they are empty or off. */
const OPTIONAL = new Set([
  "target",
  "labels",
  "truncate",
  "clip_norm",
  "chrono",
  "by_hand",
  "layer",
]);
/** These have a name for each value. */
const CHOSEN = [...NAMED, "constraint", "optimizer"];
const LONGEST_TEXT = 200;

/**
 * Each setting that makes a difference to a run: its name and its value, in words.
 * @param {Record<string, any>} of
 * @param {Translate} t
 * @returns {[string, string][]}
 */
export function settings(of, t) {
  const told = FIELDS.filter((field) =>
    of[field] !== undefined && of[field] !== null && applies(field, of) &&
    (of[field] || !OPTIONAL.has(field))
  );
  return told.map((field) => [t(`field.${field}`), value(field, of[field], t)]);
}

/**
 * @param {string} field
 * @param {string | number} value
 * @param {Translate} t
 */
function value(field, value, t) {
  /** An address may name what there is not: that is shown as it stands. @param {string} key */
  const named = (key) => t.has(key) ? t(key) : key.slice(key.lastIndexOf(".") + 1);
  if (field === "task") return named(`task.${value}`);
  const values = String(value).split(",");
  if (field === "cell") {
    return values.map((cell) => named(`choice.cell.${cell}`)).join(t("language.comma"));
  }
  if (CHOSEN.includes(field)) return named(`choice.${field}.${value}`);
  if (typeof value === "number" || field === "seed") return String(value);
  const text = clusters(value);
  return toldText([...text.slice(0, LONGEST_TEXT), text.length > LONGEST_TEXT ? "…" : ""].join(""));
}

/**
 * @param {HTMLElement} node  a list of names and values
 * @param {Translate} t
 */
export function createSettingsList(node, t) {
  return {
    /**
     * @param {Record<string, any>} of
     * @param {string} address  that opens it again; empty where none does
     */
    render(of, address) {
      const link = document.createElement("a");
      [link.href, link.textContent] = [address, address];
      node.replaceChildren(
        ...settings(of, t).map(([name, words]) => pair(name, words)),
        ...(address ? [pair(t("field.address"), link)] : []),
      );
    },
  };
}

/**
 * @param {string} name
 * @param {string | Node} words
 */
function pair(name, words) {
  const node = document.createElement("div");
  const [term, details] = [document.createElement("dt"), document.createElement("dd")];
  term.textContent = name;
  details.append(words);
  node.append(term, details);
  return node;
}

/**
 * The address that opens the page's current state, without the projector view.
 * @param {string} search
 * @param {string} page
 */
export function addressOf(search, page) {
  const address = new URL(search, page);
  address.searchParams.delete("view");
  return address.href;
}
