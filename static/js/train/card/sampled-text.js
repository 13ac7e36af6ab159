/**
 * Text that a network writes on its own, with the weights of one moment.
 *
 * The server is asked only while this is in view, and for one text at a time: the next one that is
 * wanted is the latest. The weights of a network that trains are asked for now and then.
 *
 * @typedef {import("../../lab/state.js").Problem} Problem
 * @typedef {import("../../text/format.js").Translate} Translate
 *
 * @typedef {object} Wanted
 * @property {string} run
 * @property {number} step  whose weights write
 * @property {boolean} newest  whether they are those of the newest step, as no step is pointed at
 * @property {string} start
 * @property {string | number} temperature
 * @property {number} seed
 */
import { explain } from "../../text/problems.js";
import { answerTo, Refusal } from "../../net/request.js";
import { say, toldText } from "../../text/sentence.js";
import { finder } from "../../ui/dom.js";
import { whole } from "../training-verdict.js";

/** Milliseconds between two requests, during training and while a control is dragged. */
const EVERY = 1000;
const GAP = 60;
/** Characters that there is room for: those that come, and what the ends of lines leave empty. */
const ROOM = 150;
/** Fields that the page has a control for. */
const FIELDS = ["start", "temperature"];

/**
 * @param {HTMLElement} node
 * @param {Translate} t
 * @param {{url: string, changed: () => void}} on
 */
export function createSampledText(node, t, on) {
  const part = finder(node);
  const [by, written, given, text, note] = [".by", ".written", ".given", ".text", ".note"].map(
    part,
  );
  /** @type {Wanted | null} */
  let wanted = null;
  /** @type {Wanted | null} what was asked for last */
  let asked = null;
  /** @type {Problem | null} what came of it, if not a text */
  let problem = null;
  let at = -Infinity;
  let asking = false;
  let inView = false;
  let timer = 0;

  new IntersectionObserver((entries) => {
    inView = entries[entries.length - 1].isIntersecting;
    soon();
  }).observe(node);

  return {
    /** The error in a field. */
    get problem() {
      return ofField(problem) ? problem : null;
    },
    /**
     * @param {string} learnt  the text that the network learns, empty where it learns none
     * @param {Wanted | null} next
     */
    render(learnt, next) {
      node.hidden = !learnt;
      written.dataset.like = (next?.start ?? "") +
        learnt.slice(0, ROOM).replace(/[\r\n\t]/g, "\u00a0\u00a0");
      if (same(next, wanted)) return;
      if (next?.run !== wanted?.run) empty();
      wanted = next;
      soon();
    },
  };

  /** Clears the text, which is not of the next network. */
  function empty() {
    if (problem) on.changed();
    [asked, problem] = [null, null];
    for (const each of [by, given, text, note]) say(each, "", t);
    note.hidden = true;
    delete node.dataset.step;
  }

  function soon() {
    clearTimeout(timer);
    if (asking || !inView || !wanted || same(wanted, asked)) return;
    if (ofField(problem) && alike(wanted, asked)) return;
    timer = setTimeout(load, pause(wanted, asked, performance.now() - at));
  }

  async function load() {
    if (!wanted) return;
    const { run, step, start, temperature, seed } = asked = wanted;
    const body = { checkpoint: `${run}-${step}`, start, temperature, seed };
    [asking, at] = [true, performance.now()];
    const [answer, refused] = await answerOrProblem(body);
    asking = false;
    if (wanted?.run !== run) return soon();
    problem = refused;
    if (answer) {
      say(by, t("train.writes.step", { step: whole(step) }), t);
      say(given, toldText(start), t);
      say(text, toldText(answer.text), t);
      node.dataset.step = String(step);
    }
    say(note, problem && !ofField(problem) ? explain(problem, t) : "", t);
    note.hidden = !note.textContent;
    on.changed();
    soon();
  }

  /**
   * @param {object} body
   * @returns {Promise<[any, Problem | null]>}
   */
  async function answerOrProblem(body) {
    try {
      return [await answerTo(on.url, body, new AbortController().signal), null];
    } catch (error) {
      const words = t("train.writes.failed");
      const unknown = { field: null, code: "", details: {}, message: words };
      return [null, error instanceof Refusal ? error.problem : unknown];
    }
  }
}

/**
 * Whether the error is shown at a control, not beside the text.
 * @param {Problem | null} problem
 */
const ofField = (problem) => FIELDS.includes(problem?.field ?? "");

/**
 * @param {Wanted | null} one
 * @param {Wanted | null} other
 */
const same = (one, other) => alike(one, other) && one?.step === other?.step;

/**
 * Whether two texts differ in nothing but the step.
 * @param {Wanted | null} one
 * @param {Wanted | null} other
 */
const alike = (one, other) =>
  one === other || Boolean(
    one && other && one.run === other.run && one.start === other.start &&
      one.temperature === other.temperature && one.seed === other.seed,
  );

/**
 * Milliseconds until a text may be requested.
 * @param {Wanted} wanted
 * @param {Wanted | null} before  what was asked for last
 * @param {number} since  milliseconds ago
 */
export function pause(wanted, before, since) {
  const follows = wanted.newest && before?.newest && alike(wanted, before);
  return Math.max(0, (follows ? EVERY : GAP) - since);
}
