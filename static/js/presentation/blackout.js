/** Darkens the screen for a presenter: all of it, or all but the part under the pointer. */

/**
 * @param {HTMLElement} blank
 * @param {HTMLElement} spotlight
 */
export function createBlackout(blank, spotlight) {
  addEventListener("pointermove", ({ clientX, clientY }) => {
    spotlight.style.setProperty("--x", `${clientX}px`);
    spotlight.style.setProperty("--y", `${clientY}px`);
  });

  return {
    blank: () => {
      blank.hidden = !blank.hidden;
    },
    light: () => {
      blank.hidden = true;
    },
    spotlight: () => {
      spotlight.hidden = !spotlight.hidden;
    },
    clear: () => {
      blank.hidden = spotlight.hidden = true;
    },
    isClear: () => blank.hidden && spotlight.hidden,
  };
}
