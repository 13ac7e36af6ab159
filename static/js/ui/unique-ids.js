/** Attributes that name other elements by their ids. */
const REFERENCES = ["for", "aria-labelledby", "aria-describedby", "aria-controls"];
let copies = 0;

/**
 * Gives the elements of a root ids of their own where another element of the page has one of them
 * already, so that labels and descriptions stay within the root.
 * @param {Element} root
 */
export function makeIdsUnique(root) {
  const named = [root, ...root.querySelectorAll("[id]")].filter(({ id }) => id);
  const page = root.ownerDocument;
  if (named.every((node) => [node, null].includes(page.getElementById(node.id)))) return;
  const prefix = `copy-${++copies}-`;
  const own = new Set(named.map(({ id }) => id));
  for (const node of named) node.id = prefix + node.id;
  for (const name of REFERENCES) {
    for (const node of root.querySelectorAll(`[${name}]`)) {
      const ids = String(node.getAttribute(name)).split(" ");
      node.setAttribute(name, ids.map((id) => own.has(id) ? prefix + id : id).join(" "));
    }
  }
}
