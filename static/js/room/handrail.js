/**
 * Keeps the controls of a page still, or tells of the first touch. What is only looked at stays as it
 * is: it can be scrolled, pointed at and read aloud.
 */
const CONTROLS =
  ".controls, .transport, .losses, .pins, .weights, .walk, .question, .attempt, .training .buttons, [data-part=guess], .voice, [data-part=fold], [data-part=bars]";
const TOUCHED = "button, input, select, textarea, label, summary, .track, .edge";
/** Of the class, and not of the page. */
const FREE = ".class-question";
const EVENTS = ["pointerdown", "click", "input", "change", "keydown"];
const LEAVES = ["Tab", "Shift", "Escape"];

/**
 * @param {HTMLElement} root
 * @param {() => boolean} mayTouch
 */
export function createHandrail(root, mayTouch) {
  for (const type of EVENTS) root.addEventListener(type, touched, true);

  return {
    /** @param {boolean} is  whether the controls are still */
    hold(is) {
      root.toggleAttribute("data-held", is);
      for (const node of root.querySelectorAll(CONTROLS)) node.toggleAttribute("inert", is);
    },
  };

  /** @param {Event} event */
  function touched(event) {
    const { target } = event;
    const key = event instanceof KeyboardEvent ? event.key : "Enter";
    if (LEAVES.includes(key)) return;
    if (!(target instanceof Element && target.closest(TOUCHED)) || target.closest(FREE)) return;
    if (mayTouch()) return;
    event.stopImmediatePropagation();
    if (key === "Enter" || key === " ") event.preventDefault();
  }
}
