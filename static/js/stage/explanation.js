/**
 * One plain sentence about whatever on the stage is pointed at.
 *
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("./caption.js").Why} Why
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {import("../text/format.js").Translate} Translate
 *
 * @typedef {"output" | "state" | "cell" | "gates" | "arrow" | "cell_arrow" | "tile" | "bar"} Thing
 *   `cell`, and its arrow: those of the cell state
 * @typedef {{thing: Thing, t: number}} Pointed
 * @typedef {{run: Run, why: Why | null, backward: boolean, position: number}} Seen  what the stage
 *   shows: whether the way back, and how far
 * @typedef {Seen & {folded: boolean, lens: number | null, playing: boolean}} Shown
 */
import { arrivesAt, inputShare, ofInput } from "../run/arriving-gradient.js";
import { endPosition, reached } from "../playback/playhead.js";
import { asRead, inTime, toldInTime } from "../run/reading-order.js";
import { inputOf } from "../run/run.js";
import { share, TWICE } from "../text/format.js";
import { isUnsaid, originKey, readsAnswer, unsaidKey } from "../run/feedback.js";
import { gateNames } from "../run/gates.js";
import { ofOutput } from "../run/output-words.js";
import { learner, ofLevel, readFrom } from "../run/level-name.js";
import { isDeep } from "../run/levels.js";
import { told } from "../text/sentence.js";
import { captionOf } from "./caption.js";
import { below, boxWidth, center, timestepAt } from "./layout.js";

/**
 * The part of the stage at a point.
 * @param {Layout} layout
 * @param {number} x
 * @param {number} y
 * @returns {Pointed}
 */
export function pointedAt(layout, x, y) {
  const { output, cell, gates, token, index, hidden, bars } = layout.rows;
  const t = timestepAt(layout, x);
  const beside = Math.abs(x - center(layout, t)) > boxWidth(layout, t) / 2;
  if (y < below(output)) return { thing: "output", t };
  if (bars.height && y >= below(index)) return { thing: "bar", t };
  if (y >= token.top) return { thing: "tile", t };
  if (gates.height && y >= gates.top) return { thing: "gates", t };
  const ofCell = cell.height > 0 && y < (below(cell) + hidden.top) / 2;
  if (!beside || y >= below(hidden) || layout.T < 2) return { thing: ofCell ? "cell" : "state", t };
  const left = x < center(layout, t) ? t - 1 : t;
  const thing = ofCell ? "cell_arrow" : "arrow";
  return { thing, t: Math.max(1, Math.min(left, layout.T - 1)) };
}

/** @param {Thing} thing */
const isArrow = (thing) => thing === "arrow" || thing === "cell_arrow";
/** @param {Thing} thing */
const isOfCell = (thing) => thing === "cell" || thing === "cell_arrow";

/**
 * The tip of what is pointed at: it says another thing as soon as that is so, and closes when the
 * picture moves or is played from here.
 * @param {ReturnType<typeof import("../ui/tooltip.js").createTooltip>} tip
 * @param {Translate} t
 */
export function createExplanation(tip, t) {
  /** @type {{pointed: Pointed, place: import("../ui/tooltip.js").Place, said: string, seen: Shown} | null} */
  let told = null;

  return {
    /**
     * @param {Shown} seen
     * @param {Pointed} pointed
     * @param {import("../ui/tooltip.js").Place} place
     */
    tell(seen, pointed, place) {
      told = { pointed, place, seen, said: explained(seen, pointed, t) };
      tip.show(told.said, place, pointed);
    },

    /**
     * @param {Shown} seen
     */
    renew(seen) {
      if (!told || !tip.tells(told.pointed)) return;
      const { pointed, place, said, seen: before } = told;
      told.seen = seen;
      if (hasMoved(before, seen) || (seen.playing && !before.playing)) return tip.hide();
      told.said = explained(seen, pointed, t);
      if (told.said !== said) tip.show(told.said, place, pointed);
    },
  };
}

/**
 * Whether a timestep may be elsewhere than it was.
 * @param {Shown} before
 * @param {Shown} now
 */
const hasMoved = (before, { run, folded, lens, backward }) =>
  run.T !== before.run.T || folded !== before.folded || lens !== before.lens ||
  backward !== before.backward || run.gates.length !== before.run.gates.length;

/**
 * As much as the playhead has come to: what follows is still to be predicted.
 * @param {Seen} whole
 * @param {Pointed} pointed
 * @param {Translate} told
 */
export function explained(whole, { thing, t: pointed }, told) {
  const t = toldInTime(whole.run, told);
  const between = isArrow(thing) && whole.run.reverse ? 1 : 0;
  const [seen, at] = [{ ...whole, run: asRead(whole.run) }, inTime(whole.run, pointed) - between];
  const { run, backward, position } = seen;
  const { forwardTo, loss } = reached(position, run.T);
  if (thing === "output") return ofOutput({ run, forwardTo, loss }, at, t);
  const hasWord = thing !== "gates" && !(isArrow(thing) && backward);
  if (hasWord && isUnsaid(run, at, forwardTo)) {
    return t(unsaidKey(run), { t: at, before: at - 1 });
  }
  return ofLevel(run, t, inFront(seen, { thing, t: at }, t));
}

/**
 * The thing that is pointed at, of the layer in front.
 * @param {Seen} seen
 * @param {Pointed} pointed
 * @param {Translate} t
 */
function inFront(seen, { thing, t: at }, t) {
  const { run, backward } = seen;
  const ofCell = isOfCell(thing);
  const more = backward ? t("language.gap") + arrives(seen, at, t, ofCell) : "";
  const blanks = {
    ...{ t: at, next: at + 1, before: at - 1, token: told(inputOf(run, at)) },
    who: learner(run, t),
  };
  if (isArrow(thing) && backward) {
    return t(ofCell ? "explain.arrow.cell" : "explain.arrow", blanks) + more;
  }
  if (thing === "gates") {
    return t("explain.gates", { ...blanks, gates: gateNames(run, t).join(t("language.comma")) });
  }
  const deep = isDeep(run);
  if (thing === "tile") {
    const log10 = inputShare(run, inTime(run, at));
    const read = readsAnswer(run, at) ? t("language.gap") + t(originKey(run), blanks) : "";
    const [input, layer] = run.layer > 1
      ? ["explain.tile.higher", "explain.tile.layer.higher"]
      : ["explain.tile", "explain.tile.layer"];
    const inside = { ...blanks, states: readFrom(run, t) ?? "" };
    if (log10 === null) return t(deep ? layer : input, inside) + read + more;
    const gets = t("language.gap") + ofInput(t("explain.tile.it"), log10, t);
    return t(input, inside) + (backward && at >= backTo(seen) ? gets : more) + read;
  }
  if (thing === "bar") return t("explain.bar", blanks) + more;
  if (ofCell) return t(deep ? "explain.cell.layer" : "explain.cell", blanks) + more;
  return t(deep ? "explain.state.layer" : "explain.state", blanks) + more +
    (backward ? t("language.gap") + step(seen, at, t) : "");
}

/**
 * The part of the way back that is known and shown.
 * @param {Seen} seen
 */
const backTo = ({ run, position }) =>
  Math.max(run.backwardFrom, reached(position, run.T).backwardFrom);

/**
 * The part of the gradient that arrives at a hidden state, or at a cell state, as far as the way back
 * is known.
 * @param {Seen} seen
 * @param {number} at
 * @param {Translate} t
 * @param {boolean} ofCell
 */
function arrives(seen, at, t, ofCell) {
  if (at < backTo(seen)) return t("explain.share.unknown");
  const { run } = seen;
  const log10 = (ofCell && run.log10CellShare || run.log10Share)[at - 1];
  if (log10 === -Infinity) return t("explain.share.none");
  if (run.loss === "all" && run.losses.size > 1) {
    const where = t(ofCell ? "explain.at.cell" : "caption.at", { t: at });
    return arrivesAt(run, log10, where, t) + t("language.stop");
  }
  const [part, times] = isDeep(run)
    ? ["explain.share.layer", "explain.share.layer.times"]
    : ["explain.share", "explain.share.times"];
  return t(log10 > TWICE ? times : part, { share: share(log10, t) });
}

/**
 * The effect of the step back that ends at a timestep, and its reason.
 * @param {Seen} seen
 * @param {number} at
 * @param {Translate} t
 */
function step(seen, at, t) {
  const { run, why } = seen;
  if (!run.end || at < backTo(seen) || run.log10Share[at - 1] === -Infinity) return "";
  return captionOf(run, endPosition(run.T) + 1 - at, false, why, t, null, unnamed);
}

/**
 * A sentence alone, where the layer has been named.
 * @param {Run} _run
 * @param {Translate} _t
 * @param {string} sentence
 */
const unnamed = (_run, _t, sentence) => sentence;
