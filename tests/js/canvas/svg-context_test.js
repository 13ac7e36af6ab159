import { SvgPen } from "../../../static/js/canvas/svg-context.js";
import { equal, ok } from "../assert.js";

/** Characters that no document of XML 1.0 may hold. */
const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

Deno.test("a picture is XML, whatever its texts hold", () => {
  const pen = new SvgPen();
  for (
    let code = 0;
    code <= 0x10ffff;
    code += code < 0x300 || code > 0xd700 && code < 0x10100 ? 1 : 0xff
  ) {
    pen.fillText(`a${String.fromCodePoint(code)}b`, 0, 0);
  }
  const text = pen.document(1, 1, "#fff");
  ok(!NOT_XML.test(text), "only what XML has");
  ok(!/&(?!(amp|lt|quot);)/.test(text), "no other entities");
  equal(text.split("<text").length, text.split("</text>").length);
});

Deno.test("characters of XML are kept as they are", () => {
  const pen = new SvgPen();
  for (const text of ["é猫😀", "\u0085\u2028\ufeff\u200b", "a\tb\nc"]) {
    pen.fillText(text, 0, 0);
    ok(pen.marks.join("").includes(`>${text}<`), JSON.stringify(text));
  }
});
