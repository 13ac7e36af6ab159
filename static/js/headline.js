/**
 * The words above the stage: the verdict, and quietly whatever else must be said.
 *
 * @typedef {import("./state.js").State} State
 * @typedef {import("./format.js").Translate} Translate
 */
import { explain } from "./controls.js";
import { significant } from "./format.js";
import { pieces, say } from "./sentence.js";
import { pace, story, verdict } from "./verdict.js";

const SETTLED = 400;

/**
 * @param {{title: HTMLElement, verdict: HTMLElement, notice: HTMLElement, pace: HTMLElement,
 *   computed: HTMLElement, story: HTMLElement}} nodes
 * @param {Translate} t
 */
export function createHeadline(nodes, t) {
  let said = "";
  let settling = 0;

  return {
    /** @param {State} state */
    render(state) {
      if (state.run?.end) showVerdict(state.run);
      const text = notice(state);
      if (nodes.notice.textContent === text) return;
      nodes.notice.textContent = text;
      nodes.notice.hidden = !text;
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
    nodes.title.textContent = t(run.losses.size > 1 ? "stage.title.sum" : "stage.title");
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
  function notice({ connected, problem, pinProblem, run }) {
    if (!connected) return t("status.offline");
    if (problem && !beside(problem.field)) return explain(problem, t);
    if (pinProblem) return t("pin.failed", { problem: explain(pinProblem, t) });
    if (!run || run.end) return "";
    return t("status.working", { t: run.backwardFrom <= run.T ? run.backwardFrom : run.forwardTo });
  }
}

/**
 * Whether a problem has a field on the page to be told beside.
 * @param {string | null} field
 */
const beside = (field) =>
  field && document.querySelector(`[data-field="${CSS.escape(field)}"]`) !== null;
