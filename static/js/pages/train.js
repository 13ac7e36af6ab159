/**
 * The page of training: it finds the elements, holds what is planned and what has been trained, and
 * draws at most once a frame.
 *
 * @typedef {import("../lab/state.js").Problem} Problem
 * @typedef {import("../train/training-config.js").Plan} Plan
 * @typedef {import("../train/history.js").History} History
 */
import { addressOf, createHandout } from "../experiment/settings-list.js";
import { explain, LARGEST_SEED } from "../lab/controls.js";
import { linkTo } from "../net/server.js";
import { createChannel } from "../net/training-channel.js";
import { createScreen } from "../presentation/blackout.js";
import { createPresenting } from "../presentation/projector.js";
import { translator } from "../text/format.js";
import { createLook } from "../train/card/chart-canvas.js";
import { paintLegend } from "../train/card/gradient-map.js";
import { createCard } from "../train/card/network-card.js";
import { createForm } from "../train/config-form.js";
import { createClock, createPace } from "../train/frame-pace.js";
import { createGuess, outcome } from "../train/guess.js";
import { extend, started } from "../train/history.js";
import { hasTrained, keep, kept } from "../train/saved-runs.js";
import {
  cellsOf,
  gone,
  IN_FLIGHT,
  planFrom,
  searchOf,
  tooLong,
  trainingOf,
  withCell,
  withTask,
} from "../train/training-config.js";
import { asked, away, createTransport, live, trains } from "../train/training-controls.js";
import { learnt, verdict } from "../train/training-verdict.js";
import { createHelp } from "../ui/help-dialog.js";
import { showBehind } from "../ui/offline-mark.js";
import { createSheet } from "../ui/settings-sheet.js";
import { listen } from "../ui/shortcuts.js";

/**
 * @typedef {object} Network
 * @property {string} cell
 * @property {ReturnType<typeof createCard>} card
 * @property {ReturnType<typeof createChannel>} channel
 * @property {ReturnType<typeof createPace>} pace  at which its run is drawn
 * @property {History | null} history
 * @property {Record<string, unknown>} flight  what its run has been told last of `IN_FLIGHT`
 * @property {"idle" | "running" | "paused" | "over"} state
 * @property {"running" | "paused" | null} next  what it is to be, of a run that is asked for
 * @property {import("../net/connection.js").Way} way  to the server
 * @property {string} key  by which the server keeps its run
 * @property {number | null} ahead  how many wait for a place before it does, if it waits
 */

const SETTLED = 400;
/** Milliseconds between two drawings of what waits: the engine is to have the processor. */
const BETWEEN = 50;
/** A phone: what is trained is below what it is trained with. */
/** Windows in which the networks are below what one sees when one starts. */
const SMALL = matchMedia("(max-width: 760px), (max-height: 640px)");

/** @param {string} id */
const element = (id) => /** @type {any} */ (document.getElementById(id));

const config = JSON.parse(element("config").textContent);
const t = translator(config.catalog);
const connect = linkTo(config.train, location.href);

let plan = remembered();
/** @type {Network[]} */
let networks = [];
/** @type {Problem | null} */
let problem = null;
/** How many other texts were asked for: each is drawn with the next noise. */
let others = 0;
let notice = "";
/** Which network made room for the one that was chosen last. */
let crowded = "";
/** @type {import("../train/guess.js").Guess} which networks will learn it, of the next start */
let guess = null;
/** @type {import("../train/guess.js").Guess} the same, of the runs that there are */
let guessed = null;
/** Whether the next run is the first that is seen here, and is drawn slowly. */
let firstRun = !hasTrained() && !still();
/** Whether the maps are to come into view, once what was started has begun. */
let comes = false;
const clock = createClock();
const timers = { paint: 0, drawing: 0, settling: 0 };

const look = createLook(paint);
const form = createForm(element("plan"), t, config.tasks, {
  edit,
  cell: choose,
  left: soon,
  reset: () => change(config.defaults),
});
const handout = createHandout(element("handout"), t);
const transport = createTransport(element("transport"), t, { start, pause, step, stop, catchUp });
const guessing = createGuess(element("guess"), t, (next) => {
  guess = next;
  soon();
});
const screen = createScreen(element("blank"), element("spotlight"));
const presenting = createPresenting(element("present"), screen, t);
const help = createHelp(element("help"), element("help-button"));
createSheet(element("plan"), element("more"), t);

element("another").addEventListener("click", () => {
  others++;
  soon();
});
listen(
  {
    " ": () => live(networks) ? pause() : first(),
    ArrowRight: step,
    ...presenting.keys,
    "?": help.open,
  },
  presenting.is,
  { ...presenting.escape, PageDown: step },
);
addEventListener("popstate", () => {
  clearTimeout(timers.settling);
  adopt(remembered());
});
addEventListener("pagehide", keepRuns);
new ResizeObserver(soon).observe(element("networks"));
arrange();
findRuns();

/**
 * The plan of the address, and what it could not carry.
 * @returns {Plan}
 */
function remembered() {
  return { ...planFrom(location.search, config), ...history.state };
}

/** A card for each cell of the plan; the runs of those that stay go on. */
function arrange() {
  const cells = cellsOf(plan);
  const trained = networks.some(trains);
  for (const { cell, channel } of networks) {
    if (cells.includes(cell)) continue;
    channel.tell("stop");
    channel.close();
  }
  networks = cells.map((cell) => networks.find((each) => each.cell === cell) ?? network(cell));
  if (trained && !networks.some(trains)) say("");
  element("networks").replaceChildren(...networks.map(({ card }) => card.node));
  element("networks").dataset.count = String(networks.length);
  soon();
}

/**
 * @param {string} cell
 * @returns {Network}
 */
function network(cell) {
  const node = element("network").content.firstElementChild.cloneNode(true);
  /** @type {Network} */
  const made = {
    cell,
    card: createCard(node, cell, look, t, { url: config.sample, changed: soon }),
    channel: createChannel(connect, config.most, {
      frame: (frame) => made.pace.take(frame),
      way: (way, unreachable) => moved(made, way, unreachable),
    }),
    pace: createPace((frame) => receive(made, frame)),
    history: null,
    flight: {},
    state: "idle",
    next: null,
    way: "opening",
    key: "",
    ahead: null,
  };
  return made;
}

/**
 * @param {Network} at
 * @param {import("../net/frames.js").Frame} frame
 */
function receive(at, frame) {
  const { header } = frame;
  at.ahead = header.type === "waiting" ? header.before : null;
  if (header.type === "error") refused(at, header);
  else if (header.type === "waiting") return soon();
  else if (header.type === "begin") {
    const found = "paused" in header;
    at.history = started(header);
    at.pace.begin(firstRun && !found && at.next !== "paused");
    at.state = found ? (header.paused ? "paused" : "running") : at.next ?? "running";
    at.key = header.key;
    if (!found) others = 0;
    notice = "";
    keepRuns();
    answered(at);
  } else if (at.history) {
    extend(at.history, frame);
    if (header.type === "end") {
      at.state = "over";
      if (!asked(networks) && !networks.some(trains)) finished();
    }
  }
  soon();
}

/**
 * Its run has begun, or will not: once all are known, those that train are told.
 * @param {Network} at
 */
function answered(at) {
  at.next = null;
  if (!live(networks)) return;
  const training = networks.filter(trains);
  const cells = training.map(({ cell }) => t(`choice.cell.${cell}`)).join(", ");
  const begun = t("train.begun", { cells, task: t(`task.${training[0].history?.training.task}`) });
  say(sentences(begun, outcome(guessed, null, t)));
  firstRun = false;
  if (comes && SMALL.matches) comeIntoView();
  comes = false;
}

/** The networks from their names on, or as far as their maps: under the buttons, which stay. */
function comeIntoView() {
  const all = element("networks");
  const map = /** @type {HTMLElement} */ (all.querySelector(".reach"));
  const buttons = element("transport").offsetHeight;
  const tall = map.getBoundingClientRect().bottom - all.getBoundingClientRect().top;
  const whole = buttons + tall <= innerHeight;
  const [node, block] = whole ? [all, "start"] : [map, "end"];
  all.style.scrollMarginTop = `${buttons + 2}px`;
  node.scrollIntoView({ behavior: still() ? "auto" : "smooth", block });
}

/** All that was to be trained has been, or there is nothing of it to be seen. */
function finished() {
  const runs = networks.flatMap((each) => shown(each) ?? []);
  if (!runs.length) return say(t("train.hint"));
  const whole = runs.every(({ end }) => end?.result !== "stopped");
  const truth = whole ? runs.filter(learnt).map(({ training }) => training.cell) : null;
  say(sentences(t("train.finished"), outcome(guessed, truth, t)), summary());
}

/** @param {string[]} each  of them, some may be empty */
function sentences(...each) {
  return each.filter(Boolean).join(t("language.gap"));
}

/** Whether nothing is to move. */
function still() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/**
 * What a network's run has shown, if it is of the task that is chosen: of another one, it waits until
 * that is chosen again.
 * @param {Network} network
 */
function shown({ history }) {
  return history?.training.task === plan.task ? history : null;
}

/** The networks, with what is shown of them. */
function seen() {
  return networks.map((each) => ({ ...each, history: shown(each) }));
}

/**
 * @param {Network} at
 * @param {import("../net/frames.js").Header} header
 */
function refused(at, { field, code, details, message }) {
  const gone = code === "training_gone";
  if (gone && !at.history) at.key = "";
  else if (gone) notice = t("train.lost");
  else problem = { field, code, details, message };
  if (at.next) answered(at);
  else if (code === "busy") at.state = "paused";
  if (gone || code === "internal" || code === "training_elsewhere") {
    at.state = at.history ? "over" : "idle";
    at.channel.close();
    if (!live(networks)) say("");
  }
}

/**
 * The way to the server is another. A run that is lost waits there, and is found again.
 * @param {Network} at
 * @param {import("../net/connection.js").Way} way
 * @param {boolean} unreachable
 */
function moved(at, way, unreachable) {
  at.way = way;
  if (way === "lost" && at.next && unreachable) {
    notice = t("train.unreachable");
    at.channel.close();
    answered(at);
  } else if (way === "lost" && trains(at)) notice = t("train.away");
  else if (way === "lost" && !at.next) at.channel.close();
  soon();
}

function keepRuns() {
  keep(plan, Object.fromEntries(networks.map(({ cell, key }) => [cell, key])), guessed);
}

/** The runs that this tab had before it was loaded again, if the server still has them. */
function findRuns() {
  const { keys, guessed: before } = kept(plan);
  guessed = before;
  for (const each of networks) {
    if (!keys[each.cell]) continue;
    each.next = "running";
    each.channel.find(keys[each.cell]);
  }
}

/** What those that wait for a place on the server are told. */
function inLine() {
  const ahead = networks.flatMap((each) => each.ahead ?? []);
  return ahead.length ? t("train.in_line", { before: Math.max(...ahead) }) : "";
}

/** What all of them have come to. */
function summary() {
  return seen().flatMap(({ history }) => history ? [verdict(history, t)] : []).join(" ");
}

/**
 * A run where there was none: nothing but Start takes the place of what has been trained.
 * @param {boolean} [single]
 */
function first(single) {
  if (!asked(networks) && !networks.some(shown)) start(single);
}

/**
 * What has been trained stays until the new run begins.
 * @param {boolean} [single]
 */
function start(single = false) {
  [problem, notice, comes] = [null, "", true];
  if (asks()) {
    [guessed, guess] = [guess && cellsOf(plan).filter((cell) => guess?.includes(cell)), null];
  }
  if (live(networks)) say("");
  clock.restart();
  for (const each of networks) {
    if (trains(each)) each.state = "over";
    each.pace.begin(false);
    each.flight = inFlight(plan);
    each.next = single ? "paused" : "running";
    each.channel.begin(trainingOf(plan, each.cell), single);
  }
  soon();
}

function pause() {
  if (networks.some(away)) return;
  const running = networks.some(({ state }) => state === "running");
  for (const each of networks) {
    if (!trains(each)) continue;
    if (!each.pace.ended) each.channel.tell(running ? "pause" : "resume");
    each.state = running ? "paused" : "running";
  }
  say(t(running ? "train.paused" : "train.resumed"), running ? summary() : "");
  soon();
}

function step() {
  if (networks.some(away)) return;
  if (!live(networks)) return first(true);
  for (const each of networks) {
    if (!trains(each)) continue;
    const { pace, channel, history } = each;
    if (!pace.behind) channel.tell("step");
    else if (each.state === "running" && !pace.ended) channel.tell("pause");
    each.state = "paused";
    if (history) pace.advance(history.step + 1);
  }
  soon();
}

function stop() {
  if (networks.some(away)) return;
  catchUp();
  for (const each of networks) if (trains(each)) each.channel.tell("stop");
}

/** Nothing waits to be drawn. */
function catchUp() {
  for (const { pace } of networks) pace.catchUp();
  soon();
}

/**
 * @param {string} field
 * @param {string | number} value
 */
function edit(field, value) {
  change(field === "task" ? withTask(plan, String(value), config) : { ...plan, [field]: value });
}

/**
 * @param {string} cell
 * @param {boolean} chosen
 */
function choose(cell, chosen) {
  const next = withCell(plan, cell, chosen, config.cells);
  const [out] = gone(plan, next).filter((each) => each !== cell);
  change(next);
  crowded = out ? t("train.cells.full", { cell: t(`choice.cell.${out}`) }) : "";
}

/**
 * The plan is another; what a run takes up while it trains is told to it.
 * @param {Plan} next
 */
function adopt(next) {
  const changed = [...IN_FLIGHT].filter((field) => next[field] !== plan[field]);
  const fields = Object.fromEntries(changed.map((field) => [field, next[field]]));
  if (changed.length || next.task !== plan.task) catchUp();
  for (const each of networks) {
    if (!each.next && !trains(each)) continue;
    if (next.task !== plan.task) each.channel.tell("stop");
    else if (changed.length) each.channel.tell("change", fields);
    each.flight = inFlight(next);
  }
  const mended = problem?.field && next[problem.field] !== plan[problem.field];
  if (mended || next.task !== plan.task) problem = null;
  const cells = next.cells !== plan.cells;
  const task = next.task !== plan.task;
  if (cells) crowded = "";
  plan = next;
  if (cells) arrange();
  if (task) [guess, crowded] = [null, ""];
  if (task && !networks.some(trains)) finished();
  soon();
}

/** @param {Plan} next */
function change(next) {
  adopt(next);
  clearTimeout(timers.settling);
  timers.settling = setTimeout(() => {
    const search = searchOf(plan, config, location.search);
    const rest = tooLong(plan);
    if (search === location.search && rest?.examples === history.state?.examples) return;
    history.pushState(rest, "", location.pathname + search);
  }, SETTLED);
}

/**
 * For the live region, which speaks rarely.
 * @param {string} words
 * @param {string} [more]  that stands elsewhere on the page
 */
function say(words, more = "") {
  const heard = document.createElement("span");
  heard.className = "unseen";
  heard.textContent = ` ${more}`;
  element("status").replaceChildren(words, heard);
}

function soon() {
  timers.paint ||= requestAnimationFrame((now) => {
    timers.paint = 0;
    draw(now);
    paint();
  });
}

/**
 * What waits to be drawn, as far as it is time to.
 * @param {number} now
 */
function draw(now) {
  const runs = networks.some(({ state }) => state === "running");
  const planned = Math.max(...networks.map(({ history }) => history?.planned ?? 0));
  const to = clock.tick(now, planned, runs);
  if (!runs) return;
  for (const { pace } of networks) pace.advance(to);
  clearTimeout(timers.drawing);
  if (networks.some(({ pace }) => pace.behind)) timers.drawing = setTimeout(soon, BETWEEN);
}

/** Whether what would be started now has not been, and a guess at it makes sense. */
function asks() {
  const trained = networks.find(shown);
  return !asked(networks) && !live(networks) && (!trained || differs(trained));
}

function paint() {
  form.render(
    plan,
    [problem, ...networks.map(({ card }) => card.problem)].flatMap((each) => each ?? []),
  );
  const first = networks.find(shown);
  const trained = first?.history;
  const earlier = Boolean(first && differs(first));
  transport.render(seen(), Number(plan.steps), earlier, asks());
  guessing.render(cellsOf(plan), guess);
  element("networks").classList.toggle("earlier", earlier && !live(networks));
  element("networks").style.setProperty("--earlier", JSON.stringify(t("train.earlier")));
  const made = { ...plan, ...trained?.training };
  const search = searchOf({ ...made, cells: plan.cells }, config, location.search);
  handout.render({ ...made, cell: cellsOf(plan).join() }, addressOf(search));
  const voices = networks.map(voice);
  seen().forEach(({ card, history, state }, i) => {
    const joins = Boolean(trained && !history);
    card.render(history, { running: state === "running", joins, voice: voices[i] });
  });
  element("voice").hidden = !voices.some(Boolean);
  element("another").disabled = !trained || Number(plan.temperature) === 0;
  showBehind(
    element("networks"),
    networks.map(({ card }) => card.node),
    element("notice").id,
    networks.some(away) ? t("train.away.mark") : "",
  );
  paintLegend(element("legend"), look);
  element("crowded").textContent = crowded;
  showNotice();
}

/**
 * How a network is to write, if its task is one that does.
 * @param {Network} network
 */
function voice(network) {
  const history = shown(network);
  const { task, examples } = history?.training ?? plan;
  const facts = config.tasks[task];
  if (!facts?.writes) return null;
  const { start, temperature } = plan;
  const seed = ((history?.training.seed ?? 0) + others) % LARGEST_SEED;
  return { learnt: String(examples || facts.examples), start: String(start), temperature, seed };
}

/**
 * Whether the plan says something else than what a network has been trained as.
 * @param {Network} network
 */
function differs({ cell, history, flight }) {
  const planned = /** @type {Record<string, any>} */ (trainingOf(plan, cell));
  const trained = { ...history?.training, ...flight };
  return Object.keys(planned).some((field) => planned[field] !== trained[field]);
}

/**
 * What a run takes up while it trains.
 * @param {Plan} from
 */
function inFlight(from) {
  return Object.fromEntries([...IN_FLIGHT].map((field) => [field, from[field]]));
}

function showNotice() {
  const beside = problem?.field &&
    element("plan").querySelector(`[data-field="${CSS.escape(problem.field)}"] .error`)
      ?.getClientRects().length;
  const long = tooLong(plan) ? t("train.long_text") : "";
  const quiet = networks.some(({ way }) => way === "http") ? t("status.http") : "";
  const loud = problem && !beside ? explain(problem, t) : notice || inLine() || long;
  const words = loud || quiet;
  const node = element("notice");
  node.classList.toggle("quiet", !loud);
  if (node.textContent !== words) node.textContent = words;
  node.hidden = !words;
}
