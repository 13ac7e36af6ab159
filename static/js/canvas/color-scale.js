/** From numbers to colours and heights. A gradient is drawn as its share of what the loss sends. */

const SHADES = 128;
/** Of a legend, where the colours follow a curve. */
const STOPS = 12;
/** log10 of the share below which none counts as arriving, and of the share at full crimson. */
export const [NOTHING, MANY] = [-4, Math.log10(30)];
/** From a half to twice, all of it arrives. */
const ALL = Math.log10(2);
/** log10 of the shares between which the verdict is that it arrives: see engine/shares.py. */
export const [LITTLE, TOO_MUCH] = [-1, 1];
/** The two scales of the bars: the values at floor and ceiling, and the lines between. */
const PERCENT = { ceiling: 2, ticks: [0, 1, 2] };
const POWERS = { floor: -8, ceiling: 4, step: 2 };
/** CSS pixels. */
const ARROW = { thinnest: 0.5, thickest: 12 };

/** @typedef {[number, number, number]} Rgb */
/** @typedef {ReturnType<typeof diverging>} Ramp */
/** @typedef {"linear" | "powers"} View */
/** @typedef {{at: number, log10: number, main: boolean}} Tick  `at`: of the way from floor to ceiling */

/**
 * @param {string} hex  "#rrggbb"
 * @returns {Rgb}
 */
export function rgb(hex) {
  const n = parseInt(hex.trim().slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}

/**
 * @param {Rgb} a
 * @param {Rgb} b
 * @param {number} share  of b, 0..1
 * @returns {Rgb}
 */
function mix(a, b, share) {
  return /** @type {Rgb} */ (a.map((value, i) => Math.round(value + (b[i] - value) * share)));
}

/**
 * A ramp through three colours, as a look-up from -1..1 to a colour.
 * @param {Rgb} low
 * @param {Rgb} middle
 * @param {Rgb} high
 */
export function diverging(low, middle, high) {
  const shades = Array.from({ length: 2 * SHADES + 1 }, (_, i) => {
    const x = i / SHADES - 1;
    return x < 0 ? mix(middle, low, -x) : mix(middle, high, x);
  });
  const css = shades.map((shade) => `rgb(${shade.join(" ")})`);
  const letters = shades.map(lettersOn);
  const pixels = new Uint32Array(Uint8Array.from(shades.flatMap((rgb) => [...rgb, 255])).buffer);
  /** @param {number} x */
  const index = (x) => Math.round((Math.max(-1, Math.min(1, x)) + 1) * SHADES);
  return {
    /** @param {number} x */
    css: (x) => css[index(x)],
    /** @param {number} x */
    rgb: (x) => shades[index(x)],
    /** As image data holds it. @param {number} x */
    pixel: (x) => pixels[index(x)],
    /** Black or white, whichever is read better on it: 4.5 to 1 at least. @param {number} x */
    letters: (x) => letters[index(x)],
  };
}

/**
 * Relative luminance (WCAG 2).
 * @param {Rgb} colour
 */
export function luminance(colour) {
  const [r, g, b] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {Rgb} colour */
const lettersOn = (colour) => (luminance(colour) + 0.05) ** 2 > 1.05 * 0.05 ? "#000" : "#fff";

/** @param {number} log10 */
const root = (log10) => 10 ** (log10 / 2);

/**
 * Where a share lies on the colours of a gradient: -1 where nothing arrives (1/10,000 and below), 0
 * where all of it does (a half to twice), 1 where it is thirty times as much and more. Between
 * nothing and all it goes by the root of the share, so that what hardly rises hardly has a colour.
 * @param {number} log10  of the share
 */
export function tone(log10) {
  if (log10 < -ALL) {
    return Math.max(-1, (root(log10) - root(-ALL)) / (root(-ALL) - root(NOTHING)));
  }
  return Math.max(0, Math.min((log10 - ALL) / (MANY - ALL), 1));
}

/**
 * The colours of a gradient from nothing to many, evenly in powers, as the stops of a CSS gradient
 * between the tokens: a legend in the colours of whatever theme it stands in.
 */
export function gradientStops() {
  const between = Array.from({ length: STOPS }, (_, i) => NOTHING + (i / STOPS) * (-ALL - NOTHING));
  return [...between, -ALL, ALL, MANY].map((log10) => {
    const x = tone(log10);
    const all = `var(--gradient-all) ${(100 * (1 - Math.abs(x))).toFixed(1)}%`;
    const at = (100 * (log10 - NOTHING)) / (MANY - NOTHING);
    return `color-mix(in srgb, ${all}, var(--gradient-${x < 0 ? "none" : "many"})) ${
      at.toFixed(1)
    }%`;
  }).join(", ");
}

/**
 * The width of the arrow of a share, in CSS pixels: as wide as a bar is tall, so that it ends to
 * grow where the bar does.
 * @param {number} log10  of the share
 */
export function arrowWidth(log10) {
  const { thinnest, thickest } = ARROW;
  return Math.max(thinnest, Math.min((thickest * 10 ** log10) / PERCENT.ceiling, thickest));
}

/**
 * log10 of the share at a height between the floor and the ceiling.
 * @param {number} height
 * @param {View} view
 */
export function shareAt(height, view) {
  if (view === "linear") return Math.log10(height * PERCENT.ceiling);
  return POWERS.floor + height * (POWERS.ceiling - POWERS.floor);
}

/**
 * The height of a share, as a part of that from the floor to the ceiling; above 1 it breaks through.
 * @param {number} log10  of the share
 * @param {View} view
 */
export function height(log10, view) {
  if (view === "linear") return 10 ** log10 / PERCENT.ceiling;
  return Math.max(0, (log10 - POWERS.floor) / (POWERS.ceiling - POWERS.floor));
}

/**
 * The lines across the bars, from the floor to the ceiling; the main one is where all arrives.
 * @param {View} view
 * @returns {Tick[]}
 */
export function ticks(view) {
  const { floor, ceiling, step } = POWERS;
  const lines = view === "linear"
    ? PERCENT.ticks.map(Math.log10)
    : Array.from({ length: (ceiling - floor) / step + 1 }, (_, i) => floor + i * step);
  return lines.map((log10) => ({ at: height(log10, view), log10, main: log10 === 0 }));
}
