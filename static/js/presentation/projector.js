/**
 * For a projector: the stage, its sentence and one slider, large and in high contrast. The address
 * says so, also one that is come back to, and where the browser lets it the page fills the screen.
 */
import { appearanceChanged } from "../ui/appearance.js";
import { createWakeLock } from "./wake-lock.js";

const NAME = "view";
const PROJECTOR = "projector";
/**
 * A control that the mouse has set gives the keys back to the presentation; nothing is typed into
 * it.
 */
const SET = "input:is([type=range], [type=radio], [type=checkbox]), [role=tab], .timestep";

/**
 * A query as it is where nothing is projected.
 * @param {string} search
 */
export function unprojected(search) {
  const query = new URLSearchParams(search);
  query.delete(NAME);
  return query.size ? `?${query}` : "";
}

/**
 * @param {HTMLElement} button
 * @param {ReturnType<typeof import("./blackout.js").createBlackout>} screen
 * @param {import("../text/format.js").Translate} t
 * @param {() => void} [began]  someone has begun to present
 */
export function createProjector(button, screen, t, began) {
  const root = document.documentElement;
  const awake = createWakeLock();
  button.addEventListener("click", toggle);
  document.addEventListener("fullscreenchange", () => {
    if (!document.fullscreenElement && is()) set(false);
  });
  addEventListener("popstate", write);
  let pointed = false;
  addEventListener("pointerdown", () => pointed = true, true);
  addEventListener("keydown", () => pointed = false, true);
  for (const done of ["click", "change"]) addEventListener(done, letGo);
  set(new URLSearchParams(location.search).get(NAME) === PROJECTOR);

  return {
    is,
    /** The keys that work while nothing is typed. */
    keys: {
      p: toggle,
      b: () => is() && screen.blank(),
      ".": () => is() && screen.blank(),
      s: () => is() && screen.spotlight(),
    },
    /** The one that works wherever the focus is. */
    escape: { Escape: () => screen.isClear() ? toggle() : screen.clear() },
  };

  function is() {
    return root.dataset.view === PROJECTOR;
  }

  function toggle() {
    const next = !is();
    set(next);
    button.blur(); // a clicker's Enter would leave again
    if (next) began?.();
    if (next) root.requestFullscreen?.().catch(() => {});
    else if (document.fullscreenElement) document.exitFullscreen();
  }

  /** @param {boolean} presenting */
  function set(presenting) {
    const changes = presenting !== is();
    if (presenting) root.dataset.view = PROJECTOR;
    else {
      delete root.dataset.view;
      screen.clear();
    }
    button.setAttribute("aria-pressed", String(presenting));
    button.textContent = t(presenting ? "present.leave" : "present.enter");
    write();
    if (changes) appearanceChanged();
    awake(presenting);
  }

  function letGo() {
    const { activeElement } = document;
    if (is() && pointed && activeElement?.matches(SET)) {
      /** @type {HTMLElement} */ (activeElement).blur();
    }
  }

  function write() {
    const address = new URL(location.href);
    if (is()) address.searchParams.set(NAME, PROJECTOR);
    else address.searchParams.delete(NAME);
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  }
}
