/** The presenter's clocks. */

/**
 * Minutes and seconds: 0:07, 12:30.
 * @param {number} seconds
 */
export function minutes(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/**
 * The time that has gone, of the time that was planned, if any was.
 * @param {HTMLElement} node
 * @param {number} milliseconds
 * @param {number} planned  in seconds
 * @param {import("../text/format.js").Translate} t
 */
export function clock(node, milliseconds, planned, t) {
  const gone = minutes(milliseconds / 1000);
  node.textContent = planned ? t("notes.of", { gone, planned: minutes(planned) }) : gone;
  node.dataset.over = String(planned > 0 && milliseconds / 1000 > planned);
}
