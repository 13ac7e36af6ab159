/**
 * The result of the quiz: the questions that were right at the first try, each a way back to its step.
 *
 * @typedef {import("../lessons/state.js").State} State
 */
import { write } from "../lessons/html.js";

/**
 * @param {Pick<State, "lesson" | "said">} state
 * @returns {{index: number, title: string, mark: "right" | "wrong" | "open"}[]}
 */
export const results = ({ lesson, said }) =>
  (lesson?.steps ?? []).flatMap(({ id, title, question }, index) => {
    if (!question) return [];
    const given = said[id];
    const mark = !given ? "open" : given[0] === question.right ? "right" : "wrong";
    return [{ index, title, mark }];
  });

/**
 * @param {HTMLElement} node
 * @param {import("../text/format.js").Translate} t
 * @param {(index: number) => void} go
 */
export function createScore(node, t, go) {
  const [line, list] = /** @type {HTMLElement[]} */ ([...node.children]);
  const said = {
    right: t("course.right"),
    wrong: t("course.wrong"),
    open: t("course.open"),
  };

  return {
    /** @param {State} state */
    render(state) {
      const found = results(state);
      const right = found.filter(({ mark }) => mark === "right").length;
      line.textContent = t("course.score", { right, count: found.length });
      list.replaceChildren(...found.map(({ index, title, mark }) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        const name = document.createElement("span");
        const sign = document.createElement("span");
        button.type = "button";
        button.dataset.mark = mark;
        write(name, title);
        sign.textContent = said[mark];
        button.append(name, sign);
        button.addEventListener("click", () => go(index));
        item.append(button);
        return item;
      }));
    },
  };
}
