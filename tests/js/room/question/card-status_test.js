import { createCardStatus } from "../../../../static/js/room/question/card-status.js";
import { equal } from "../../assert.js";

Deno.test("the status of a card that appears is there before its text", async () => {
  const { now } = performance;
  let time = 0; // a busy machine may stop between two calls for longer than the text waits
  performance.now = () => time;
  const card = /** @type {any} */ ({ hidden: true });
  const node = /** @type {any} */ ({ textContent: "of the question before" });
  const status = createCardStatus(card, node);
  status.show(true);
  status.say("Question 1");
  equal([card.hidden, node.textContent], [false, ""]);
  await new Promise((resolve) => setTimeout(resolve, 200));
  equal(node.textContent, "Question 1");
  time = 200;
  status.show(true);
  status.say("Your answer is in.");
  performance.now = now;
  equal(node.textContent, "Your answer is in.");
});
