/**
 * A trained network in the lab: what it was trained on, and which settings training has fixed.
 *
 * @typedef {import("./state.js").Experiment} Experiment
 * @typedef {import("../text/format.js").Translate} Translate
 * @typedef {{training: Record<string, any>, step: number, experiment: Experiment}} ByTraining
 * @typedef {{file: string, module: string, cell: string, layers: number, directions: number,
 *   hidden_size: number, words: number, inputs: number, outputs: number, vocabulary: string[],
 *   data: {name: string, shape: [number, number], targets: boolean, recorded: boolean} | null,
 *   experiment: Experiment}} Own
 * @typedef {ByTraining | Own} Trained
 */
import { wordsOf } from "../own/module-list.js";
import { hide, partsOf } from "../ui/dom.js";

/**
 * The trained network that the address names; null where it names none, or one that is not kept.
 * @param {string} url
 * @param {string} search
 * @returns {Promise<Trained | null>}
 */
export async function trainedFrom(url, search) {
  const name = new URLSearchParams(search).get("checkpoint");
  if (!name) return null;
  const answer = await fetch(`${url}?name=${encodeURIComponent(name)}`);
  return answer.ok ? await answer.json() : null;
}

/**
 * Say what network this is. Settings that cannot change it go; so does what is of random networks.
 * @param {{note: HTMLElement, form: HTMLElement}} nodes
 * @param {Trained | null} trained
 * @param {string} search
 * @param {Translate} t
 */
export function showTrained({ note, form }, trained, search, t) {
  if (!new URLSearchParams(search).get("checkpoint")) return;
  const part = partsOf(note);
  const words = /** @type {HTMLElement} */ (note.firstElementChild);
  note.hidden = false;
  if (!trained) {
    words.textContent = t("trained.gone");
    delete form.dataset.trained;
    delete form.dataset.target;
    return;
  }
  hide(part("own-tokens"), !("file" in trained) || Boolean(trained.data));
  hide(/** @type {HTMLElement} */ (note.querySelector("a")), "file" in trained);
  if ("file" in trained) {
    words.textContent = toldOwn(trained, t);
    showOwn(form, trained);
    return;
  }
  const { training, step } = trained;
  const cell = t(`choice.cell.${training.cell}`);
  words.textContent = t("trained.about", { cell, step, task: t(`task.${training.task}`) });
  form.dataset.trained = training.task;
  form.dataset.target = "trained.target";
}

/**
 * A network of a user's file, and what it reads, in words.
 * @param {Own} own
 * @param {Translate} t
 */
function toldOwn({ data, ...own }, t) {
  const { file, words: tokens, inputs, outputs, directions } = own;
  const network = wordsOf({ ...own, bidirectional: directions > 1 }, t);
  const blanks = { file, network, tokens, width: inputs, outputs };
  if (!data) return t("network.about", blanks);
  const targets = data.targets ? "network.about.given" : "network.about.data";
  return t(data.recorded ? "network.about.recorded" : targets, {
    ...blanks,
    data: data.name,
    timesteps: data.shape[0],
  });
}

/**
 * Leave the settings that such a network has.
 * @param {HTMLElement} form
 * @param {Own} own
 */
function showOwn(form, { data, words: tokens, outputs }) {
  const target = outputs === 1 ? "network.target.number" : "network.target";
  form.dataset.trained = "own";
  if (data || tokens !== outputs) form.dataset.target = target;
  else delete form.dataset.target;
  form.toggleAttribute("data-one", outputs === 1);
  form.toggleAttribute("data-numbers", Boolean(data));
  form.toggleAttribute("data-given", Boolean(data?.targets));
}
