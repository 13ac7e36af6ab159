/**
 * All that the page of training shows of its state.
 *
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Network} Network
 * @typedef {import("./training-config.js").Plan} Plan
 * @typedef {import("../text/format.js").Translate} Translate
 * @typedef {ReturnType<typeof createNetworkCard>} Card
 * @typedef {{cell: string, step: number, distance: number}} Moment  a place in a network's map
 */
import { createSettingsList } from "../experiment/settings-list.js";
import { explain } from "../text/problems.js";
import { LARGEST_SEED } from "../lab/controls.js";
import { setText } from "../ui/dom.js";
import { showOfflineMark } from "../ui/offline-mark.js";
import { createLook } from "./card/chart-canvas.js";
import { paintLegend } from "./card/gradient-legend.js";
import { createNetworkCard } from "./card/network-card.js";
import { createConfigForm } from "./config-form.js";
import { createGuess } from "./guess.js";
import { away, differs, guessable, live, seen } from "./status.js";
import { cellsOf, tooLong } from "./training-config.js";
import { createTrainingControls } from "./training-controls.js";

/** Windows in which the networks are below what one sees when one starts. */
const SMALL = matchMedia("(max-width: 760px), (max-height: 640px)");

/**
 * @param {(name: string) => any} part
 * @param {Translate} t
 * @param {any} config
 * @param {{changed: () => void, edit: (field: string, value: string | number) => void,
 *   cell: (cell: string, chosen: boolean) => void, reset: () => void,
 *   guess: (guess: import("./guess.js").Guess) => void, another: () => void,
 *   start: () => void, pause: () => void, step: () => void, stop: () => void,
 *   catchUp: () => void, address: (plan: Record<string, any>) => string}} on
 *   `changed`: what is shown is to be drawn anew; `address`: that opens a plan again
 */
export function createViews(part, t, config, on) {
  const look = createLook(on.changed);
  const form = createConfigForm(part("plan"), t, config.tasks, { ...on, left: on.changed });
  const handout = createSettingsList(part("handout"), t);
  const controls = createTrainingControls(part("transport"), t, on);
  const guess = createGuess(part("guess"), t, on.guess);
  const board = part("networks");
  /** @type {Map<string, Card>} by their cells */
  const cards = new Map();
  let arranged = "";

  part("another").addEventListener("click", on.another);
  new ResizeObserver(on.changed).observe(board);

  return {
    /**
     * @param {State} state
     * @param {boolean} behind  whether something waits to be drawn
     */
    render(state, behind) {
      const { plan, problem } = state;
      const networks = seen(state);
      arrange(plan);
      const problems = [problem, ...[...cards.values()].map((card) => card.problem)];
      form.render(plan, problems.flatMap((each) => each ?? []));
      const trained = networks.find(({ history }) => history)?.history;
      const earlier = differs(state);
      const facts = { planned: Number(plan.steps), earlier, asks: guessable(state), behind };
      controls.render(networks, facts);
      guess.render(cellsOf(plan), state.guess);
      board.classList.toggle("earlier", earlier && !live(networks));
      board.style.setProperty("--earlier", JSON.stringify(t("train.earlier")));
      const made = { ...plan, ...trained?.training };
      handout.render(
        { ...made, cell: cellsOf(plan).join() },
        on.address({ ...made, cells: plan.cells }),
      );
      const voices = networks.map((each) => voice(each, state));
      networks.forEach(({ cell, history, state: is }, i) => {
        const joins = Boolean(trained && !history);
        const how = { running: is === "running", joins, voice: voices[i] };
        cardOf(cell).render(history, how);
      });
      part("voice").hidden = !voices.some(Boolean);
      part("another").disabled = !trained || Number(plan.temperature) === 0;
      const mark = networks.some(away) ? t("train.away.mark") : "";
      const nodes = [...cards.values()].map(({ node }) => node);
      showOfflineMark(board, nodes, part("notice").id, mark);
      paintLegend(part("legend"), look);
      const { crowded } = state;
      const full = crowded && t("train.cells.full", { cell: t(`choice.cell.${crowded}`) });
      part("crowded").textContent = full ?? "";
      showNotice(state);
    },
    /** The place that is looked at. @returns {Moment | null} */
    moment() {
      const [found] = [...cards].filter(([, { place }]) => place);
      return found ? { cell: found[0], .../** @type {any} */ (found[1].place) } : null;
    },
    /** @param {Moment | null} moment */
    look(moment) {
      for (const [cell, card] of cards) card.look(moment?.cell === cell ? moment : null);
    },
    /** The networks from their names on, or as far as their maps: under the buttons, which stay. */
    comeIntoView() {
      if (!SMALL.matches) return;
      const map = /** @type {HTMLElement} */ (board.querySelector(".reach"));
      const buttons = part("transport").offsetHeight;
      const tall = map.getBoundingClientRect().bottom - board.getBoundingClientRect().top;
      const whole = buttons + tall <= innerHeight;
      const [node, block] = whole ? [board, "start"] : [map, "end"];
      board.style.scrollMarginTop = `${buttons + 2}px`;
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      node.scrollIntoView({ behavior: still ? "auto" : "smooth", block });
    },
  };

  /**
   * A card for each cell of the plan; those that stay keep theirs.
   * @param {Plan} plan
   */
  function arrange(plan) {
    const cells = cellsOf(plan);
    if (cells.join() === arranged) return;
    arranged = cells.join();
    for (const cell of cards.keys()) if (!cells.includes(cell)) cards.delete(cell);
    board.replaceChildren(...cells.map((cell) => cardOf(cell).node));
    board.dataset.count = String(cells.length);
  }

  /**
   * @param {string} cell
   * @returns {Card}
   */
  function cardOf(cell) {
    const known = cards.get(cell);
    if (known) return known;
    const node = part("network").content.firstElementChild.cloneNode(true);
    const made = createNetworkCard(node, cell, look, t, {
      url: config.sample,
      changed: on.changed,
    });
    cards.set(cell, made);
    return made;
  }

  /**
   * The settings with which a network writes, if its task has it write.
   * @param {Network} network
   * @param {State} state
   */
  function voice({ history }, { plan, others }) {
    const { task, examples } = history?.training ?? plan;
    const facts = config.tasks[task];
    if (!facts?.writes) return null;
    const { start, temperature } = plan;
    const seed = ((history?.training.seed ?? 0) + others) % LARGEST_SEED;
    return { learnt: String(examples || facts.examples), start: String(start), temperature, seed };
  }

  /** @param {State} state */
  function showNotice({ plan, networks, problem, notice }) {
    const beside = problem?.field &&
      part("plan").querySelector(`[data-field="${CSS.escape(problem.field)}"] .error`)
        ?.getClientRects().length;
    const long = tooLong(plan) ? t("train.long_text") : "";
    const quiet = networks.some(({ way }) => way === "http") ? t("status.http") : "";
    const said = notice && t(`train.${notice}`);
    const loud = problem && !beside ? explain(problem, t) : said || inLine(networks, t) || long;
    const node = part("notice");
    node.classList.toggle("quiet", !loud);
    setText(node, loud || quiet);
    node.hidden = !node.textContent;
  }
}

/**
 * The message to runs that wait for a slot on the server.
 * @param {Network[]} networks
 * @param {Translate} t
 */
function inLine(networks, t) {
  const ahead = networks.flatMap((each) => each.ahead ?? []);
  return ahead.length ? t("train.in_line", { before: Math.max(...ahead) }) : "";
}
