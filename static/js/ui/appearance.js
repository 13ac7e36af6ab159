/**
 * When what is drawn must be drawn anew: in other colours, for the pixels of another screen, for a
 * projector, or on paper.
 */

const DARK = "(prefers-color-scheme: dark)";
const UNTOLD = 500;
const USUAL_FONT = 16;

/** @type {Set<() => void>} */
const calls = new Set();
let watched = false;

/**
 * @param {() => void} call  when the page is to look different
 * @param {AbortSignal} [signal]  that it need not be told any more
 */
export function onAppearance(call, signal) {
  if (signal?.aborted) return;
  calls.add(call);
  signal?.addEventListener("abort", () => calls.delete(call));
  if (watched) return;
  watched = true;
  for (const query of [DARK, "(forced-colors: active)", "print"]) {
    matchMedia(query).addEventListener("change", appearanceChanged);
  }
  addEventListener("beforeprint", () => print(true));
  addEventListener("afterprint", () => print(false));
  watchDensity();
  watchLetters();
}

export function appearanceChanged() {
  for (const call of calls) call();
}

/**
 * Paper is white, also under a dark page; what is drawn must know before the page is laid out for it.
 * @param {boolean} is
 */
function print(is) {
  document.documentElement.toggleAttribute("data-printing", is);
  appearanceChanged();
}

export const isPrinting = () => document.documentElement.hasAttribute("data-printing");

export const isDark = () =>
  matchMedia(DARK).matches && !matchMedia("print").matches && !isPrinting();

/** The size of the page's letters, in the usual one. */
export const fontScale = () =>
  parseFloat(getComputedStyle(document.documentElement).fontSize) / USUAL_FONT;

/** On a projector the letters grow with the window. */
function watchLetters() {
  let scale = fontScale();
  addEventListener("resize", () => {
    if (scale === fontScale()) return;
    scale = fontScale();
    appearanceChanged();
  });
}

/**
 * Another screen has other pixels. No query is about any density, only about one; and a browser that
 * emulates a screen changes it without a word.
 */
function watchDensity() {
  const density = devicePixelRatio;
  const query = matchMedia(`(resolution: ${density}dppx)`);
  const timer = setInterval(check, UNTOLD);
  query.addEventListener("change", check);

  function check() {
    if (devicePixelRatio === density) return;
    clearInterval(timer);
    query.removeEventListener("change", check);
    watchDensity();
    appearanceChanged();
  }
}
