/**
 * The layout that the stage shows. A new length, width, cell, or place of the lens: the columns glide
 * to where they belong.
 *
 * @typedef {import("./layout.js").Layout} Layout
 */
import { smooth } from "../playback/animation-clock.js";
import { layout as layOut } from "./layout.js";

const GLIDE = 280;
const FOLDING = 700;
/** The distance, in timesteps, that the lens moves without a glide. */
const SMOOTH = 1.5;

/**
 * @param {{begin: (from: Layout, to: Layout) => void, move: (layout: Layout) => void,
 *   settle: (layout: Layout, before: Layout | null) => void, draw: () => void}} on
 *   `begin`, `move` and `settle` as a layout is shown; `draw` once one is that was not asked for
 */
export function createGlide(on) {
  /** @type {Layout | null} what is shown now */
  let shown = null;
  /** @type {{from: Layout, to: Layout, start: number, length: number} | null} */
  let glide = null;
  /** The key of the last layout. */
  let made = { key: "", at: 0 };

  return {
    shown: () => shown,
    isMoving: () => glide !== null,
    /** Compute the layout anew, without a glide. */
    reset() {
      made.key = "";
      shown = glide = null;
    },
    arrange,
  };

  /**
   * @param {{width: number, height: number}} room
   * @param {Parameters<typeof layOut>[2]} wanted
   * @param {string} key  of all that a layout is made for but the place of the lens
   * @param {boolean} still  whether nothing may move
   */
  function arrange({ width, height }, wanted, key, still) {
    const { at = 1, folded } = wanted;
    if (shown && key === made.key && (at === made.at || !shown.lens)) return;
    const to = layOut(width, height, wanted);
    const near = key === made.key && Math.abs(at - made.at) < SMOOTH;
    const refold = shown && folded !== (shown.folded === 1);
    made = { key, at };
    if (!shown || !glide && near || still) {
      glide = null;
      settle(to);
      return;
    }
    if (glide && near) glide.to = to;
    else {
      const from = shown.height === height ? shown : to;
      if (!glide) requestAnimationFrame(moveOn);
      glide = { from, to, start: performance.now(), length: refold ? FOLDING : GLIDE };
    }
    on.begin(shown, to);
  }

  /** @param {number} now */
  function moveOn(now) {
    if (!glide) return;
    const share = Math.min(1, Math.max(0, (now - glide.start) / glide.length));
    if (share === 1) {
      const { to } = glide;
      glide = null;
      settle(to);
    } else {
      shown = between(glide.from, glide.to, smooth(share));
      on.move(shown);
      requestAnimationFrame(moveOn);
    }
    on.draw();
  }

  /** @param {Layout} layout */
  function settle(layout) {
    const before = shown;
    shown = layout;
    on.settle(layout, before);
  }
}

/**
 * On the way from one layout to another: columns that both have glide, new ones grow out of the
 * last.
 * @param {Layout} from
 * @param {Layout} to
 * @param {number} share  0..1
 * @returns {Layout}
 */
export function between(from, to, share) {
  const { T } = to;
  const [centers, pitches] = [new Float64Array(T), new Float64Array(T)];
  const end = from.centers[from.T - 1] + from.pitches[from.T - 1] / 2;
  for (let i = 0; i < T; i++) {
    const [center, pitch] = i < from.T ? [from.centers[i], from.pitches[i]] : [end, 0];
    centers[i] = center + (to.centers[i] - center) * share;
    pitches[i] = pitch + (to.pitches[i] - pitch) * share;
  }
  return { ...to, centers, pitches, folded: from.folded + (to.folded - from.folded) * share };
}
