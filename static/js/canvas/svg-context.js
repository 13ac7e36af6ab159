/**
 * A pen that writes SVG: the part of a canvas's context that the painter uses. Its texts have marks.
 */
import { pieces } from "../text/marked.js";
import { RAISED, SHIFTS } from "./shapes.js";

/** @param {number} value */
const short = (value) => String(Math.round(value * 100) / 100);

/** Characters that XML cannot hold, not even by number: most control characters, and halves. */
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/** @param {string} text */
const attribute = (text) =>
  text.replace(NOT_XML, "\uFFFD").replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;");

/**
 * A text with marks: what is smaller is beside the line, and what follows is on it again.
 * @param {string} text
 */
function spans(text) {
  let off = 0;
  return pieces(text).map(({ kind, text }) => {
    const [shift, size] = kind in SHIFTS ? [SHIFTS[kind], RAISED] : [0, 1];
    const [down, inside] = [shift - off, attribute(text)];
    off = shift;
    if (!down && size === 1) return inside;
    return `<tspan dy="${short(down / size)}em" style="font-size:${size}em">${inside}</tspan>`;
  }).join("");
}

export class SvgPen {
  fillStyle = "#000";
  strokeStyle = "#000";
  lineWidth = 1;
  globalAlpha = 1;
  font = "12px sans-serif";
  textAlign = "start";
  textBaseline = "alphabetic";
  /** @type {string[]} */
  marks = [];
  #path = "";
  #dash = "";

  beginPath() {
    this.#path = "";
  }

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.#path += `M${short(x)} ${short(y)}`;
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.#path += `L${short(x)} ${short(y)}`;
  }

  /** @param {number[]} points */
  bezierCurveTo(...points) {
    this.#path += `C${points.map(short).join(" ")}`;
  }

  /**
   * A whole circle: the painter draws no other arc.
   * @param {number} x @param {number} y @param {number} r
   */
  arc(x, y, r) {
    const [left, across] = [short(x - r), short(2 * r)];
    this.#path += `M${left} ${short(y)}a${short(r)} ${short(r)} 0 1 0 ${across} 0` +
      `a${short(r)} ${short(r)} 0 1 0 -${across} 0`;
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h @param {number} r */
  roundRect(x, y, w, h, r) {
    const corner = `a${short(r)} ${short(r)} 0 0 1`;
    const [wide, tall] = [short(Math.max(0, w - 2 * r)), short(Math.max(0, h - 2 * r))];
    this.#path += `M${short(x + r)} ${short(y)}h${wide}${corner} ${short(r)} ${short(r)}v${tall}` +
      `${corner} ${short(-r)} ${short(r)}h-${wide}${corner} ${short(-r)} ${short(-r)}v-${tall}` +
      `${corner} ${short(r)} ${short(-r)}z`;
  }

  /** @param {number[]} dash */
  setLineDash(dash) {
    this.#dash = dash.length ? ` stroke-dasharray="${dash.join(" ")}"` : "";
  }

  fill() {
    this.marks.push(`<path d="${this.#path}" fill="${this.fillStyle}"${this.#alpha()}/>`);
  }

  stroke() {
    this.marks.push(
      `<path d="${this.#path}" fill="none" stroke="${this.strokeStyle}" stroke-width="${
        short(this.lineWidth)
      }"${this.#dash}${this.#alpha()}/>`,
    );
  }

  /** @param {number} x @param {number} y @param {number} w @param {number} h */
  fillRect(x, y, w, h) {
    this.marks.push(
      `<rect x="${short(x)}" y="${short(y)}" width="${short(w)}" height="${
        short(h)
      }" fill="${this.fillStyle}"${this.#alpha()}/>`,
    );
  }

  /** @param {string} text @param {number} x @param {number} y */
  fillText(text, x, y) {
    const anchor = { center: "middle", right: "end", end: "end" }[this.textAlign] ?? "start";
    const baseline = this.textBaseline === "middle" ? "central" : "auto";
    this.marks.push(
      `<text x="${short(x)}" y="${
        short(y)
      }" text-anchor="${anchor}" dominant-baseline="${baseline}" style="font:${
        attribute(this.font)
      }" fill="${this.fillStyle}"${this.#alpha()} xml:space="preserve">${spans(text)}</text>`,
    );
  }

  #alpha() {
    return this.globalAlpha === 1 ? "" : ` opacity="${this.globalAlpha}"`;
  }

  /**
   * @param {number} width
   * @param {number} height
   * @param {string} background
   */
  document(width, height, background) {
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">` +
      `<rect width="${width}" height="${height}" fill="${background}"/>${
        this.marks.join("")
      }</svg>`;
  }
}
