/**
 * The gradient window of a recorded training: a map for each layer and direction, in the colours of
 * the page of training, and a slider of its steps, any of which opens in the lab.
 *
 * @typedef {import("../text/format.js").Translate} Translate
 * @typedef {{module: string, modules: string[], steps: number[], recorded: number, levels: string[],
 *   log10_norms: (number | null)[][][], sequences: number, difference: number,
 *   hidden_size: number, projection: number,
 *   diverged_at: number | null}} Recorded
 */
import { levelName } from "../run/level-name.js";
import { power } from "../text/format.js";
import { say } from "../text/sentence.js";
import { createLook, stepOf } from "../train/card/chart-canvas.js";
import { paintLegend } from "../train/card/gradient-legend.js";
import { createGradientRaster } from "../train/card/gradient-raster.js";
import { create, hide, partsOf } from "../ui/dom.js";
import { historiesOf } from "./recorded-history.js";

/**
 * @param {HTMLElement} root  a fieldset
 * @param {Translate} t
 * @param {{module: (name: string) => void, open: (step: number, module: string, sequence: number) => void}} on
 */
export function createRecordedWindow(root, t, on) {
  const part = partsOf(root);
  const look = createLook(() => paint());
  const slider = /** @type {HTMLInputElement} */ (part("own-step"));
  const modules = /** @type {HTMLSelectElement} */ (part("own-recorded"));
  const sequence = /** @type {HTMLInputElement} */ (part("own-sequence"));
  /** @type {Recorded | null} */
  let shown = null;
  /** @type {{figure: HTMLElement, history: any, raster: any, told: HTMLElement}[]} */
  let maps = [];

  slider.addEventListener("input", () => paint());
  modules.addEventListener("change", () => on.module(modules.value));
  new ResizeObserver(() => paint()).observe(root);
  part("own-moment").addEventListener("click", () => {
    if (shown) on.open(step(shown), shown.module, Number(sequence.value) || 1);
  });

  return {
    /** @param {Recorded} recorded */
    show(recorded) {
      shown = recorded;
      slider.max = String(recorded.steps.length - 1);
      slider.value = slider.max;
      sequence.max = String(recorded.sequences);
      sequence.value = "1";
      const options = recorded.modules.map((name) =>
        create(
          "option",
          { value: name, selected: name === recorded.module },
          name || t("network.top"),
        )
      );
      modules.replaceChildren(...options);
      hide(/** @type {HTMLElement} */ (modules.closest("label")), options.length < 2);
      const names = namesOf(recorded.levels, t);
      maps = historiesOf(recorded).map((history, i) => map(names[i], history));
      const upwards = maps.map(({ figure }) => figure).reverse(); // as layers stand on one another
      part("own-maps").replaceChildren(...upwards);
      const { length } = recorded.steps;
      const some = length < recorded.recorded ? "network.recorded.some" : "network.recorded.all";
      const blanks = { count: length, all: recorded.recorded, sequences: recorded.sequences };
      const { diverged_at, projection, hidden_size: units } = recorded;
      part("own-recorded-about").textContent = [
        t(some, blanks),
        ...(projection ? [t("network.projection", { projection, count: units })] : []),
        ...(diverged_at ? [t("network.recorded.diverged", { step: diverged_at })] : []),
      ].join(t("language.gap"));
      paint();
    },
  };

  /** @param {Recorded} of */
  function step(of) {
    return of.steps[Number(slider.value)];
  }

  /** @param {string} name @param {any} history */
  function map(name, history) {
    const canvas = create("canvas", { ariaHidden: "true" });
    const told = create("span");
    const figure = create(
      "figure",
      {},
      create("figcaption", {}, create("b", {}, name), " ", told),
      canvas,
    );
    canvas.addEventListener("click", ({ offsetX }) => {
      if (!shown) return;
      const at = stepOf(offsetX, history.planned, canvas.clientWidth);
      const far = shown.steps.map((each) => Math.abs(each - at));
      slider.value = String(far.indexOf(Math.min(...far)));
      paint();
    });
    return { history, told, figure, raster: createGradientRaster(canvas, look, t) };
  }

  function paint() {
    if (!shown || root.hidden || !root.clientWidth) return;
    const index = Number(slider.value);
    const now = step(shown);
    slider.style.setProperty("--share", String(index / (shown.steps.length - 1 || 1)));
    slider.setAttribute("aria-valuetext", t("network.recorded.step", { step: now }));
    part("own-step-told").textContent = t("network.recorded.step", { step: now });
    paintLegend(/** @type {HTMLCanvasElement} */ (part("own-legend")), look);
    const levels = shown.log10_norms.map((norms) => norms[index].filter((each) => each !== null));
    const reached = Math.max(...levels.map(({ length }) => length));
    for (const [i, { history, raster, told }] of maps.entries()) {
      raster.render(history, { step: now, distance: 0 });
      say(told, shareOf(levels[i], reached, t), t);
    }
  }
}

/**
 * The share of a level's gradient that arrives as far back as it reaches.
 * @param {(number | null)[]} norms
 * @param {number} reached  timesteps that the gradient of some level reaches
 * @param {Translate} t
 */
function shareOf(norms, reached, t) {
  if (!norms.length) return "";
  const distance = norms.length - 1;
  if (norms.length < reached) return t("network.recorded.apart", { distance });
  const value = power(Number(norms.at(-1)) - Number(norms[0]));
  return t("network.recorded.share", { distance, value });
}

/**
 * The layers and directions as the lab names them, beside their names in PyTorch.
 * @param {string[]} levels
 * @param {Translate} t
 */
export function namesOf(levels, t) {
  const directions = levels.some(isReverse) ? 2 : 1;
  const layers = levels.length / directions;
  return levels.map((name) => {
    const layer = parseInt(name.slice(1)) + 1;
    return `${levelName({ layers, directions }, { layer, reverse: isReverse(name) }, t)} · ${name}`;
  });
}

/** @param {string} name */
const isReverse = (name) => name.endsWith("_reverse");
