/** What the page says of the cells, as the server does (tests/app/web/test_cells.py). */
import { learnCells } from "../../static/js/experiment/cells.js";

export const FACTS = JSON.parse(
  Deno.readTextFileSync(new URL("cells.json", import.meta.url)),
);
learnCells(FACTS);
