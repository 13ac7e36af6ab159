import { debounced } from "../../../static/js/ui/debounce.js";
import { equal } from "../assert.js";

/** @type {string[]} */
let done = [];
const note = debounced((/** @type {string} */ words) => void done.push(words), 60_000);

Deno.test("of several calls only the last is made, once", () => {
  done = [];
  note.soon("first");
  note.soon("last");
  note.flush();
  note.flush();
  equal(done, ["last"]);
});

Deno.test("a cancelled call is not made", () => {
  done = [];
  note.soon("never");
  note.cancel();
  note.flush();
  equal(done, []);
});

Deno.test("a pending call is made", async () => {
  const { promise, resolve } = Promise.withResolvers();
  debounced(() => resolve(null), 1).soon();
  await promise;
});
