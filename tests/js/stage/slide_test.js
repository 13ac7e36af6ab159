/**
 * Drawings of random shares: a smaller share is never taller, wider or darker, in any cell, length,
 * view and theme.
 */
import {
  arrowWidth,
  diverging,
  height,
  luminance,
  rgb,
  tone,
} from "../../../static/js/canvas/color-scale.js";
import { SvgPen } from "../../../static/js/canvas/svg-context.js";
import { paintHighway } from "../../../static/js/stage/draw/arrows.js";
import { barY, paintBar, plotOf } from "../../../static/js/stage/draw/bars.js";
import { paintTile } from "../../../static/js/stage/draw/cells.js";
import { paintLoop } from "../../../static/js/stage/draw/folded.js";
import { paintBackwardArrows } from "../../../static/js/stage/draw/gradient.js";
import { paint } from "../../../static/js/stage/draw/paint.js";
import { layout } from "../../../static/js/stage/layout.js";
import { picture } from "../../../static/js/stage/slide.js";
import { equal, ok } from "../assert.js";

/** @typedef {import("../../../static/js/canvas/color-scale.js").Rgb} Rgb */

const css = Deno.readTextFileSync(new URL("../../../static/css/tokens.css", import.meta.url));
const [LIGHT, DARK] = css.split("@media screen and (prefers-color-scheme: dark)");
const RAMPS = Object.fromEntries(
  Object.entries({ light: LIGHT, dark: DARK }).map(([theme, text]) => {
    const [none, all, many] = ["none", "all", "many"].map((name) =>
      rgb(/** @type {string[]} */ (text.match(RegExp(`--gradient-${name}: (#\\w{6})`)))[1])
    );
    return [theme, { colours: { none, all, many }, ramp: diverging(none, all, many) }];
  }),
);
/**
 * Colours as eyes without one kind of cone see them (Machado, Oliveira and Fernandes 2009), and
 * none at all.
 */
const EYES = {
  all: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152, 1.053, -0.205, 0.115, 0.786, 0.099, -0.004, -0.048, 1.052],
  deuteranopia: [0.367, 0.861, -0.228, 0.280, 0.673, 0.047, -0.012, 0.043, 0.969],
  tritanopia: [1.256, -0.077, -0.179, -0.078, 0.931, 0.148, 0.005, 0.691, 0.304],
  achromatopsia: [0.213, 0.715, 0.072, 0.213, 0.715, 0.072, 0.213, 0.715, 0.072],
};

let seed = 7;
/** @returns {number} from 0 to 1 (mulberry32) */
function chance() {
  seed = (seed + 0x6d2b79f5) | 0;
  let x = Math.imul(seed ^ (seed >>> 15), seed | 1);
  x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
  return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
}

/**
 * @param {number} T
 * @param {{cell?: boolean, gates?: boolean}} [of]
 * @returns {any}
 */
function run(T, { cell = false, gates = false } = {}) {
  const shares = () => Float64Array.from({ length: T }, () => chance() * 9 - 6);
  const H = 3;
  return {
    T,
    H,
    experiment: { truncate: 0 },
    encoder: 0,
    recurrent: true,
    tokens: Array(T).fill("a"),
    named: [],
    vocabulary: ["a"],
    targets: Array.from({ length: T }, (_, i) => i === T - 1 ? 0 : -1),
    gates: cell ? ["i", "f", "g", "o"] : gates ? ["r", "z", "n"] : [],
    carry: cell ? "f" : gates ? "z" : null,
    gateValues: Object.fromEntries(
      (cell ? [..."ifgo"] : gates ? [..."rzn"] : []).map((g) => [g, new Float32Array(T * H)]),
    ),
    hidden: new Float32Array(T * H),
    cellState: cell ? new Float32Array(T * H) : null,
    forwardTo: T,
    backwardFrom: 1,
    loss: T,
    losses: new Map([[T, 1]]),
    probabilities: new Map(),
    attention: new Map(),
    log10Share: shares(),
    log10CellShare: cell ? shares() : null,
    end: { diverged_at: null },
  };
}

/** @param {"light" | "dark"} theme @returns {any} */
const paletteOf = (theme) => ({
  ...Object.fromEntries(
    ["ink", "surface", "sunken", "line", "arrow", "soft", "faint", "target", "wrong", "many"].map(
      (name) => [name, `(${name})`],
    ),
  ),
  paper: "(paper)",
  mathFont: "serif",
  textFont: "sans-serif",
  codeFont: "monospace",
  pins: [],
  state: diverging([0, 0, 0], [9, 9, 9], [99, 99, 99]),
  gradient: RAMPS[theme].ramp,
});

/** @param {any} of  a run @param {any} [more] @returns {any} */
function sceneOf(of, more = {}) {
  const { theme = "light", view = "linear", width = 1100, shares = null } = more;
  return {
    layout: layout(width, 560, {
      T: of.T,
      at: of.T,
      cell: !!of.cellState,
      gates: of.gates.length > 0,
    }),
    palette: paletteOf(theme),
    view,
    run: of,
    shares,
    forwardTo: of.T,
    backwardFrom: 1,
    fraction: 0,
    loss: true,
    current: of.T,
    pins: [],
    weight: null,
  };
}

/** @param {any} scene @param {(scene: any, t: number) => void} paint @param {number} t */
function marks(scene, paint, t) {
  const pen = new SvgPen();
  paint({ ...scene, pen }, t);
  return pen.marks;
}

/** @param {string} mark @param {string} name */
const number = (mark, name) => Number(mark.match(RegExp(` ${name}="([-\\d.]+)"`))?.[1]);

/** The colour of the first mark, as the look-up that made it. @param {string[]} marks */
const fill = (marks) => marks[0].match(/fill="(.*?)"/)?.[1];

/** The width of a filled arrow, or of a stretch of a stream: of its shaft. @param {string} mark */
function shaft(mark) {
  if (mark.startsWith("<rect")) return number(mark, "height");
  const ys = [...mark.matchAll(/[ML]([-\d.]+) ([-\d.]+)/g)].map(([, , y]) => Number(y));
  return ys[4] - ys[3];
}

/**
 * @template P
 * @param {ArrayLike<number>} shares
 * @param {(i: number) => P} drawn
 * @param {(less: P, more: P) => boolean} right
 * @param {string} what
 */
function ordered(shares, drawn, right, what) {
  const order = Array.from(shares, (_, i) => i).sort((a, b) => shares[a] - shares[b]);
  order.slice(1).forEach((more, i) => {
    const [less, larger] = [drawn(order[i]), drawn(more)];
    ok(right(less, larger), `${what}: ${shares[order[i]]} ${less}, ${shares[more]} ${larger}`);
  });
}

const LENGTHS = { full: 20, compact: 60, ribbon: 400 };
const CELLS = { rnn: {}, lstm: { cell: true }, gru: { gates: true } };

for (const [form, T] of Object.entries(LENGTHS)) {
  for (const [cell, of] of Object.entries(CELLS)) {
    Deno.test(`bars rise with their shares, from one floor: ${cell}, ${form}`, () => {
      for (const view of /** @type {const} */ (["linear", "powers"])) {
        const scene = sceneOf(run(T, of), { view });
        const plot = plotOf(scene.layout);
        const bars = Array.from({ length: T }, (_, i) => marks(scene, paintBar, i + 1));
        ordered(scene.run.log10Share, (i) => number(bars[i][0], "height"), (a, b) => a <= b, view);
        bars.forEach(([bar, tear], i) => {
          const at = height(scene.run.log10Share[i], view);
          const [top, tall] = [number(bar, "y"), number(bar, "height")];
          ok(Math.abs(top + tall - plot.floor) < 0.02, "stands on the floor");
          equal([at > 1, top < plot.ceiling - 1], [!!tear, !!tear]);
          if (at <= 1) ok(Math.abs(top - barY(plot, at)) < 0.02, `${top} of ${at}`);
        });
      }
    });

    Deno.test(`where no path leads, a ring stands at nothing: ${cell}, ${form}`, () => {
      const seen = run(T, of);
      seen.log10Share.fill(-Infinity);
      const scene = sceneOf(seen, { view: "linear" });
      const rings = Array.from({ length: T }, (_, i) => marks(scene, paintBar, i + 1)).flat();
      ok(rings.length > 0, "none is drawn");
      const { floor } = plotOf(scene.layout);
      for (const each of rings) {
        const [, y] = /** @type {string[]} */ (each.match(/d="M\S+ ([\d.]+)a/));
        ok(Math.abs(Number(y) - floor) < 0.02, `${y} is not ${floor}`);
      }
    });

    Deno.test(`arrows are as wide, and tiles as inked, as their shares: ${cell}, ${form}`, () => {
      const seen = run(T, of);
      const shares = cell === "gru"
        ? { carry: Array(T + 1).fill(0.9), recurrent: Array(T + 1).fill(0.1) }
        : null;
      const scene = sceneOf(seen, { shares });
      const last = { log10Share: seen.log10Share.slice(0, -1) };
      const arrows = Array.from(
        last.log10Share,
        (_, i) => marks(scene, paintBackwardArrows, i + 1),
      );
      const paths = cell === "rnn" ? 1 : 2;
      ok(arrows.every((each) => each.length === 2 * paths), `${paths} arrows, each on paper`);
      /** @param {number} path @param {ArrayLike<number>} of */
      const widths = (path, of) =>
        ordered(of, (i) => shaft(arrows[i][2 * path + 1]), (a, b) => a <= b + 0.02, "an arrow");
      widths(paths - 1, last.log10Share);
      if (seen.log10CellShare) widths(0, seen.log10CellShare.slice(0, -1));
      const tiles = Array.from({ length: T }, (_, i) => fill(marks(scene, paintTile, i + 1)));
      tiles.forEach((colour, i) =>
        equal(colour, scene.palette.gradient.css(tone(seen.log10Share[i])))
      );
    });
  }
}

Deno.test("folded, the loop of the gradient is as wide as the share, and within the picture", () => {
  for (const cell of Object.values(CELLS)) {
    const seen = run(9, cell);
    const scene = sceneOf(seen);
    const folded = layout(700, 560, { T: 9, at: 9, folded: true, cell: !!seen.cellState });
    for (let t = 1; t < 9; t++) {
      const paint = (/** @type {any} */ each) => paintLoop({ ...each, backwardFrom: 2 }, t);
      const there = marks({ ...scene, layout: folded }, paint, t);
      const drawn = there.filter((mark) => mark.startsWith("<path"));
      const loops = drawn.filter((mark) => mark.includes("C"));
      if (t === 1) {
        equal(loops.length, 1);
        continue;
      }
      equal(loops.length, 2);
      const wide = number(loops[1], "stroke-width");
      ok(Math.abs(wide - arrowWidth(seen.log10Share[t - 1])) < 0.01, `${wide} at ${t}`);
      for (const mark of drawn) {
        for (const [, x] of mark.matchAll(/[ MLC]([-\d.]+) [-\d.]+(?=[ LC"])/g)) {
          ok(Number(x) >= 0 && Number(x) <= 700, mark);
        }
      }
    }
  }
});

Deno.test("the picture that is taken away has the bars and tiles of the stage", () => {
  const seen = run(18, { cell: true });
  /** @type {any} */
  const words = { pins: [], rows: {}, state: ["", ""], gradient: ["", ""] };
  for (const each of ["title", "verdict", "bars", "direction", "answer", "settings", "address"]) {
    words[each] = "";
  }
  const palette = paletteOf("light");
  const of = { run: seen, position: 1e4, pins: [], shares: null, current: 18 };
  const text = picture({ ...of, bars: "linear" }, palette, words, (word) => 60 * word.length);
  seen.log10Share.forEach((/** @type {number} */ log10) => {
    const colour = palette.gradient.css(tone(log10));
    ok(text.split(`fill="${colour}"`).length > 2, `a bar and a tile of ${log10}`);
  });
});

for (const [theme, { colours, ramp }] of Object.entries(RAMPS)) {
  const darker = theme === "light" ? 1 : -1;

  Deno.test(`in the ${theme} theme every eye sees more as stronger, up to all of it`, () => {
    for (const [eye, m] of Object.entries(EYES)) {
      for (const washed of [false, true]) {
        const light = Array.from(
          { length: 65 },
          (_, i) => luminance(seenBy(m, washed, ramp.rgb(i / 64 - 1))),
        );
        const steps = light.slice(1).map((each, i) => darker * (light[i] - each));
        ok(steps.every((step) => step > 0), `${eye}, ${washed ? "washed out" : ""}: ${steps}`);
        const [none, all] = [light[0], light[64]].map((each) => each + 0.05);
        const contrast = Math.max(none / all, all / none);
        ok(contrast > (washed ? 2 : 7), `${eye}: ${contrast}`);
      }
    }
  });

  Deno.test(`in the ${theme} theme what is more than all is redder and redder`, () => {
    for (let i = 1; i <= 64; i++) {
      const [[r, , b], [more, , less]] = [ramp.rgb((i - 1) / 64), ramp.rgb(i / 64)];
      ok(more - less > r - b, `at ${i}`);
    }
    equal(ramp.rgb(1), colours.many);
  });
}

Deno.test("a projector has the colours of its theme", () => {
  for (const name of ["none", "all", "many"]) equal(css.split(`--gradient-${name}:`).length, 3);
});

for (const [name, cell] of Object.entries(CELLS)) {
  Deno.test(`a shorter run is drawn while the layout of a longer one glides to it: ${name}`, () => {
    const pen = new SvgPen();
    paint({ ...sceneOf(run(7, cell)), layout: sceneOf(run(24, cell)).layout, pen });
    ok(pen.marks.length > 0, "something is drawn");
  });
}

const HALVES = { carry: Array(24).fill(0.5), recurrent: Array(24).fill(0.5) };

for (const [name, cell] of Object.entries(CELLS)) {
  Deno.test(`nothing comes back to a loss from the timesteps after it: ${name}`, () => {
    const seen = run(20, cell);
    for (const each of [seen.log10Share, seen.log10CellShare]) each?.fill(-Infinity, 12);
    const scene = sceneOf(seen, { shares: HALVES });
    equal([11, 12, 13].map((t) => marks(scene, paintBackwardArrows, t).length > 0), [
      true,
      false,
      false,
    ]);
    scene.layout = layout(700, 560, { T: 20, at: 12, folded: true, cell: !!seen.cellState });
    scene.backwardFrom = 2;
    const loops = (/** @type {number} */ t) =>
      marks(scene, paintLoop, t).filter((mark) => mark.startsWith("<path") && mark.includes("C"));
    equal([11, 12].map((t) => loops(t).length), [2, 1]);
  });
}

Deno.test("explosion has a shape too: a torn bar, and a ring around the tile", () => {
  const seen = run(20);
  seen.log10Share.fill(0);
  seen.log10Share[3] = 1.1;
  seen.log10Share[4] = 0.9;
  const scene = sceneOf(seen);
  equal([marks(scene, paintBar, 3).length, marks(scene, paintBar, 4).length], [1, 2]);
  const [all, exploding, arriving] = [3, 4, 5].map((t) => marks(scene, paintTile, t).length);
  ok(exploding > all, "a ring");
  equal(arriving, all);

  const [torn, cut] = [4, 5].map((t) => marks(scene, paintBar, t)[1]);
  ok(torn.startsWith("<path") && cut.startsWith("<rect"), "toothed, and straight");
});

/**
 * @param {number[]} m  a matrix, of linear light
 * @param {boolean} washed  by a projector: contrast halved, and then brighter
 * @param {Rgb} colour
 * @returns {Rgb}
 */
function seenBy(m, washed, colour) {
  const shown = washed ? colour.map((value) => (value * 0.5 + 63.75) * 1.2) : colour;
  const linear = shown.map((value) => (value / 255) ** 2.2);
  return /** @type {Rgb} */ ([0, 3, 6].map((row) => {
    const value = m[row] * linear[0] + m[row + 1] * linear[1] + m[row + 2] * linear[2];
    return 255 * Math.max(0, Math.min(1, value)) ** (1 / 2.2);
  }));
}

Deno.test("the path that passes no matrix is faint where the gradient has been and none arrived", () => {
  for (const cell of Object.values(CELLS).filter((of) => Object.keys(of).length)) {
    const seen = run(9, cell);
    const arriving = Float64Array.from({ length: 9 }, (_, i) => i < 4 ? -9 : -1);
    Object.assign(seen, { log10Share: arriving, log10CellShare: seen.log10CellShare && arriving });
    const paint = (/** @type {any} */ scene) => paintHighway(scene);
    const before = marks(sceneOf(seen), (scene) => paint({ ...scene, backwardFrom: 10 }), 1);
    equal(before.length, 1);
    const after = marks(sceneOf(seen), paint, 1);
    equal(after.map((mark) => mark.includes("opacity")), [true, false]);
    equal(number(after[0], "x") + number(after[0], "width"), number(after[1], "x"));
  }
});
