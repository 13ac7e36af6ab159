import { translator } from "../../../static/js/text/format.js";
import { isPicture, pictureName, pixelsOf } from "../../../static/js/text/picture.js";
import { equal } from "../assert.js";

Deno.test("a picture's pixels stand where its rows have them", () => {
  equal(pixelsOf("#..#/.##."), {
    width: 4,
    height: 2,
    ink: [{ x: 0, y: 0 }, { x: 3, y: 0 }, { x: 1, y: 1 }, { x: 2, y: 1 }],
  });
});

Deno.test("a picture is told from a word, and has a name in words", () => {
  equal(["#..#/.##.", "cat", "#", "..", "a/b"].map(isPicture), [true, false, false, false, false]);
  const t = translator({ "train.picture": "{width} × {height}: {ink}" });
  equal(pictureName("#./.#", t), "2 × 2: 2");
});
