/** From numbers to colours and heights. */

const VANISHED = -6;
const EXPLODED = 6;
const SHADES = 128;
const LEAST_AXIS = { low: -8, high: 2 };
const MOST_TICKS = 6;
const NICE = [1, 2, 5];

/** @typedef {[number, number, number]} Rgb */
/** @typedef {{low: number, high: number, step: number}} Axis */

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
export function mix(a, b, share) {
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
  /** @param {number} x */
  const index = (x) => Math.round((Math.max(-1, Math.min(1, x)) + 1) * SHADES);
  return {
    /** @param {number} x */
    css: (x) => css[index(x)],
    /** @param {number} x */
    rgb: (x) => shades[index(x)],
  };
}

/**
 * Where log10 of a gradient lies between vanished (-1), healthy (0) and exploded (1).
 * @param {number} log10
 */
export function health(log10) {
  return log10 < 0 ? Math.max(log10 / -VANISHED, -1) : Math.min(log10 / EXPLODED, 1);
}

/**
 * An axis of whole powers of ten with few ticks. It keeps to the previous one while that still
 * fits, so that a drag does not shake it.
 * @param {Iterable<number>} values  log10; non-finite ones are passed over
 * @param {Axis | null} previous
 * @returns {Axis}
 */
export function powerAxis(values, previous) {
  let { low, high } = LEAST_AXIS;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (previous && previous.low <= low && previous.high >= high) {
    if (previous.high - previous.low <= 2 * (high - low)) return previous;
  }
  const step = niceStep((high - low) / MOST_TICKS);
  return { low: Math.floor(low / step) * step, high: Math.ceil(high / step) * step, step };
}

/**
 * The smallest of 1, 2, 5, 10, 20… that is at least this.
 * @param {number} least
 */
function niceStep(least) {
  for (let power = 1;; power *= 10) {
    for (const n of NICE) if (n * power >= least) return n * power;
  }
}

/** @param {Axis} axis */
export function ticks({ low, high, step }) {
  return Array.from({ length: Math.round((high - low) / step) + 1 }, (_, i) => low + i * step);
}
