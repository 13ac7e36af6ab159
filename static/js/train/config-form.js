/**
 * The plan's form. A learning rate is dragged by powers of ten.
 *
 * @typedef {import("./training-config.js").Plan} Plan
 * @typedef {import("../lab/state.js").Problem} Problem
 * @typedef {import("../text/format.js").Translate} Translate
 * @typedef {import("./training-config.js").TaskFacts & {length: [number, number, number],
 *   examples: string | null, source: string}} TaskFacts
 */
import { number } from "../experiment/address.js";
import { applies } from "../experiment/cells.js";
import { createNewerCells } from "../experiment/newer-cells.js";
import { listenTo, show, showProblems, slide, write } from "../ui/forms.js";
import { showAbout, showBiases } from "../lab/controls.js";
import { finder, setText } from "../ui/dom.js";
import { cellsOf, offersAttention } from "./training-config.js";

/** Timesteps that a thumb can reach; more can be typed. */
const REACH = 100;

/**
 * @param {HTMLFormElement} form
 * @param {Translate} t
 * @param {Record<string, TaskFacts>} tasks
 * @param {{edit: (field: string, value: string | number) => void,
 *   cell: (cell: string, chosen: boolean) => void, left: () => void, reset: () => void}} on
 */
export function createConfigForm(form, t, tasks, on) {
  const part = finder(form);
  const inputs = /** @type {(HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement)[]} */ ([
    ...form.querySelectorAll("[data-field] [name]"),
  ]);
  const newer = createNewerCells(form);
  const length = part("[data-field=length]");
  const examples = part("[data-field=examples]");
  const attention = part("[data-field=attention]");

  form.addEventListener("submit", (event) => event.preventDefault());
  const composes = listenTo(form, (target) => {
    const input = /** @type {HTMLInputElement} */ (target);
    if (!input.closest("[data-field]")) return;
    if (input.name === "cells") return on.cell(input.value, input.checked);
    const numeric = input.type === "range" || input.type === "number";
    on.edit(input.name, numeric ? numberOf(input) : input.value);
  });
  part("[data-part=examples]").addEventListener("blur", on.left);
  part("[data-part=reset]").addEventListener("click", on.reset);

  return {
    /**
     * @param {Plan} plan
     * @param {Problem[]} problems
     */
    render(plan, problems) {
      const task = tasks[String(plan.task)];
      const cells = cellsOf(plan);
      showTask(plan, task);
      for (const input of inputs) {
        if (composes(input)) continue;
        if (input.name === "cells") {
          /** @type {HTMLInputElement} */ (input).checked = cells.includes(input.value);
        } else if (input instanceof HTMLInputElement) showInput(input, plan, task);
        else if (input instanceof HTMLTextAreaElement) write(input, textOf(input, plan, task));
        else if (input.value !== plan[input.name]) input.value = String(plan[input.name]);
      }
      for (const input of inputs) {
        input.disabled = !cells.some((cell) => applies(input.name, { ...plan, cell }));
      }
      newer.render();
      showBiases(form, cells);
      showAbout(form, cells, t);
      showProblems(form, problems, t);
    },
  };

  /**
   * @param {Plan} plan
   * @param {TaskFacts | undefined} task  undefined for one there is not
   */
  function showTask(plan, task) {
    const [low, , high] = task?.length ?? [0, 0, 0];
    length.hidden = low === high;
    examples.hidden = !task || task.examples === null;
    attention.hidden = !offersAttention(plan, task);
    for (const input of length.querySelectorAll("input")) {
      [input.min, input.max] = [low, input.type === "range" ? Math.min(high, REACH) : high]
        .map(String);
    }
    setText(part("[data-part=task-about]"), task ? t(`task.${plan.task}.about`) : "");
    setText(part("[data-part=task-source]"), task?.source ?? "");
  }

  /**
   * @param {HTMLTextAreaElement} input
   * @param {Plan} plan
   * @param {TaskFacts | undefined} task
   */
  function textOf({ name, value }, plan, task) {
    if (name !== "examples") return String(plan[name]);
    const emptied = !value && document.activeElement?.id === name;
    return String(plan.examples || (!emptied && task?.examples) || "");
  }

  /**
   * @param {HTMLInputElement} input
   * @param {Plan} plan
   * @param {TaskFacts | undefined} task
   */
  function showInput(input, plan, task) {
    const value = input.name === "length" ? plan.length || task?.length[1] || 0 : plan[input.name];
    if (input.dataset.scale !== "log") return show(input, value);
    slide(input, Math.log10(Number(value)));
    input.setAttribute("aria-valuetext", String(value));
  }
}

/** @param {HTMLInputElement} input */
function numberOf(input) {
  const value = number(input.value);
  return input.dataset.scale === "log" ? Number((10 ** Number(value)).toPrecision(2)) : value;
}
