import { decode } from "../../static/js/frames.js";
import { equal, throws } from "./assert.js";

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

Deno.test("a frame's arrays come out under their names, with what JSON cannot say", () => {
  const arrays = [{ name: "loss", shape: [2], dtype: "<f8", offset: 8 }];
  const payload = new Float64Array([7, -Infinity, 0.1]);
  const { header, arrays: decoded } = decode(encode({ id: 3, type: "loss", arrays }, payload));
  equal(header.id, 3);
  equal([...decoded.loss], [-Infinity, 0.1]);
});

Deno.test("a header in Chinese and emoji is read", () => {
  const { header } = decode(encode({ id: 1, type: "begin", tokens: ["云", "👨‍👩‍👧"], arrays: [] }));
  equal(header.tokens, ["云", "👨‍👩‍👧"]);
});

Deno.test("a frame of an unknown type is refused", () => {
  throws(() => decode(encode({ id: 1, type: "applause", arrays: [] })), "applause");
});
