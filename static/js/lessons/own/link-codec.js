/** A text in an address, compressed: what is after the hash never leaves the browser. */

const FORMAT = "deflate-raw";
const LARGEST = 1_000_000;

/** @param {string} text */
export async function packed(text) {
  const bytes = await drained(new Blob([text]).stream().pipeThrough(new CompressionStream(FORMAT)));
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * Throws on what is damaged, and on what would unpack to more than a lesson ever is.
 * @param {string} fragment
 */
export async function unpacked(fragment) {
  const letters = atob(fragment.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(FORMAT));
  return new TextDecoder("utf-8", { fatal: true }).decode(await drained(stream));
}

/** @param {ReadableStream<Uint8Array<ArrayBuffer>>} stream */
async function drained(stream) {
  const reader = stream.getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    length += value.length;
    if (length > LARGEST) throw new RangeError(`more than ${LARGEST} bytes`);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
