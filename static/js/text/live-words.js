/**
 * The words of a step follow the run on the stage: its numbers, and the sentences that hold only of
 * some runs. The engine's server computes both, and sends them with the run.
 *
 * @typedef {{id: string, experiment: Record<string, any>, claims?: Record<string, object>}} Step
 * @typedef {import("../run/run.js").Run} Run
 * @typedef {import("../net/frame-types.d.ts").Claimed} Claimed
 */
import { pieces } from "./marked.js";

/** The condition that the network reads what the step has it read. */
const TEXT = "text";
/** An answer belongs to the run for which it was requested. */
const QUESTION = "[data-part=question]";
const READ = ["sequence", "target", "tokens", "architecture"];

/**
 * @param {HTMLElement} node  that holds the words
 * @param {string} title  what a number that follows says of itself
 * @param {(place: HTMLElement, pair: import("../net/frame-types.d.ts").StatePair) => void} draw  two states
 */
export function createLiveWords(node, title, draw) {
  /** @type {Step | null} */
  let step = null;
  /** @type {Run | null} */
  let shown = null;
  new MutationObserver(apply).observe(node, { childList: true, subtree: true });

  return {
    /** Another step. @param {Step} next */
    open(next) {
      step = next;
      shown = null;
    },
    /** The claims of the words, which go with every run. */
    claims() {
      const { claims = {} } = step ?? {};
      return Object.fromEntries(
        Object.entries(claims).map((
          [name, claim],
        ) => [keyOf(/** @type {Step} */ (step), name), claim]),
      );
    },
    /** @param {Run | null} run  on the stage */
    render(run) {
      if (run === shown || !run?.end) return;
      shown = run;
      apply();
    },
  };

  function apply() {
    if (!step) return;
    for (const mark of node.querySelectorAll("[data-claim]")) number(mark);
    for (const place of node.querySelectorAll("[data-pair]")) {
      const { pair } = answer(String(/** @type {HTMLElement} */ (place).dataset.pair)) ?? {};
      if (pair) draw(/** @type {HTMLElement} */ (place), pair);
    }
    for (const part of node.querySelectorAll("[data-if]")) show(part, "if", true);
    for (const part of node.querySelectorAll("[data-unless]")) show(part, "unless", false);
  }

  /** @param {Element} mark */
  function number(mark) {
    const { dataset } = /** @type {HTMLElement} */ (mark);
    if (!(String(dataset.claim) in (step?.claims ?? {})) || mark.closest(QUESTION)) return;
    if (dataset.live === undefined) {
      dataset.live = "";
      mark.setAttribute("title", title);
    }
    const said = answer(String(dataset.claim));
    if (!said) return;
    const text = said.text ?? "–";
    if (dataset.text === text) return;
    dataset.text = text;
    mark.replaceChildren(
      ...pieces(text).map(({ kind, text }) => {
        const piece = kind === "text"
          ? document.createTextNode(text)
          : document.createElement(kind);
        piece.textContent = text;
        return piece;
      }),
    );
  }

  /**
   * @param {Element} part
   * @param {"if" | "unless"} kind
   * @param {boolean} wanted
   */
  function show(part, kind, wanted) {
    const node = /** @type {HTMLElement} */ (part);
    const holds = holding(String(node.dataset[kind]));
    if (holds !== undefined) node.hidden = holds !== wanted;
  }

  /**
   * Whether a condition holds of the run on the stage; undefined where that is not known yet, and
   * null where the run has no such number: then neither sentence is told.
   * @param {string} name
   */
  function holding(name) {
    if (name !== TEXT) return answer(name)?.holds;
    if (!shown || !step) return undefined;
    const { experiment } = step;
    return READ.every((field) => shown?.experiment[field] === experiment[field]);
  }

  /**
   * @param {string} name
   * @returns {Claimed | undefined}
   */
  function answer(name) {
    return step ? shown?.end?.claims?.[keyOf(step, name)] : undefined;
  }
}

/**
 * A claim of one step is not that of another which has its name.
 * @param {Step} step
 * @param {string} name
 */
const keyOf = ({ id }, name) => `${id} ${name}`;
