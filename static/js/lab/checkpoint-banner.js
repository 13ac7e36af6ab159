/**
 * A trained network in the lab: whose it is, what it was trained on, and which settings training has
 * fixed.
 *
 * @typedef {import("./state.js").Experiment} Experiment
 * @typedef {import("../text/format.js").Translate} Translate
 * @typedef {{training: Record<string, any>, step: number, experiment: Experiment}} ByTraining
 * @typedef {{file: string, module: string, cell: string, layers: number, directions: number,
 *   hidden_size: number, projection: number, words: number, inputs: number, outputs: number, vocabulary: string[],
 *   alone: boolean, head: string, embedding: string,
 *   data: {name: string, shape: [number, number], targets: boolean, recorded: boolean} | null,
 *   experiment: Experiment}} Own
 * @typedef {ByTraining | Own} Trained
 */
import { wordsOf } from "../own/module-list.js";
import { hide, partsOf } from "../ui/dom.js";

/**
 * The trained network of a name; null where there is no name, or it is not kept.
 * @param {string} url
 * @param {string} name
 * @returns {Promise<Trained | null>}
 */
export async function trainedFrom(url, name) {
  if (!name) return null;
  const answer = await fetch(`${url}?name=${encodeURIComponent(name)}`);
  return answer.ok ? await answer.json() : null;
}

/**
 * The name of the network that an experiment runs; empty where its weights are random.
 * @param {Experiment} experiment
 */
export const networkOf = ({ checkpoint = "" }) => String(checkpoint);

/**
 * @param {{note: HTMLElement, form: HTMLElement, readout: HTMLElement}} nodes  `readout`: the button of
 *   its weights, which not every network has
 * @param {Translate} t
 * @param {(file: string) => boolean} holds  whether another choice can be made of a user's file
 */
export function createCheckpointBanner({ note, form, readout }, t, holds) {
  const part = partsOf(note);
  const link = /** @type {HTMLElement} */ (note.querySelector("a"));

  return {
    /**
     * Says what network this is. Settings that cannot change it go; so does what is of random networks.
     * @param {Trained} trained
     * @param {boolean} lent  it is a teacher's, and the page a student's
     */
    show(trained, lent) {
      forget();
      const { which, about, free } = "file" in trained
        ? toldOwn(trained, lent, t)
        : toldTrained(trained, lent, t);
      write(which, about, free);
      note.toggleAttribute("data-lent", lent);
      hide(link, lent || "file" in trained);
      const own = !lent && "file" in trained ? trained : null;
      hide(part("own-text"), !own?.data || own.data.recorded);
      hide(part("own-tokens"), !own || Boolean(own.data?.recorded));
      hide(part("own-again"), !own || !holds(own.file));
      hide(readout, "file" in trained && trained.alone);
      if ("file" in trained) fixOwn(form, trained);
      else {
        form.dataset.trained = trained.training.task;
        form.dataset.target = "trained.target";
      }
    },
    /** The network that was asked for is not kept: it is one with random weights. */
    gone() {
      forget();
      write(t("trained.gone"), t("trained.gone.about"), "");
      hide(link, false);
      for (const name of ["own-text", "own-tokens", "own-again"]) hide(part(name), true);
    },
    /** The network has random weights. */
    hide() {
      forget();
      note.hidden = true;
    },
  };

  /** @param {string} which @param {string} about @param {string} free  what may be changed */
  function write(which, about, free) {
    note.hidden = false;
    part("trained-which").textContent = which;
    for (const [name, text] of Object.entries({ about, free })) {
      part(`trained-${name}`).textContent = text && t("language.gap") + text;
    }
  }

  /** All settings are there again. */
  function forget() {
    delete form.dataset.trained;
    delete form.dataset.target;
    hide(readout, false);
    for (const name of OF_OWN) form.removeAttribute(name);
  }
}

/** Marks of the settings that a user's own network leaves. */
const OF_OWN = ["data-one", "data-numbers", "data-given", "data-alone"];

/**
 * A network of a training, in words.
 * @param {ByTraining} trained
 * @param {boolean} lent
 * @param {Translate} t
 */
function toldTrained({ training, step }, lent, t) {
  const cell = t(`choice.cell.${training.cell}`);
  const blanks = { cell, step, task: t(`task.${training.task}`) };
  if (lent) return { which: t("trained.which.lent", blanks), about: "", free: "" };
  return { which: t("trained.which", blanks), about: t("trained.about"), free: "" };
}

/**
 * A network of a user's file, and what it reads, in words.
 * @param {Own} own
 * @param {boolean} lent
 * @param {Translate} t
 */
function toldOwn({ data, ...own }, lent, t) {
  const { file, words: tokens, inputs, outputs, directions } = own;
  const network = wordsOf({ ...own, bidirectional: directions > 1 }, t);
  const which = t(lent ? "network.which.lent" : "network.which", { file, network });
  const [name, timesteps] = data ? [data.name, data.shape[0]] : ["", 0];
  const kind = !data ? "tokens" : data.recorded ? "recorded" : data.targets ? "given" : "data";
  const alone = own.alone ? t("network.outputs.alone") : "";
  const head = own.head ? t("network.outputs.of", { head: own.head }) : alone;
  const of = { outputs: `${outputs}${head}`, embedding: own.embedding };
  const blanks = { tokens, width: inputs, data: name, timesteps, ...of };
  const rows = kind === "tokens" && own.embedding ? "network.reads.rows" : "";
  const yours = !own.alone ? kind : data ? "given" : "alone";
  const { projection, hidden_size: count } = own;
  const more = [
    ...(projection ? [t("network.projection", { projection, count })] : []),
    ...(own.alone ? [t("network.alone")] : []),
  ].map((each) => t("language.gap") + each).join("");
  const free = lent ? "" : t(`network.yours.${yours}`);
  return { which, about: t(rows || `network.reads.${kind}`, blanks) + more, free };
}

/**
 * Leave the settings that such a network has.
 * @param {HTMLElement} form
 * @param {Own} own
 */
function fixOwn(form, { data, words: tokens, outputs, alone }) {
  const target = outputs === 1 ? "network.target.number" : "network.target";
  form.dataset.trained = "own";
  if (data || tokens !== outputs) form.dataset.target = target;
  form.toggleAttribute("data-one", outputs === 1);
  form.toggleAttribute("data-numbers", Boolean(data));
  form.toggleAttribute("data-given", Boolean(data?.targets));
  form.toggleAttribute("data-alone", alone);
}
