/** The page of training: the address, the keys, and what is drawn at most once a frame. */
import { learnCells } from "../experiment/cells.js";
import { addressOf } from "../experiment/settings-list.js";
import { patiently } from "../net/module.js";
import { linkTo } from "../net/server.js";
import { createBlackout } from "../presentation/blackout.js";
import { createProjector } from "../presentation/projector.js";
import { handedRuns, ledRoom } from "../room/kept.js";
import { heldWords } from "../room/held-words.js";
import { followedPlan, ledPlan } from "../room/places/plan-place.js";
import { createTeaching } from "../room/teaching.js";
import { roomIn } from "../room/way-in.js";
import { translator } from "../text/format.js";
import { createLiveRegion } from "../train/live-region.js";
import { hasTrained, keep, kept } from "../train/saved-runs.js";
import { live } from "../train/status.js";
import { createTrainer } from "../train/trainer.js";
import { gone, planFrom, searchOf, tooLong, withCell, withTask } from "../train/training-config.js";
import { createViews } from "../train/views.js";
import { createWatchedRuns } from "../train/watched-runs.js";
import { debounced } from "../ui/debounce.js";
import { dataOf, partsOf } from "../ui/dom.js";
import { createHelpDialog } from "../ui/help-dialog.js";
import { createSettingsSheet } from "../ui/settings-sheet.js";
import { listen } from "../ui/shortcuts.js";

const SETTLED = 400;
/** Milliseconds between two drawings of what waits: the engine is to have the processor. */
const BETWEEN = 50;

const part = partsOf(document);
const code = roomIn(location.search);

const config = dataOf("config");
const t = heldWords(translator(config.catalog), () => part("plan").hasAttribute("data-held"));
learnCells(config.facts);
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const timers = { paint: 0, drawing: 0 };

const say = createLiveRegion(part("status"), t);
const trainer = createTrainer(remembered(), !hasTrained() && !still, {
  connect: linkTo(config.train, location.href),
  most: config.most,
}, {
  changed: soon,
  told: (news) => say(news, trainer.state()),
  begun: () => views.comeIntoView(),
  keep: keepRuns,
  watched: () => ledRoom() !== null,
});
const { pause, step } = trainer;
const views = createViews(part, t, config, {
  ...trainer,
  start: () => trainer.start(),
  changed: soon,
  edit,
  cell: choose,
  reset: () => change(config.defaults),
  guess: (guess) => trainer.dispatch({ type: "guess", guess }),
  another: () => trainer.dispatch({ type: "another" }),
  address: (plan) =>
    addressOf(searchOf(plan, config, location.search), location.origin + location.pathname),
});
const note = debounced(writeAddress, SETTLED);
const screen = createBlackout(part("blank"), part("spotlight"));
const presenting = createProjector(part("present"), screen, t);
const help = createHelpDialog(part("help"), part("help-button"));
createSettingsSheet(part("plan"), part("more"), t);

listen(
  {
    " ": () => live(trainer.state().networks) ? pause() : trainer.startFirst(),
    ArrowRight: step,
    ...presenting.keys,
    "?": help.open,
  },
  presenting.is,
  { ...presenting.escape, PageDown: step },
);
addEventListener("popstate", () => {
  note.cancel();
  trainer.adopt(remembered());
});
addEventListener("pagehide", keepRuns);
const page = { ...trainer, moment: views.moment, look: views.look };
const teaching = code
  ? null
  : createTeaching(part("room"), part("room-button"), config, t, ledPlan(page, config));
if (code) follow(code);
soon();
if (!code) {
  const before = kept(trainer.state().plan);
  trainer.find({ ...before.keys, ...handedRuns() }, before.guessed);
}

/** @param {string} code  of the room that this page follows */
async function follow(code) {
  const { createFollower } = await patiently(() => import("../room/follower.js"));
  part("room-button").hidden = true;
  const nodes = { held: part("plan"), bar: part("class-bar") };
  const watched = createWatchedRuns(trainer, (news) => {
    say(news, trainer.state());
    if (news === "begun") views.comeIntoView();
  });
  createFollower(nodes, code, t, config.rooms, followedPlan(page, watched, config, t)).join();
  part("status").textContent = t("train.hint");
}

/**
 * The plan of the address, and what it could not carry.
 * @returns {import("../train/training-config.js").Plan}
 */
function remembered() {
  return { ...planFrom(location.search, config), ...history.state };
}

function keepRuns() {
  const { plan, networks, guessed } = trainer.state();
  keep(plan, Object.fromEntries(networks.map(({ cell, key }) => [cell, key])), guessed);
}

/**
 * @param {string} field
 * @param {string | number} value
 */
function edit(field, value) {
  const { plan } = trainer.state();
  change(field === "task" ? withTask(plan, String(value), config) : { ...plan, [field]: value });
}

/**
 * @param {string} cell
 * @param {boolean} chosen
 */
function choose(cell, chosen) {
  const { plan } = trainer.state();
  const next = withCell(plan, cell, chosen, config.cells);
  const [out = null] = gone(plan, next).filter((each) => each !== cell);
  change(next, out);
}

/**
 * @param {import("../train/training-config.js").Plan} next
 * @param {string | null} [crowded]  the cell that made room for another
 */
function change(next, crowded = null) {
  trainer.adopt(next, crowded);
  note.soon();
}

function writeAddress() {
  const { plan } = trainer.state();
  const search = searchOf(plan, config, location.search);
  const rest = tooLong(plan);
  if (search === location.search && rest?.examples === history.state?.examples) return;
  history.pushState(rest, "", location.pathname + search);
}

function soon() {
  timers.paint ||= requestAnimationFrame((now) => {
    timers.paint = 0;
    trainer.draw(now);
    views.render(trainer.state(), trainer.behind());
    teaching?.show();
    clearTimeout(timers.drawing);
    if (trainer.isDrawing()) timers.drawing = setTimeout(soon, BETWEEN);
  });
}
