import { heldWords } from "../../../static/js/room/held-words.js";
import { translator } from "../../../static/js/text/format.js";
import { equal } from "../assert.js";

Deno.test("a student who may not press a control is not told to", () => {
  let held = true;
  const t = heldWords(
    translator({ start: "Press Start.", "start.held": "Not trained yet.", t: "t = {t}" }),
    () => held,
  );
  equal([t("start"), t("t", { t: 3 }), t.has("t")], ["Not trained yet.", "t = 3", true]);
  held = false;
  equal(t("start"), "Press Start.");
});
