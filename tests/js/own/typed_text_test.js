import { reread, typedIn } from "../../../static/js/own/typed-text.js";
import { equal } from "../assert.js";

const usual = { sequence: "0 1 2", target: "", labels: "", tokens: "words", checkpoint: "a-0" };
const named = { ...usual, sequence: "the sky", tokens: "characters", checkpoint: "b-0" };

Deno.test("a text is typed where it is not the one that the network brought", () => {
  equal(typedIn({ ...usual, target: "2" }, usual), {});
  const typed = { sequence: "2 1", target: "0", tokens: "words" };
  equal(typedIn({ ...usual, ...typed }, usual), typed);
});

Deno.test("a network with other words keeps its settings and what was typed", () => {
  const before = { ...usual, sequence: "2 1", target: "0", recurrent_scale: 2, loss: 1 };
  const read = { name: "b-0", sequence: "is sky", target: "the" };
  const told = { ...before, ...read, tokens: "characters", checkpoint: "b-0" };
  const { name: _, ...expected } = told;
  equal(reread(before, named, read, true), expected);
  equal(reread(before, named, read, false), { ...expected, target: "0" });
  const labelled = { ...before, labels: "no / yes" };
  equal(reread(labelled, named, read, true).target, "0");
  const unread = reread(before, named, { name: "b-0", sequence: null, target: null }, true);
  equal(unread, { ...expected, sequence: "the sky", target: "", loss: "last" });
});
