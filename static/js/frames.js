/**
 * The binary frame: uint32 header length | JSON header, padded to 8 | arrays.
 *
 * @typedef {{name: string, shape: number[], dtype: "<f4" | "<f8", offset: number}} ArrayHeader
 * @typedef {Float32Array | Float64Array} Numbers
 * @typedef {Record<string, any> & {id: number | null, type: string}} Header
 * @typedef {{header: Header, arrays: Record<string, Numbers>}} Frame
 */

const PAYLOAD_ALIGNMENT = 8;
const LENGTH_BYTES = 4;
const TYPES = new Set(["begin", "forward", "loss", "backward", "steps", "end", "error"]);
const DTYPES = { "<f4": Float32Array, "<f8": Float64Array };

/**
 * The arrays are views into the buffer: nothing is copied.
 * @param {ArrayBuffer} buffer
 * @returns {Frame}
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
    const size = shape.reduce((product, n) => product * n, 1);
    arrays[name] = new DTYPES[dtype](buffer, payload + offset, size);
  }
  return { header, arrays };
}
