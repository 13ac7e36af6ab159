/** The recurrent modules of a file, one of which is chosen, with its readout and embedding. */

import { explain } from "../text/problems.js";
import { create, hide } from "../ui/dom.js";

/**
 * @typedef {import("../text/format.js").Translate} Translate
 * @typedef {import("./requests.js").Module} Module
 * @typedef {import("./requests.js").Choice} Choice
 */

/**
 * A module in words.
 * @param {Pick<Module, "cell" | "hidden_size" | "layers"> & {bidirectional?: boolean}} module
 * @param {Translate} t
 */
export function wordsOf({ cell, hidden_size, layers, bidirectional }, t) {
  const kind = t.has(`choice.cell.${cell}`) ? t(`choice.cell.${cell}`) : "";
  const size = t(layers > 1 ? "network.layers" : "network.layer", { layers, count: hidden_size });
  return [kind, size, ...(bidirectional ? [t("network.both")] : [])].filter(Boolean).join(
    t("language.comma"),
  );
}

/**
 * @param {HTMLElement} root  a fieldset with a list and two menus
 * @param {Translate} t
 */
export function createModuleList(root, t) {
  const list = /** @type {HTMLElement} */ (root.querySelector("[data-part=own-modules]"));
  const menus = {
    head: /** @type {HTMLSelectElement} */ (root.querySelector("[name=head]")),
    reads: /** @type {HTMLSelectElement} */ (root.querySelector("[name=reads]")),
    embedding: /** @type {HTMLSelectElement} */ (root.querySelector("[name=embedding]")),
  };
  /** @type {Module[]} */
  let modules = [];
  list.addEventListener("change", menu);

  return {
    /** @param {Module[]} found */
    show(found) {
      modules = found;
      list.replaceChildren(...found.map(row));
      const first = found.findIndex(({ problem }) => !problem);
      const input = list.querySelectorAll("input")[first];
      if (input) input.checked = true;
      menu();
    },
    /** @returns {Choice} */
    choice() {
      const module = chosen();
      if (!module) return {};
      const embedding = module.embeddings.length ? { embedding: menus.embedding.value } : {};
      const reads = module.bidirectional ? { reads: menus.reads.value } : {};
      return { module: module.name, head: menus.head.value, ...embedding, ...reads };
    },
  };

  /** @param {Module} module @param {number} index */
  function row(module, index) {
    const { name, problem } = module;
    const input = create("input", {
      type: "radio",
      name: "module",
      value: String(index),
      disabled: Boolean(problem),
    });
    const [head, ...others] = module.readouts;
    const read = head ? t("network.head.is", { head }) : t("network.head.none");
    const { projection: count } = module;
    const told = [
      wordsOf(module, t),
      ...(count ? [t("network.projected", { count })] : []),
      ...(others.length ? [] : [read]),
    ].join(t("language.comma"));
    const words = problem ? explain(problem, t) : told;
    const label = create("label", {}, input, " ", create("b", {}, name || t("network.top")));
    return create("li", {}, label, " ", create("span", {}, words));
  }

  function chosen() {
    const input = /** @type {HTMLInputElement | null} */ (list.querySelector("input:checked"));
    return input ? modules[Number(input.value)] : null;
  }

  /** Fills the menus of the chosen module. */
  function menu() {
    const module = chosen();
    fill(menus.head, module?.readouts ?? []);
    fill(menus.embedding, module?.embeddings ?? []);
    hide(/** @type {HTMLElement} */ (menus.reads.closest("label")), !module?.bidirectional);
  }

  /**
   * @param {HTMLSelectElement} select
   * @param {string[]} names
   */
  function fill(select, names) {
    const options = names.map((name) => create("option", { value: name }, name));
    select.replaceChildren(...options, create("option", { value: "" }, t("network.none")));
    hide(/** @type {HTMLElement} */ (select.closest("label")), !names.length);
  }
}
