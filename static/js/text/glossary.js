/** The list of terms: by topic as they are taught, or by name, and those alone that hold what is typed. */

/**
 * A text as it is looked for: without spaces and the sign of an index.
 * @param {string} text
 */
const plain = (text) => text.normalize().replace(/[_\s]/g, "").toLowerCase();

/**
 * Whether each of the sentences holds what is looked for.
 * @param {string[]} sentences
 * @param {string} wanted
 */
export const found = (sentences, wanted) =>
  sentences.map((sentence) => plain(sentence).includes(plain(wanted)));

/**
 * Sentences by the names that they begin with, as a language orders them: Chinese by its sounds.
 * @template T
 * @param {T[]} items
 * @param {(item: T) => string} sentence
 * @param {string} language
 */
export function byName(items, sentence, language) {
  const { compare } = new Intl.Collator(language);
  return [...items].sort((a, b) => compare(sentence(a), sentence(b)));
}

/** @param {HTMLElement} node  the list, which is closed as long as it is not asked for */
export function createGlossary(node) {
  const search = /** @type {HTMLInputElement} */ (node.querySelector("[type=search]"));
  const none = /** @type {HTMLElement} */ (node.querySelector("[role=status]"));
  const alphabet = /** @type {HTMLElement} */ (node.querySelector(".by-name ul"));
  const items = [...node.querySelectorAll("li")];
  const topics = items.map(({ parentElement }) => /** @type {HTMLElement} */ (parentElement));
  const text = (/** @type {HTMLElement} */ item) => item.textContent ?? "";

  search.addEventListener("input", filter);
  node.addEventListener("change", ({ target }) => {
    if (target === search) return;
    const { value } = /** @type {HTMLInputElement} */ (target);
    if (value === "name") alphabet.append(...byName(items, text, document.documentElement.lang));
    else for (const [i, item] of items.entries()) topics[i].append(item);
    filter();
  });
  node.addEventListener("toggle", (event) => {
    if (/** @type {ToggleEvent} */ (event).newState === "open") return;
    search.value = "";
    filter();
  });

  function filter() {
    const shown = found(items.map(text), search.value);
    for (const [i, item] of items.entries()) item.hidden = !shown[i];
    for (const section of node.querySelectorAll("section")) {
      section.hidden = !section.querySelector("li:not([hidden])");
    }
    none.hidden = shown.includes(true);
    node.scrollTop = 0;
  }
}
