/**
 * Prints the sentences about recorded runs: on stdin, JSON with the catalogs and, of each run, its frames
 * and its step factors; on stdout, every message, its place, and the values of its blanks.
 */
import { gradientMatrix, gradientNorm, stepFactors } from "../../static/js/charts/gradients.js";
import { gates, hiddenStates } from "../../static/js/charts/states.js";
import { reading } from "../../static/js/equation/step-factors.js";
import { explained } from "../../static/js/equation/step-factors-request.js";
import { isNormalized, learnCells } from "../../static/js/experiment/cells.js";
import { decode } from "../../static/js/net/frames.js";
import { endPosition } from "../../static/js/playback/playhead.js";
import { spoken } from "../../static/js/playback/transport.js";
import { extend, started } from "../../static/js/run/run.js";
import { timestepName } from "../../static/js/run/timestep-name.js";
import { caption } from "../../static/js/stage/caption.js";
import { foldName, weightName } from "../../static/js/stage/toolbar.js";
import { pace } from "../../static/js/run/pace.js";
import { clipping, story, title, verdict } from "../../static/js/stage/verdict.js";
import { translator } from "../../static/js/text/format.js";
import { bytes, heard } from "./heard.js";

/**
 * @typedef {import("../../static/js/run/run.js").Run} Run
 * @typedef {import("../../static/js/text/format.js").Translate} Translate
 * @typedef {import("../../static/js/stage/caption.js").Why} Why
 * @typedef {import("./heard.js").Said} Said
 */

const { catalogs, recorded, facts } = JSON.parse(await new Response(Deno.stdin.readable).text());

learnCells(facts);
/** @type {Record<string, Said[][]>} */
const told = {};
for (const [language, catalog] of Object.entries(catalogs)) {
  told[language] = recorded.map((/** @type {{frames: string[], why: any}} */ { frames, why }) =>
    sayAll(frames.map(bytes), why, translator(catalog))
  );
}
await new Blob([JSON.stringify(told)]).stream().pipeTo(Deno.stdout.writable);

/**
 * Everything that is said of a run, from its first frame to its last.
 * @param {ArrayBuffer[]} frames
 * @param {Omit<Why, "paths"> | null} answer
 * @param {Translate} t
 */
function sayAll(frames, answer, t) {
  /** @type {Said[]} */
  const said = [];
  const [begin, ...others] = frames.map((frame) => decode(frame));
  const run = started(begin.header);
  captions(run, null, "caption while it is computed", t, said);
  for (const frame of others) {
    extend(run, frame);
    if (!run.end) captions(run, null, "caption while it is computed", t, said);
  }
  const why = answer && explained(run, answer);
  captions(run, null, "caption", t, said);
  if (why) captions(run, why, "caption", t, said);
  /** @param {string} place @param {(t: Translate) => unknown} say @param {number | null} [at] */
  const say = (place, say, at = null) => say(heard(t, said, place, at));
  say("verdict", (t) => verdict(run, t));
  say("story", (t) => story(run, t));
  say("pace", (t) => pace(run, t));
  say("clipping", (t) => clipping(run, t));
  say("title", (t) => title(run, t));
  for (const folded of [false, true]) say("fold", (t) => t(foldName(run, folded)));
  const weights = [0, 1].flatMap((part) =>
    ["W_xh", "W_hh"].map((quantity) => ({ quantity, part }))
  );
  for (const lit of [...weights.slice(0, run.encoder ? 4 : 2), { quantity: "W_hy" }]) {
    say("weights", (t) => weightName(run, { ...lit, timestep: null }, t));
  }
  for (let at = 1; at <= run.T; at++) say("timestep", (t) => timestepName(run, at, t), at);
  for (const chart of [gradientNorm, gradientMatrix, hiddenStates]) {
    if (!chart.unfit?.(run, Infinity)) say("chart", (t) => chart.reading(run, null, t, ""));
  }
  for (const gate of gates.unfit?.(run, Infinity) ? [] : run.gates) {
    say("chart", (t) => gates.reading(run, null, t, gate));
  }
  if (why && !stepFactors.unfit?.(run, Infinity)) {
    say("chart", (t) => stepFactors.reading(run, why, t, ""));
  }
  why?.timesteps.forEach((at, i) =>
    say("factors", (t) => reading(factorsOf(why, i), of(run, at), t), at)
  );
  return said;
}

/**
 * @param {Run} run
 * @param {Why | null} why
 * @param {string} place
 * @param {Translate} t
 * @param {Said[]} said
 */
function captions(run, why, place, t, said) {
  for (let position = 0; position <= endPosition(run.T); position++) {
    caption(run, position, false, why, heard(t, said, place, position));
    if (run.end && !why) spoken(run, position, heard(t, said, "timeline", position));
  }
  for (const position of [0, endPosition(run.T)]) {
    caption(run, position, true, why, heard(t, said, place, position));
  }
}

/**
 * @param {Run} run
 * @param {number} at
 */
function of({ experiment, recurrent }, at) {
  const normalized = isNormalized(experiment);
  return { prev: at - 1, activation: experiment.activation, recurrent, normalized };
}

/**
 * The factors of one step, as the server sends them with its numbers.
 * @param {any} why
 * @param {number} i
 */
function factorsOf({ loss, log10_ratio, log10_cell_ratio, log10_factors, shares }, i) {
  /** @param {Record<string, any>} lists */
  const at = (lists) => Object.fromEntries(Object.entries(lists).map(([k, v]) => [k, v[i]]));
  return {
    loss,
    log10_ratio: log10_ratio[i],
    log10_cell_ratio: log10_cell_ratio?.[i] ?? null,
    log10_factors: at(log10_factors),
    shares: at(shares),
  };
}
