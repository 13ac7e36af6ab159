/**
 * Before a class the answers of a rehearsal are put aside, if the teacher says so, and come back if the
 * teacher says so: what the class has answered meanwhile stays.
 *
 * @typedef {import("./memory.js").Kept} Kept
 */
import { recall, remember } from "../ui/storage.js";
import { bringBack, isEmpty, merged, recallLesson, remembers, setAside } from "./memory.js";

const ASKED = "unrolled.fresh";

/**
 * @param {HTMLElement} node
 * @param {import("../text/format.js").Translate} t
 * @param {{state: () => Kept & {at: number}, recall: (kept: Kept) => void}} walk
 * @param {(() => string) | null} slug  of the lesson whose answers this browser keeps; those of a lesson of
 *   one's own last as long as the page
 */
export function createFresh(node, t, walk, slug) {
  const words = /** @type {HTMLElement} */ (node.firstElementChild);
  const [act, keep] = node.querySelectorAll("button");
  /** @type {Kept | null} */
  let before = null;
  let shownAt = 0;

  act.addEventListener("click", () => before ? back(before) : begin());
  keep.addEventListener("click", () => node.hidden = true);

  return {
    /** The class sees the lesson from now on: it is asked once whether what was answered stays. */
    ask() {
      remember(ASKED, "1", "tab");
      before = null;
      if (!isEmpty(walk.state()) || (slug && remembers())) tell("fresh.are", "fresh.begin");
    },
    /** The same, in a page that is before a class when it opens; the page before it may have asked. */
    opened() {
      if (!recall(ASKED, "tab")) this.ask();
    },
    /** The class has moved on. */
    moved() {
      if (walk.state().at !== shownAt) node.hidden = true;
    },
  };

  function begin() {
    const { said, seen } = walk.state();
    before = { said, seen };
    if (slug) setAside();
    walk.recall({ said: {}, seen: [] });
    tell("fresh.aside", "fresh.back");
  }

  /** @param {Kept} kept */
  function back(kept) {
    const now = walk.state();
    before = null;
    if (slug) bringBack();
    walk.recall(slug ? recallLesson(slug()) : merged(kept, now));
    node.hidden = true;
  }

  /**
   * @param {string} said
   * @param {string} action
   */
  function tell(said, action) {
    shownAt = walk.state().at;
    words.textContent = t(said);
    act.textContent = t(action);
    keep.textContent = t(before ? "help.close" : "fresh.keep");
    node.hidden = false;
  }
}
