/** The characters of a text: how many there are, which way they run, and whether they can be seen. */

const BLANK =
  /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{C}\p{M}\u2800\uFFFC\u{1D159}\u{13441}\u{13442}]*$/u;
/** A mark over a space is seen. */
const SEEN_OVER_SPACE = /^\p{Zs}.*(?!\p{Default_Ignorable_Code_Point})\p{M}/su;
/** Blocks of Unicode for scripts that run from right to left, and the marks that turn a text. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08FF\u200F\u202B\u202E\u2067\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;

/**
 * Whether a text, or a part of it, is read from right to left.
 * @param {string} text
 */
export const isRightToLeft = (text) => RIGHT_TO_LEFT.test(text);

/**
 * Whether a run has a token that is read to the left, while its timesteps go to the right.
 * @param {{T: number, tokens: string[], vocabulary: string[]}} run
 */
export const isAgainstTime = ({ T, tokens, vocabulary }) =>
  T > 1 && [...tokens, ...vocabulary].some((token) => isRightToLeft(token) && !isUnseen(token));

const segmenter = new Intl.Segmenter();

/**
 * A text's characters, as a reader counts them.
 * @param {string} text
 */
export const clusters = (text) => Array.from(segmenter.segment(text), ({ segment }) => segment);

/**
 * The number of characters of a token, as a reader counts them.
 * @param {string} token
 */
export const letters = (token) => token.length < 2 ? 1 : clusters(token).length;

/**
 * Whether a token is more than a letter or two, and needs more room.
 * @param {string} token
 */
export const isWord = (token) => letters(token) > 2;

/**
 * Whether nothing of a token can be seen; of what a timestep without input reads, nothing can.
 * @param {string} token
 */
export const isUnseen = (token) => BLANK.test(token) && !SEEN_OVER_SPACE.test(token);
