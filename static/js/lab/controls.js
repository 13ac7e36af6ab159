/**
 * The form: real controls, each with its label, its error and nothing else.
 *
 * @typedef {import("./state.js").Experiment} Experiment
 * @typedef {import("./state.js").Problem} Problem
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { number } from "../experiment/address.js";
import { activationOf, applies, biasesOf, canAttend } from "../experiment/cells.js";
import { createNewerCells } from "../experiment/newer-cells.js";
import { hide, partsOf, setText } from "../ui/dom.js";
import { listenTo, show, showProblems, slide } from "../ui/forms.js";

/** Seeds are below it. */
export const LARGEST_SEED = 2 ** 32;

/**
 * @param {HTMLFormElement} form
 * @param {Translate} t
 * @param {{edit: (field: string, value: string | number) => void, reset: () => void}} on
 */
export function createControls(form, t, on) {
  const part = partsOf(form);
  const inputs = /** @type {HTMLInputElement[]} */ ([
    ...form.querySelectorAll("input[name], textarea[name]"),
  ]);
  const scale =
    /** @type {HTMLInputElement} */ (form.querySelector("[name=recurrent_scale][type=range]"));
  const newer = createNewerCells(form);
  const attention = /** @type {HTMLElement} */ (form.querySelector("[data-field=attention]"));
  const memoryless = /** @type {HTMLElement} */ (part("no-memory"));

  /** @type {{experiment: Experiment | null, problem: Problem | null}} */
  let shown = { experiment: null, problem: null };

  form.addEventListener("submit", (event) => event.preventDefault());
  const composes = listenTo(form, (target) => {
    const input = /** @type {HTMLInputElement} */ (target);
    if (!inputs.includes(input)) return;
    const numeric = input.type === "range" || input.type === "number";
    on.edit(input.name, numeric ? number(input.value) : input.value);
  });
  part("next-seed").addEventListener("click", () => {
    const seed = /** @type {HTMLInputElement} */ (part("seed"));
    on.edit("seed", ((Math.floor(Number(seed.value)) || 0) + 1) % LARGEST_SEED);
  });
  part("reset").addEventListener("click", on.reset);

  return {
    /**
     * @param {Experiment} experiment
     * @param {Problem | null} problem
     */
    render(experiment, problem) {
      if (experiment === shown.experiment && problem === shown.problem) return;
      shown = { experiment, problem };
      /** @type {Experiment} */
      const told = { ...experiment, activation: activationOf(experiment) };
      for (const input of inputs) if (!composes(input)) show(input, told[input.name]);
      for (const input of inputs) input.disabled = !applies(input.name, experiment);
      newer.render();
      showBiases(form, [String(experiment.cell)]);
      showAbout(form, [String(experiment.cell)], t);
      const idle = !applies("recurrent_scale", experiment);
      hide(memoryless, !idle);
      scale.title = idle ? memoryless.textContent : "";
      const kind = `control.target.${experiment.architecture}`;
      setText(part("target-hint"), t(kind));
      const { target, trained } = form.dataset;
      const usual = experiment.checkpoint && !trained ? "trained.target" : `${kind}.default`;
      const free = t(target ?? usual);
      if (part("target").placeholder !== free) part("target").placeholder = free;
      const few = `control.labels.${experiment.architecture}`;
      hide(part("labels-control"), !t.has(few));
      const labels = t.has(few) ? t(few) : "";
      if (part("labels").placeholder !== labels) part("labels").placeholder = labels;
      hide(attention, !canAttend(experiment));
      showLayers(form, experiment, t);
      showProblems(form, problem ? [problem] : [], t);
    },
  };
}

/**
 * The layers that there are to choose from, the second cells of both directions below 0.
 * @param {HTMLFormElement} form
 * @param {Experiment} experiment
 * @param {Translate} t
 */
function showLayers(form, { architecture, layers, directions }, t) {
  const [count, ways] = [Number(layers) || 1, Number(directions) || 1];
  const layer = /** @type {HTMLElement} */ (form.querySelector("[data-field=layer]"));
  hide(layer, count * ways < 2);
  for (const input of layer.querySelectorAll("input")) {
    [input.min, input.max] = [String(-count * (ways - 1)), String(count)];
    if (input.type === "range") slide(input, NaN);
  }
  const about = /** @type {HTMLElement} */ (form.querySelector("[data-field=layers] .remark"));
  setText(
    about,
    t(architecture === "encoder-decoder" ? "control.layers.one" : "control.layers.about"),
  );
}

/**
 * The bias of the one gate stands where that of another does, whether or not it can be set.
 * @param {HTMLFormElement} form
 * @param {string[]} cells
 */
export function showBiases(form, cells) {
  const { shown, hidden } = biasesOf(cells);
  for (const bias of [...shown, ...hidden]) {
    const control = form.querySelector(`[data-field=${bias}]`);
    if (control instanceof HTMLElement) hide(control, hidden.includes(bias));
  }
}

/**
 * Explanations of the chosen cells, where their names alone do not say enough.
 * @param {HTMLFormElement} form
 * @param {string[]} cells
 * @param {Translate} t
 */
export function showAbout(form, cells, t) {
  const node = /** @type {HTMLElement} */ (form.querySelector("[data-part=cell-about]"));
  const known = cells.map((cell) => `choice.cell.${cell}.about`).filter((key) => t.has(key));
  setText(node, known.map((key) => t(key)).join(t("language.gap")));
  hide(node, !known.length);
}
