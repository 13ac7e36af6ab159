/**
 * The stage: a canvas, and one element per timestep for keyboard and screen reader.
 *
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {import("../text/format.js").Translate} Translate
 * @typedef {import("./draw/paint.js").Shares} Shares
 *
 * @typedef {object} View
 * @property {Run} run
 * @property {number} position  of the playhead
 * @property {number | null} chosen  a timestep that was clicked
 * @property {number | null} lens  where the lens was dragged to
 * @property {boolean} folded
 * @property {boolean} attention
 * @property {boolean} backward  whether the way back is shown
 * @property {boolean} still  nothing may move by itself
 * @property {Shares | null} shares
 * @property {import("./highlight.js").Lit | null} weight  the matrix that is pointed at
 * @property {readonly (Run | null)[]} pins  runs to compare with
 * @property {readonly number[]} sketch  a line that was drawn over the bars
 * @property {import("./draw/line-names.js").Names | null} names  of the lines across the bars
 * @property {import("../canvas/color-scale.js").View} bars  how high they are for a share
 */
import { ticks } from "../canvas/color-scale.js";
import { currentPalette } from "../canvas/palette.js";
import { sheet } from "../canvas/sheet.js";
import { whenSeen } from "../canvas/when-seen.js";
import { moment, nearest } from "../playback/playhead.js";
import { inTime } from "../run/reading-order.js";
import { isAgainstTime } from "../text/characters.js";
import { say } from "../text/sentence.js";
import { fontScale, onAppearance } from "../ui/appearance.js";
import { finder, hide, onResize, setText } from "../ui/dom.js";
import { answer, BETWEEN, letters } from "./answer.js";
import { createColumns } from "./columns.js";
import { looking } from "./draw/attention.js";
import { plotOf, tickWord } from "./draw/bars.js";
import { paint } from "./draw/paint.js";
import { sceneOf } from "./draw/scene.js";
import { createGlide } from "./glide.js";
import { paintAsRead } from "./layers/mirror.js";
import { below, boxWidth, center } from "./layout.js";
import { createLens } from "./lens.js";
import { createPointing } from "./pointing.js";

/** Bars lower than this have no room for every label of their axis. */
const CROWDED = { linear: 60, powers: 120 };

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {{choose: (t: number) => void, look: (t: number) => void, draw: (t: number) => void,
 *   point: (pointed: import("./explanation.js").Pointed | null, place: import("../ui/tooltip.js").Place) => void}} on
 * @param {AbortSignal} [signal]  that ends it
 */
export function createStage(node, t, on, signal) {
  const part = finder(node);
  const track = part(".track");
  const direction = part(".direction");
  const loss = part(".loss");
  const arcs = part(".legend .attention");
  const looks = part(".legend .looks");
  const looksOf = /** @type {HTMLElement} */ (looks.lastElementChild);
  const [answered, lost] = loss.children;
  const tickBox = part(".ticks");
  const canvas = /** @type {HTMLCanvasElement} */ (part("canvas"));
  const columns = createColumns(part(".columns"), t, on.choose);
  /** @type {{width: number, height: number} | null} of the track: asking for it costs a layout */
  let room = null;

  /** @type {View | null} */
  let view = null;
  const glide = createGlide({
    begin(from, to) {
      const { run } = /** @type {View} */ (view);
      if (columns.fit(run)) label(run);
      if (from.rows !== to.rows) size(to);
    },
    move: (layout) => view && columns.place(layout, view.run),
    settle(layout, before) {
      const { run } = /** @type {View} */ (view);
      if (before?.rows !== layout.rows) size(layout);
      if (columns.fit(run)) labelled = null;
      columns.place(layout, run);
    },
    draw: () => view && draw(view),
  });
  /** @type {Run | null} the whole run whose words are in the elements */
  let labelled = null;
  /** The view that the labels of the axis are of. */
  let ticked = "";
  let palette = currentPalette();
  let zoom = fontScale();

  const show = whenSeen(canvas, signal);
  onResize(track, again, signal);
  onAppearance(() => {
    palette = currentPalette();
    labelled = null;
    again();
  }, signal);
  createLens(part(".columns"), glide.shown, on);
  createPointing(part(".columns"), glide.shown, on.point);

  /** Where everything belongs now, without a glide. */
  function again() {
    room = null;
    zoom = fontScale();
    glide.reset();
    if (view) render(view);
  }

  /** @param {View} next */
  function render(next) {
    const before = view;
    view = next;
    const { run, position } = view;
    if (before?.bars !== next.bars || before?.backward !== next.backward) labelled = null;
    const names = /** @type {(keyof View)[]} */ (Object.keys(next));
    const same = before && labelled === run && names.every((name) => before[name] === next[name]);
    if (glide.shown() && same) return;
    arrange(next);
    const shown = /** @type {Layout} */ (glide.shown());
    const { phase, t: at } = moment(position, run.T);
    columns.mark(view.chosen ?? inTime(run, Math.max(1, at)));
    if (shown.folded && !glide.isMoving()) columns.place(shown, run);
    draw(view); // before anything is written: its letters would wait for a layout
    if (labelled !== run) label(run);
    node.dataset.state = run.end ? phase : run.backwardFrom <= run.T ? "backward" : "forward";
    node.dataset.run = String(run.id);
    node.classList.remove("empty");
    node.dataset.folded = String(view.folded);
    node.classList.toggle("parts", run.encoder > 0);
    node.dataset.bars = view.bars;
    node.classList.toggle("crowded", shown.rows.bars.height < CROWDED[view.bars] * zoom);
  }

  /** @param {View} next */
  function arrange({ run, position, chosen, lens, folded, backward, still }) {
    const at = lens ?? chosen ?? inTime(run, nearest(position, run.T));
    const wanted = {
      T: run.T,
      cell: !!run.cellState,
      gates: run.gates.length > 0,
      at,
      folded,
      encoder: run.encoder,
      bars: backward,
      zoom,
    };
    room ??= { width: track.clientWidth, height: track.clientHeight };
    const { width, height } = room;
    const key = [width, height, run.T, run.encoder, run.gates, folded, backward, zoom].join();
    glide.arrange(room, wanted, key, still);
  }

  /** @param {Layout} layout */
  function size({ rows, width, height, zoom }) {
    for (const [name, row] of Object.entries(rows)) {
      node.style.setProperty(`--${name}-top`, `${row.top}px`);
      node.style.setProperty(`--${name}-height`, `${row.height}px`);
    }
    node.dataset.rows = Object.keys(rows).filter((name) =>
      rows[/** @type {"cell"} */ (name)].height
    )
      .join(" ");
    const { floor, ceiling } = plotOf({ rows, zoom });
    node.style.setProperty("--floor", `${floor}px`);
    node.style.setProperty("--rise", `${floor - ceiling}px`);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }

  /**
   * The run's words and numbers, in the elements.
   * @param {Run} run
   */
  function label(run) {
    const bars = view?.bars ?? "linear";
    if (ticked !== bars) {
      tickBox.replaceChildren(...ticks(bars).map((tick) => tickLabel(tick, bars, t)));
      ticked = bars;
    }
    columns.label(run, view?.backward ?? true);
    hide(direction, !isAgainstTime(run));
    const told = answer(run, t);
    say(answered, [told.words, told.loss].every(Boolean) ? told.words + BETWEEN : told.words, t);
    say(lost, told.loss, t);
    loss.style.setProperty("--letters", letters(loss.textContent ?? "").toFixed());
    labelled = run.end ? run : null;
  }

  /** @param {View} seen */
  function draw({ run, position, chosen, attention, shares, weight, pins, sketch, names, bars }) {
    const shown = glide.shown();
    if (!shown) return;
    const current = chosen ?? inTime(run, Math.max(1, moment(position, run.T).t));
    const seen = { run, position, pins, shares, current, bars };
    const pen = /** @type {import("./draw/paint.js").Pen} */ (canvas.getContext("2d"));
    const scene = {
      ...sceneOf(seen, shown, palette, pen),
      fraction: position - Math.floor(position),
      attention,
      weight,
      sketch,
      names,
    };
    show(() => {
      sheet(canvas, shown);
      paintAsRead(scene, paint);
    });
    columns.reveal(scene);
    hide(arcs, !attention);
    hide(looks, shown.folded > 0 || !run.attention.size);
    if (!looks.hidden) setText(looksOf, t("legend.looks", { t: looking(scene) || run.T }));
    hide(loss, !scene.loss || run.losses.size === 0 || shown.folded > 0);
    const at = typeof run.loss === "number" ? run.loss : run.T;
    const after = shown.width - center(shown, at) - boxWidth(shown, at) / 2;
    track.style.setProperty("--after", `${Math.max(0, after)}px`);
  }

  return {
    render,
    /** @param {number} value */
    stateColour: (value) => palette.state.css(value),
    /** The place of what is read, of the count of timesteps and of the title of the bars. */
    words() {
      const { left, right, top } = track.getBoundingClientRect();
      const rows = glide.shown()?.rows;
      if (!rows) return { left, right, top, bottom: top };
      const foot = rows.bars.height ? rows.bars.top : below(rows.index);
      return { left, right, top: top + rows.token.top, bottom: top + foot };
    },
  };
}

/**
 * A label of the bars' axis; the style sheet knows where the bars are.
 * @param {import("../canvas/color-scale.js").Tick} tick
 * @param {import("../canvas/color-scale.js").View} bars
 * @param {Translate} t
 */
function tickLabel({ at, log10 }, bars, t) {
  const span = document.createElement("span");
  say(span, tickWord(log10, bars), t);
  span.style.setProperty("--up", String(at));
  return span;
}
