/**
 * Provenance of a picture, written into its metadata, where a program reads it: JSON in SVG's
 * metadata, or in a text chunk of PNG's (https://www.w3.org/TR/png-3/#11iTXt).
 *
 * @typedef {Record<string, unknown>} MadeBy
 */
/** Bytes of a PNG before its second chunk: the signature, and the header's chunk. */
const HEADER = 33;
/** Characters that JSON leaves as they are, and XML cannot hold. */
const NOT_XML = /[\uFFFE\uFFFF]/g;
const POLYNOMIAL = 0xedb88320;

/**
 * @param {string} svg
 * @param {MadeBy} madeBy
 */
export function intoSvg(svg, madeBy) {
  const text = JSON.stringify(madeBy)
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replace(NOT_XML, (sign) => `\\u${sign.charCodeAt(0).toString(16)}`);
  return svg.replace(">", () => `><metadata>${text}</metadata>`);
}

/**
 * @param {Uint8Array<ArrayBuffer>} png
 * @param {MadeBy} madeBy
 */
export function intoPng(png, madeBy) {
  const text = new TextEncoder().encode(`iTXtmade_by\0\0\0\0\0${JSON.stringify(madeBy)}`);
  return new Blob([
    png.subarray(0, HEADER),
    uint32(text.length - "iTXt".length),
    text,
    uint32(crc(text)),
    png.subarray(HEADER),
  ], { type: "image/png" });
}

/** @param {number} value */
function uint32(value) {
  const bytes = new DataView(new ArrayBuffer(4));
  bytes.setUint32(0, value);
  return bytes;
}

/** @param {Uint8Array} bytes */
function crc(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? POLYNOMIAL : 0);
  }
  return ~sum;
}
