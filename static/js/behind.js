/** The mark on pictures that are of earlier settings, because the server is away. */

const REGIONS = ["stage", "detail", "charts"];
const NOTICE = "notice";

/**
 * @param {HTMLElement} board  what holds the pictures
 * @param {boolean} is  whether they are of earlier settings
 * @param {import("./format.js").Translate} t
 */
export function showBehind(board, is, t) {
  if (board.hasAttribute("data-behind") === is) return;
  board.toggleAttribute("data-behind", is);
  board.style.setProperty("--behind", JSON.stringify(t("status.behind.mark")));
  for (const id of REGIONS) {
    const region = board.querySelector(`#${id}`);
    const ids = region?.getAttribute("aria-describedby")?.split(" ") ?? [];
    const others = ids.filter((each) => each !== NOTICE);
    region?.setAttribute("aria-describedby", [...(is ? [NOTICE] : []), ...others].join(" "));
  }
}
