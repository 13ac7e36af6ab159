import { decode, framesOf } from "../../../static/js/net/frames.js";
import { equal, ok, throws } from "../assert.js";

/**
 * @param {object} header
 * @param {Float64Array<ArrayBuffer>} [payload]
 */
function encode(header, payload = new Float64Array()) {
  let text = JSON.stringify(header);
  while ((4 + new TextEncoder().encode(text).length) % 8) text += " ";
  const bytes = new TextEncoder().encode(text);
  const frame = new Uint8Array(4 + bytes.length + payload.byteLength);
  new DataView(frame.buffer).setUint32(0, bytes.length, true);
  frame.set(bytes, 4);
  frame.set(new Uint8Array(payload.buffer), 4 + bytes.length);
  return frame.buffer;
}

Deno.test("a frame's arrays are decoded by name, with infinities and NaN", () => {
  const arrays = [{ name: "loss", shape: [2], dtype: "<f8", offset: 8 }];
  const payload = new Float64Array([7, -Infinity, 0.1]);
  const { header, arrays: decoded } = decode(encode({ id: 3, type: "loss", arrays }, payload));
  equal(header.id, 3);
  equal([...decoded.loss], [-Infinity, 0.1]);
});

Deno.test("a header with Chinese and emoji is decoded", () => {
  const { header } = decode(encode({ id: 1, type: "begin", tokens: ["云", "👨‍👩‍👧"], arrays: [] }));
  equal(header.tokens, ["云", "👨‍👩‍👧"]);
});

Deno.test("a frame of an unknown type is refused", () => {
  throws(() => decode(encode({ id: 1, type: "applause", arrays: [] })), "applause");
});

Deno.test("consecutive frames are separated wherever the stream is cut", async () => {
  const arrays = [{ name: "loss", shape: [1], dtype: "<f4", offset: 0 }];
  const short = encode({ id: 1, type: "loss", arrays }, new Float64Array([7])).slice(0, -4);
  const parts = [encode({ id: 1, type: "begin" }), short, encode({ id: 1, type: "end" })];
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  for (const size of [1, 7, 64, bytes.length]) {
    const types = [];
    for await (const { header } of framesOf(cut(bytes, size))) types.push(header.type);
    equal(types, ["begin", "loss", "end"]);
  }
});

Deno.test("a stream that ends within a frame is an error, after the frames before it", async () => {
  const bytes = new Uint8Array(encode({ id: 1, type: "begin" }));
  const types = [];
  const stream = cut(new Uint8Array([...bytes, ...bytes.subarray(0, 9)]), 16);
  try {
    for await (const { header } of framesOf(stream)) types.push(header.type);
    ok(false, "did not throw");
  } catch (error) {
    ok(String(error).includes("cut off"), String(error));
  }
  equal(types, ["begin"]);
});

/**
 * @param {Uint8Array} bytes
 * @param {number} size
 */
function cut(bytes, size) {
  const pieces = Array.from(
    { length: Math.ceil(bytes.length / size) },
    (_, i) => bytes.slice(i * size, (i + 1) * size),
  );
  return ReadableStream.from(pieces);
}
