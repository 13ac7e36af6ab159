/**
 * One chart on the page: its reading, its plot, its choice, its progress, its table.
 *
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { say } from "../text/sentence.js";
import { finder } from "../ui/dom.js";
import { createReservedLines } from "../ui/reserved-lines.js";
import { createTable } from "./table.js";

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 */
export function createChartCard(node, t) {
  const part = finder(node);
  const reading = part(".reading");
  const plot = part(".plot");
  const name = node.dataset.part?.replace("chart-", "") ?? "";
  createReservedLines(reading, t)(
    name,
    () => t.texts(new RegExp(`^chart\\.${name}\\.reading`)),
    {},
  );
  const choice = /** @type {HTMLSelectElement | null} */ (node.querySelector("select"));
  const table = createTable(/** @type {HTMLDetailsElement} */ (part("details")), t);

  return {
    node,
    plot,
    choice,
    part,
    /** @param {{value: string, label: string}[]} choices */
    offer(choices) {
      if (!choice) return "";
      const now = [...choice.options].map(({ value }) => value).join();
      if (now !== choices.map(({ value }) => value).join()) {
        choice.replaceChildren(...choices.map(({ value, label }) => new Option(label, value)));
      }
      part(".choice").hidden = !choices.length;
      return choice.value;
    },
    /**
     * A chart is there: its sentence and its numbers beside it.
     * @param {string} sentence
     * @param {() => import("./chart-type.js").Table} numbers
     */
    drawn(sentence, numbers) {
      plot.hidden = false;
      plot.querySelector(".loading")?.remove();
      plot.classList.remove("stale");
      say(reading, sentence.replaceAll(" × 10", "\u00a0×\u00a010"), t);
      table.render(numbers);
      part(".save").hidden = false;
    },
    /**
     * There is none, and why.
     * @param {string} sentence
     */
    empty(sentence) {
      plot.hidden = true;
      say(reading, sentence, t);
      table.render(null);
      part(".save").hidden = true;
    },
    /**
     * The result of saving its picture.
     * @param {string} sentence
     */
    saved(sentence) {
      part(".save [role=status]").textContent = sentence;
    },
    /** One is being computed; the one before stays, and shows that it is old. */
    working() {
      plot.hidden = false;
      plot.classList.add("stale");
    },
  };
}
