/**
 * Prints the sentences about recorded runs of several layers: on stdin, JSON with the catalogs and the
 * frames of each run; on stdout, every sentence, its place, and the messages that it was made of.
 */
import { readingOf } from "../../static/js/charts/chart-type.js";
import { gradientMatrix, gradientNorm } from "../../static/js/charts/gradients.js";
import { explained as asked } from "../../static/js/equation/step-factors-request.js";
import { decode } from "../../static/js/net/frames.js";
import { endPosition } from "../../static/js/playback/playhead.js";
import { spoken } from "../../static/js/playback/transport.js";
import { extend, started } from "../../static/js/run/run.js";
import { timestepName } from "../../static/js/run/timestep-name.js";
import { caption } from "../../static/js/stage/caption.js";
import { explained } from "../../static/js/stage/explanation.js";
import { weightName } from "../../static/js/stage/toolbar.js";
import { pace } from "../../static/js/run/pace.js";
import { story, title, verdict } from "../../static/js/stage/verdict.js";
import { translator } from "../../static/js/text/format.js";
import { bytes, heard } from "./heard.js";

/**
 * @typedef {import("../../static/js/text/format.js").Translate} Translate
 * @typedef {{place: string, at: number, text: string, said: import("./heard.js").Said[]}} Sentence
 */

const { catalogs, recorded } = JSON.parse(await new Response(Deno.stdin.readable).text());

/** @type {Record<string, Sentence[][]>} */
const told = {};
for (const [language, catalog] of Object.entries(catalogs)) {
  told[language] = recorded.map((/** @type {{frames: string[], why: any}} */ { frames, why }) =>
    sayAll(frames.map(bytes), why, translator(catalog))
  );
}
await new Blob([JSON.stringify(told)]).stream().pipeTo(Deno.stdout.writable);

/**
 * @param {ArrayBuffer[]} frames
 * @param {any} answer  the step factors, null where there are none
 * @param {Translate} t
 */
function sayAll(frames, answer, t) {
  const [begin, ...others] = frames.map((frame) => decode(frame));
  const run = started(begin.header);
  for (const frame of others) extend(run, frame);
  /** @type {Sentence[]} */
  const sentences = [];
  /** @param {string} place @param {number} at @param {(t: Translate) => string} words */
  function say(place, at, words) {
    /** @type {import("./heard.js").Said[]} */
    const said = [];
    const text = words(heard(t, said, place, at));
    if (text) sentences.push({ place, at, text, said });
  }
  const end = endPosition(run.T);
  const why = answer && asked(run, answer);
  say("verdict", 0, (t) => Object.values(verdict(run, t)).join(" "));
  for (const [place, words] of Object.entries({ story, title, pace })) {
    say(place, 0, (t) => words(run, t));
  }
  for (const quantity of ["W_xh", "W_hh", "W_hy"]) {
    say(`weight ${quantity}`, 0, (t) => weightName(run, { quantity, timestep: null }, t));
  }
  for (const chart of [gradientNorm, gradientMatrix]) {
    say("chart", 0, (t) => readingOf(chart, run, null, "", t));
  }
  for (let at = 1; at <= run.T; at++) say("timestep", at, (t) => timestepName(run, at, t));
  for (let position = 0; position <= end; position++) {
    say("caption", position, (t) => caption(run, position, false, null, t));
    say("timeline", position, (t) => spoken(run, position, t));
    if (why) say("reason", position, (t) => caption(run, position, false, why, t));
  }
  say("fold", 0, (t) => caption(run, 0, true, null, t));
  const things = /** @type {const} */ (["state", "arrow", "tile", "bar"]);
  const ofCell = /** @type {const} */ (["cell", "cell_arrow"]);
  for (const thing of [...things, ...(run.cellState ? ofCell : [])]) {
    const seen = { run, why: null, backward: true, position: end };
    const last = thing.endsWith("arrow") ? run.T - 1 : run.T;
    for (let at = 1; at <= last; at++) say(thing, at, (t) => explained(seen, { thing, t: at }, t));
  }
  return sentences;
}
