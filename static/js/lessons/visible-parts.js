/** The parts of the lab that a step shows; the others are not on screen. */

/** @type {Record<string, string>} */
const PARTS = {
  stage: ".headline, [data-part=stage], [data-part=transport]",
  caption: ".moment",
  scale: "[data-field=recurrent_scale]",
  step: "[data-part=detail]",
  charts: "[data-part=charts]",
  pins: "[data-part=pins], [data-part=multiples]",
};

/**
 * @param {HTMLElement} lab
 * @param {string[]} names  every part there is
 * @param {string[]} shown
 */
export function showParts(lab, names, shown) {
  for (const name of names) {
    const selector = PARTS[name] ?? `[data-field=${name}]`;
    for (const node of lab.querySelectorAll(selector)) {
      node.classList.toggle("unshown", !shown.includes(name));
    }
  }
  lab.dataset.show = shown.join(" ");
}
