/** The stage's colours, out of the tokens. */
import { diverging, rgb } from "./color-scale.js";

/** @typedef {ReturnType<typeof createPalette>} Palette */

export function createPalette() {
  const style = getComputedStyle(document.documentElement);
  const probe = document.createElement("span");
  probe.style.setProperty("forced-color-adjust", "none");
  document.body.append(probe);
  /**
   * A contrast theme names its colours; a canvas and a file need them as they are.
   * @param {string} name
   */
  const colour = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  /** @param {string} name */
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  /** @param {string[]} names */
  const ramp = (...names) => {
    const [low, middle, high] = names.map((name) => rgb(token(name)));
    return diverging(low, middle, high);
  };
  const palette = {
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
  probe.remove();
  return palette;
}
