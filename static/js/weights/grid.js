/**
 * The matrices as tables of numbers, each a field that can be typed into, dragged, and stepped by an
 * arrow key. The fields stay while the numbers change.
 *
 * @typedef {object} Field
 * @property {HTMLInputElement} input
 * @property {HTMLElement} after  the number after a step of learning
 * @property {string | null} text  that was written last, if nothing was typed since
 * @property {number | null} value  likewise, as it is told
 * @property {string | null} typed  what it was made of: the number as it was set by hand, if it was,
 * @property {number} drawn  and as the network has it
 * @property {boolean} by-hand-set
 * @property {boolean} by-hand-chosen  whether it is looked at
 *
 * @typedef {import("./engine.js").Matrix} Matrix
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { plain, say } from "../text/sentence.js";
import { create, markWrong, setText } from "../ui/dom.js";
import { isVector, matrixName, shortName, weightName } from "./names.js";
import { brief, LARGE, numberOf, STEP, stepped } from "./numbers.js";
import { makeDraggable } from "./scrub.js";

const UNMARKED = { "by-hand-set": false, "by-hand-chosen": false };

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {{set: (name: string, number: string | null, typed?: boolean) => void, choose: (name: string) => void,
 *   typed: (name: string) => string | undefined,
 *   wrong: (wrong: import("./numbers.js").Wrong | null) => void}} on
 *   `typed`: the number that was set last, which may not be drawn yet; `wrong`: what is no number, null
 *   once it is one
 */
export function createGrid(node, t, on) {
  /** The names of the fields that there are. */
  let made = "";
  /** @type {Map<string, Field>} */
  let fields = new Map();
  /** @type {{name: string, words: string, input: HTMLInputElement} | null} the field with no number */
  let wrong = null;

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
            const field = /** @type {Field} */ (fields.get(name));
            // The numbers may be of before a key: what was set since stays, and is stepped on from.
            write(field, typed.get(name) ?? null, values[i][j]);
            mark(field, "by-hand-set", by_hand[i][j]);
            mark(field, "by-hand-chosen", name === chosen);
            setText(field.after, next(gradients[i][j], values[i][j]));
          }
        }
      }
      if (wrong) tell();
    },
  };

  /** Say what is no number, with the number that the weight has: the last that was taken, or drawn. */
  function tell() {
    if (!wrong) return on.wrong(null);
    const { name, words, input } = wrong;
    const now = on.typed(name) ?? brief(Number(input.getAttribute("aria-valuenow")));
    on.wrong({ name: words, typed: input.value, now, field: input });
  }

  function right() {
    wrong = null;
    tell();
  }

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
    const input = numberField(name, plain(weightName(matrix, row, column, t), t));
    const after = create("small");
    /** @type {Field} */
    const own = { input, after, text: null, value: null, typed: null, drawn: NaN, ...UNMARKED };
    const value = () =>
      numberOf(on.typed(name) ?? input.value) ?? Number(input.getAttribute("aria-valuenow"));
    const set = (/** @type {number} */ number) => {
      if (numberOf(input.value) === null) { // what is no number would be taken for one that is being typed
        input.value = String(number);
        markWrong(input, false);
        right();
      }
      on.set(name, String(number));
    };
    input.addEventListener("focus", () => on.choose(name));
    input.addEventListener("input", (event) => {
      event.stopPropagation();
      own.text = null;
      take(input, name, weightName(matrix, row, column, t));
    });
    input.addEventListener("blur", () => {
      right();
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
    fields.set(name, own);
    return [input, after];
  }

  /**
   * Set the number that was typed, or say that it is none.
   * @param {HTMLInputElement} input
   * @param {string} name  of the weight, as an experiment has it
   * @param {string} words  that say it, with marks
   */
  function take(input, name, words) {
    const number = numberOf(input.value);
    wrong = input.value !== "" && number === null ? { name, words, input } : null;
    markWrong(input, wrong !== null);
    tell();
    if (input.value === "") on.set(name, null, true);
    else if (number !== null) on.set(name, String(number), true);
  }
}

/**
 * @param {string} name  of the weight, as an experiment has it
 * @param {string} words  that say it
 */
function numberField(name, words) {
  const input = create("input", { type: "text", inputMode: "text", autocomplete: "off" });
  input.setAttribute("role", "spinbutton");
  input.setAttribute("aria-label", words);
  input.dataset.weight = name;
  return input;
}

/**
 * A field says a number, unless it is being typed.
 * @param {Field} field
 * @param {string | null} typed  the number as it was set by hand
 * @param {number} drawn
 */
function write(field, typed, drawn) {
  const { input } = field;
  if (field.text !== null && field.typed === typed && field.drawn === drawn) return;
  [field.typed, field.drawn] = [typed, drawn];
  const text = typed ?? brief(drawn);
  const value = numberOf(text) ?? drawn;
  const typing = document.activeElement === input &&
    (numberOf(input.value) === null || numberOf(input.value) === value);
  if (!typing && field.text !== text) {
    if (input.value !== text) input.value = text;
    markWrong(input, false);
    field.text = text;
  }
  if (field.value !== value) input.setAttribute("aria-valuenow", String(value));
  field.value = value;
}

/**
 * A class of a field tells a fact of it.
 * @param {Field} field
 * @param {"by-hand-set" | "by-hand-chosen"} fact
 * @param {boolean} is
 */
function mark(field, fact, is) {
  if (field[fact] !== is) field.input.classList.toggle(fact, is);
  field[fact] = is;
}
