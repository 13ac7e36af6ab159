/**
 * Two hidden states side by side, in the colours of the stage, and where they differ most.
 *
 * @typedef {import("../net/frame-types.d.ts").StatePair} StatePair
 */
import { currentPalette } from "../canvas/palette.js";
import { pieces } from "../text/sentence.js";
import { onAppearance } from "../ui/appearance.js";

/** @param {import("../text/format.js").Translate} t */
export function createStatePairs(t) {
  /** @type {Map<HTMLElement, StatePair>} */
  const drawn = new Map();
  let palette = currentPalette();
  onAppearance(() => {
    palette = currentPalette();
    for (const [place, pair] of drawn) show(place, pair);
  });

  /**
   * @param {HTMLElement} place
   * @param {StatePair} pair
   */
  return (place, pair) => {
    if (drawn.get(place) === pair) return;
    for (const other of drawn.keys()) if (!other.isConnected) drawn.delete(other);
    drawn.set(place, pair);
    show(place, pair);
  };

  /**
   * @param {HTMLElement} place
   * @param {StatePair} pair
   */
  function show(place, { tokens, states }) {
    const most = differing(states);
    const columns = states.map((state, i) => {
      const column = span("column");
      const name = span("name");
      name.textContent = tokens[i];
      column.append(name, ...state.map((value, unit) => cell(value, unit === most)));
      return column;
    });
    const told = span("told");
    told.append(...pieces(most < 0 ? t("pair.same") : differ(states, most), t));
    place.replaceChildren(...columns, told);
  }

  /**
   * @param {number[][]} states
   * @param {number} unit  in which they differ most
   */
  function differ([one, other], unit) {
    const blanks = { one: rounded(one[unit]), other: rounded(other[unit]) };
    return t("pair.differ", { unit: unit + 1, ...blanks });
  }

  /**
   * @param {number} value
   * @param {boolean} marked
   */
  function cell(value, marked) {
    const node = document.createElement("i");
    node.style.backgroundColor = palette.state.css(value);
    node.classList.toggle("marked", marked);
    return node;
  }
}

/**
 * The index of the unit in which two states differ most; -1 if they are the same.
 * @param {number[][]} states
 */
export function differing([one, other]) {
  const gaps = one.map((value, i) => Math.abs(value - other[i]));
  const most = Math.max(...gaps);
  return most > 0 ? gaps.indexOf(most) : -1;
}

/** @param {string} name */
function span(name) {
  const node = document.createElement("span");
  node.className = name;
  return node;
}

/** @param {number} value */
const rounded = (value) => value.toFixed(2).replace("-", "−");
