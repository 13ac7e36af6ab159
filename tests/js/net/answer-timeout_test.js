import { learnt, patience, unanswered } from "../../../static/js/net/answer-timeout.js";
import { equal, ok } from "../assert.js";

/** @param {number[]} waits */
const after = (...waits) =>
  waits.reduce((usual, wait) => learnt(usual, wait), /** @type {number | null} */ (null));

Deno.test("before anything is known, and of a quick server, little is waited for", () => {
  equal(patience(null), 120);
  equal(patience(after(4, 5, 6)), 120);
});

Deno.test("it follows the server's answers, up within a few and down again later", () => {
  ok(patience(after(10, 400, 400, 400)) > 900, "slower");
  ok(patience(after(10, 400)) > 500, "believed at once");
  ok(patience(after(400, 10, 10)) > 600, "one quick answer does not end the patience");
  equal(patience(after(400, ...Array(60).fill(10))), 120);
});

Deno.test("it has an end, whatever the server does", () => {
  equal(patience(after(60_000)), 4000);
});

Deno.test("answers that never come in time make it longer, until they do", () => {
  /** @type {number | null} */
  let usual = null;
  const tries = [];
  while (tries.length < 9 && patience(usual) < 2000) {
    tries.push(patience(usual));
    usual = unanswered(usual, patience(usual));
  }
  equal(tries, [120, 360, 1080]);
});
