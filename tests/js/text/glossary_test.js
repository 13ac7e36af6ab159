import { byName, found } from "../../../static/js/text/glossary.js";
import { unmarked } from "../../../static/js/text/marked.js";
import { equal } from "../assert.js";

Deno.test("a term is found by a part of it, and a symbol with or without the sign of its index", () => {
  const sentences = ["Recurrent weights, Whh: they lead on.", "Prediction, ŷ: the best guess."];
  for (
    const [wanted, which] of [["W_hh", 0], ["whh", 0], ["recurrent W", 0], ["ŷ", 1]]
  ) {
    equal(found(sentences, String(wanted)), sentences.map((_, i) => i === which));
  }
  equal(found(sentences, ""), [true, true]);
  equal(found(sentences, "gate"), [false, false]);
});

Deno.test("each language has its own order of names", () => {
  const order = (/** @type {string[]} */ names, /** @type {string} */ language) =>
    byName(names, (name) => name, language).join(" ");
  equal(order(["Weight", "activation", "Loss"], "en"), "activation Loss Weight");
  equal(order(["损失", "门", "激活函数", "梯度"], "zh-CN"), "激活函数 门 损失 梯度");
});

Deno.test("the names of the terms are in the order of each catalog's language, and no two alike", () => {
  for (const language of ["en", "zh-CN"]) {
    const catalog = JSON.parse(Deno.readTextFileSync(`app/i18n/${language}.json`));
    const terms = Object.keys(catalog).filter((key) => key.startsWith("term."));
    const names = terms.map((key) => unmarked(catalog[key]).split(/[:：]/)[0]);
    equal(new Set(names).size, terms.length);
    equal(names.filter((name) => name.length > 36), []);
  }
});
