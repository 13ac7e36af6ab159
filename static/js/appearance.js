/**
 * When what is drawn must be drawn anew: in other colours, for the pixels of another screen, or for a
 * projector.
 */

const UNTOLD = 500;

/** @type {(() => void)[]} */
const calls = [];

/** @param {() => void} call  when the page is to look different */
export function onAppearance(call) {
  if (calls.push(call) > 1) return;
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
    matchMedia(query).addEventListener("change", appearanceChanged);
  }
  watchDensity();
}

export function appearanceChanged() {
  for (const call of calls) call();
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
