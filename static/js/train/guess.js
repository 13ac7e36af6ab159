/**
 * A guess, before the start, at which of the networks will learn it.
 *
 * @typedef {string[] | null} Guess  the cells that will, or null where nothing was guessed
 * @typedef {import("../text/format.js").Translate} Translate
 */

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {(guess: Guess) => void} changed
 */
export function createGuess(node, t, changed) {
  const choices = /** @type {HTMLElement} */ (node.querySelector(".choices"));
  let drawn = "";
  /** @type {Guess} */
  let guess = null;

  choices.addEventListener("click", ({ target }) => {
    const { guess: cell } = /** @type {HTMLElement} */ (target).dataset;
    if (cell !== undefined) changed(toggled(guess, cell));
  });

  return {
    /**
     * @param {string[]} cells
     * @param {Guess} now
     */
    render(cells, now) {
      guess = now;
      if (drawn !== cells.join()) {
        drawn = cells.join();
        choices.replaceChildren(...[...cells, ""].map(choice));
      }
      for (const each of choices.querySelectorAll("button")) {
        const { guess: cell } = each.dataset;
        const is = cell ? Boolean(guess?.includes(cell)) : guess?.length === 0;
        each.setAttribute("aria-pressed", String(is));
      }
    },
  };

  /** @param {string} cell  empty for none of them */
  function choice(cell) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.guess = cell;
    button.textContent = nameOf(cell, t);
    return button;
  }
}

/**
 * @param {string} cell  empty for none of them
 * @param {Translate} t
 */
const nameOf = (cell, t) => t(cell ? `choice.cell.${cell}` : "train.guess.none");

/**
 * A cell more or less; the last one taken back leaves no guess, and none of them is a guess too.
 * @param {Guess} guess
 * @param {string} cell  empty for none of them
 * @returns {Guess}
 */
export function toggled(guess, cell) {
  if (!cell) return guess?.length === 0 ? null : [];
  const others = guess?.filter((each) => each !== cell) ?? [];
  const next = guess?.includes(cell) ? others : [...others, cell];
  return next.length ? next : null;
}

/**
 * The guess in words, and what came of it.
 * @param {Guess} guess
 * @param {string[] | null} learnt  the cells that have learnt it, or null while that is open
 * @param {Translate} t
 */
export function outcome(guess, learnt, t) {
  if (!guess) return "";
  /** @param {string[]} cells */
  const names = (cells) =>
    (cells.length ? cells : [""]).map((cell) => nameOf(cell, t)).join(t("language.comma"));
  const blanks = { guess: names(guess) };
  if (!learnt) return t("train.guessed", blanks);
  const right = guess.length === learnt.length && guess.every((cell) => learnt.includes(cell));
  if (right) return t("train.guessed.right", blanks);
  return t("train.guessed.wrong", { ...blanks, truth: names(learnt) });
}
