/**
 * One timestep in numbers: its equation, and under each symbol the array that it stands for. The
 * engine computes it and writes the mathematics. An equation of another timestep than the playhead's
 * is not seen.
 *
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("../stage/highlight.js").Lit} Lit
 * @typedef {import("../text/format.js").Translate} Translate
 * @typedef {import("./request.js").Wanted} Wanted
 * @typedef {import("./request.js").Answer} Answer
 * @typedef {import("./term.js").Line} Line
 */
import { currentPalette } from "../canvas/palette.js";
import { activationOf, isNormalized } from "../experiment/cells.js";
import { lights } from "../stage/highlight.js";
import { pieces, say } from "../text/sentence.js";
import { markSymbols } from "../text/symbols.js";
import { isPrinting, onAppearance } from "../ui/appearance.js";
import { finder, onView } from "../ui/dom.js";
import { before, headline } from "./headline.js";
import { createStepRequest } from "./request.js";
import { factorRows, reading } from "./step-factors.js";
import { createTerm, formula } from "./term.js";

/**
 * @param {HTMLElement} node
 * @param {HTMLElement} beside  where the factors go
 * @param {Translate} t
 * @param {Parameters<typeof createStepRequest>[0]} engine
 * @param {{light: (lit: Lit | null) => void, named: (run: Run, timestep: number) => void}} on
 * @param {AbortSignal} signal  that ends it
 */
export function createEquation(node, beside, t, engine, on, signal) {
  const part = finder(node);
  const [way, equations, readout, tex] = [".way", ".equations", ".readout", ".save"].map(part);
  const request = createStepRequest(engine, {
    answer: (goal, answer) => goal !== shown?.goal && show(goal, answer),
    none: (goal, reason) => tell(goal, t(reason)),
  });
  let palette = currentPalette();
  /** @type {{goal: Wanted, answer: Answer | null} | null} what the page shows */
  let shown = null;
  /** @type {Map<HTMLElement, Lit>} */
  let symbols = new Map();
  /** @type {HTMLElement | null} the heatmap whose number is read out */
  let reader = null;
  /** @type {Lit | null} */
  let lit = null;

  const titled = /** @type {HTMLElement} */ (node.parentElement); // with the title above it
  onView(titled, (is) => {
    request.see(is);
    const wanted = request.wanted();
    if (!is && wanted) entitle(wanted);
  }, signal);
  onAppearance(() => {
    palette = currentPalette();
    if (isPrinting()) request.loadNow();
    const wanted = request.wanted();
    if (!shown?.answer || !wanted) return;
    show(shown.goal, shown.answer);
    entitle(wanted); // which may be another
  }, signal);
  readOut(null);
  tex.addEventListener("click", ({ target }) => {
    if (shown?.answer && target instanceof HTMLButtonElement) copy(texOf(shown.goal, shown.answer));
  }, { signal });

  return {
    /**
     * @param {Run} run
     * @param {number} timestep
     * @param {boolean} backward
     * @param {boolean} playing
     */
    render(run, timestep, backward, playing) {
      const { run: r, timestep: s, backward: b } = request.wanted() ?? {};
      if (r === run && s === timestep && b === backward) return;
      entitle({ run, timestep });
      if (run.end) request.want({ run, timestep, backward, playing });
    },
    light,
  };

  /**
   * The heading of the equation names this timestep; an equation of another is not seen, nor one
   * of another run that is out of view.
   * @param {{run: Run, timestep: number}} of
   */
  function entitle({ run, timestep }) {
    const goal = shown?.goal;
    const left = goal?.run !== run && !request.isInView();
    const stale = Boolean(goal && (left || goal.timestep !== timestep));
    for (const each of [node, beside]) each.classList.toggle("stale", stale);
    on.named(run, timestep);
  }

  /** @param {Lit | null} next */
  function light(next) {
    lit = next;
    for (const [symbol, own] of symbols) symbol.classList.toggle("lit", lights(own, lit));
  }

  /**
   * @param {Wanted | null} goal  null for one that may yet be shown
   * @param {string} words  instead of an equation
   */
  function tell(goal, words) {
    const of = goal ?? request.wanted();
    shown = goal && { goal, answer: null };
    symbols = new Map();
    way.textContent = words;
    equations.replaceChildren();
    readout.hidden = tex.hidden = beside.hidden = true;
    if (of) entitle(of);
  }

  /**
   * @param {Wanted} goal
   * @param {Answer} answer
   */
  function show(goal, answer) {
    const { run } = goal;
    const backward = goal.backward ? answer.backward : null;
    if (goal.backward && !backward) {
      return tell(goal, t("step.no_loss", { t: run.end?.diverged_at }));
    }
    const focused = heatmaps().indexOf(/** @type {Element} */ (document.activeElement));
    symbols = new Map();
    way.textContent = headline(run, answer, goal.backward, t);
    const { lines } = backward ?? answer.forward;
    equations.replaceChildren(...lines.map((line) => row(line, run, answer)));
    markSymbols(equations);
    node.classList.toggle("gated", run.gates.length > 0);
    shown = { goal, answer };
    reader = null;
    readOut(null);
    light(lit);
    if (focused >= 0) {
      /** @type {HTMLElement | undefined} */ (heatmaps()[focused])?.focus({ preventScroll: true });
    }
    readout.hidden = tex.hidden = false;
    showFactors(run, answer.timestep, backward?.factors ?? null);
    entitle(goal);
  }

  /** @param {string} text */
  async function copy(text) {
    const said = /** @type {HTMLElement} */ (tex.querySelector("[role=status]"));
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = t("step.tex.copied");
    } catch {
      said.textContent = t("step.tex.uncopied");
    }
  }

  function heatmaps() {
    return [...equations.querySelectorAll(".heatmap")];
  }

  /**
   * @param {Run} run
   * @param {number} timestep
   * @param {import("./step-factors.js").Factors | null} factors
   */
  function showFactors(run, timestep, factors) {
    beside.hidden = !factors;
    if (!factors) return;
    const sentence = document.createElement("p");
    sentence.className = "sentence";
    const activation = activationOf(run.experiment);
    const normalized = isNormalized(run.experiment);
    const blanks = {
      prev: before(run, timestep),
      activation,
      recurrent: run.recurrent,
      normalized,
    };
    say(sentence, reading(factors, blanks, t), t);
    beside.replaceChildren(...factorRows(factors, run.losses.size > 1, t), sentence);
  }

  /**
   * One line of the equation.
   * @param {Line} line
   * @param {Run} run
   * @param {Answer} answer
   */
  function row({ path, terms }, run, answer) {
    const element = document.createElement("div");
    element.className = "equation";
    if (path) {
      const name = document.createElement("p");
      name.className = `path ${path}`;
      name.textContent = t(`step.path.${path}`);
      element.append(name);
    }
    const matrices = terms.filter(({ array }) => array && answer.arrays[array].values[0].length);
    const context = { run, answer, palette, t, light: on.light, read };
    for (const term of terms) {
      const made = createTerm(term, { ...context, crowded: matrices.length > 2 });
      if (term.lit && term.array) symbols.set(made, term.lit);
      element.append(made);
    }
    element.classList.toggle("fractions", element.querySelector("mfrac") !== null);
    return element;
  }

  /**
   * @param {import("./term.js").Reading | null} what
   * @param {HTMLElement} heatmap
   */
  function read(what, heatmap) {
    if (!what && reader !== heatmap) return;
    reader = what && heatmap;
    readOut(what);
  }

  /** @param {import("./term.js").Reading | null} what  is read, or nothing */
  function readOut(what) {
    readout.classList.toggle("idle", what === null);
    readout.replaceChildren(
      ...(what ? [formula(what.math), ...pieces(what.words, t)] : [t("step.hint")]),
    );
  }
}

/**
 * @param {Wanted} goal
 * @param {Answer} answer
 */
function texOf({ backward }, answer) {
  return (backward && answer.backward ? answer.backward : answer.forward).tex;
}
