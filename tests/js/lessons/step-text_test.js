import { scrolled } from "../../../static/js/lessons/step-text.js";
import { equal } from "../assert.js";

/** @param {number} scrollTop */
const words = (scrollTop) => ({ scrollTop, scrollHeight: 1500, clientHeight: 500 });

Deno.test("a screen of words goes on with the last lines of the one before, to the end", () => {
  equal(scrolled(words(0), 10, 1), 400);
  equal(scrolled(words(400), 10, 1), 800);
  equal(scrolled(words(800), 10, 1), 1000);
  equal(scrolled(words(1000), 10, -1), 600);
});

Deno.test("words whose end or beginning is seen are not scrolled for the space around them", () => {
  equal(scrolled(words(992), 10, 1), null);
  equal(scrolled(words(8), 10, -1), null);
});
