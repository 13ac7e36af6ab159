/**
 * The texts above the stage: the verdict, and other messages in smaller type.
 *
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("../lab/state.js").State} State
 * @typedef {import("../text/format.js").Translate} Translate
 */
import { explain } from "../text/problems.js";
import { behind } from "../lab/state.js";
import { endPosition } from "../playback/playhead.js";
import { pace } from "../run/pace.js";
import { significant } from "../text/format.js";
import { pieces, say } from "../text/sentence.js";
import { debounced } from "../ui/debounce.js";
import { onResize, setText } from "../ui/dom.js";
import { createReservedLines } from "../ui/reserved-lines.js";
import { blanksOf, clipping, sayable, story, title, verdict } from "./verdict.js";

const SETTLED = 400;
/** Characters of cookies with which some servers open no socket. */
const LONG = 4000;

/**
 * The height of an element, with its margins.
 * @param {HTMLElement} node
 */
function taken(node) {
  const { marginTop, marginBottom } = getComputedStyle(node);
  const free = [marginTop, marginBottom].reduce((sum, each) => sum + (parseFloat(each) || 0), 0);
  return node.offsetHeight && node.offsetHeight + free;
}

/**
 * @param {Element} root
 * @param {{title: HTMLElement, verdict: HTMLElement, notice: HTMLElement, pace: HTMLElement,
 *   clip: HTMLElement, computed: HTMLElement, story: HTMLElement}} nodes
 * @param {Translate} t
 * @param {AbortSignal} [signal]  that ends it
 */
export function createHeadline(root, nodes, t, signal) {
  const keepRoom = createReservedLines(nodes.verdict, t);
  const board = /** @type {HTMLElement} */ (nodes.verdict.closest(".board"));
  const above = [nodes.verdict.parentElement, board.querySelector(".losses")]
    .filter((node) => node instanceof HTMLElement);
  const measure = () => {
    const said = above.reduce((sum, node) => sum + taken(node), 0);
    board.style.setProperty("--said", `${said}px`);
  };
  for (const node of above) onResize(node, measure, signal);
  let said = "";
  const settled = debounced((/** @type {Run | null} */ run) => {
    nodes.verdict.setAttribute("aria-busy", "false");
    say(nodes.story, run ? story(run, t) : "", t);
  }, SETTLED);
  /** The run of the verdict. */
  let judged = { run: /** @type {Run | null} */ (null), walked: false };

  return {
    /** @param {State} state */
    render(state) {
      if (state.run?.end) showVerdict(state.run, walked(state));
      const text = notice(state);
      const words = text || quiet(state);
      if (nodes.notice.textContent === words) return;
      nodes.notice.textContent = words;
      nodes.notice.hidden = !words;
      nodes.notice.classList.toggle("quiet", !text);
    },
  };

  /**
   * The live region is busy while the words are changing, so that it is read once they have settled.
   * Nothing is said of the gradient before it has been walked back.
   * @param {Run} run
   * @param {boolean} walked
   */
  function showVerdict(run, walked) {
    if (run === judged.run && walked === judged.walked) return;
    judged = { run, walked };
    const { word, sentence } = walked ? verdict(run, t) : { word: "", sentence: "" };
    const ms = significant(1000 * (run.end?.engine_seconds ?? 0));
    setText(nodes.computed, t("status.computed", { value: ms }));
    setText(nodes.pace, walked ? pace(run, t) : "");
    say(nodes.clip, walked ? clipping(run, t) : "", t);
    setText(nodes.title, title(run, t));
    const blanks = blanksOf(run, t);
    const kept = [run.T, run.experiment.cell, ...Object.values(blanks)].join();
    keepRoom(kept, () => sayable(run, t), blanks);
    const { verdict: kind } = /** @type {import("../net/frame-types.d.ts").End} */ (run.end);
    if (said === word + sentence) return;
    said = word + sentence;
    if (walked) nodes.verdict.dataset.verdict = kind;
    else delete nodes.verdict.dataset.verdict;
    const strong = document.createElement("strong");
    strong.textContent = word;
    strong.setAttribute("role", "presentation"); // else a screen reader says it twice
    nodes.verdict.setAttribute("aria-busy", "true");
    nodes.verdict.replaceChildren(strong, word && t("language.gap"), ...pieces(sentence, t));
    settled.soon(walked ? run : null);
  }

  /** @param {State} state */
  function notice(state) {
    const { way, problem, pinProblem } = state;
    if (way === "lost") return t(behind(state) ? "status.behind" : "status.offline");
    if (problem && !beside(root, problem.field)) return explain(problem, t);
    return pinProblem ? t("pin.failed", { problem: explain(pinProblem, t) }) : "";
  }

  /**
   * The message if there is no other.
   * @param {State} state
   */
  function quiet({ way }) {
    if (way !== "http") return "";
    return t(document.cookie.length > LONG ? "status.http.cookies" : "status.http");
  }
}

/**
 * Whether the playhead is where the gradient has been walked back all the way.
 * @param {State} state
 */
const walked = ({ run, position }) => run !== null && position >= endPosition(run.T);

/**
 * Whether a problem has a field on the screen, beside which it is shown.
 * @param {Element} root
 * @param {string | null} field
 */
const beside = (root, field) =>
  field && (root.querySelector(`[data-field="${CSS.escape(field)}"]`)?.checkVisibility() ?? false);
