/**
 * The words above the stage: the verdict, and quietly whatever else must be said.
 *
 * @typedef {import("./state.js").State} State
 * @typedef {import("./format.js").Translate} Translate
 */
import { explain } from "./controls.js";
import { significant } from "./format.js";
import { createRoom } from "./room.js";
import { pieces, say, told } from "./sentence.js";
import { behind } from "./state.js";
import { clipping, pace, story, title, verdict } from "./verdict.js";

const SETTLED = 400;
/** Characters of cookies with which some servers open no socket. */
const LONG = 4000;

/**
 * @param {{title: HTMLElement, verdict: HTMLElement, notice: HTMLElement, pace: HTMLElement,
 *   clip: HTMLElement, computed: HTMLElement, story: HTMLElement}} nodes
 * @param {Translate} t
 */
export function createHeadline(nodes, t) {
  const keepRoom = createRoom(nodes.verdict, t);
  const board = /** @type {HTMLElement} */ (nodes.verdict.closest(".board"));
  new ResizeObserver(([{ contentRect }]) => {
    board.style.setProperty("--said", `${contentRect.height}px`);
  }).observe(/** @type {Element} */ (nodes.verdict.parentElement));
  let said = "";
  let settling = 0;

  return {
    /** @param {State} state */
    render(state) {
      if (state.run?.end) showVerdict(state.run);
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
   * @param {import("./run.js").Run} run
   */
  function showVerdict(run) {
    const { word, sentence } = verdict(run, t);
    const ms = significant(1000 * (run.end?.engine_seconds ?? 0));
    nodes.computed.textContent = t("status.computed", { value: ms });
    nodes.pace.textContent = pace(run, t);
    say(nodes.clip, clipping(run, t), t);
    nodes.title.textContent = title(run, t);
    const token = told(run.tokens[0]);
    const ratio = t("ratio.fraction", { value: significant(100_000) });
    keepRoom(`${run.T} ${token}`, () => sentences(run.T, t), { ratio, cell: ratio, token });
    if (said === word + sentence) return;
    said = word + sentence;
    const strong = document.createElement("strong");
    strong.textContent = word;
    nodes.verdict.setAttribute("aria-busy", "true");
    nodes.verdict.replaceChildren(strong, word && t("language.gap"), ...pieces(sentence, t));
    clearTimeout(settling);
    settling = setTimeout(() => {
      nodes.verdict.setAttribute("aria-busy", "false");
      say(nodes.story, story(run, t), t);
    }, SETTLED);
  }

  /** @param {State} state */
  function notice(state) {
    const { way, problem, pinProblem, run } = state;
    if (way === "lost") return t(behind(state) ? "status.behind" : "status.offline");
    if (problem && !beside(problem.field)) return explain(problem, t);
    if (pinProblem) return t("pin.failed", { problem: explain(pinProblem, t) });
    if (!run || run.end) return "";
    return t("status.working", { t: run.backwardFrom <= run.T ? run.backwardFrom : run.forwardTo });
  }

  /**
   * What may be said where there is nothing else to say.
   * @param {State} state
   */
  function quiet({ way }) {
    if (way !== "http") return "";
    return t(document.cookie.length > LONG ? "status.http.cookies" : "status.http");
  }
}

/**
 * What the verdict may say of a run of this length, whatever the scale: its word, and a sentence.
 * @param {number} T
 * @param {Translate} t
 */
function sentences(T, t) {
  const word = ["vanishing", "exploding", "none"].map((each) => t(`verdict.${each}`))
    .reduce((longest, each) => each.length > longest.length ? each : longest);
  return t.texts(/^verdict\.\w+[._]/)
    .map((text) => word + t("language.gap") + text.replaceAll("{last}", String(T)));
}

/**
 * Whether a problem has a field on the page to be told beside.
 * @param {string | null} field
 */
const beside = (field) =>
  field && document.querySelector(`[data-field="${CSS.escape(field)}"]`) !== null;
