/**
 * Taking a run away: the stage as a picture, the numbers and a replay as files, the link.
 *
 * @typedef {import("./state.js").State} State
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { intoPng, intoSvg } from "../canvas/made-by.js";
import { createPalette } from "../canvas/palette.js";
import { settings } from "../experiment/settings-list.js";
import { moment } from "../playback/playhead.js";
import { answer, BETWEEN } from "../stage/answer.js";
import { picture, SLIDE } from "../stage/slide.js";
import { verdict } from "../stage/verdict.js";
import { language } from "../text/format.js";
import { named, plain } from "../text/sentence.js";
import { download } from "../ui/dom.js";
import { difference, title } from "./pins.js";

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
    if (!state?.run?.end) return;
    said.textContent = "";
    const { experiment, madeBy } = state.run;
    const name = `unrolled-${experiment.cell}.${format}`;
    try {
      const svg = new Blob([intoSvg(drawn(state), madeBy)], { type: "image/svg+xml" });
      download(format === "svg" ? svg : intoPng(await rasterized(svg), madeBy), name);
      said.textContent = t("export.saved", { name });
    } catch (error) {
      said.textContent = t("export.failed");
      console.info(error);
    }
  }

  /** @param {State} of */
  function drawn({ run, position, chosen, pins, why, bars }) {
    if (!run) return "";
    const { experiment } = run;
    const { word, sentence } = verdict(run, t);
    return picture(
      {
        run,
        position,
        pins: pins.map((pin) => pin.run),
        shares: why?.paths ?? null,
        bars,
        current: chosen ?? Math.max(1, moment(position, run.T).t),
      },
      createPalette(),
      {
        title: title(experiment, t),
        verdict: word + t("language.gap") + named(sentence, t),
        bars: t("stage.bars"),
        direction: t("stage.direction"),
        answer: named(Object.values(answer(run, t)).filter(Boolean).join(BETWEEN), t),
        settings: settings(experiment, t).map((pair) => pair.join(" ")).join(" · "),
        address: linked(),
        state: [`${t("legend.state")} −1`, "+1"],
        gradient: [`${t("legend.gradient")} ${t("legend.none")}`, t("legend.many")],
        pins: pins.map((pin) => plain(difference(pin.experiment, experiment, t), t)),
        rows: {
          output: t("stage.output"),
          cell: t("stage.cell"),
          hidden: t("stage.hidden"),
          token: t("stage.input"),
        },
      },
      measured(),
    );
  }
}

/** How wide words are in the letters that there are. */
function measured() {
  const pen = /** @type {CanvasRenderingContext2D} */ (
    document.createElement("canvas").getContext("2d")
  );
  return (/** @type {string} */ word, /** @type {string} */ font) => {
    pen.font = font;
    return pen.measureText(word).width;
  };
}

/**
 * @param {Blob} svg
 * @returns {Promise<Uint8Array<ArrayBuffer>>}  as PNG
 */
async function rasterized(svg) {
  const image = new Image();
  image.src = URL.createObjectURL(svg);
  try {
    await image.decode();
  } finally {
    URL.revokeObjectURL(image.src);
  }
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [SLIDE.width, SLIDE.height];
  canvas.getContext("2d")?.drawImage(image, 0, 0);
  const png = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!png) throw new Error("the picture has no bytes");
  return new Uint8Array(await png.arrayBuffer());
}
