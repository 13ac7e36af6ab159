/**
 * Helpers to find, make and write elements. Writing an unchanged text would cost a layout.
 */

/**
 * Finds the parts of a root by their names, wherever on a page it is, and however often.
 * @param {ParentNode} root
 * @returns {(name: string) => any}
 */
export const partsOf = (root) => (name) => root.querySelector(`[data-part="${name}"]`);

/**
 * Reads what the server has written into the page for its script.
 * @param {string} id
 */
export const dataOf = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "null");

/**
 * Finds elements within one by their selectors.
 * @param {Element} root
 * @returns {<E extends Element = HTMLElement>(selector: string) => E}
 */
export const finder = (root) => (selector) => /** @type {any} */ (root.querySelector(selector));

/**
 * Tells of an element's size, at first and when it changes.
 * @param {Element} element
 * @param {(size: DOMRectReadOnly) => void} call
 * @param {AbortSignal} [signal]  that it need not be told any more
 */
export function onResize(element, call, signal) {
  if (signal?.aborted) return;
  const observer = new ResizeObserver(([{ contentRect }]) => call(contentRect));
  observer.observe(element);
  signal?.addEventListener("abort", () => observer.disconnect());
}

/**
 * Tells whether an element is in view, at first and when that changes.
 * @param {Element} element
 * @param {(is: boolean) => void} call
 * @param {AbortSignal} [signal]  that it need not be told any more
 * @param {number} [threshold]  the share of the element from which it is; 0 for any
 */
export function onView(element, call, signal, threshold = 0) {
  if (signal?.aborted) return;
  const seen = (/** @type {IntersectionObserverEntry[]} */ [entry]) => call(entry.isIntersecting);
  const observer = new IntersectionObserver(seen, { threshold });
  observer.observe(element);
  signal?.addEventListener("abort", () => observer.disconnect());
}

/**
 * Makes an element.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} [properties]
 * @param {(string | Node)[]} children
 */
export function create(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

/**
 * Make a button with a text.
 * @param {string | Node} words  on it
 * @param {string} label
 * @param {() => void} press
 */
export function createButton(words, label, press) {
  const node = create("button", { type: "button", title: label }, words);
  node.setAttribute("aria-label", label);
  node.addEventListener("click", press);
  return node;
}

/**
 * Disables a button that may have the focus, and would lose it if it were disabled outright.
 * @param {HTMLElement} button
 * @param {boolean} is
 */
export const disable = (button, is) => button.setAttribute("aria-disabled", String(is));

/**
 * Lets the browser save a file.
 * @param {Blob} blob
 * @param {string} name
 */
export function download(blob, name) {
  const link = create("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/**
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * @param {HTMLElement} element
 * @param {boolean} is
 */
export function hide(element, is) {
  if (element.hidden !== is) element.hidden = is;
}

/**
 * Tells a reader who hears a field whether what it holds cannot be taken.
 * @param {Element} field
 * @param {boolean} is
 */
export function markWrong(field, is) {
  if (is) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}
