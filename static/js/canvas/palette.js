/** The stage's colours, out of the tokens. */
import { onAppearance } from "../ui/appearance.js";
import { diverging, rgb } from "./color-scale.js";

/** @typedef {ReturnType<typeof read>} Palette */

/** @type {Palette | null} */
let palette = null;
let watched = false;

/**
 * The palette of how the page looks now. To read a token is to compute the page's style, so it is
 * read once for all that is drawn, until the page looks different.
 */
export function currentPalette() {
  if (!watched) {
    watched = true;
    onAppearance(() => {
      palette = null;
    });
  }
  return palette ??= read();
}

/** Reads colours as they are: a contrast theme names its own, which a canvas and a file cannot use. */
function createProbe() {
  const probe = document.createElement("span");
  probe.style.setProperty("forced-color-adjust", "none");
  document.body.append(probe);
  return {
    /** @param {string} name */
    colour(name) {
      probe.style.color = `var(--${name})`;
      return getComputedStyle(probe).color;
    },
    remove: () => probe.remove(),
  };
}

function read() {
  const style = getComputedStyle(document.documentElement);
  const { colour, remove } = createProbe();
  /** @param {string} name */
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  /** @param {string[]} names */
  const ramp = (...names) => {
    const [low, middle, high] = names.map((name) => rgb(token(name)));
    return diverging(low, middle, high);
  };
  const found = {
    ink: colour("ink"),
    surface: colour("surface"),
    sunken: colour("sunken"),
    line: colour("line"),
    arrow: colour("line-strong"),
    soft: colour("ink-soft"),
    faint: colour("ink-faint"),
    paper: colour("paper"),
    lit: colour("lit"),
    accent: colour("accent"),
    attention: colour("attention"),
    target: colour("target"),
    wrong: colour("wrong"),
    parts: [colour("encoder"), colour("decoder")],
    many: colour("gradient-many"),
    mathFont: token("font-variable"),
    textFont: token("font-text"),
    codeFont: token("font-code"),
    pins: [1, 3, 2].map((series) => token(`series-${series}`)),
    state: ramp("state-negative", "state-zero", "state-positive"),
    gradient: ramp("gradient-none", "gradient-all", "gradient-many"),
  };
  remove();
  return found;
}
