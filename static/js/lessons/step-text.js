/**
 * The words of a step, and the way through the steps.
 *
 * @typedef {import("./navigation.js").Lesson} Lesson
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { disable } from "../ui/dom.js";
import { write } from "./html.js";

/**
 * @param {(name: string) => any} part
 * @param {Translate} t
 * @param {{go: (index: number) => void}} on
 */
export function createStepText(part, t, on) {
  const dots = part("walk").querySelector("ol");
  const [previous, next] = [part("previous"), part("next")];
  const title = part("step-title");
  /** @type {Lesson | null} */
  let shown = null;
  let at = 0;

  previous.addEventListener("click", () => on.go(at - 1));
  next.addEventListener("click", () => on.go(at + 1));

  return {
    /**
     * @param {Lesson} lesson
     * @param {number} index
     */
    render(lesson, index) {
      const step = lesson.steps[index];
      const last = index === lesson.steps.length - 1;
      if (lesson !== shown) list(lesson);
      at = index;
      write(title, step.title);
      part("step-count").textContent = t("lesson.count", {
        n: index + 1,
        count: lesson.steps.length,
      });
      write(part("step-text"), step.text);
      box(part("attempt"), step.try);
      part("sources").hidden = !last || lesson.sources.length === 0;
      const following = part("following");
      if (following) following.hidden = !last;
      for (const [i, dot] of [...dots.querySelectorAll("button")].entries()) {
        if (i === index) dot.setAttribute("aria-current", "step");
        else dot.removeAttribute("aria-current");
      }
      disable(previous, index === 0);
      disable(next, last);
      part("words").scrollTop = 0;
      part("words").parentElement.scrollTop = 0;
    },
    focus: () => title.focus({ preventScroll: true }),
  };

  /** @param {Lesson} lesson */
  function list(lesson) {
    shown = lesson;
    part("lesson-title").textContent = lesson.title;
    part("sources").querySelector("ul").replaceChildren(
      ...lesson.sources.map((source) => holding("li", source)),
    );
    dots.replaceChildren(...lesson.steps.map((step, i) => {
      const item = document.createElement("li");
      const dot = document.createElement("button");
      const name = document.createElement("span");
      dot.type = "button";
      name.className = "unseen";
      write(name, `${i + 1}. ${step.title}`);
      dot.title = name.textContent ?? "";
      dot.append(name);
      dot.addEventListener("click", () => on.go(i));
      item.append(dot);
      return item;
    }));
  }
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
