/** The mark on pictures that are not current, because the server is away. */

/**
 * @param {HTMLElement} board  what holds the pictures
 * @param {Element[]} regions  of it, each with a picture
 * @param {string} notice  the id of what says more
 * @param {string} words  what they are instead; none where they are current
 */
export function showOfflineMark(board, regions, notice, words) {
  const is = words !== "";
  if (board.hasAttribute("data-behind") === is) return;
  board.toggleAttribute("data-behind", is);
  board.style.setProperty("--behind", JSON.stringify(words));
  for (const region of regions) {
    const ids = region.getAttribute("aria-describedby")?.split(" ") ?? [];
    const others = ids.filter((each) => each !== notice);
    const now = [...(is ? [notice] : []), ...others].join(" ");
    if (now) region.setAttribute("aria-describedby", now);
    else region.removeAttribute("aria-describedby");
  }
}
