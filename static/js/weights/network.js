/**
 * The network above its weights: a small picture of the stage, which is in view while a number is
 * changed.
 *
 * @typedef {import("../lab/state.js").State} State
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { currentPalette } from "../canvas/palette.js";
import { sheet } from "../canvas/sheet.js";
import { moment, reached } from "../playback/playhead.js";
import { answer, BETWEEN } from "../stage/answer.js";
import { paint } from "../stage/draw/paint.js";
import { sceneOf } from "../stage/draw/scene.js";
import { writeTimesteps } from "../stage/draw/timestep-words.js";
import { layout } from "../stage/layout.js";
import { isAgainstTime } from "../text/characters.js";
import { say } from "../text/sentence.js";
import { fontScale, onAppearance } from "../ui/appearance.js";
import { finder, hide, onResize } from "../ui/dom.js";

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {AbortSignal} signal  that ends it
 */
export function createNetwork(node, t, signal) {
  const part = finder(node);
  const canvas = /** @type {HTMLCanvasElement} */ (part("canvas"));
  const [said, direction] = [part(".network-answer"), part(".network-way")];
  /** @type {{width: number, height: number} | null} of the canvas, 0 where it is not shown: asking for it costs a layout */
  let room = null;
  /** @type {State | null} */
  let state = null;
  let zoom = fontScale();
  let drawn = "";
  /** @type {Map<string, number>} of words, by their fonts: the tokens come again in each run */
  const widths = new Map();

  onResize(node, again, signal);
  onAppearance(again, signal);

  return {
    /** @param {State} next */
    render(next) {
      state = next;
      draw();
    },

    /** @param {string} radii  of the recurrent weights, in words */
    tell: (radii) => say(part(".radii"), radii, t),
  };

  function again() {
    [room, zoom, drawn] = [null, fontScale(), ""];
    widths.clear();
    draw();
  }

  function draw() {
    if (!state?.run) return;
    const { run, position: exact, chosen, pins, why, bars, backward } = state;
    const { gates, cellState, T } = run;
    node.classList.toggle("gated", gates.length > 0);
    room ??= { width: canvas.clientWidth, height: canvas.clientHeight };
    if (!room.width || !room.height) return;
    const position = Math.floor(exact);
    const current = chosen ?? Math.max(1, moment(position, T).t);
    const compared = pins.map((pin) => pin.run);
    const other = compared.map((each) => each?.id);
    const grown = [run.id, run.forwardTo, run.backwardFrom, !!run.end, !!why];
    const key = JSON.stringify([grown, position, current, bars, backward, other]);
    if (key === drawn) return;
    drawn = key;
    const rows = { cell: !!cellState, gates: gates.length > 0, bars: backward, titled: false };
    const placed = layout(room.width, room.height, { T, at: current, ...rows, zoom });
    const { pen } = sheet(canvas, room);
    const seen = { run, position, pins: compared, shares: why?.paths ?? null, current, bars };
    const scene = sceneOf(seen, placed, currentPalette(), pen);
    paint(scene);
    writeTimesteps(scene, (word, font) => {
      const key = `${font} ${word}`;
      const known = widths.get(key);
      if (known !== undefined) return known;
      pen.font = font;
      const { width } = pen.measureText(word);
      widths.set(key, width);
      return width;
    });
    const { words, loss } = answer(run, t);
    say(said, [words, loss].filter(Boolean).join(BETWEEN), t);
    hide(said, !reached(position, T).loss || !run.losses.size);
    hide(direction, !isAgainstTime(run));
    node.dataset.run = String(run.id);
  }
}
