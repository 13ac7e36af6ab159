/** Every array of a frame, and every field that a run keeps of it, is read by a module. */

import { equal } from "../assert.js";

const ROOT = "static/js";

/**
 * The texts of the modules of a folder.
 * @param {string} folder
 * @returns {string[]}
 */
const texts = (folder) =>
  [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    if (isDirectory) return texts(path);
    return name.endsWith(".d.ts") || path === RUN ? [] : [Deno.readTextFileSync(path)];
  });

const RUN = `${ROOT}/run/run.js`;
const run = Deno.readTextFileSync(RUN);
const others = texts(ROOT).join("\n");

/** @param {string} name @param {string} text */
const isIn = (name, text) => new RegExp(`\\b${name}`).test(text);

Deno.test("a frame carries only arrays that a module of the page reads", () => {
  const types = Deno.readTextFileSync(`${ROOT}/net/frame-types.d.ts`);
  const blocks = [...types.matchAll(/^ {2}arrays: \{\n([^]*?)^ {2}\};/gm)].map(([, block]) =>
    block
  );
  const names = blocks.flatMap((block) =>
    [...block.matchAll(/^ {4}(?:\[name: `)?(\w+)/gm)].map(([, name]) => name)
  );
  equal(names.length > 10, true);
  equal(names.filter((name) => !isIn(name, run + others)), []);
});

Deno.test("a run keeps nothing of its frames that no other module reads", () => {
  const kept = [...run.matchAll(/^ \* @property \{.*\} (\w+)/gm)].map(([, name]) => name);
  equal(kept.length > 10, true);
  equal(kept.filter((name) => !isIn(`${name}\\b`, others)), []);
});
