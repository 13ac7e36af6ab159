import { decimals, percent, power, signed, translator } from "../../../static/js/text/format.js";
import { equal, throws } from "../assert.js";

const catalog = JSON.parse(
  Deno.readTextFileSync(new URL("../../../app/i18n/en.json", import.meta.url)),
);
const t = translator(catalog);

Deno.test("norms beyond floating point are written out", () => {
  equal([0, -1.678, -900.3, 700, 3, -Infinity].map(power), [
    "1",
    "0.021",
    "5.0 × 10<sup>−901</sup>",
    "1.0 × 10<sup>700</sup>",
    "1,000",
    "0",
  ]);
});

Deno.test("rounding up to ten moves the exponent", () => {
  equal(power(-7 + Math.log10(9.99)), "1.0 × 10<sup>−6</sup>");
});

Deno.test("a number keeps four digits and its sign, whatever its power of ten", () => {
  equal([0, -0.42, 0.99996, 1234.56, -4.2e-7, 9.99996e5].map((value) => signed(value)), [
    "0",
    "−0.4200",
    "1.000",
    "1235",
    "−4.200 × 10<sup>−7</sup>",
    "1.000 × 10<sup>6</sup>",
  ]);
  equal([signed(-4.2, -900), signed(0.42, 1), signed(0, -12)], [
    "−4.200 × 10<sup>−900</sup>",
    "4.200",
    "0",
  ]);
});

Deno.test("the stage shows two decimals, and -inf for no path", () => {
  equal([-4.605, 0, -Infinity].map(decimals), ["-4.61", "0.00", "-inf"].map(String));
});

Deno.test("a share in percent is 100 % only where it is all of it, and 0 % only where it is nothing", () => {
  const shares = [0.2047, 0.9994, 0.99961, 0.99974, 0.9999998, 1];
  equal(shares.map(percent), ["20.5%", "99.9%", "99.96%", "99.97%", "100%", "100%"]);
  equal([0, 0.0000123, 0.0004, 0.002].map(percent), ["0%", "0.0012%", "0.04%", "0.2%"]);
});

Deno.test("Chinese sets a number off by spaces, but no Chinese words", () => {
  const said = translator({
    arrives: "梯度有 {share} 到达{where}",
    reads: "t = {t} 读入 {what}。",
    there: "在 {where} 的大小",
  });
  equal(said("arrives", { share: "64%", where: "“床”" }), "梯度有 64% 到达“床”");
  equal(said("arrives", { share: "不到一半", where: "“床”" }), "梯度有不到一半到达“床”");
  equal(said("reads", { t: 2, what: "一个字" }), "t = 2 读入一个字。");
  equal(said("there", { where: "t = 1" }), "在 t = 1 的大小");
  equal(said("there", { where: "第 1 个字“床”" }), "在第 1 个字“床”的大小");
  equal(said("there", { where: "“床”" }), "在“床”的大小");
});

Deno.test("where there is no mouse, a message that has a twin for it is that", () => {
  const texts = { read: "point at {it}", "read.touch": "tap {it}", both: "look" };
  const matches = (/** @type {boolean} */ mouse) => () => ({ matches: mouse });
  for (const mouse of [true, false]) {
    Object.assign(globalThis, { matchMedia: matches(mouse) });
    const said = translator(texts);
    equal(said("read", { it: "h" }), mouse ? "point at h" : "tap h");
    equal(said("both"), "look");
  }
  Object.assign(globalThis, { matchMedia: undefined });
});

Deno.test("a message that does not exist, or lacks a value, is an error and not a blank page", () => {
  throws(() => t("no.such.key"), "no.such.key");
  throws(() => t("detail.title"), "needs t");
});
