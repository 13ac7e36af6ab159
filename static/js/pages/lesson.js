/**
 * A lesson: the live lab in the state of a step, with its words beside it.
 *
 * @typedef {import("../lessons/navigation.js").Lesson} Lesson
 */
import { searchFor } from "../experiment/address.js";
import { addressOf } from "../experiment/settings-list.js";
import { createLab } from "../lab/lab.js";
import { carried, carry } from "../lab/session-restore.js";
import { createEditor } from "../lessons/editor.js";
import { experimentOf, searchOf, standOf, stepOf } from "../lessons/navigation.js";
import { createQr } from "../lessons/qr.js";
import { createQuestion } from "../lessons/question.js";
import { createWords } from "../lessons/step-text.js";
import { showParts } from "../lessons/visible-parts.js";
import { pathInLab, root } from "../net/base-url.js";
import { createScreen } from "../presentation/blackout.js";
import { createRoom, roomName } from "../presentation/presenter-channel.js";
import { createPresenting, unprojected } from "../presentation/projector.js";
import { translator } from "../text/format.js";
import { createHelp } from "../ui/help-dialog.js";
import { onLeaving } from "../ui/language-switch.js";
import { listen, playing } from "../ui/shortcuts.js";
import { contextOf } from "./context.js";

/** Milliseconds between two questions for the networks of a lesson. */
const AGAIN = 10_000;

/** @param {string} id */
const element = (id) => /** @type {any} */ (document.getElementById(id));

const config = JSON.parse(element("config").textContent);
const t = translator(config.catalog);
const form = element("experiment");

/** @type {Lesson | null} none while a teacher writes one */
let lesson = config.lesson;
/** When the page may be asked for again. */
let patient = 0;
let at = lesson ? stepOf(lesson.steps, location) : 0;

const stand = carried();
const lab = createLab(form, contextOf(config, t), lesson?.steps[at].experiment ?? config.defaults, {
  settled: ({ experiment }) => note(experiment),
  address,
  flows: false,
  reset: () => restore(),
  forgotten,
});
const words = createWords(element, t, { go });
const question = createQuestion(element("question"), t, { answered }, stand?.said);
const screen = createScreen(element("blank"), element("spotlight"));
const presenting = createPresenting(element("present"), screen, t);
const help = createHelp(element("help"), element("help-button"));
const room = createRoom(roomName(), heard);
createQr(
  element("qr"),
  element("qr-button"),
  config,
  t,
  () => pathInLab() + unprojected(location.search) + hash(),
);
const editor = element("editor") &&
  createEditor(element("editor"), t, config, { lab, show: present, edit });

element("own-edit")?.addEventListener("click", () => {
  question.anew();
  edit();
});
element("restore").addEventListener("click", restore);
element("notes-button").addEventListener("click", () => {
  const address = new URL(`${location.pathname}/notes`, location.href);
  address.search = location.search;
  address.searchParams.set("room", roomName());
  open(address.href, "notes", "popup,width=640,height=720");
});
onLeaving(() => {
  lab.flush();
  carry(lab.state(), question.said());
});
addEventListener("popstate", () => lesson && show(stepOf(lesson.steps, location), location.search));

const onward = { ArrowRight: () => go(at + 1), ArrowLeft: () => go(at - 1) };
listen(
  {
    ...playing(lab),
    ...onward,
    " ": () => presenting.is() ? go(at + 1) : lab.playback.toggle(),
    k: lab.playback.toggle,
    ...presenting.keys,
    b: screen.blank,
    ".": screen.blank,
    s: screen.spotlight,
    "?": help.open,
    Escape: screen.clear,
  },
  presenting.is,
  { ...presenting.escape, PageDown: () => go(at + 1), PageUp: () => go(at - 1) },
  question.key,
);

if (lesson) {
  room.say({ type: "lesson", lesson, id: lesson.steps[at].id });
  show(at, location.search, stand);
} else editor.open();

/**
 * To another step, if there is one.
 * @param {number} index
 */
function go(index) {
  if (!lesson?.steps[index] || index === at) return;
  const step = lesson.steps[index];
  history.pushState(null, "", searchOf(step, step.experiment, location.search) + hash());
  show(index, location.search);
  words.focus();
}

/**
 * A step as an address has it.
 * @param {number} index
 * @param {string} search
 * @param {import("../lab/lab.js").Stand | null} [kept]  how the lab stood in another language
 */
function show(index, search, kept = null) {
  if (!lesson) return;
  at = index;
  const step = lesson.steps[at];
  screen.light();
  question.render(step.id, step.question);
  const waits = question.waits();
  wait(waits);
  form.dataset.asks = step.question?.answer ? "number" : "choice";
  lab.open(experimentOf(step, search), step.pins, { ...standOf(step, waits), ...kept });
  showParts(form, config.parts, step.view.show);
  words.render(lesson, at);
  room.say({ type: "at", id: step.id });
}

/** The class has predicted: now it sees. */
function answered() {
  wait(false);
  const { view } = /** @type {Lesson} */ (lesson).steps[at];
  lab.arrive(view.position, view.play, view.timestep);
}

/** @param {boolean} is */
function wait(is) {
  form.dataset.waits = element("words").dataset.waits = String(is);
  form.querySelector(".board").inert = is;
  element("waiting").hidden = !is;
}

/** The step as it was. */
function restore() {
  if (!lesson) return;
  const step = lesson.steps[at];
  question.forget(step.id);
  history.replaceState(null, "", searchOf(step, step.experiment, location.search) + hash());
  show(at, location.search);
}

/** What holds a lesson of one's own; one of ours has its address. */
function hash() {
  return lesson === config.lesson ? "" : location.hash;
}

/** A server that has been started again trains the lesson's networks for whoever opens its page. */
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
  return lesson && lesson === config.lesson
    ? addressOf(searchOf(lesson.steps[at], experiment, location.search))
    : addressOf(searchFor(experiment, config.defaults, [], location.search), root());
}

/** @param {import("../lab/state.js").Experiment} experiment */
function note(experiment) {
  if (!lesson) return;
  const search = searchOf(lesson.steps[at], experiment, location.search);
  if (search !== location.search) history.pushState(null, "", search + hash());
}

/** @param {import("../presentation/presenter-channel.js").Message} message */
function heard(message) {
  if (!lesson) return;
  if (message.type === "at") go(lesson.steps.findIndex(({ id }) => id === message.id));
  if (message.type === "hello") room.say({ type: "lesson", lesson, id: lesson.steps[at].id });
}

/**
 * A lesson of one's own, checked, as the class sees it.
 * @param {Lesson} own
 */
function present(own) {
  lesson = own;
  element("editor").hidden = true;
  element("words").hidden = element("walk").hidden = false;
  document.documentElement.dataset.mode = "learn";
  room.say({ type: "lesson", lesson: own, id: own.steps[0].id });
  show(stepOf(own.steps, { search: location.search, hash: "" }), location.search);
}

/** Back to writing it. */
function edit() {
  lesson = null;
  element("editor").hidden = false;
  element("words").hidden = element("walk").hidden = true;
  document.documentElement.dataset.mode = "edit";
  wait(false);
  showParts(form, config.parts, config.parts);
  delete form.dataset.show;
}
