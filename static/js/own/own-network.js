/**
 * A user's own network: a file that is dropped on the page, what of it is chosen, and the words that
 * it reads. A dialog asks for what the file does not say, and says what is wrong with it.
 *
 * @typedef {import("../text/format.js").Translate} Translate
 * @typedef {import("./typed-text.js").Typed} Typed
 * @typedef {import("./typed-text.js").Read} Read
 */
import { patiently } from "../net/module.js";
import { hide, partsOf } from "../ui/dom.js";
import { createFileDrop } from "./file-drop.js";
import { createModuleList } from "./module-list.js";
import { nameWords, openFile } from "./requests.js";

/** Endings of files that hold the vocabulary of the network that is open. */
const WORDS = /\.(json|txt)$/i;

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLInputElement} input  that chooses a file
 * @param {{network: string, vocabulary: string}} urls
 * @param {Translate} t
 * @param {{may: () => boolean, opened: (name: string, read?: Read) => void, named: () => string,
 *   typed: () => Typed,
 *   reads: () => {vocabulary: string[], words: number, data: {name: string} | null}}} on
 *   `may`: whether a file is taken; `opened` is told what the server calls the network, and what it
 *   reads where it has got other words; `named` says which one is open, and `typed` what was typed
 */
export function createOwnNetwork(dialog, input, urls, t, on) {
  const part = partsOf(dialog);
  const modules = createModuleList(part("own-choice"), t);
  const words = /** @type {HTMLTextAreaElement} */ (part("own-vocabulary"));
  /** @type {ReturnType<typeof import("./recorded-window.js").createRecordedWindow> | null} */
  let recorded = null;
  /** @type {File | null} */
  let file = null;
  let asks = "";
  /**
   * The file of the weights that are open, and the modules among which there is a choice in it.
   * @type {{file: File, modules: import("./requests.js").Module[]} | null}
   */
  let weights = null;

  createFileDrop(input, async (taken) => {
    if (!on.may()) return;
    if (WORDS.test(taken.name) && on.reads().words) {
      words.value = await taken.text();
      return name(words.value);
    }
    file = taken;
    asks = ""; // what an earlier file was asked
    open({});
  });
  part("own-show").addEventListener("click", () => open(modules.choice()));
  part("own-name").addEventListener("click", () => name(words.value));
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog) dialog.close();
  });

  return {
    /**
     * Whether the file of the network that is open is at hand, so that another choice can be made.
     * @param {string} name  of the file
     */
    holds: (name) => weights?.file.name === name,
    /** Asks which module, readout and embedding of the file is to be read. */
    again() {
      if (!weights) return;
      file = weights.file;
      modules.show(weights.modules);
      show("own-choice", "");
    },
    /** The network reads a text again, with the words that it has, in place of numbers. */
    text: () => name(""),
    /** Asks for the words that the network reads. */
    ask() {
      const { vocabulary, words: count } = on.reads();
      words.value = vocabulary.length === count ? vocabulary.join("\n") : "";
      show("own-words", "");
    },
  };

  /** @param {import("./requests.js").Choice} choice */
  async function open(choice) {
    if (!file) return;
    input.setAttribute("aria-busy", "true");
    const { said, problem } = await openFile(urls.network, file, withOpen(choice), t);
    input.removeAttribute("aria-busy");
    if (said?.kind === "checkpoint") weights = null;
    if (said?.kind === "weights" && !(choice.module && weights?.file === file)) {
      weights = { file, modules: said.modules };
    }
    if (said?.name) {
      dialog.close();
      on.opened(said.name);
    } else if (said?.recording) {
      show("own-recording", "");
      recorded ??= await loadRecordedWindow();
      recorded.show(said.recording);
    } else if (said) {
      modules.show(said.modules);
      show("own-choice", "");
    } else show(dialog.open ? asks : "", problem);
  }

  /** The window of a recording, which few have, comes after the first paint. */
  async function loadRecordedWindow() {
    const { createRecordedWindow } = await patiently(() => import("./recorded-window.js"));
    return createRecordedWindow(part("own-recording"), t, {
      module: (module) => open({ module }),
      open: (step, module, sequence) =>
        open({ step: String(step), module, sequence: String(sequence) }),
    });
  }

  /**
   * A file of numbers is for the network that is open.
   * @param {import("./requests.js").Choice} choice
   */
  function withOpen(choice) {
    const checkpoint = on.named();
    return checkpoint ? { ...choice, checkpoint } : choice;
  }

  /** @param {string} vocabulary  empty for the words that the network has */
  async function name(vocabulary) {
    const asked = { checkpoint: on.named(), vocabulary, ...on.typed() };
    const { said, problem } = await nameWords(urls.vocabulary, asked, t);
    if (said) {
      dialog.close();
      on.opened(said.name, said);
    } else show("own-words", problem);
  }

  /** @param {string} which  fieldset @param {string} problem */
  function show(which, problem) {
    asks = which;
    for (const each of ["own-choice", "own-words", "own-recording"]) {
      hide(part(each), each !== which);
    }
    if (which === "own-words") {
      const { words: count, data } = on.reads();
      const before = data ? t("network.words.data", { data: data.name }) + t("language.gap") : "";
      part("own-count").textContent = before + t("network.words.about", { count });
    }
    part("network-error").textContent = problem;
    hide(part("network-error"), !problem);
    part("own-title").textContent = file && which !== "own-words" ? file.name : t("network.title");
    if (!dialog.open) dialog.showModal();
  }
}
