/**
 * Taking a run away: the stage as a picture, the numbers and a replay as files, the link.
 *
 * @typedef {import("./state.js").State} State
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { language } from "../text/format.js";
import { download } from "../ui/dom.js";

/**
 * @typedef {object} Files  where they come from, and what they name
 * @property {string} url  that they are under
 * @property {string} base  of the lab, for the address in a replay
 * @property {() => string} link  that is copied, and stands below a picture
 *
 * @param {HTMLDetailsElement} menu
 * @param {Translate} t
 * @param {Files} files
 */
export function createExports(menu, t, { url, base, link: linked }) {
  const links = /** @type {HTMLAnchorElement[]} */ ([...menu.querySelectorAll("a[data-format]")]);
  const said = /** @type {HTMLElement} */ (menu.querySelector("[role=status]"));
  /** @type {State | null} */
  let state = null;

  menu.addEventListener("click", ({ target }) => {
    const format = /** @type {HTMLElement} */ (target).closest("button")?.dataset.format;
    if (format === "link") copy();
    else if (format) save(format);
  });
  menu.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") menu.open = false;
  });

  return {
    /** @param {State} next */
    render(next) {
      if (next.run && next.run !== state?.run) {
        const search = new URLSearchParams(next.run.experiment);
        if (language) search.set("lang", language);
        search.set("base", base);
        for (const link of links) link.href = `${url}/${link.dataset.format}?${search}`;
      }
      state = next;
    },
  };

  async function copy() {
    try {
      await navigator.clipboard.writeText(linked());
      said.textContent = t("export.copied");
    } catch {
      said.textContent = t("export.uncopied");
    }
  }

  /** @param {string} format */
  async function save(format) {
    const of = state;
    if (!of?.run?.end) return;
    said.textContent = "";
    const name = `unrolled-${of.run.experiment.cell}.${format}`;
    try {
      const { pictureOf } = await import("./picture.js");
      download(await pictureOf(of, format, linked(), t), name);
      said.textContent = t("export.saved", { name });
    } catch (error) {
      said.textContent = t("export.failed");
      console.info(error);
    }
  }
}
