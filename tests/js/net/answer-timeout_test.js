import { learnt, patience, unanswered } from "../../../static/js/net/answer-timeout.js";
import { equal, ok } from "../assert.js";

/** @param {number[]} waits */
const after = (...waits) =>
  waits.reduce((usual, wait) => learnt(usual, wait), /** @type {number | null} */ (null));

Deno.test("the timeout is short at first, and with a quick server", () => {
  equal(patience(null), 120);
  equal(patience(after(4, 5, 6)), 120);
});

Deno.test("the timeout follows the server's answers, quickly up and slowly down", () => {
  ok(patience(after(10, 400, 400, 400)) > 900, "slower");
  ok(patience(after(10, 400)) > 500, "believed at once");
  ok(patience(after(400, 10, 10)) > 600, "one quick answer does not end the patience");
  equal(patience(after(400, ...Array(60).fill(10))), 120);
});

Deno.test("the timeout has a maximum, whatever the server does", () => {
  equal(patience(after(60_000)), 4000);
});

Deno.test("late answers lengthen the timeout until one is in time", () => {
  /** @type {number | null} */
  let usual = null;
  const tries = [];
  while (tries.length < 9 && patience(usual) < 2000) {
    tries.push(patience(usual));
    usual = unanswered(usual, patience(usual));
  }
  equal(tries, [120, 360, 1080]);
});
