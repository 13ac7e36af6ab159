/** The words of a lesson, which come as HTML. */
import { root } from "../net/base-url.js";
import { markSymbols } from "../text/symbols.js";

/**
 * Shows them, each symbol with its sentence; a link to a page of the lab, such as /train, starts at the lab's own root.
 * @param {Element} node
 * @param {string} html
 */
export function write(node, html) {
  node.innerHTML = html;
  for (const link of node.querySelectorAll('a[href^="/"]')) {
    link.setAttribute("href", root() + link.getAttribute("href")?.slice(1));
  }
  markSymbols(node);
}
