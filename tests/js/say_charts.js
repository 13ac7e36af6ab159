/**
 * Prints the sentences of the charts that ask the server: on stdin, JSON with the catalogs and, of
 * each run, its frames and the server's answers; on stdout, every message, its chart, and the
 * values of its blanks.
 */
import { CHARTS } from "../../static/js/charts/registry.js";
import { decode } from "../../static/js/net/frames.js";
import { extend, started } from "../../static/js/run/run.js";
import { translator } from "../../static/js/text/format.js";
import { bytes, heard } from "./heard.js";

/** @typedef {{frames: string[], answers: Record<string, unknown>}} Recorded */

const { catalogs, recorded } = JSON.parse(await new Response(Deno.stdin.readable).text());

/** @type {Record<string, import("./heard.js").Said[][]>} */
const told = {};
for (const [language, catalog] of Object.entries(catalogs)) {
  const t = translator(catalog);
  told[language] = recorded.map((/** @type {Recorded} */ { frames, answers }) => {
    const [begin, ...others] = frames.map((frame) => decode(bytes(frame)));
    const run = started(begin.header);
    for (const frame of others) extend(run, frame);
    /** @type {import("./heard.js").Said[]} */
    const said = [];
    for (const [name, answer] of Object.entries(answers)) {
      const chart = CHARTS[/** @type {keyof typeof CHARTS} */ (name)];
      const hear = heard(t, said, name, null);
      const unfit = chart.unfit?.(run, Infinity);
      if (unfit) hear(unfit);
      else chart.reading(run, answer, hear, "");
    }
    return said;
  });
}
await new Blob([JSON.stringify(told)]).stream().pipeTo(Deno.stdout.writable);
