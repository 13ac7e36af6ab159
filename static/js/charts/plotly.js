/**
 * Plotly and the figures' definitions, asked for when the first chart is drawn. The definitions come
 * from the engine's side, which is the one place they are written; the page fills in numbers.
 *
 * @typedef {{data: Record<string, any>[], layout: Record<string, any>, config: Record<string, any>}} Figure
 * @typedef {import("./chart-type.js").Filling} Filling
 */
import { isDark } from "../ui/appearance.js";

const FEW = 8;
/** Properties of a figure that are lengths of letters, and their names. */
const MEASURED = "data layout font margin xaxis yaxis title shapes label line colorbar".split(" ");
const LENGTHS = ["size", "standoff", "thickness", "padding", "width", "t", "r", "b", "l"];

/** @param {Pick<import("../net/server.js").Engine, "plotly" | "figures">} from */
export function createLibrary(from) {
  /** @type {Promise<any> | null} */
  let plotly = null;
  /** @type {Map<string, Promise<Record<string, Figure>>>} by their theme */
  const definitions = new Map();

  return {
    /** @returns {Promise<[any, Record<string, Figure>, Record<string, Figure>]>} */
    load() {
      plotly ??= from.plotly();
      const paper = definition("light"); // what is printed cannot wait for it
      return Promise.all([plotly, isDark() ? definition("dark") : paper, paper]);
    },
    forget() {
      plotly = null;
      definitions.clear();
    },
  };

  /** @param {string} theme */
  function definition(theme) {
    const found = definitions.get(theme) ?? from.figures(theme);
    definitions.set(theme, found);
    return found;
  }
}

/**
 * A figure with numbers in it: a trace without any is left out, and so is a line, or a mark beside it,
 * without a place.
 * @param {Figure} figure
 * @param {Filling} filling
 * @returns {Figure}
 */
export function fill(figure, { data, lines = {} }) {
  const traces = figure.data.filter(({ meta }) => meta in data)
    .map((trace) => ({ ...trace, ...data[trace.meta] }));
  const shapes = (figure.layout.shapes ?? []).map((/** @type {any} */ shape) => {
    if (!(shape.name in lines)) return shape;
    const at = lines[shape.name];
    const place = "yanchor" in shape ? { yanchor: at } : { x0: at, x1: at };
    return { ...shape, ...place, visible: at !== null };
  });
  const { xaxis, yaxis } = figure.layout;
  const columns = traces.flatMap(({ x }) => x);
  const rows = traces.flatMap(({ y, z }) => z ? y : []);
  const axes = { xaxis: wholeTicks(xaxis, columns), yaxis: wholeTicks(yaxis, rows) };
  return { ...figure, data: traces, layout: { ...figure.layout, ...axes, shapes } };
}

/**
 * A figure, or a part of one, with larger letters than usual, and more of what is measured by them.
 * @template {Record<string, any>} Part
 * @param {Part} part
 * @param {number} scale
 * @returns {Part}
 */
export function enlarged(part, scale) {
  const larger = (/** @type {any} */ value) => enlarged(value, scale);
  const entries = Object.entries(part).map(([key, value]) => {
    if (LENGTHS.includes(key) && typeof value === "number") return [key, value * scale];
    if (!MEASURED.includes(key) || typeof value !== "object") return [key, value];
    return [key, Array.isArray(value) ? value.map(larger) : larger(value)];
  });
  return Object.fromEntries(entries);
}

/**
 * Where an axis has only a few whole numbers, Plotly would number the space between them too.
 * @param {Record<string, any>} axis
 * @param {number[]} values
 */
function wholeTicks(axis, values) {
  const whole = axis.tickformat === "d" ? [...new Set(values)] : [];
  return whole.length && whole.length <= FEW ? { ...axis, tickvals: whole } : axis;
}
