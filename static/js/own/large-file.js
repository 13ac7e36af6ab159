/**
 * A large file of weights, of which the browser reads what is needed: its head, which tells the name,
 * the shape and the place of every array, and the arrays of one module.
 *
 * A `.safetensors` file is the length of its head in 8 bytes, the head as JSON, and the arrays.
 */

/** Bytes from which on a file is not sent whole. */
const LARGE = 2 ** 23;
/** Bytes that a head can have, as on the server. */
const MOST_HEAD = 2 ** 22;
const LENGTH = 8;
/** The end of the name of a weight, after that of its module. */
const WEIGHTS = /^(weight|bias)_(ih|hh|hr)(_l\d+(_reverse)?)?$/;

/**
 * @typedef {{data_offsets: [number, number]}} Told
 * @typedef {{module?: string, head?: string, embedding?: string}} Choice
 */

/** @param {File} file */
export const isLarge = (file) => file.size > LARGE && /\.safetensors$/i.test(file.name);

/**
 * The head of a file, and the bytes before it.
 * @param {File} file
 */
export async function headOf(file) {
  return file.slice(0, LENGTH + await lengthOf(file));
}

/**
 * A file of the arrays alone that a choice needs.
 * @param {File} file
 * @param {Choice} choice
 */
export async function partOf(file, choice) {
  const length = await lengthOf(file);
  const head = JSON.parse(await file.slice(LENGTH, LENGTH + length).text());
  const names = Object.keys(head).filter((name) => isOf(name, choice));
  const arrays = names.map((name) => /** @type {Told} */ (head[name]));
  let at = 0;
  const placed = arrays.map((told) => {
    const [from, to] = told.data_offsets;
    const size = to - from;
    return { ...told, data_offsets: [at, at += size] };
  });
  const told = new TextEncoder().encode(
    JSON.stringify(Object.fromEntries(names.map((name, i) => [name, placed[i]]))),
  );
  const start = new DataView(new ArrayBuffer(LENGTH));
  start.setBigUint64(0, BigInt(told.length), true);
  const first = LENGTH + length;
  const slices = arrays.map(({ data_offsets: [from, to] }) => file.slice(first + from, first + to));
  return new Blob([start, told, ...slices]);
}

/** @param {File} file */
async function lengthOf(file) {
  const start = new DataView(await file.slice(0, LENGTH).arrayBuffer());
  const length = Number(start.getBigUint64(0, true));
  return Math.min(length, MOST_HEAD);
}

/**
 * Whether an array is one of the module, of its readout, or the embedding.
 * @param {string} name
 * @param {Choice} choice
 */
function isOf(name, { module = "", head, embedding }) {
  const prefix = module && `${module}.`;
  if (name.startsWith(prefix) && WEIGHTS.test(name.slice(prefix.length))) return true;
  return [`${head}.weight`, `${head}.bias`, `${embedding}.weight`].includes(name);
}
