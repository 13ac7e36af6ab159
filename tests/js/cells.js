/** The cells' facts as the page has them from the server (tests/app/runs/test_cell_facts.py). */
import { learnCells } from "../../static/js/experiment/cells.js";

export const FACTS = JSON.parse(
  Deno.readTextFileSync(new URL("cells.json", import.meta.url)),
);
learnCells(FACTS);
