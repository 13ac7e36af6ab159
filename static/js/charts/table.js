/** A chart's numbers as a table, made when it is opened. */

import { say } from "../text/sentence.js";

const MOST_ROWS = 300;
const MOST_COLUMNS = 100;

/**
 * @param {HTMLDetailsElement} details
 * @param {import("../text/format.js").Translate} t
 */
export function createTable(details, t) {
  const place = /** @type {HTMLElement} */ (details.querySelector(".table"));
  /** @type {(() => import("./chart-type.js").Table) | null} */
  let numbers = null;
  details.addEventListener("toggle", show);

  return {
    /** @param {(() => import("./chart-type.js").Table) | null} made  null where there is none */
    render(made) {
      numbers = made;
      details.hidden = !made;
      show();
    },
  };

  function show() {
    if (!details.open || !numbers) return place.replaceChildren();
    const { columns, rows } = numbers();
    const table = document.createElement("table");
    table.createTHead().append(row(columns.slice(0, MOST_COLUMNS), "col", t));
    const body = table.createTBody();
    for (const cells of rows.slice(0, MOST_ROWS)) {
      body.append(row(cells.slice(0, MOST_COLUMNS), "row", t));
    }
    const note = document.createElement("p");
    if (rows.length > MOST_ROWS) {
      note.textContent = t("chart.numbers.cut", { shown: MOST_ROWS, count: rows.length });
    }
    place.replaceChildren(table, note);
  }
}

/**
 * @param {(string | number)[]} cells
 * @param {"col" | "row"} scope  of its headings: all of a head's, the first of a body's
 * @param {import("../text/format.js").Translate} t
 */
function row(cells, scope, t) {
  const tr = document.createElement("tr");
  cells.forEach((text, i) => {
    const heading = scope === "col" || i === 0;
    const cell = document.createElement(heading ? "th" : "td");
    if (heading) cell.setAttribute("scope", scope);
    say(cell, String(text), t);
    tr.append(cell);
  });
  return tr;
}
