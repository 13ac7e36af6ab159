import {
  bringBack,
  hasAside,
  keepLesson,
  recallLesson,
  remembers,
  setAside,
} from "../../../static/js/course/memory.js";
import { equal } from "../assert.js";

Deno.test("the answers of a rehearsal are put aside and come back, and those of a class stay", () => {
  localStorage.clear();
  equal([remembers(), hasAside()], [false, false]);
  keepLesson("one", { said: { a: ["wrong"], b: ["right"] }, seen: ["a", "b"] });
  keepLesson("two", { said: { c: [] }, seen: ["c"] });
  setAside();
  equal([remembers(), hasAside()], [false, true]);
  equal(recallLesson("one"), { said: {}, seen: [] });
  keepLesson("one", { said: { a: ["right"] }, seen: ["a"] });
  bringBack();
  equal(recallLesson("one"), { said: { a: ["right"], b: ["right"] }, seen: ["a", "b"] });
  equal(recallLesson("two"), { said: { c: [] }, seen: ["c"] });
  equal(hasAside(), false);
  localStorage.clear();
});

Deno.test("nothing is put aside where nothing was answered, so what was put aside before stays", () => {
  localStorage.clear();
  keepLesson("one", { said: { a: ["right"] }, seen: ["a"] });
  setAside();
  keepLesson("one", { said: {}, seen: ["a"] });
  setAside();
  bringBack();
  equal(recallLesson("one").said, { a: ["right"] });
  localStorage.clear();
});
