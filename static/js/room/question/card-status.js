/**
 * The status of a card. Where the card has just appeared its text comes a moment later: a screen reader
 * announces only what changes in a region that it knows.
 */
import { setText } from "../../ui/dom.js";

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
    /** @param {string} text */
    say(text) {
      clearTimeout(timer);
      const wait = since + MOMENT - performance.now();
      if (wait > 0) timer = setTimeout(() => setText(node, text), wait);
      else setText(node, text);
    },
  };
}
