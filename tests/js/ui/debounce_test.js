import { debounced } from "../../../static/js/ui/debounce.js";
import { equal } from "../assert.js";

/** @type {string[]} */
let done = [];
const note = debounced((/** @type {string} */ words) => void done.push(words), 60_000);

Deno.test("of several times that it is asked for, the last is done, once", () => {
  done = [];
  note.soon("first");
  note.soon("last");
  note.flush();
  note.flush();
  equal(done, ["last"]);
});

Deno.test("what is cancelled is not done", () => {
  done = [];
  note.soon("never");
  note.cancel();
  note.flush();
  equal(done, []);
});

Deno.test("what rests is done", async () => {
  const { promise, resolve } = Promise.withResolvers();
  debounced(() => resolve(null), 1).soon();
  await promise;
});
