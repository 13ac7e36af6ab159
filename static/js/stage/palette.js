/** The stage's colours, out of the tokens. */
import { diverging, rgb } from "../scale.js";

/** @typedef {ReturnType<typeof createPalette>} Palette */

export function createPalette() {
  const style = getComputedStyle(document.documentElement);
  /** @param {string} name */
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  /** @param {string[]} names */
  const ramp = (...names) => {
    const [low, middle, high] = names.map((name) => rgb(token(name)));
    return diverging(low, middle, high);
  };
  return {
    ink: token("ink"),
    surface: token("surface"),
    sunken: token("sunken"),
    line: token("line"),
    arrow: token("line-strong"),
    soft: token("ink-soft"),
    faint: token("ink-faint"),
    paper: token("paper"),
    accent: token("accent"),
    owed: token("owed"),
    mathFont: token("font-variable"),
    textFont: token("font-text"),
    codeFont: token("font-code"),
    pins: [1, 3, 2].map((series) => token(`series-${series}`)),
    state: ramp("state-negative", "state-zero", "state-positive"),
    gradient: ramp("gradient-vanished", "gradient-healthy", "gradient-exploded"),
  };
}
