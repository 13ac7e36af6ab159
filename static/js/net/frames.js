/**
 * The binary frame: uint32 header length | JSON header, padded to 8 | arrays.
 *
 * @typedef {{name: string, shape: number[], dtype: "<f4" | "<f8", offset: number}} ArrayHeader
 * @typedef {Float32Array | Float64Array} Numbers
 * @typedef {Head<import("./frame-types.d.ts").RunFrame>} RunHeader
 * @typedef {Head<import("./frame-types.d.ts").TrainingFrame> & {found?: boolean}} TrainingHeader
 *   `found`, of a run that goes on in a page that was reloaded, is added by its channel
 */

/**
 * @template Kind
 * @typedef {Kind extends any ? Omit<Kind, "arrays"> : never} Head
 */

/**
 * @template {RunHeader | TrainingHeader} Header
 * @typedef {{header: Header, arrays: Record<string, Numbers>}} Frame
 */

const PAYLOAD_ALIGNMENT = 8;
const LENGTH_BYTES = 4;
const TYPES = new Set(
  [
    ...["begin", "forward", "loss", "backward", "waiting", "steps", "paused", "end", "error"],
    ...["welcome", "moved", "attendance", "recorded", "handed", "invited"],
  ],
);
const DTYPES = { "<f4": Float32Array, "<f8": Float64Array };

/**
 * The arrays are views into the buffer: nothing is copied.
 * @param {ArrayBuffer} buffer
 * @returns {Frame<any>}  of the kinds that its channel has
 */
export function decode(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const text = new TextDecoder().decode(new Uint8Array(buffer, LENGTH_BYTES, length));
  const header = JSON.parse(text);
  if (!TYPES.has(header.type)) throw new Error(`unknown frame type: ${header.type}`);
  const payload = LENGTH_BYTES + length;
  if (payload % PAYLOAD_ALIGNMENT) {
    throw new Error(`payload starts at ${payload}, not a multiple of 8`);
  }
  /** @type {Record<string, Numbers>} */
  const arrays = {};
  for (const { name, shape, dtype, offset } of /** @type {ArrayHeader[]} */ (header.arrays ?? [])) {
    arrays[name] = new DTYPES[dtype](buffer, payload + offset, sizeOfArray(shape));
  }
  return { header, arrays };
}

/**
 * The frames that stand one after another in a stream, as they come.
 * @param {ReadableStream<Uint8Array>} stream
 * @returns {AsyncGenerator<Frame<any>>}
 */
export async function* framesOf(stream) {
  const reader = stream.getReader();
  let bytes = new Uint8Array(0);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes = joined(bytes, value);
    for (let size = sizeOf(bytes); size <= bytes.length; size = sizeOf(bytes)) {
      yield decode(bytes.slice(0, size).buffer);
      bytes = bytes.subarray(size);
    }
  }
  if (bytes.length) throw new Error("a frame was cut off");
}

/**
 * @param {Uint8Array<ArrayBuffer>} a
 * @param {Uint8Array} b
 */
function joined(a, b) {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/**
 * The number of bytes of the first frame: it ends where its last array does. Infinity as long as its
 * header is not whole.
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
function sizeOf({ buffer, byteOffset, length }) {
  if (length < LENGTH_BYTES) return Infinity;
  const payload = LENGTH_BYTES + new DataView(buffer, byteOffset).getUint32(0, true);
  if (length < payload) return Infinity;
  const text = new Uint8Array(buffer, byteOffset + LENGTH_BYTES, payload - LENGTH_BYTES);
  const { arrays = [] } = JSON.parse(new TextDecoder().decode(text));
  const ends = arrays.map((/** @type {ArrayHeader} */ { shape, dtype, offset }) =>
    offset + sizeOfArray(shape) * DTYPES[dtype].BYTES_PER_ELEMENT
  );
  return payload + Math.max(0, ...ends);
}

/** @param {number[]} shape */
const sizeOfArray = (shape) => shape.reduce((product, n) => product * n, 1);
