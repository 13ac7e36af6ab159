/**
 * Invisible characters have a sign, which is drawn, and a name: white space, controls, blank
 * letters, marks without a letter, and what no font can have.
 *
 * @typedef {import("./format.js").Translate} Translate
 *
 * @typedef {object} Sign  of one character, in a square of SIZE
 * @property {string} key  its code points, in hexadecimal
 * @property {number[][][]} lines  each from point to point
 * @property {string[]} rows  letters in a dashed frame, where there are no lines
 */

const LINE_END = /\r\n|[^]/gu;
/** Kinds that have one name for all, the first that fits. */
const KINDS = /** @type {[string, RegExp][]} */ ([
  ["control", /\p{Cc}/u],
  ["private", /\p{Co}/u],
  ["unassigned", /\p{Cn}/u],
  ["mark", /(?!\p{Default_Ignorable_Code_Point})\p{M}/u],
  ["other", /[^]/u],
]);
const SELECTORS = [{ first: 0xfe00, last: 0xfe0f, n: 1 }, { first: 0xe0100, last: 0xe01ef, n: 17 }];

const SVG = "http://www.w3.org/2000/svg";
/** The side of a sign's square, in the units of its lines. */
const SIZE = 24;
/** The sizes of a sign in a frame and of one of lines, in those of the letters. */
const [FRAMED, PLAIN] = [1.45, 1.05];
const RETURN = [[[19, 5], [19, 14], [5, 14]], [[10, 9], [5, 14], [10, 19]]];
/** @type {Record<string, number[][][]>} */
const LINES = {
  "": [circle(12, 12, 7.5), [[5, 19], [19, 5]]],
  "0020": [[[3, 14], [3, 19], [21, 19], [21, 14]]],
  "0009": [[[3, 12], [18, 12]], [[13, 7], [18, 12], [13, 17]], [[21, 5], [21, 19]]],
  "000A": RETURN,
  "000D": RETURN,
  "000D.000A": RETURN,
};
/** Abbreviations of Unicode's code charts; other characters are named by their number. */
const LETTERS = new Map(
  ("0085 NEL,00A0 NB SP,00AD SHY,034F CGJ,061C ALM,115F H CF,1160 H JF,1680 OG SP,180E MVS," +
    "2000 NQ SP,2001 MQ SP,2002 EN SP,2003 EM SP,2004 3/M SP,2005 4/M SP,2006 6/M SP,2007 F SP," +
    "2008 P SP,2009 TH SP,200A H SP,200B ZW SP,200C ZW NJ,200D ZWJ,200E LRM,200F RLM,2028 L SEP," +
    "2029 P SEP,202A LRE,202B RLE,202C PDF,202D LRO,202E RLO,202F NNB SP,205F MM SP,2060 WJ," +
    "2066 LRI,2067 RLI,2068 FSI,2069 PDI,2800 BR SP,3000 ID SP,3164 HF,FEFF BOM,FFA0 HW HF," +
    "FFFC OBJ").split(",").map((each) => {
      const [code, ...rows] = each.split(" ");
      return [code, rows];
    }),
);

/**
 * The signs of a token of which nothing can be seen, one a character; an end of line is one.
 * @param {string} token
 * @returns {Sign[]}
 */
export function signsOf(token) {
  const characters = token === "" ? [""] : token.match(LINE_END) ?? [];
  return characters.map((character) => {
    const key = keyOf(character);
    return { key, lines: LINES[key] ?? [], rows: LINES[key] ? [] : lettersOf(character, key) };
  });
}

/**
 * The name of an invisible token.
 * @param {string} token
 * @param {Translate} t
 */
export const nameOf = (token, t) =>
  token === "" ? t("sign.nothing") : (token.match(LINE_END) ?? [])
    .map((character) => nameOfOne(character, t)).join(" + ");

/**
 * The signs of a token as an element; it says the name to who points at it and to who does not see.
 * @param {string} token
 * @param {Translate} t
 */
export function signElement(token, t) {
  const element = document.createElement("bdi");
  const name = document.createElement("span");
  element.className = "sign";
  element.title = name.textContent = nameOf(token, t);
  element.append(...signsOf(token).map(drawing), name);
  return element;
}

/**
 * The width of a token's signs, in units of the size of the letters around them.
 * @param {string} token
 */
export const signsWidth = (token) =>
  signsOf(token).reduce((sum, { rows }) => sum + (rows.length ? FRAMED : PLAIN), 0);

/**
 * The signs of a token, on a canvas or in a drawing.
 * @param {CanvasRenderingContext2D} pen
 * @param {string} colour
 * @param {string} font  the family of their letters
 * @param {string} token
 * @param {number} x  their middle
 * @param {number} y  their middle
 * @param {number} size  of the letters around them
 */
export function paintSigns(pen, colour, font, token, x, y, size) {
  let left = x - (signsWidth(token) * size) / 2;
  for (const { lines, rows } of signsOf(token)) {
    const side = size * (rows.length ? FRAMED : PLAIN);
    const unit = side / SIZE;
    pen.strokeStyle = pen.fillStyle = colour;
    pen.lineWidth = (rows.length ? 1.2 : 2) * unit;
    const frame = [[[1, 1], [23, 1], [23, 23], [1, 23], [1, 1]]];
    if (rows.length) pen.setLineDash([2 * unit, 2 * unit]);
    for (const line of rows.length ? frame : lines) {
      pen.beginPath();
      line.forEach(([px, py], i) => {
        const at = /** @type {[number, number]} */ ([left + px * unit, y + (py - 12) * unit]);
        i ? pen.lineTo(...at) : pen.moveTo(...at);
      });
      pen.stroke();
    }
    pen.setLineDash([]);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    rows.forEach((row, i) => {
      const { size: letters, y: middle } = placed(row, i, rows.length);
      pen.font = `600 ${letters * unit}px ${font}`;
      pen.fillText(row, left + side / 2, y + (middle - 12) * unit);
    });
    left += side;
  }
}

/**
 * The style sheet writes the letters, so they are neither read out nor copied in place of the name.
 * @param {Sign} sign
 */
function drawing({ lines, rows }) {
  if (rows.length) {
    const frame = document.createElement("i");
    frame.dataset.letters = rows.join("\n");
    frame.setAttribute("aria-hidden", "true");
    return frame;
  }
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", `0 0 ${SIZE} ${SIZE}`);
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", lines.map((line) => `M${line.map(String).join("L")}`).join(""));
  svg.append(path);
  return svg;
}

/**
 * The size of a row of letters in a frame, and its middle.
 * @param {string} row
 * @param {number} i
 * @param {number} of
 */
const placed = (row, i, of) => ({
  size: row.length > 2 ? 10 : 11,
  y: of === 1 ? 12 : 7.5 + 9.5 * i,
});

/** @param {string} character */
const keyOf = (character) => [...character].map(hexadecimal).join(".");

/** @param {string} character */
const hexadecimal = (character) => code(character).toString(16).toUpperCase().padStart(4, "0");

/** @param {string} character */
const code = (character) => character.codePointAt(0) ?? 0;

/**
 * Two rows of digits, where the charts have no letters for it.
 * @param {string} character
 * @param {string} key
 */
function lettersOf(character, key) {
  const n = selector(character);
  if (n) return ["VS", String(n)];
  const half = Math.ceil(key.length / 2);
  const even = key.padStart(2 * half, "0");
  return LETTERS.get(key) ?? [even.slice(0, half), even.slice(half)];
}

/**
 * The number of a variation selector; 0 for another character.
 * @param {string} character
 */
function selector(character) {
  const at = code(character);
  const range = SELECTORS.find(({ first, last }) => first <= at && at <= last);
  return range ? range.n + at - range.first : 0;
}

/**
 * @param {string} character
 * @param {Translate} t
 */
function nameOfOne(character, t) {
  const key = keyOf(character);
  if (t.has(`sign.${key}`)) return t(`sign.${key}`);
  const n = selector(character);
  if (n) return t("sign.selector", { n });
  const [kind] = KINDS.find(([, of]) => of.test(character)) ?? ["other"];
  return t(`sign.${kind}`, { code: `U+${key}` });
}

/**
 * @param {number} x
 * @param {number} y
 * @param {number} r
 */
function circle(x, y, r) {
  return Array.from({ length: 25 }, (_, i) => {
    const angle = (i * Math.PI) / 12;
    return [x + r * Math.cos(angle), y + r * Math.sin(angle)].map((n) => Math.round(n * 10) / 10);
  });
}
