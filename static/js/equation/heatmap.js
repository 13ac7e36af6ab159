/**
 * A vector or a matrix as squares of colour, each of which can be read: a grid whose one cell is
 * where the pointer or the arrow keys are.
 *
 * @typedef {object} Numbers
 * @property {number} rows
 * @property {number} columns
 * @property {(row: number, column: number) => number} at
 *
 * @typedef {object} Look
 * @property {number} width  of a cell, in CSS pixels
 * @property {number} height
 * @property {(value: number) => {colour: string, alpha: number}} paint
 * @property {((value: number) => string) | null} write  what stands in a cell, if there is room
 * @property {string} ink
 */
import { fillMarked } from "../canvas/shapes.js";
import { sheet } from "../canvas/sheet.js";
import { unmarked } from "../text/marked.js";

const LEAST_GAPPED = 4;
const TINT = 0.3;
const FONT = "ui-monospace, 'DejaVu Sans Mono', monospace";
/** The size of a number, as a part of the height of its cell, and the room beside it. */
const [SIZE, BESIDE] = [0.46, 6];
/** The width of a letter of the font, in its size. */
const LETTER = 0.61;
let made = 0;

/**
 * The width of a cell: of the longest number, where numbers are written.
 * @param {Numbers} numbers
 * @param {Look} look
 */
export function widthOf({ rows, columns, at }, { width, height, write }) {
  if (!write) return width;
  let most = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) most = Math.max(most, unmarked(write(at(i, j))).length);
  }
  return Math.max(width, Math.ceil(most * LETTER * SIZE * height) + BESIDE);
}

/**
 * @param {Numbers} numbers
 * @param {Look} look
 * @param {string} label
 * @param {(row: number, column: number) => string} describe  with marks
 * @param {(words: string | null) => void} read  called with what the cell says, null when it is left
 */
export function createHeatmap(numbers, look, label, describe, read) {
  const { rows, columns } = numbers;
  const across = widthOf(numbers, look);
  const node = document.createElement("div");
  const canvas = document.createElement("canvas");
  const row = document.createElement("div");
  const cell = document.createElement("span");
  const words = document.createElement("span");
  node.className = "heatmap";
  node.tabIndex = 0;
  cell.id = `cell-${++made}`;
  cell.className = "cursor";
  words.className = "unseen";
  attributes(node, { role: "grid", "aria-label": label, "aria-activedescendant": cell.id });
  attributes(node, { "aria-rowcount": rows, "aria-colcount": columns });
  attributes(row, { role: "row", "aria-rowindex": 1 });
  attributes(cell, { role: "gridcell", "aria-colindex": 1 });
  attributes(canvas, { "aria-hidden": "true" });
  cell.append(words);
  row.append(cell);
  node.append(canvas, row);
  words.textContent = unmarked(describe(0, 0));
  let [r, c] = [0, 0];

  for (const event of /** @type {const} */ (["pointermove", "pointerdown"])) {
    node.addEventListener(event, ({ clientX, clientY }) => {
      const { left, top } = canvas.getBoundingClientRect();
      move(Math.floor((clientY - top) / look.height), Math.floor((clientX - left) / across));
    });
  }
  node.addEventListener("pointerleave", ({ pointerType }) => {
    if (pointerType !== "touch" && document.activeElement !== node) leave();
  });
  node.addEventListener("focus", () => move(r, c));
  node.addEventListener("blur", leave);
  node.addEventListener("keydown", (event) => {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const end = event.ctrlKey ? [-rows, rows] : [0, 0];
    const far = { Home: [end[0], -columns], End: [end[1], columns] };
    const step = { ...by, ...far }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    move(r + step[0], c + step[1]);
  });

  draw();
  return node;

  function draw() {
    const [width, height] = [columns * across, rows * look.height];
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const { pen } = sheet(canvas, { width, height });
    const gap = look.height >= LEAST_GAPPED ? 1 : 0;
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        const { colour, alpha } = look.paint(numbers.at(i, j));
        pen.fillStyle = colour;
        pen.globalAlpha = look.write ? TINT * alpha : alpha;
        pen.fillRect(j * across, i * look.height, across - gap, look.height - gap);
        if (look.write) write(pen, look.write(numbers.at(i, j)), i, j);
      }
    }
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {string} number
   * @param {number} i
   * @param {number} j
   */
  function write(pen, number, i, j) {
    pen.globalAlpha = 1;
    pen.fillStyle = look.ink;
    pen.font = `500 ${SIZE * look.height}px ${FONT}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    fillMarked(pen, number, (j + 0.5) * across, (i + 0.5) * look.height);
  }

  /**
   * @param {number} toRow
   * @param {number} toColumn
   */
  function move(toRow, toColumn) {
    [r, c] = [clamp(toRow, rows), clamp(toColumn, columns)];
    row.setAttribute("aria-rowindex", String(r + 1));
    cell.setAttribute("aria-colindex", String(c + 1));
    const said = describe(r, c);
    words.textContent = unmarked(said);
    Object.assign(cell.style, {
      left: `${c * across}px`,
      top: `${r * look.height}px`,
      width: `${across}px`,
      height: `${look.height}px`,
    });
    node.classList.add("reading-out");
    read(said);
  }

  function leave() {
    node.classList.remove("reading-out");
    read(null);
  }
}

/**
 * @param {Element} element
 * @param {Record<string, string | number>} values
 */
function attributes(element, values) {
  for (const [name, value] of Object.entries(values)) element.setAttribute(name, String(value));
}

/**
 * @param {number} index
 * @param {number} count
 */
const clamp = (index, count) => Math.max(0, Math.min(index, count - 1));
