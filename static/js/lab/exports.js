/**
 * Taking a run away: the stage as a picture, the numbers and a replay as files, the link.
 *
 * @typedef {import("./state.js").State} State
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { isDeep } from "../run/levels.js";
import { language } from "../text/format.js";
import { download, hide } from "../ui/dom.js";

/** The files that there are of several layers. */
const OF_LAYERS = ["csv", "json", "npz", "html", "py", "ipynb"];

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
        offer(isDeep(next.run));
      }
      state = next;
    },
  };

  /**
   * Only what there is of several layers, and no heading of what is not there.
   * @param {boolean} deep
   */
  function offer(deep) {
    for (const link of links) hide(link, deep && !OF_LAYERS.includes(link.dataset.format ?? ""));
    for (const heading of menu.querySelectorAll("div > p:not([role])")) {
      /** @type {Element[]} */
      const below = [];
      for (let next = heading.nextElementSibling; next && next.tagName !== "P";) {
        below.push(next);
        next = next.nextElementSibling;
      }
      hide(
        /** @type {HTMLElement} */ (heading),
        below.every((each) => each.hasAttribute("hidden")),
      );
    }
  }

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
