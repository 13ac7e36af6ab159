/**
 * One timestep in numbers: its equation, and under each symbol the array that it stands for.
 *
 * The server computes it and writes the mathematics; it is asked once things have come to rest, or
 * a timestep ahead while a run plays, and only while the numbers are in view, or are about to be
 * printed. An equation of another timestep than the playhead's is not seen.
 *
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("../stage/highlight.js").Lit} Lit
 * @typedef {import("../text/format.js").Translate} Translate
 * @typedef {import("./step-factors.js").Factors} Factors
 *
 * @typedef {{math: string, label?: string, array?: string, transposed?: boolean, lit?: Lit | null}} Term
 * @typedef {{path: "carry" | "recurrent" | null, terms: Term[]}} Line
 * @typedef {{kind: "weights" | "state" | "slope" | "gradient", values: any[]}} Values
 *
 * @typedef {{run: Run, timestep: number, backward: boolean, playing: boolean}} Wanted
 *
 * @typedef {object} Answer
 * @property {number} timestep
 * @property {number[]} units  the hidden units that are shown, from 1
 * @property {number} hidden_size
 * @property {Record<string, Values>} arrays
 * @property {{lines: Line[]}} forward
 * @property {{lines: Line[], power: number, ends: "first" | "cut" | null, factors: Factors | null}
 *   | null} backward
 */
import { tone } from "../canvas/color-scale.js";
import { createPalette } from "../canvas/palette.js";
import { lastTimestep, log10Sent } from "../run/run.js";
import { lights } from "../stage/highlight.js";
import { signed } from "../text/format.js";
import { pieces, say } from "../text/sentence.js";
import { isPrinting, onAppearance } from "../ui/appearance.js";
import { atDesk } from "../ui/input-device.js";
import { createHeatmap } from "./heatmap.js";
import { factorRows, reading } from "./step-factors.js";

const QUIET = 120;
/** Answers of a run that are kept. */
const MOST_KEPT = 64;
/** Milliseconds until numbers that could not be loaded are asked for again. */
const AGAIN = 3000;
const FAINTEST = 0.07;
const LARGEST_CELL = 14;
const SMALLEST_CELL = 2;
const NARROWEST_VECTOR = 12;
/** Of so few units every number is written out. */
const MOST_WRITTEN = 3;
const WRITTEN = { width: 3.75, height: 1.625 }; // of the page's letters
const MATRIX = { plain: 128, gated: 64 };

/**
 * @param {HTMLElement} node
 * @param {HTMLElement} beside  where the factors go
 * @param {Translate} t
 * @param {{ask: import("../net/server.js").Engine["ask"], most: number}} engine
 * @param {{light: (lit: Lit | null) => void, named: (run: Run, timestep: number) => void}} on
 */
export function createStep(node, beside, t, engine, on) {
  /** @param {string} selector */
  const part = (selector) => /** @type {HTMLElement} */ (node.querySelector(selector));
  const [way, equations, readout] = [".way", ".equations", ".readout"].map(part);
  let palette = createPalette();
  /** @type {Wanted | null} */
  let wanted = null;
  /** @type {{run: Run, answer: Answer} | null} */
  let loaded = null;
  /** @type {{run: Run | null, answers: Map<number, Answer>}} what is known of a run, by timestep */
  let kept = { run: null, answers: new Map() };
  /** @type {Map<HTMLElement, Lit>} */
  let symbols = new Map();
  /** @type {HTMLElement | null} the heatmap whose number is read out */
  let reader = null;
  /** @type {Lit | null} */
  let lit = null;
  /** @type {Wanted | null} what the page shows of it */
  let shown = null;
  let asking = new AbortController();
  /** @type {Run | null} one question of a run is asked at a time; the next is the latest */
  let busy = null;
  let timer = 0;
  let inView = false;

  new IntersectionObserver(([entry]) => {
    inView = entry.isIntersecting;
    if (inView) soon();
    else if (wanted) entitle(wanted);
  }).observe(/** @type {HTMLElement} */ (node.parentElement)); // with the title above it
  onAppearance(() => {
    palette = createPalette();
    if (isPrinting()) load(true);
    if (!shown || !wanted) return;
    show(shown);
    entitle(wanted); // which may be another
  });
  readOut(null);

  return {
    /**
     * @param {Run} run
     * @param {number} timestep
     * @param {boolean} backward
     * @param {boolean} playing
     */
    render(run, timestep, backward, playing) {
      const { run: r, timestep: s, backward: b } = wanted ?? {};
      if (r === run && s === timestep && b === backward) return;
      entitle({ run, timestep });
      if (!run.end) return;
      wanted = { run, timestep, backward, playing };
      const answer = kept.run === run && inView && kept.answers.get(timestep);
      if (answer) {
        loaded = { run, answer };
        show(wanted);
      }
      soon();
    },
    light,
  };

  /**
   * What stands above the equation names this timestep; an equation of another is not seen, nor one
   * of another run that is out of view.
   * @param {{run: Run, timestep: number}} of
   */
  function entitle({ run, timestep }) {
    const left = shown?.run !== run && !inView;
    const stale = Boolean(shown && (left || shown.timestep !== timestep));
    for (const each of [node, beside]) each.classList.toggle("stale", stale);
    on.named(run, timestep);
  }

  /** @param {Lit | null} next */
  function light(next) {
    lit = next;
    for (const [symbol, own] of symbols) symbol.classList.toggle("lit", lights(own, lit));
  }

  /** Ask for what is wanted once it has been so for a moment, or at once while a run plays. */
  function soon() {
    clearTimeout(timer);
    timer = setTimeout(() => load(inView), wanted?.playing ? 0 : QUIET);
  }

  /**
   * The timestep to ask for: that which is wanted, or while a run plays the next that is not known.
   * @param {Wanted} of
   */
  function next({ run, timestep, backward, playing }) {
    const known = kept.run === run ? kept.answers : new Map();
    if (!known.has(timestep)) return timestep;
    const ahead = timestep + (backward ? -1 : 1);
    const there = ahead >= 1 && ahead <= lastTimestep(run);
    return playing && there && !known.has(ahead) ? ahead : null;
  }

  /**
   * @param {Run} run
   * @param {Answer} answer
   */
  function keep(run, answer) {
    if (kept.run !== run) kept = { run, answers: new Map() };
    kept.answers.set(answer.timestep, answer);
    if (kept.answers.size > MOST_KEPT) kept.answers.delete(kept.answers.keys().next().value ?? 0);
  }

  /** @param {boolean} seen */
  async function load(seen) {
    if (!seen || !wanted) return;
    const goal = wanted;
    const { run } = goal;
    const timestep = next(goal);
    const answer = kept.run === run && kept.answers.get(goal.timestep);
    if (answer && shown !== goal) {
      loaded = { run, answer };
      show(goal);
    }
    if (timestep === null || busy === run) return;
    asking.abort();
    busy = null;
    const diverged = run.end?.diverged_at;
    if (diverged && timestep >= diverged) return tell(goal, t("detail.unreached"));
    if (run.T * run.H > engine.most) return tell(goal, t("step.too_big"));
    asking = new AbortController();
    busy = run;
    const { signal } = asking;
    try {
      keep(run, await engine.ask("step", { experiment: run.experiment, timestep }, signal));
    } catch (error) {
      if (signal.aborted) return;
      tell(null, t("step.failed"));
      console.info(error);
      busy = null;
      timer = setTimeout(() => load(inView), AGAIN);
      return;
    }
    if (signal.aborted) return;
    busy = null;
    load(inView);
  }

  /**
   * @param {Wanted | null} goal  null for one that may yet be shown
   * @param {string} words  instead of an equation
   */
  function tell(goal, words) {
    const of = goal ?? wanted;
    loaded = null;
    shown = goal;
    symbols = new Map();
    way.textContent = words;
    equations.replaceChildren();
    readout.hidden = beside.hidden = true;
    if (of) entitle(of);
  }

  /** @param {Wanted} goal  what is loaded */
  function show(goal) {
    if (!loaded) return;
    const { run, answer } = loaded;
    const backward = goal.backward ? answer.backward : null;
    if (goal.backward && !backward) {
      return tell(goal, t("step.no_loss", { t: run.end?.diverged_at }));
    }
    const focused = heatmaps().indexOf(/** @type {Element} */ (document.activeElement));
    symbols = new Map();
    way.textContent = headline(run, answer, goal.backward);
    equations.replaceChildren(...(backward ?? answer.forward).lines.map((line) => row(line, run)));
    node.classList.toggle("gated", gated(run));
    shown = goal;
    reader = null;
    readOut(null);
    light(lit);
    if (focused >= 0) {
      /** @type {HTMLElement | undefined} */ (heatmaps()[focused])?.focus({ preventScroll: true });
    }
    readout.hidden = false;
    showFactors(run, answer, backward?.factors ?? null);
    entitle(goal);
  }

  function heatmaps() {
    return [...equations.querySelectorAll(".heatmap")];
  }

  /**
   * @param {Run} run
   * @param {Answer} answer
   * @param {boolean} backward
   */
  function headline(run, { timestep, units, backward: back }, backward) {
    const blanks = { t: timestep, prev: timestep - 1 };
    const sentences = [];
    if (backward && back) {
      sentences.push(t(back.ends ? `step.backward.${back.ends}` : "step.backward", blanks));
    } else {
      const kind = run.recurrent ? (timestep > 1 ? "" : ".first") : ".no_memory";
      sentences.push(t(`step.forward${kind}`, blanks));
    }
    if (units.length > 1 && units[1] > 2) {
      sentences.push(t("step.sampled", { every: units[1] - units[0] }));
    }
    return sentences.join(t("language.gap"));
  }

  /**
   * @param {Run} run
   * @param {Answer} answer
   * @param {Factors | null} factors
   */
  function showFactors(run, { timestep }, factors) {
    beside.hidden = !factors;
    if (!factors) return;
    const sentence = document.createElement("p");
    sentence.className = "sentence";
    const { activation } = run.experiment;
    const blanks = { prev: timestep - 1, activation, recurrent: run.recurrent };
    say(sentence, reading(factors, blanks, t), t);
    beside.replaceChildren(...factorRows(factors, run.losses.size > 1, t), sentence);
  }

  /**
   * One line of the equation.
   * @param {Line} line
   * @param {Run} run
   */
  function row({ path, terms }, run) {
    const element = document.createElement("div");
    element.className = "line";
    if (path) {
      const name = document.createElement("p");
      name.className = `path ${path}`;
      name.textContent = t(`step.path.${path}`);
      element.append(name);
    }
    element.append(...terms.map((term) => symbol(term, run)));
    return element;
  }

  /**
   * A symbol above its array, or an operator.
   * @param {Term} term
   * @param {Run} run
   */
  function symbol(term, run) {
    const element = document.createElement("div");
    element.className = term.array ? "term" : "operator";
    element.append(formula(term.math));
    if (!term.array) return element;
    element.dataset.array = term.array;
    const lit = term.lit ?? null;
    if (lit) {
      symbols.set(element, lit);
      element.classList.add("linked");
      element.addEventListener("pointerenter", () => on.light(lit));
      element.addEventListener("pointerleave", () => on.light(null));
      element.addEventListener("focusin", () => on.light(lit));
      element.addEventListener("focusout", () => on.light(null));
    }
    element.append(heatmap(term, run));
    return element;
  }

  /**
   * @param {Term} term
   * @param {Run} run
   */
  function heatmap({ math, label, array, transposed }, run) {
    const { answer } = /** @type {{answer: Answer}} */ (loaded);
    const { kind, values } = answer.arrays[/** @type {string} */ (array)];
    const matrix = Array.isArray(values[0]);
    const [rows, columns] = [values.length, matrix ? values[0].length : 1];
    const exponent = kind === "gradient" ? answer.backward?.power ?? 0 : 0;
    /** @param {number} i @param {number} j */
    const at = (i, j) => matrix ? (transposed ? values[j][i] : values[i][j]) : values[i];
    /** @param {number} i @param {number} j */
    const words = (i, j) => {
      const [row, column] = [answer.units[i], answer.units[j]];
      const value = signed(at(i, j) ?? 0, exponent);
      return t(matrix ? "step.matrix" : "step.vector", { row, column, value });
    };
    const room = gated(run) ? MATRIX.gated : MATRIX.plain;
    const side = Math.max(SMALLEST_CELL, Math.min(Math.floor(room / rows), LARGEST_CELL));
    const written = answer.hidden_size <= MOST_WRITTEN && !gated(run);
    const em = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const look = {
      width: written ? em * WRITTEN.width : matrix ? side : Math.max(side, NARROWEST_VECTOR),
      height: written ? em * WRITTEN.height : side,
      paint: painter(kind, values.flat(), answer, log10Sent(run)),
      write: written ? (/** @type {number} */ value) => signed(value, exponent) : null,
      ink: palette.ink,
    };
    const name = t("step.heatmap", { name: label, rows, columns });
    const node = createHeatmap({ rows, columns, at }, look, name, words, (said) => {
      if (said === null && reader !== node) return;
      reader = said === null ? null : node;
      readOut(said === null ? null : { math, words: said });
    });
    return node;
  }

  /**
   * The colour of a number. Gradients share a scale, so that one can be seen to shrink.
   * @param {Values["kind"]} kind
   * @param {number[]} values
   * @param {Answer} answer
   * @param {number} sent  log10 of the norm that shares are of
   * @returns {import("./heatmap.js").Look["paint"]}
   */
  function painter(kind, values, answer, sent) {
    if (kind === "slope") {
      const colour = palette.gradient.css(0);
      return (value) => ({ colour, alpha: faint(value) });
    }
    if (kind === "gradient") {
      const power = answer.backward?.power ?? 0;
      const gradients = Object.values(answer.arrays).filter((each) => each.kind === "gradient");
      const most = largest(gradients.flatMap((each) => each.values));
      return (value) => ({
        colour: palette.gradient.css(tone(Math.log10(Math.abs(value)) + power - sent)),
        alpha: faint(Math.sqrt(Math.abs(value) / most)),
      });
    }
    const scale = kind === "weights" ? largest(values) : 1;
    return (value) => ({ colour: palette.state.css(value / scale), alpha: 1 });
  }

  /** @param {{math: string, words: string} | null} what  is read, or nothing */
  function readOut(what) {
    readout.classList.toggle("idle", what === null);
    const hint = atDesk() ? "step.hint" : "step.hint.touch";
    readout.replaceChildren(...(what ? [formula(what.math), ...pieces(what.words, t)] : [t(hint)]));
  }
}

/**
 * A formula in a line of its own, as deep as its neighbours': browsers do not agree where the
 * baseline of a `math` is that is itself an item of a grid.
 * @param {string} math
 */
function formula(math) {
  const line = document.createElement("span");
  line.className = "formula";
  line.innerHTML = math;
  return line;
}

/** @param {Run} run */
const gated = (run) => run.gates.length > 0;

/** @param {number} share */
const faint = (share) => FAINTEST + (1 - FAINTEST) * Math.min(share, 1);

/** @param {number[]} values */
const largest = (values) => values.reduce((most, v) => Math.max(most, Math.abs(v)), 0) || 1;
