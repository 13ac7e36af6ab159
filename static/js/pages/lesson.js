/**
 * A lesson: the live lab in the state of a step, with its words beside it.
 *
 * @typedef {import("../lessons/navigation.js").Lesson} Lesson
 */
import { searchFor } from "../experiment/address.js";
import { learnCells } from "../experiment/cells.js";
import { addressOf } from "../experiment/settings-list.js";
import { createLab } from "../lab/lab.js";
import { carried, carry } from "../lab/session-restore.js";
import { createEditor } from "../lessons/editor.js";
import { createLessonView } from "../lessons/lesson-view.js";
import { experimentOf, indexIn, searchOf, viewIn } from "../lessons/navigation.js";
import { createQr } from "../lessons/qr.js";
import { createQuestion } from "../lessons/question.js";
import { initial, reduce, stepOf, waits } from "../lessons/state.js";
import { pathInLab, root } from "../net/base-url.js";
import { createBlackout } from "../presentation/blackout.js";
import { createPresenterChannel, roomName } from "../presentation/presenter-channel.js";
import { createProjector, unprojected } from "../presentation/projector.js";
import { translator } from "../text/format.js";
import { dataOf, partsOf } from "../ui/dom.js";
import { createHelpDialog } from "../ui/help-dialog.js";
import { onLeaving } from "../ui/language-switch.js";
import { listen, playing } from "../ui/shortcuts.js";
import { contextOf } from "./context.js";

/** Milliseconds between two questions for the networks of a lesson. */
const AGAIN = 10_000;

const part = partsOf(document);

const config = dataOf("config");
const t = translator(config.catalog);
learnCells(config.facts);

/** When the page may be asked for again. */
let patient = 0;

const kept = carried();
let state = initial(
  config.lesson,
  config.lesson ? indexIn(config.lesson.steps, location) : 0,
  kept?.said,
);
const lab = createLab(
  part("experiment"),
  contextOf(config, t),
  stepOf(state)?.experiment ?? config.defaults,
  {
    settled: ({ experiment }) => note(experiment),
    address,
    flows: false,
    reset: () => restore(),
    forgotten,
  },
);
const view = createLessonView(part, t, config.parts, { go });
const question = createQuestion(part("question"), t, {
  said: (id) => state.said[id],
  answer,
});
const screen = createBlackout(part("blank"), part("spotlight"));
const presenting = createProjector(part("present"), screen, t);
const help = createHelpDialog(part("help"), part("help-button"));
const room = createPresenterChannel(roomName(), heard);
createQr(
  part("qr"),
  part("qr-button"),
  config,
  t,
  () => pathInLab() + unprojected(location.search) + hash(),
);
const editor = part("editor") &&
  createEditor(part("editor"), t, config, { lab, show: present, edit });

part("own-edit")?.addEventListener("click", () => {
  dispatch({ type: "anew" });
  edit();
});
part("restore").addEventListener("click", restore);
part("notes-button").addEventListener("click", () => {
  const address = new URL(`${location.pathname}/notes`, location.href);
  address.search = location.search;
  address.searchParams.set("room", roomName());
  open(address.href, "notes", "popup,width=640,height=720");
});
onLeaving(() => {
  lab.flush();
  carry(lab.state(), state.said);
});
addEventListener("popstate", () => {
  if (state.lesson) show(indexIn(state.lesson.steps, location), location.search);
});

const onward = () => go(state.at + 1);
const back = () => go(state.at - 1);
listen(
  {
    ...playing(lab),
    ArrowRight: onward,
    ArrowLeft: back,
    " ": () => presenting.is() ? onward() : lab.playback.toggle(),
    k: lab.playback.toggle,
    ...presenting.keys,
    b: screen.blank,
    ".": screen.blank,
    s: screen.spotlight,
    "?": help.open,
    Escape: screen.clear,
  },
  presenting.is,
  { ...presenting.escape, PageDown: onward, PageUp: back },
  question.key,
);

if (state.lesson) {
  tellNotes();
  show(state.at, location.search, kept?.view);
} else editor.open();

/** @param {import("../lessons/state.js").Action} action */
function dispatch(action) {
  state = reduce(state, action);
}

/** The teacher's window is told of the lesson, and where in it the class is. */
function tellNotes() {
  const { lesson } = state;
  const step = stepOf(state);
  if (lesson && step) room.say({ type: "lesson", lesson, id: step.id });
}

/**
 * To another step, if there is one.
 * @param {number} index
 */
function go(index) {
  const step = state.lesson?.steps[index];
  if (!step || index === state.at) return;
  history.pushState(null, "", searchOf(step, step.experiment, location.search) + hash());
  show(index, location.search);
  view.focus();
}

/**
 * A step as an address has it.
 * @param {number} index
 * @param {string} search
 * @param {import("../lab/lab.js").ViewState} [stood]  how the lab stood in another language
 */
function show(index, search, stood) {
  dispatch({ type: "go", to: index });
  const step = stepOf(state);
  if (!step) return;
  screen.light();
  question.render(step.id, step.question);
  view.render(state);
  lab.open(experimentOf(step, search), step.pins, stood ?? viewIn(step, waits(state)));
  room.say({ type: "at", id: step.id });
}

/**
 * The class has answered: what it predicted, it now sees.
 * @param {string[]} given
 */
function answer(given) {
  const waited = waits(state);
  dispatch({ type: "answer", given });
  const step = stepOf(state);
  if (!waited || !step) return;
  view.wait(false);
  const { place, play, chosen } = viewIn(step, false);
  lab.arrive(place, play, chosen);
}

/** The step as it was. */
function restore() {
  const step = stepOf(state);
  if (!step) return;
  dispatch({ type: "forget", id: step.id });
  history.replaceState(null, "", searchOf(step, step.experiment, location.search) + hash());
  show(state.at, location.search);
}

/** What holds a lesson of one's own; one of ours has its address. */
function hash() {
  return state.lesson === config.lesson ? "" : location.hash;
}

/** After a restart the server trains the lesson's networks when its page is opened. */
async function forgotten() {
  if (performance.now() < patient) return;
  patient = performance.now() + AGAIN;
  const page = await fetch(location.href).catch(() => null);
  if (page?.ok) lab.ask({ type: "open", experiment: lab.state().experiment });
}

/**
 * A lesson of one's own is not in an address that can be printed: the lab's state is.
 * @param {import("../lab/state.js").State} state
 */
function address({ experiment }) {
  const step = stepOf(state);
  return step && state.lesson === config.lesson
    ? addressOf(searchOf(step, experiment, location.search), location.origin + location.pathname)
    : addressOf(searchFor(experiment, config.defaults, [], location.search), root());
}

/** @param {import("../lab/state.js").Experiment} experiment */
function note(experiment) {
  const step = stepOf(state);
  if (!step) return;
  const search = searchOf(step, experiment, location.search);
  if (search !== location.search) history.pushState(null, "", search + hash());
}

/** @param {import("../presentation/presenter-channel.js").Message} message */
function heard(message) {
  const steps = state.lesson?.steps ?? [];
  if (message.type === "at") go(steps.findIndex(({ id }) => id === message.id));
  if (message.type === "hello") tellNotes();
}

/**
 * A lesson of one's own, checked, as the class sees it.
 * @param {Lesson} own
 */
function present(own) {
  const { search } = location;
  dispatch({ type: "open", lesson: own, at: indexIn(own.steps, { search, hash: "" }) });
  tellNotes();
  show(state.at, search);
}

/** Back to writing it. */
function edit() {
  dispatch({ type: "write" });
  view.render(state);
}
