import { learnt, timeout, unanswered } from "../../../static/js/net/answer-timeout.js";
import { equal, ok } from "../assert.js";

/** @param {number[]} waits */
const after = (...waits) =>
  waits.reduce((usual, wait) => learnt(usual, wait), /** @type {number | null} */ (null));

Deno.test("the timeout is short at first, and with a quick server", () => {
  equal(timeout(null), 120);
  equal(timeout(after(4, 5, 6)), 120);
});

Deno.test("the timeout follows the server's answers, quickly up and slowly down", () => {
  ok(timeout(after(10, 400, 400, 400)) > 900, "slower");
  ok(timeout(after(10, 400)) > 500, "believed at once");
  ok(timeout(after(400, 10, 10)) > 600, "one quick answer does not shorten it");
  equal(timeout(after(400, ...Array(60).fill(10))), 120);
});

Deno.test("the timeout has a maximum, whatever the server does", () => {
  equal(timeout(after(60_000)), 4000);
});

Deno.test("late answers lengthen the timeout until one is in time", () => {
  /** @type {number | null} */
  let usual = null;
  const tries = [];
  while (tries.length < 9 && timeout(usual) < 2000) {
    tries.push(timeout(usual));
    usual = unanswered(usual, timeout(usual));
  }
  equal(tries, [120, 360, 1080]);
});
