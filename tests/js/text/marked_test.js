import { SvgPen } from "../../../static/js/canvas/svg-context.js";
import { apart, pieces, unmarked } from "../../../static/js/text/marked.js";
import { told } from "../../../static/js/text/sentence.js";
import { equal, ok } from "../assert.js";

Deno.test("a text is cut at its marks", () => {
  equal(pieces("10<sup>−8</sup> of h<sub>t</sub>"), [
    { kind: "text", text: "10" },
    { kind: "sup", text: "−8" },
    { kind: "text", text: " of h" },
    { kind: "sub", text: "t" },
  ]);
});

Deno.test("typed text is never read as a mark", () => {
  for (const token of ["<sub>2</sub>", "<", "</sup>", "&lt;"]) {
    const read = pieces(`reads ${told(token)}.`).map(({ kind, text }) => kind + text);
    equal(
      read.join(""),
      token.includes("<") ? `textreads text${token}text.` : `textreads ${token}.`,
    );
  }
});

Deno.test("without marks a text says the same", () => {
  equal(
    unmarked(`||∂L/∂h<sub>t</sub>|| = 2 × 10<sup>−8</sup> ${apart("<sub>a</sub>")}`),
    "||∂L/∂h_t|| = 2 × 10^−8 <sub>a</sub>",
  );
});

Deno.test("in a picture a power is smaller and higher, and what follows is on the line again", () => {
  const pen = new SvgPen();
  pen.fillText(`10<sup>−8</sup>${apart(" < ")}W<sub>hh</sub>`, 0, 0);
  let line = 0;
  const spans = [...pen.marks[0].matchAll(/<tspan dy="(.*?)em" style="font-size:(.*?)em">(.*?)</g)]
    .map(([, dy, size, text]) => ({ height: line += Number(dy) * Number(size), text }));
  const [power, back, index] = spans;
  ok(power.height < -0.3 && power.text === "−8", JSON.stringify(spans));
  ok(Math.abs(back.height) < 0.02 && back.text === " &lt; ", JSON.stringify(spans));
  ok(index.height > 0.2 && index.text === "hh", JSON.stringify(spans));
});
