/**
 * The keys that work anywhere on the page, as long as nothing is being typed.
 *
 * @typedef {object} Keys
 * @property {() => boolean} presenting  whether a clicker's keys are ours too
 * @property {() => void} play
 * @property {(by: number) => void} step
 * @property {() => void} start
 * @property {() => void} end
 * @property {() => void} fold
 * @property {() => void} present
 * @property {() => void} help
 */

/** @param {Keys} keys */
export function listen(keys) {
  /** @type {Record<string, () => void>} */
  const anywhere = {
    " ": keys.play,
    ArrowRight: () => keys.step(1),
    ArrowLeft: () => keys.step(-1),
    Home: keys.start,
    End: keys.end,
    f: keys.fold,
    p: keys.present,
    "?": keys.help,
  };
  /** @type {Record<string, () => void>} */
  const clicker = { PageDown: () => keys.step(1), PageUp: () => keys.step(-1) };

  addEventListener("keydown", (event) => {
    const { target, key, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey) return;
    const presenting = keys.presenting();
    const action = (presenting && (clicker[key] ?? (key === "Escape" ? keys.present : null))) ||
      (free(target, key) ? anywhere[key] : null);
    if (!action) return;
    action();
    event.preventDefault();
  });
}

/**
 * Whether a key means nothing to what has the focus.
 * @param {EventTarget | null} target
 * @param {string} key
 */
function free(target, key) {
  if (!(target instanceof HTMLElement) || target.closest("dialog[open]")) return false;
  if (target === document.body) return true;
  if (target.matches(".timestep")) return key === " " || key.length === 1;
  return target.matches("button, a, [type=range], [type=radio]") && key.length === 1 && key !== " ";
}
