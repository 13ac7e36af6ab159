/**
 * The matrices as tables of numbers, each a field that can be typed into, dragged, and stepped by an
 * arrow key. The fields stay while the numbers change.
 *
 * @typedef {import("./engine.js").Matrix} Matrix
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { plain, say } from "../text/sentence.js";
import { create } from "../ui/dom.js";
import { isVector, matrixName, shortName, weightName } from "./names.js";
import { brief, LARGE, numberOf, STEP, stepped } from "./numbers.js";
import { makeDraggable } from "./scrub.js";

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {{set: (name: string, number: string | null) => void, choose: (name: string) => void,
 *   wrong: (name: string, typed: string) => void}} on  `wrong`: what is no number; empty once it is one
 */
export function createGrid(node, t, on) {
  /** The names of the fields that there are. */
  let made = "";
  /** @type {Map<string, {input: HTMLInputElement, after: HTMLElement}>} */
  let fields = new Map();

  return {
    /**
     * @param {Matrix[]} matrices
     * @param {Map<string, string>} typed  the numbers that were set by hand, as they were typed
     * @param {string} chosen
     * @param {(gradient: number | null, value: number) => string} next  the number after a step of
     *   learning, or nothing
     */
    render(matrices, typed, chosen, next) {
      const key = JSON.stringify(matrices.map((each) => [each.letter, each.leads, each.names]));
      if (key !== made) build(matrices);
      made = key;
      for (const { names, values, gradients, by_hand } of matrices) {
        for (const [i, row] of names.entries()) {
          for (const [j, name] of row.entries()) {
            if (name === null) continue;
            const { input, after } = /** @type {{input: HTMLInputElement, after: HTMLElement}} */ (
              fields.get(name)
            );
            // The numbers may be of before a key: what was set since stays, and is stepped on from.
            const own = typed.get(name) ?? brief(values[i][j]);
            write(input, own, numberOf(own) ?? values[i][j]);
            input.classList.toggle("by-hand-set", by_hand[i][j]);
            input.classList.toggle("by-hand-chosen", name === chosen);
            after.textContent = next(gradients[i][j], values[i][j]);
          }
        }
      }
    },
  };

  /** @param {Matrix[]} matrices */
  function build(matrices) {
    const focused = document.activeElement?.getAttribute("data-weight");
    fields = new Map();
    node.replaceChildren(...matrices.map(table));
    if (focused) fields.get(focused)?.input.focus();
  }

  /** @param {Matrix} matrix */
  function table(matrix) {
    const caption = create("caption");
    say(caption, matrixName(matrix, t), t);
    const head = create("tr", {}, create("td"));
    if (!isVector(matrix)) {
      head.append(...matrix.columns.map((_, j) => heading(matrix, "columns", j)));
    }
    const rows = matrix.names.map((names, i) =>
      create(
        "tr",
        {},
        heading(matrix, "rows", i),
        ...names.map((name, j) =>
          create("td", {}, ...(name === null ? ["·"] : field(matrix, i, j, name)))
        ),
      )
    );
    const found = create("table", {}, caption, create("tbody", {}, head, ...rows));
    found.dataset.matrix = `${matrix.letter}_${matrix.leads}`;
    found.style.setProperty("--rows", String(matrix.names.length));
    found.style.setProperty("--columns", String(matrix.names[0].length));
    return found;
  }

  /**
   * @param {Matrix} matrix
   * @param {"rows" | "columns"} side
   * @param {number} k
   */
  function heading(matrix, side, k) {
    const node = create("th", { scope: side === "rows" ? "row" : "col" });
    say(node, shortName(matrix, side, k, t), t);
    return node;
  }

  /**
   * @param {Matrix} matrix
   * @param {number} row
   * @param {number} column
   * @param {string} name
   */
  function field(matrix, row, column, name) {
    const input = create("input", { type: "text", inputMode: "text", autocomplete: "off" });
    const after = create("small");
    const value = () => numberOf(input.value) ?? Number(input.getAttribute("aria-valuenow"));
    const set = (/** @type {number} */ number) => {
      on.set(name, String(number)); // the engine first: writing into a field costs a layout
      write(input, String(number), number, true);
    };
    input.setAttribute("role", "spinbutton");
    input.setAttribute("aria-label", plain(weightName(matrix, row, column, t), t));
    input.dataset.weight = name;
    input.addEventListener("focus", () => on.choose(name));
    input.addEventListener("input", (event) => {
      event.stopPropagation();
      const number = numberOf(input.value);
      const wrong = input.value !== "" && number === null;
      input.toggleAttribute("aria-invalid", wrong);
      on.wrong(weightName(matrix, row, column, t), wrong ? input.value : "");
      if (input.value === "") on.set(name, null);
      else if (number !== null) on.set(name, String(number));
    });
    input.addEventListener("blur", () => {
      on.wrong("", "");
      input.dispatchEvent(new Event("left", { bubbles: true }));
    });
    input.addEventListener("keydown", (event) => {
      const way = { ArrowUp: 1, ArrowDown: -1, PageUp: LARGE, PageDown: -LARGE }[event.key];
      if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      set(stepped(value(), way * STEP * (event.shiftKey ? LARGE : 1)));
    });
    makeDraggable(input, value, (number) => {
      on.choose(name);
      set(number);
    });
    fields.set(name, { input, after });
    return [input, after];
  }
}

/**
 * A field says a number, unless it is being typed.
 * @param {HTMLInputElement} input
 * @param {string} text
 * @param {number} value
 * @param {boolean} [always]
 */
function write(input, text, value, always = false) {
  const typing = !always && document.activeElement === input &&
    (numberOf(input.value) === null || numberOf(input.value) === value);
  if (!typing && input.value !== text) input.value = text;
  if (!typing) input.removeAttribute("aria-invalid");
  if (input.getAttribute("aria-valuenow") !== String(value)) {
    input.setAttribute("aria-valuenow", String(value));
  }
}
