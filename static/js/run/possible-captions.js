/**
 * Every caption that a run may have, as texts of the catalog with their blanks: room is kept for
 * the longest.
 *
 * @typedef {import("./run.js").Run} Run
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { ofLevel } from "./level-name.js";
import { isHighest } from "./levels.js";
import { attends } from "./run.js";

/**
 * The settings of a run on which its captions depend, beside its numbers.
 * @param {Run} run
 */
export const kindOfCaptions = (run) =>
  [
    run.carry,
    run.recurrent,
    run.losses.size > 1,
    run.layer,
    run.reverse,
    run.layers,
    run.directions,
    attends(run),
    clips(run),
  ].join();

/**
 * @param {Run} run
 * @param {Translate} t
 */
export function possibleCaptions(run, t) {
  const whole = [
    ...t.texts(run.layer > 1 ? /^caption\.forward\.above/ : /^caption\.forward(?!\.above)/),
    ...(run.recurrent ? stepsBack(run, t) : t.texts(/^caption\.backward\.(alone|apart)$/)),
    ...t.texts(isHighest(run) ? /^caption\.backward\.first(\.all)?$/ : /^caption\.backward\.first/),
    ...ends(run, t),
  ];
  return [...whole.map((text) => ofLevel(run, t, text)), ...t.texts(/^caption\.loss/)];
}

/**
 * A step back, with its reason and what comes on top.
 * @param {Run} run
 * @param {Translate} t
 */
function stepsBack(run, t) {
  const [below, seen] = [!isHighest(run), attends(run)];
  const inside = run.losses.size > 1 ? "of" : "";
  const reasons = run.carry
    ? t.texts(/^caption\.reason\.(carry|recurrent)$/)
    : t.texts(/^caption\.reason\.(?!carry|recurrent)/);
  const more = t.texts(
    below ? /^caption\.backward\.below\.more$/ : /^caption\.backward\.seen\.more$/,
  );
  const onTop = (below || seen) && !run.carry ? more : [];
  const kinds = [below ? "below" : inside, ...(seen ? ["seen"] : [])];
  const begun = kinds.flatMap((kind) => t.texts(stepBack(kind)));
  return begun.flatMap((text) =>
    reasons.map((reason) => [text + reason, ...onTop].join(t("language.gap")))
  );
}

/** @param {string} kind  of a step back, in the keys of the catalog */
const stepBack = (kind) => new RegExp(`^caption\\.backward${kind && `\\.${kind}`}(\\.times)?$`);

/**
 * The reach of the gradient, and the sentence after it.
 * @param {Run} run
 * @param {Translate} t
 */
function ends(run, t) {
  const more = t.texts(clips(run) ? /^caption\.(un)?clipped$/ : /^caption\.done$/);
  return t.texts(/^caption\.done\.(all|cell|short)$/)
    .flatMap((end) => more.map((each) => end + t("language.gap") + each));
}

/** @param {Run} run */
const clips = (run) => run.experiment.clip_norm > 0;
