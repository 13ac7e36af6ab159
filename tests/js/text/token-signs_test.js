import { clusters, isUnseen } from "../../../static/js/text/characters.js";
import { translator } from "../../../static/js/text/format.js";
import { plain, told, toldText, toldWhere } from "../../../static/js/text/sentence.js";
import { nameOf, signsOf } from "../../../static/js/text/token-signs.js";
import { equal, ok } from "../assert.js";

const [t, zh] = ["en", "zh-CN"].map((language) => {
  const file = new URL(`../../../app/i18n/${language}.json`, import.meta.url);
  return translator(JSON.parse(Deno.readTextFileSync(file)));
});
const UNSEEN =
  /[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{M}\p{Co}\p{Cn}\u2800\u3164]/u;

Deno.test("every invisible token has a sign and a name, in every language", () => {
  for (let code = 0; code <= 0x10ffff; code += code < 0x20000 ? 1 : 211) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const token = String.fromCodePoint(code);
    const where = `U+${code.toString(16)}`;
    if (!UNSEEN.test(token)) continue;
    ok(isUnseen(token), `${where} is unseen`);
    const [{ lines, rows }, ...others] = signsOf(token);
    ok(others.length === 0, `${where} has one sign`);
    ok(lines.length > 0 || rows.some((row) => /\S/.test(row)), `${where} has a sign`);
    ok(rows.length < 3 && rows.every((row) => row.length < 4), `${where} fits its frame: ${rows}`);
    for (const say of [t, zh]) ok(/[a-z\u4e00-\u9fff]/.test(nameOf(token, say)), where);
  }
});

Deno.test("a visible token stands for itself", () => {
  const seen = [
    ..."aé猫क1.-€😀ก",
    "👨‍👩‍👧",
    "❤️",
    "1️⃣",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "e\u0301",
    "น้ำ",
    "ខ្ញុំ",
    "a\u200b",
    "\u06dd1",
  ];
  for (const token of [...seen, " \u0301", "क्\u200d"]) {
    ok(!isUnseen(token), JSON.stringify(token));
    equal(toldWhere(token), token);
  }
});

Deno.test("the names are the familiar ones", () => {
  equal(nameOf("\u00a0", t), "no-break space");
  equal(nameOf("\u200b", zh), "零宽空格");
  equal(nameOf("\r\n", t), "end of line (CR LF)");
  equal(nameOf("\u0007", t), "control character U+0007");
  equal(nameOf("\ufe0f", t), "variation selector 16");
  equal(nameOf("\u{e0100}", t), "variation selector 17");
  equal(nameOf("\u0301", t), "mark without a letter, U+0301");
  equal(nameOf("\ue000", zh), "私用字符 U+E000");
  equal(nameOf("\u{50000}", t), "character U+50000, not assigned yet");
  equal(nameOf(" \u200d", t), "space + zero-width joiner");
  equal(nameOf("", t), "nothing");
});

Deno.test("a sign that is no drawing has the letters of the code charts, or the number", () => {
  equal(signsOf("\u200b")[0].rows, ["ZW", "SP"]);
  equal(signsOf("\ue123")[0].rows, ["E1", "23"]);
  equal(signsOf("\u{e0001}")[0].rows, ["0E0", "001"]);
  equal(signsOf("\ufe0f")[0].rows, ["VS", "16"]);
});

Deno.test("a sentence in letters alone names what it cannot show", () => {
  equal(
    plain(`it reads “${told("\u200b")}”, then “${told("a")}”`, t),
    "it reads “zero-width space”, then “a”",
  );
  equal(plain(told("\ufdd0"), t).startsWith("character U+F"), true);
});

Deno.test("a word from right to left keeps its direction to itself", () => {
  equal(plain(`“${told("שלום")}”`, t), "“\u2068שלום\u2069”");
  equal(plain(told("\u202eשל"), t), "\u2068של\u2069");
});

Deno.test("a text keeps its spaces, and its other blanks have signs", () => {
  equal(plain(toldText("to be\nor\u00a0not 👨‍👩‍👧"), t), "to beend of lineorno-break spacenot 👨‍👩‍👧");
  equal(clusters("e\u0301👨‍👩‍👧\r\n").length, 3);
});
