import {
  arrowWidth,
  diverging,
  gradientStops,
  height,
  LITTLE,
  luminance,
  MANY,
  rgb,
  ticks,
  tone,
} from "../../../static/js/canvas/color-scale.js";
import { equal, ok } from "../assert.js";

const SHARES = Array.from({ length: 400 }, (_, i) => i / 10 - 30);

Deno.test("colours run from one end over the middle to the other, and stop there", () => {
  const ramp = diverging([0, 0, 0], [100, 100, 100], [200, 200, 200]);
  equal([-5, -1, 0, 0.5, 1, 5].map((x) => ramp.rgb(x)[0]), [0, 0, 100, 150, 200, 200]);
});

Deno.test("letters keep 4.5 to 1 on every colour there is", () => {
  for (const [low, high] of [[0, 255], [255, 90]]) {
    const ramp = diverging([low, low, low], [128, 128, 128], [high, high, high]);
    for (let x = -1; x <= 1; x += 1 / 256) {
      const on = luminance(ramp.rgb(x));
      const letters = ramp.letters(x) === "#000" ? 0 : 1;
      const contrast = (Math.max(on, letters) + 0.05) / (Math.min(on, letters) + 0.05);
      ok(contrast >= 4.5, `${contrast} at ${x}`);
    }
  }
});

Deno.test("nothing arrives below 1/10,000, all from a half to twice, many times from thirty", () => {
  equal([-Infinity, -900, -4].map(tone), [-1, -1, -1]);
  equal([Math.log10(0.5), 0, Math.log10(2)].map((log10) => tone(log10) + 0), [0, 0, 0]);
  equal([Math.log10(30), 2, 700].map(tone), [1, 1, 1]);
});

Deno.test("a share too small to learn from is nearer to paper than to ink", () => {
  ok(tone(LITTLE) < -0.5, `${tone(LITTLE)}`);
});

Deno.test("a larger share is never paler, thinner or lower", () => {
  for (let i = 1; i < SHARES.length; i++) {
    const [less, more] = [SHARES[i - 1], SHARES[i]];
    ok(tone(less) <= tone(more), `the colour of ${more}`);
    ok(arrowWidth(less) <= arrowWidth(more), `the arrow of ${more}`);
    for (const view of /** @type {const} */ (["linear", "powers"])) {
      ok(height(less, view) <= height(more, view), `the bar of ${more}`);
    }
  }
});

Deno.test("arrows are half a pixel to twelve wide, and six where all arrives", () => {
  equal([-Infinity, -4, 0, Math.log10(2), 700].map(arrowWidth), [0.5, 0.5, 6, 12, 12]);
});

Deno.test("bars rise from a floor that does not depend on what is shown", () => {
  equal([-Infinity, 0, Math.log10(2), 1].map((log10) => height(log10, "linear")), [0, 0.5, 1, 5]);
  equal([-Infinity, -20, -8, -2, 4, 10].map((log10) => height(log10, "powers")), [
    0,
    0,
    0,
    0.5,
    1,
    1.5,
  ]);
});

Deno.test("lines stand at the floor, at the ceiling and where all arrives", () => {
  for (const view of /** @type {const} */ (["linear", "powers"])) {
    const lines = ticks(view);
    equal([lines[0].at, lines[lines.length - 1].at], [0, 1]);
    equal(lines.filter(({ main }) => main).map(({ log10 }) => log10), [0]);
  }
});

Deno.test("the legend has the colours of the bars, in light and in dark", () => {
  const css = Deno.readTextFileSync(new URL("../../../static/css/tokens.css", import.meta.url));
  const stops = gradientStops().split(/, (?=color-mix)/).map((stop) => {
    const [, share, other, at] =
      stop.match(/all\) ([\d.]+)%, var\(--gradient-(\w+)\)\) ([\d.]+)%$/) ??
        [];
    return { share: Number(share) / 100, other, at: Number(at) / 100 };
  });
  for (const theme of css.split("@media screen and (prefers-color-scheme: dark)").slice(0, 2)) {
    const token = (/** @type {string} */ name) =>
      rgb(String(theme.match(RegExp(`--gradient-${name}: (#\\w{6})`))?.[1]));
    const ramp = diverging(token("none"), token("all"), token("many"));
    const colours = stops.map(({ share, other, at }) => ({
      at,
      colour: token("all").map((value, i) => value * share + token(other)[i] * (1 - share)),
    }));
    for (let at = 0; at <= 1; at += 0.01) {
      const i = Math.max(1, colours.findIndex((stop) => stop.at >= at));
      const [left, right] = [colours[i - 1], colours[i]];
      const way = (at - left.at) / (right.at - left.at);
      const bar = ramp.rgb(tone(-4 + at * (MANY + 4)));
      bar.forEach((value, c) => {
        const seen = left.colour[c] + way * (right.colour[c] - left.colour[c]);
        ok(Math.abs(seen - value) < 6, `${seen} for ${value} at ${at}`);
      });
    }
  }
});
