/**
 * A token that is a picture, drawn.
 *
 * @typedef {import("./format.js").Translate} Translate
 */
/** As the engine writes a picture: rows of ink and paper. */
const INK = "#";
const ROWS = "/";
const PICTURE = /^[#.]{2,}(\/[#.]{2,})+$/;

/**
 * Whether a token is a picture, as the engine writes it.
 * @param {string} token
 */
export const isPicture = (token) => PICTURE.test(token);

/**
 * The pixels of a picture that are ink, and their number.
 * @param {string} token
 */
export function pixelsOf(token) {
  const rows = token.split(ROWS).map((row) => [...row]);
  const ink = rows.flatMap((row, y) => row.flatMap((pixel, x) => pixel === INK ? [{ x, y }] : []));
  return { width: rows[0].length, height: rows.length, ink };
}

/**
 * @param {string} token
 * @param {Translate} t
 */
export function picture(token, t) {
  const { width, height, ink } = pixelsOf(token);
  const node = drawing("picture", `0 0 ${width} ${height}`);
  node.setAttribute("aria-label", pictureName(token, t));
  node.append(shape("path", { d: ink.map(({ x, y }) => `M${x} ${y}h1v1h-1z`).join("") }));
  return node;
}

/**
 * A picture in words.
 * @param {string} token
 * @param {Translate} t
 */
export function pictureName(token, t) {
  const { width, height, ink } = pixelsOf(token);
  return t("train.picture", { width, height, ink: ink.length });
}

/**
 * @param {string} name
 * @param {string} viewBox
 */
export const drawing = (name, viewBox) => shape("svg", { class: name, viewBox, role: "img" });

/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 */
export function shape(name, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}
