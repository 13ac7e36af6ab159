/**
 * The status of a card. Where the card has just appeared its text comes a moment later: a screen reader
 * announces only what changes in a region that it knows.
 */
import { create, setText } from "../../ui/dom.js";

const MOMENT = 150;

/**
 * @param {HTMLElement} card
 * @param {HTMLElement} node  in it
 */
export function createCardStatus(card, node) {
  let since = -Infinity;
  let timer = 0;

  return {
    /** @param {boolean} is  whether the card is there */
    show(is) {
      if (is && card.hidden) {
        setText(node, "");
        since = performance.now();
      }
      card.hidden = !is;
    },
    /**
     * @param {string} text
     * @param {string} [heard]  what is seen elsewhere on the card
     */
    say(text, heard = "") {
      clearTimeout(timer);
      const wait = since + MOMENT - performance.now();
      if (wait > 0) timer = setTimeout(() => write(text, heard), wait);
      else write(text, heard);
    },
  };

  /** @param {string} text @param {string} heard */
  function write(text, heard) {
    if (!heard) return setText(node, text);
    const unseen = create("span", { className: "unseen" }, heard);
    const told = `${text}\u00a0`; // a plain space is lost before what is out of the flow
    if (node.textContent !== told + heard) node.replaceChildren(told, unseen);
  }
}
