/**
 * The words that the page has in elements, on a picture of the stage alone.
 *
 * @typedef {import("./paint.js").Scene} Scene
 */
import { tone } from "../../canvas/color-scale.js";
import { fit, roomForNumber } from "../../canvas/fit-text.js";
import { box, text } from "../../canvas/shapes.js";
import { tokenShare } from "../../run/arriving-gradient.js";
import { isUnsaid } from "../../run/feedback.js";
import { prediction } from "../../run/run.js";
import { isUnseen, isWord } from "../../text/characters.js";
import { apart } from "../../text/marked.js";
import { paintSigns, signsWidth } from "../../text/token-signs.js";
import { boxWidth, center, detail, tileWidth } from "../layout.js";

/** Between a word and the sides of its tile; where tiles touch, between words. */
const INSIDE = { full: 5, compact: 1 };
/** The height of letters, at most, as a part of that of their tile. */
const LOW = 0.7;
/** The size of the number of a timestep. */
const COUNT = 11.25;

/**
 * The words that the page has in elements: tokens, predictions and numbers of the timesteps.
 * @param {Scene} scene
 * @param {(word: string, font: string) => number} measure
 */
export function writeTimesteps({ pen, layout, run, palette, forwardTo, backwardFrom }, measure) {
  const { token, output, index } = layout.rows;
  const font = (/** @type {number} */ size) => `600 ${size}px ${palette.codeFont}`;
  const wide = (/** @type {string} */ word) => measure(word, font(100)) / 100;
  for (let t = 1; t <= run.T; t++) {
    const form = detail(layout, t);
    if (form === "ribbon") continue;
    const x = center(layout, t);
    const size = Math.min(24, Math.max(12, boxWidth(layout, t) * 0.6));
    /** @param {string} word @param {{top: number, height: number}} row @param {string} colour */
    const written = (word, row, colour) => {
      const [y, most] = [row.top + row.height / 2, Math.min(size, LOW * row.height)];
      const tile = form === "full" ? tileWidth(layout, t, isWord(word)) : layout.pitches[t - 1];
      const room = tile - 2 * INSIDE[form];
      const signs = Math.min(most, room / signsWidth(word));
      if (isUnseen(word)) return paintSigns(pen, colour, palette.codeFont, word, x, y, signs);
      const fitting = fit(word, room, most, wide);
      text(pen, colour, font(fitting.size), apart(fitting.word), x, y);
    };
    const share = tone(tokenShare(run, t));
    const on = t >= backwardFrom ? palette.gradient.letters(share) : palette.ink;
    if (isTold(layout, run, t, forwardTo)) written(run.tokens[t - 1], token, on);
    const said = t <= forwardTo ? prediction(run, t) : null;
    if (said) {
      const wrong = !said.right && !run.numbers;
      if (form === "full") {
        pen.strokeStyle = wrong ? palette.wrong : palette.arrow;
        pen.lineWidth = wrong ? 2.5 : 1;
        const wide = tileWidth(layout, t, isWord(said.word));
        box(pen, x - wide / 2, output.top, wide, output.height, 8);
        pen.stroke();
      }
      written(said.word, output, palette.ink);
    }
    if (form === "full" || t % 5 === 0) {
      const y = index.top + index.height / 2;
      text(pen, palette.faint, `400 ${COUNT * layout.zoom}px ${palette.textFont}`, String(t), x, y);
    }
  }
}

/**
 * Whether the input of a timestep is written: once it is there, and numbers where they have room.
 * @param {import("../layout.js").Layout} layout
 * @param {import("../../run/run.js").Run} run
 * @param {number} t
 * @param {number} forwardTo
 */
const isTold = (layout, run, t, forwardTo) =>
  !isUnsaid(run, t, forwardTo) &&
  !(run.named.length && roomForNumber(layout.pitches[t - 1]) === "none");
