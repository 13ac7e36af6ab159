/**
 * The stage and what goes with it: headline, sentence, tools and transport. The lab and a replay
 * share it.
 *
 * @typedef {import("../lab/state.js").State} State
 * @typedef {import("../lab/state.js").Action} Action
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("../text/format.js").Translate} Translate
 * @typedef {ReturnType<typeof import("../playback/playback.js").createPlayback>} Playback
 */
import { gradientStops, LITTLE } from "../canvas/color-scale.js";
import { difference } from "../lab/pins.js";
import { createTransport } from "../playback/transport.js";
import { wholePercent } from "../text/format.js";
import { plain } from "../text/sentence.js";
import { partsOf } from "../ui/dom.js";
import { createTooltip } from "../ui/tooltip.js";
import { createExplanation } from "./explanation.js";
import { createHeadline } from "./headline.js";
import { linkStage, showLit } from "./highlight.js";
import { createLossChoice } from "./loss-choice.js";
import { createStage } from "./stage.js";
import { createToolbar } from "./toolbar.js";

/**
 * @param {HTMLElement} root  with the parts of `_stage.html`
 * @param {Translate} t
 * @param {(action: Action) => void} dispatch
 * @param {Playback} playback
 * @param {((loss: number | string) => void) | null} [draw]  another loss, where it can be asked for
 * @param {AbortSignal} [signal]  that ends it
 */
export function createStageView(root, t, dispatch, playback, draw = null, signal) {
  const element = partsOf(root);
  const node = element("stage");
  const free = () => [element("transport").getBoundingClientRect(), stage.words()];
  const tip = createTooltip(element("tip"), root, free, t, signal);
  const explanation = createExplanation(tip, t);
  /** @type {State | null} */
  let last = null;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const pinned = memoized();
  const unsaid = createUnsaid();
  const named = naming(t);
  const stage = createStage(node, t, {
    choose: (timestep) => dispatch({ type: "choose", t: timestep }),
    look: (timestep) => dispatch({ type: "look", t: timestep }),
    draw: draw ?? ((timestep) => dispatch({ type: "choose", t: timestep })),
    point: (pointed, place) => {
      if (!pointed || !last?.run) tip.hide();
      else explanation.tell({ ...last, run: last.run }, pointed, place);
    },
  }, signal);
  const headline = createHeadline(
    root,
    {
      title: element("stage-title"),
      verdict: element("verdict"),
      notice: element("notice"),
      pace: element("pace"),
      clip: element("clip"),
      computed: element("computed"),
      story: element("story"),
    },
    t,
    signal,
  );
  const light = (/** @type {State["lit"]} */ lit) => dispatch({ type: "light", lit });
  const fold = () => dispatch({ type: "fold" });
  const tools = createToolbar(
    {
      caption: element("caption"),
      weights: element("weights"),
      fold: element("fold"),
      gates: node.querySelector("[data-row=gates]"),
      output: node.querySelector("[data-row=output]"),
      below: node.querySelector("[data-row=below]"),
    },
    t,
    { point: light, fold },
  );
  const bars = element("bars");
  bars.addEventListener("click", () => {
    const view = bars.getAttribute("aria-pressed") === "true" ? "linear" : "powers";
    dispatch({ type: "bars", view });
  });
  const transport = createTransport(element("transport"), t, {
    seek: (position) => dispatch({ type: "seek", position }),
    step: playback.step,
    play: playback.toggle,
    speed: (value) => dispatch({ type: "speed", value }),
  });
  const losses = draw && createLossChoice(element("losses"), t, draw);
  linkStage(node, light);
  for (const legend of root.querySelectorAll(".legend .gradient")) {
    /** @type {HTMLElement} */ (legend).style.setProperty("--stops", gradientStops());
  }

  return {
    still,
    light,
    fold,
    stateColour: stage.stateColour,
    /** @param {State} whole */
    render(whole) {
      const state = whole.output ? whole : { ...whole, run: whole.run && unsaid(whole.run) };
      last = state;
      root.dataset.output = String(state.output);
      root.dataset.backward = String(state.backward);
      const { run, position, chosen, lens, folded, attention, backward, lit, why } = state;
      bars.setAttribute("aria-pressed", String(state.bars === "powers"));
      if (run) {
        stage.render({
          run,
          position: still.matches ? Math.floor(position) : position,
          chosen,
          lens,
          folded,
          attention,
          backward,
          weight: lit && lit.timestep === null ? lit : null,
          shares: why?.paths ?? null,
          pins: pinned(state.pins),
          sketch: state.sketch,
          names: named(state),
          bars: state.bars,
          still: still.matches,
        });
      }
      headline.render(state);
      tools.render(state);
      transport.render(state);
      losses?.render(state);
      if (run) explanation.renew({ ...state, run });
      showLit(node, lit);
    },
  };
}

/** A run as it is before the network says anything: the same one as long as it does not grow. */
function createUnsaid() {
  /** @type {Run | null} */
  let of = null;
  let grown = "";
  /** @type {Run} */
  let made;
  return (/** @type {Run} */ run) => {
    const now = [run.forwardTo, run.backwardFrom, Boolean(run.end)].join();
    if (run !== of || now !== grown) {
      [of, grown] = [run, now];
      const said = { probabilities: new Map(), predicted: new Map() };
      made = { ...run, targets: run.targets.map(() => -1), ...said };
    }
    return made;
  };
}

/** The runs of pins: the same list as long as the pins are the same. */
function memoized() {
  /** @type {State["pins"]} */
  let last = [];
  /** @type {(Run | null)[]} */
  let runs = [];
  return (/** @type {State["pins"]} */ next) => {
    if (next !== last) [last, runs] = [next, next.map(({ run }) => run)];
    return runs;
  };
}

/**
 * The names of the lines across the bars, where they are shown: the same as long as they are.
 * @param {Translate} t
 */
function naming(t) {
  /** @type {State["pins"] | null} */
  let last = null;
  /** @type {import("../run/run.js").Run | null} */
  let of = null;
  /** @type {import("./draw/line-names.js").Names | null} */
  let names = null;
  return (/** @type {State} */ { named, pins, run }) => {
    if (!named || !run) return null;
    if (names && pins === last && run === of) return names;
    [last, of] = [pins, run];
    return names = {
      little: [t("stage.line.little"), wholePercent(10 ** LITTLE)],
      sketch: t("stage.line.sketch"),
      pins: pins.map(({ before, experiment }) =>
        before ? t("stage.line.before") : plain(difference(experiment, run.experiment, t), t)
      ),
    };
  };
}
