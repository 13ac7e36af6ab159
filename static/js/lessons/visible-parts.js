/** The parts of the lab that a step shows; the others are not on screen. */

/** @type {Record<string, string>} */
const PARTS = {
  stage: ".headline, [data-part=stage], [data-part=transport]",
  caption: ".moment",
  memory: "[data-field=cell]",
  scale: "[data-field=recurrent_scale]",
  step: "[data-part=detail]",
  charts: "[data-part=charts]",
  by_hand: "[data-part=by-hand]",
  pins: "[data-part=pins], [data-part=multiples]",
};

/**
 * @param {HTMLElement} lab
 * @param {string[]} names  every part there is
 * @param {string[]} shown
 */
export function showParts(lab, names, shown) {
  const nodes = (/** @type {string} */ name) =>
    lab.querySelectorAll(PARTS[name] ?? `[data-field=${name}]`);
  for (const name of names) {
    for (const node of nodes(name)) node.classList.add("unshown");
  }
  for (const name of shown) {
    for (const node of nodes(name)) node.classList.remove("unshown");
  }
  lab.dataset.show = shown.join(" ");
}
