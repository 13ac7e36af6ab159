/**
 * The stage as a file of a picture, with what made it.
 *
 * @typedef {import("./state.js").State} State
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { intoPng, intoSvg } from "../canvas/made-by.js";
import { currentPalette } from "../canvas/palette.js";
import { settings } from "../experiment/settings-list.js";
import { moment } from "../playback/playhead.js";
import { asRead, inTime, mirrored } from "../run/reading-order.js";
import { answer, BETWEEN } from "../stage/answer.js";
import { picture, SLIDE } from "../stage/slide.js";
import { verdict } from "../stage/verdict.js";
import { named, plain } from "../text/sentence.js";
import { difference, title } from "./pins.js";

/**
 * @param {State} state  with a whole run
 * @param {string} format  "svg" or "png"
 * @param {string} address  that opens it again
 * @param {Translate} t
 */
export async function pictureOf(state, format, address, t) {
  const madeBy = state.run?.madeBy ?? {};
  const svg = new Blob([intoSvg(drawn(state, address, t), madeBy)], { type: "image/svg+xml" });
  return format === "svg" ? svg : intoPng(await rasterized(svg), madeBy);
}

/**
 * @param {State} state
 * @param {string} address
 * @param {Translate} t
 */
function drawn({ run, position, chosen, pins, why, bars }, address, t) {
  if (!run) return "";
  const { experiment } = run;
  const { word, sentence } = verdict(run, t);
  return picture(
    {
      run: asRead(run),
      position,
      pins: pins.map((pin) => pin.run && run.reverse ? mirrored(pin.run) : pin.run),
      shares: why?.paths ?? null,
      bars,
      current: chosen ? inTime(run, chosen) : Math.max(1, moment(position, run.T).t),
    },
    currentPalette(),
    {
      title: title(experiment, t),
      verdict: word + t("language.gap") + named(sentence, t),
      bars: t("stage.bars"),
      direction: t("stage.direction"),
      answer: named(Object.values(answer(run, t)).filter(Boolean).join(BETWEEN), t),
      settings: settings(experiment, t).map((pair) => pair.join(" ")).join(" · "),
      address,
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

/** Measures the width of words in the page's font. */
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
