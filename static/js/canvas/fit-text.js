/** A word in a room of its own on a picture, where nothing can be scrolled or pointed at. */
import { clusters } from "../text/characters.js";

/** Letters smaller than this, in pixels, are not read on a slide. */
const LEAST = 12;
const MORE = "…";

/**
 * A word as large as its room lets it be: where its letters would be too small to be read, its end
 * is left out.
 * @param {string} word
 * @param {number} room  in pixels
 * @param {number} size  of its letters at most
 * @param {(word: string) => number} measure  how wide a word is at a size of 1
 * @returns {{word: string, size: number}}
 */
export function fit(word, room, size, measure) {
  const fits = Math.min(size, room / measure(word));
  if (fits >= Math.min(LEAST, size)) return { word, size: fits };
  const all = clusters(word);
  for (let kept = all.length - 1; kept > 0; kept--) {
    const cut = all.slice(0, kept).join("") + MORE;
    if (LEAST * measure(cut) <= room) return { word: cut, size: LEAST };
  }
  return { word: all[0], size: Math.min(size, room / measure(all[0])) };
}

/** Widths of a column that has no room for a number of three digits, and none for one in large letters. */
const [NO_NUMBER, SMALL_NUMBER] = [34, 52];

/**
 * The room for the number that a timestep says, as an attribute has it.
 * @param {number} width  of its column
 */
export const roomForNumber = (width) =>
  width < NO_NUMBER ? "none" : width < SMALL_NUMBER ? "small" : "";
