import { intoPng, intoSvg } from "../../../static/js/canvas/made-by.js";
import { equal, ok } from "../assert.js";

const MADE_BY = { unrolled: "0", experiment: { sequence: "a<b & $& 云 \0\uFFFE" } };
/** 1 × 1 pixel. */
const PNG = Uint8Array.from(
  atob(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=",
  ),
  (sign) => sign.charCodeAt(0),
);

Deno.test("a picture in SVG says what made it, as JSON in its metadata", () => {
  const svg = intoSvg('<svg width="1"><g/></svg>', MADE_BY);
  const [, text] = svg.match(/^<svg width="1"><metadata>(.*)<\/metadata><g\/><\/svg>$/) ?? [];
  ok(!/[\0\uFFFE]/.test(text), "only what XML has");
  equal(JSON.parse(text.replaceAll("&lt;", "<").replaceAll("&amp;", "&")), MADE_BY);
});

Deno.test("a picture in PNG says so in a text chunk, and stays the picture", async () => {
  const bytes = new Uint8Array(await intoPng(PNG, MADE_BY).arrayBuffer());
  const length = new DataView(bytes.buffer).getUint32(33);
  const text = new TextDecoder().decode(bytes.subarray(37, 41 + length));
  equal(text.slice(0, 16), "iTXtmade_by\0\0\0\0\0");
  equal(JSON.parse(text.slice(16)), MADE_BY);
  equal([...bytes.subarray(0, 33), ...bytes.subarray(45 + length)], [...PNG]);
});
