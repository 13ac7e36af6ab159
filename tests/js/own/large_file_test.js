import { headOf, isLarge, partOf } from "../../../static/js/own/large-file.js";
import { equal } from "../assert.js";

const HEAD = JSON.stringify({
  "__metadata__": { format: "pt" },
  "other.weight": { dtype: "F32", shape: [2], data_offsets: [0, 8] },
  "rnn.bias_ih_l0": { dtype: "F32", shape: [1], data_offsets: [12, 16] },
  "rnn.weight_ih_l0_reverse": { dtype: "F32", shape: [1], data_offsets: [8, 12] },
  "rnn.norm.weight": { dtype: "F32", shape: [1], data_offsets: [16, 20] },
  "head.weight": { dtype: "F32", shape: [1], data_offsets: [20, 24] },
});
const START = Uint8Array.of(HEAD.length, HEAD.length >> 8, 0, 0, 0, 0, 0, 0);
const file = new File(
  [START, HEAD, Uint8Array.from({ length: 24 }, (_, i) => i)],
  "model.safetensors",
);

Deno.test("of a large file the head alone is read first", async () => {
  equal(isLarge(file), false);
  equal(isLarge(/** @type {any} */ ({ size: 1e9, name: "a.safetensors" })), true);
  equal(isLarge(/** @type {any} */ ({ size: 1e9, name: "a.npz" })), false);
  equal(await (await headOf(file)).text(), await new Blob([START, HEAD]).text());
});

Deno.test("the part of a file holds one module and its readout, whole", async () => {
  const bytes = await (await partOf(file, { module: "rnn", head: "head", embedding: "" }))
    .arrayBuffer();
  const length = Number(new DataView(bytes).getBigUint64(0, true));
  const told = JSON.parse(new TextDecoder().decode(bytes.slice(8, 8 + length)));
  const read = Object.entries(told).map(([name, { data_offsets: [from, to] }]) => [
    name,
    [...new Uint8Array(bytes.slice(8 + length + from, 8 + length + to))],
  ]);
  equal(read, [
    ["rnn.bias_ih_l0", [12, 13, 14, 15]],
    ["rnn.weight_ih_l0_reverse", [8, 9, 10, 11]],
    ["head.weight", [20, 21, 22, 23]],
  ]);
});

Deno.test("a head that claims to be huge is read up to its limit", async () => {
  const lies = new File([Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255), "{"], "a");
  equal((await headOf(lies)).size, 9);
});
