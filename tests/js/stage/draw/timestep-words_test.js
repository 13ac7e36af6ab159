import { SvgPen } from "../../../../static/js/canvas/svg-context.js";
import { writeTimesteps } from "../../../../static/js/stage/draw/timestep-words.js";
import { layout } from "../../../../static/js/stage/layout.js";
import { ok } from "../../assert.js";

Deno.test("letters are no taller than the tile that they stand in, however low the picture is", () => {
  for (const [width, height] of [[1030, 140], [330, 132], [1920, 900]]) {
    const pen = new SvgPen();
    const placed = layout(width, height, { T: 3, titled: false });
    /** @type {any} */
    const scene = {
      pen,
      layout: placed,
      forwardTo: 3,
      backwardFrom: 4,
      palette: { codeFont: "mono", textFont: "sans", ink: "#000", gradient: {} },
      run: {
        T: 3,
        tokens: ["a", "b", "a"],
        named: [],
        vocabulary: ["a", "b"],
        targets: [-1, -1, 1],
        losses: new Map([[3, 1]]),
        probabilities: new Map([[3, [0.7, 0.3]]]),
        log10Share: new Float64Array(3),
        experiment: {},
      },
    };
    writeTimesteps(scene, (word) => 60 * word.length);
    const letters = pen.marks.filter((mark) => /mono/.test(mark));
    ok(letters.length > 3, "tokens and a prediction");
    const low = Math.min(placed.rows.token.height, placed.rows.output.height);
    for (const mark of letters) {
      const size = Number(/600 ([\d.]+)px/.exec(mark)?.[1]);
      ok(size < low, `${size} of ${low} at ${width}×${height}`);
    }
  }
});

Deno.test("numbers that are read are written where they have room, and not in part", () => {
  for (const [width, written] of [[600, true], [60, false]]) {
    const pen = new SvgPen();
    /** @type {any} */
    const scene = {
      pen,
      layout: layout(Number(width), 300, { T: 3, titled: false }),
      forwardTo: 0,
      backwardFrom: 4,
      palette: { codeFont: "mono", textFont: "sans", ink: "#000", gradient: {} },
      run: {
        T: 3,
        tokens: ["0.25", "-1.5", "7"],
        named: ["0.25", "-1.5", "7"],
        targets: [-1, -1, -1],
        log10Share: new Float64Array(3),
        experiment: {},
      },
    };
    writeTimesteps(scene, (word) => 60 * word.length);
    ok(pen.marks.some((mark) => /mono/.test(mark)) === written, `at ${width}`);
  }
});
