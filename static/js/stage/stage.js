/**
 * The stage: a canvas for what is drawn, an element a timestep for what must be reached and read.
 *
 * @typedef {import("../run.js").Run} Run
 * @typedef {import("../layout.js").Layout} Layout
 * @typedef {import("../format.js").Translate} Translate
 * @typedef {{run: Run, position: number, chosen: number | null, moving: boolean}} View
 */
import { decimals, power, significant, superscript, visibleToken } from "../format.js";
import { center, layout as layOut, visible } from "../layout.js";
import { moment, reached } from "../player.js";
import { powerAxis, ticks } from "../scale.js";
import { barY, paint } from "./paint.js";
import { createPalette } from "./palette.js";

const LONGEST_TOKEN = 8;
const LEAST_LABEL_ROOM = 26;

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {{choose: (t: number) => void}} on
 */
export function createStage(node, t, on) {
  /** @template {HTMLElement} E @param {string} selector @returns {E} */
  const part = (selector) => /** @type {E} */ (node.querySelector(selector));
  const scroller = part(".scroller");
  const track = part(".track");
  const columns = part(".columns");
  const loss = part(".loss");
  const tickBox = part(".ticks");
  const canvas = /** @type {HTMLCanvasElement} */ (part("canvas"));
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));

  /** @type {View | null} */
  let view = null;
  /** @type {Layout | null} */
  let layout = null;
  /** @type {import("../scale.js").Axis | null} */
  let axis = null;
  /** @type {Run | null} the whole run whose words are in the elements */
  let labelled = null;
  let palette = createPalette();
  /** @type {HTMLButtonElement[]} */
  let buttons = [];
  let current = 0;

  columns.addEventListener("click", ({ target }) => {
    const button = /** @type {HTMLElement} */ (target).closest("button");
    if (button) on.choose(Number(button.dataset.timestep));
  });
  columns.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const from = Number(/** @type {HTMLElement} */ (event.target).dataset.timestep);
    const to = Math.max(1, Math.min(from + by, buttons.length));
    buttons[to - 1].focus();
    on.choose(to);
  });
  scroller.addEventListener("scroll", () => view && draw(view), { passive: true });
  new ResizeObserver(() => {
    layout = null;
    if (view) render(view);
  }).observe(scroller);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    palette = createPalette();
    if (view) draw(view);
  });

  /** @param {View} next */
  function render(next) {
    const before = view;
    view = next;
    const { run, position } = view;
    const same = before?.run === run && labelled === run && before.position === position &&
      before.chosen === view.chosen;
    if (layout && same) return;
    if (!layout || layout.T !== run.T) arrange(run);
    if (labelled !== run) label(run);
    const { phase, t: at } = moment(position, run.T);
    node.dataset.state = run.end ? phase : run.backwardFrom <= run.T ? "backward" : "forward";
    node.dataset.run = String(run.id);
    mark(view.chosen ?? at);
    if (view.moving) follow(at);
    draw(view);
  }

  /**
   * A new length or width: columns, their places and their sizes.
   * @param {Run} run
   */
  function arrange(run) {
    layout = layOut(scroller.clientWidth, node.clientHeight, run.T);
    node.dataset.detail = layout.detail;
    track.style.width = `${layout.width}px`;
    for (const row of /** @type {const} */ (["output", "hidden", "token", "index", "bars"])) {
      node.style.setProperty(`--${row}-top`, `${layout[row].top}px`);
      node.style.setProperty(`--${row}-height`, `${layout[row].height}px`);
    }
    node.style.setProperty("--start", `${layout.start}px`);
    node.style.setProperty("--pitch", `${layout.pitch}px`);
    node.style.setProperty("--box", `${layout.box}px`);
    const ratio = devicePixelRatio;
    canvas.width = Math.round(layout.viewWidth * ratio);
    canvas.height = Math.round(layout.height * ratio);
    canvas.style.width = `${layout.viewWidth}px`;
    canvas.style.height = `${layout.height}px`;
    if (buttons.length !== run.T) {
      buttons = Array.from({ length: run.T }, (_, i) => column(i + 1));
      columns.replaceChildren(...buttons);
      current = 0;
    }
    const { start, pitch } = layout;
    buttons.forEach((button, i) => {
      button.style.left = `${start + i * pitch}px`;
    });
    const every = Math.ceil(LEAST_LABEL_ROOM / layout.pitch);
    buttons.forEach((button, i) => {
      button.classList.toggle("numbered", every === 1 || (i + 1) % niceInterval(every) === 0);
    });
    labelled = null;
  }

  /**
   * The run's words and numbers, in the elements.
   * @param {Run} run
   */
  function label(run) {
    axis = powerAxis(run.log10Gradient, axis);
    const drawn = ticks(axis);
    tickBox.replaceChildren(...drawn.map((tick) => tickLabel(tick)));
    for (let i = 0; i < run.T; i++) {
      const button = buttons[i];
      const token = visibleToken(run.tokens[i]);
      const known = i + 1 >= run.backwardFrom;
      const log10 = run.log10Gradient[i];
      if (known) button.dataset.log10Gradient = decimals(log10);
      else delete button.dataset.log10Gradient;
      const norm = log10 === -Infinity ? t("stage.no_path") : power(log10);
      const name = known
        ? t("stage.timestep", { t: i + 1, token, norm })
        : t("stage.timestep.unknown", { t: i + 1, token });
      button.setAttribute("aria-label", name);
      text(button.children[1], token);
      button.children[1].classList.toggle("long", token.length > 2);
      const target = run.targets[i];
      text(button.children[0], target >= 0 ? shorten(run.vocabulary[target]) : "");
    }
    let sum = 0;
    for (const value of run.losses.values()) sum += value;
    const many = run.losses.size > 1;
    text(loss, t(many ? "stage.loss.sum" : "stage.loss", { loss: significant3(sum) }));
    labelled = run.end ? run : null;
  }

  /**
   * The current timestep is the one that Tab reaches.
   * @param {number} timestep
   */
  function mark(timestep) {
    const next = Math.max(1, Math.min(timestep, buttons.length));
    if (current === next) return;
    buttons[current - 1]?.removeAttribute("aria-current");
    for (const button of current ? [buttons[current - 1]] : buttons) {
      if (button) button.tabIndex = -1;
    }
    buttons[next - 1].tabIndex = 0;
    buttons[next - 1].setAttribute("aria-current", "step");
    current = next;
  }

  /**
   * Keep a moving playhead in view.
   * @param {number} timestep
   */
  function follow(timestep) {
    if (!layout || layout.width <= layout.viewWidth) return;
    const x = center(layout, timestep);
    const margin = layout.viewWidth / 5;
    const left = scroller.scrollLeft;
    if (x < left + margin) scroller.scrollLeft = x - margin;
    else if (x > left + layout.viewWidth - margin) {
      scroller.scrollLeft = x - layout.viewWidth + margin;
    }
  }

  /** @param {View} seen */
  function draw({ run, position, chosen }) {
    if (!layout || !axis) return;
    const scrolled = scroller.scrollLeft;
    const { forwardTo, backwardFrom, loss: met } = reached(position, run.T);
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.translate(-scrolled, 0);
    paint({
      pen,
      layout,
      palette,
      axis,
      run,
      scrolled,
      seen: visible(layout, scrolled),
      forwardTo: Math.min(forwardTo, run.forwardTo),
      backwardFrom: Math.max(backwardFrom, run.backwardFrom),
      loss: met,
      fraction: position - Math.floor(position),
      chosen: chosen ?? (current || null),
    });
    columns.classList.toggle("owing", met);
    loss.hidden = !met || run.losses.size === 0;
  }

  /** @param {number} timestep */
  function column(timestep) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "timestep";
    button.dataset.timestep = String(timestep);
    button.tabIndex = -1;
    for (const name of ["output", "token", "index"]) {
      const span = document.createElement("span");
      span.className = name;
      button.append(span);
    }
    button.children[2].textContent = String(timestep);
    return button;
  }

  /** @param {number} tick */
  function tickLabel(tick) {
    const span = document.createElement("span");
    span.textContent = tick === 0 ? "1" : `10${superscript(tick)}`;
    if (layout && axis) span.style.top = `${barY(layout, axis, tick)}px`;
    return span;
  }

  return {
    render,
    /** @param {number} value */
    stateColour: (value) => palette.state.css(value),
  };
}

/**
 * 1, 2, 5, 10… at least as large.
 * @param {number} least
 */
function niceInterval(least) {
  return [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((n) => n >= least) ?? least;
}

/**
 * Writing a text that is there already would still cost a layout.
 * @param {Element} element
 * @param {string} value
 */
function text(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

/** @param {string} token */
function shorten(token) {
  const visibleText = visibleToken(token);
  return visibleText.length > LONGEST_TOKEN
    ? `${visibleText.slice(0, LONGEST_TOKEN - 1)}…`
    : visibleText;
}

/** @param {number} value */
const significant3 = (value) => value >= 1000 ? significant(value) : value.toPrecision(3);
