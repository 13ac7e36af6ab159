/**
 * The words of a step, and the way through the steps.
 *
 * @typedef {import("./navigation.js").Lesson} Lesson
 * @typedef {import("../text/format.js").Translate} Translate
 *
 * @typedef {object} On
 * @property {(index: number) => void} go  to a step of the lesson
 * @property {(by: 1 | -1) => void} turn  a button of the way is pressed
 * @property {(state: State, by: 1 | -1) => object | null} leads  the next step of the way, or the one
 *   before, if there is one
 * @property {() => string} taken  the steps that a route takes of the lesson, if it leaves some out
 * @typedef {import("./state.js").State} State
 */
import { countTold } from "../course/route.js";
import { disable } from "../ui/dom.js";
import { write } from "./html.js";
import { isTold } from "./state.js";

/** The part of a screen by which the words move. */
const SCREEN = 0.8;
/** Where the page itself scrolls; elsewhere the words do, in their place. */
const COLUMN = "(max-width: 760px)";

/**
 * @param {(name: string) => any} part
 * @param {Translate} t
 * @param {On} on
 */
export function createStepText(part, t, on) {
  const dots = part("walk").querySelector("ol");
  const [previous, next] = [part("previous"), part("next")];
  const title = part("step-title");
  const words = part("words");
  /** Whether they stand below their first line: to ask them would lay the page out. */
  let below = false;
  /** @type {Lesson | null} */
  let shown = null;
  let at = 0;

  previous.addEventListener("click", () => on.turn(-1));
  next.addEventListener("click", () => on.turn(1));
  words.addEventListener("scroll", () => {
    below = words.scrollTop > 0;
  });

  return {
    /** @param {State} state  of a lesson that is shown */
    render(state) {
      const { at: index, seen, said } = state;
      const lesson = /** @type {Lesson} */ (state.lesson);
      const step = lesson.steps[index];
      const last = index === lesson.steps.length - 1;
      if (lesson !== shown) list(lesson);
      else if (index !== at && matchMedia(COLUMN).matches) words.scrollIntoView();
      at = index;
      write(title, step.title);
      part("step-count").textContent = countTold(lesson, index, on.taken(), t);
      write(part("step-text"), step.text);
      write(part("step-then"), step.then);
      box(part("attempt"), step.try);
      part("sources").hidden = !last || lesson.sources.length === 0;
      if (part("ending")) part("ending").hidden = !last;
      for (const [i, dot] of [...dots.querySelectorAll("button")].entries()) {
        if (i === index) dot.setAttribute("aria-current", "step");
        else dot.removeAttribute("aria-current");
        const { id, title } = lesson.steps[i];
        name(dot, isTold(state, i) ? `${i + 1}. ${title}` : t("lesson.step", { n: i + 1 }));
        dot.dataset.progress = id in said ? "answered" : seen.includes(id) ? "seen" : "";
      }
      disable(previous, !on.leads(state, -1));
      disable(next, !on.leads(state, 1));
      if (below) words.scrollTop = 0;
    },
    /** In the next frame, which lays the page out for it anyway. */
    focus() {
      requestAnimationFrame(() => title.focus({ preventScroll: true }));
    },
    /**
     * Before a class, the words go on or back by a screen; whether there were any not seen.
     * @param {1 | -1} by
     */
    scroll(by) {
      if (document.documentElement.dataset.view !== "projector") return false;
      const to = scrolled(words, parseFloat(getComputedStyle(words).paddingBottom), by);
      if (to === null) return false;
      words.scrollTop = to;
      return true;
    },
  };

  /** @param {Lesson} lesson */
  function list(lesson) {
    shown = lesson;
    part("lesson-title").textContent = lesson.title;
    part("sources").querySelector("ul").replaceChildren(
      ...lesson.sources.map((source) => holding("li", source)),
    );
    dots.replaceChildren(...lesson.steps.map((_, i) => {
      const item = document.createElement("li");
      const dot = document.createElement("button");
      const name = document.createElement("span");
      dot.type = "button";
      name.className = "unseen";
      dot.append(name);
      dot.addEventListener("click", () => on.go(i));
      item.append(dot);
      return item;
    }));
  }
}

/**
 * @param {HTMLButtonElement} dot
 * @param {string} html
 */
function name(dot, html) {
  const words = /** @type {HTMLElement} */ (dot.firstElementChild);
  write(words, html);
  dot.title = words.textContent ?? "";
}

/**
 * Where a screen further on or back is, with some of the last one to go on from; null at the end.
 * @param {{scrollTop: number, scrollHeight: number, clientHeight: number}} view
 * @param {number} edge  without words, above and below them
 * @param {1 | -1} by
 */
export function scrolled({ scrollTop, scrollHeight, clientHeight }, edge, by) {
  const end = scrollHeight - clientHeight;
  const left = by > 0 ? end - scrollTop : scrollTop;
  if (left <= edge) return null;
  return Math.max(0, Math.min(scrollTop + by * clientHeight * SCREEN, end));
}

/**
 * @param {HTMLElement} node
 * @param {string} html
 */
function box(node, html) {
  node.hidden = !html;
  write(/** @type {HTMLElement} */ (node.lastElementChild), html);
}

/**
 * @param {string} tag
 * @param {string} html
 */
function holding(tag, html) {
  const node = document.createElement(tag);
  write(node, html);
  return node;
}
