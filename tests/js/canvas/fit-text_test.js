import { fit } from "../../../static/js/canvas/fit-text.js";
import { clusters } from "../../../static/js/text/characters.js";
import { equal, ok } from "../assert.js";

const WORDS = [
  "a",
  "internationalization",
  "Donaudampfschifffahrtsgesellschaft",
  "فسيكفيكهم",
  "والاستقلالية",
  "להתראות",
  "क्षत्रियत्व",
  "ประชาธิปไตย",
  "ខ្ញុំ",
  "人工智能",
  "👩‍👩‍👧‍👦👩‍👩‍👧‍👦",
];
/** @param {string} word */
const measure = (word) => 0.8 * clusters(word).length;

Deno.test("no word is wider than its room, in any script, and none is cut inside a character", () => {
  for (const word of WORDS) {
    for (const room of [8, 24, 48, 84, 200]) {
      const found = fit(word, room, 24, measure);
      ok(found.size * measure(found.word) <= room + 1e-9, `${word} in ${room}`);
      ok(found.size <= 24, word);
      const kept = clusters(found.word.replace("…", ""));
      equal(kept, clusters(word).slice(0, kept.length));
      ok(kept.length > 0, word);
    }
  }
});

Deno.test("a word is cut only where it would be too small to be read", () => {
  equal(fit("Hello", 84, 24, measure), { word: "Hello", size: 21 });
  equal(fit("Hello", 200, 24, measure), { word: "Hello", size: 24 });
  equal(fit("internationalization", 48, 24, measure).word, "inte…");
});
