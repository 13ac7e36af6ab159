/** The teacher's window: notes, clocks, and what comes next, in step with what the class sees. */
import { countTold, leads, plan, routeIn, taken } from "../course/route.js";
import { write } from "../lessons/html.js";
import { indexIn } from "../lessons/navigation.js";
import { initial, questionIn, reduce, stepOf } from "../lessons/state.js";
import { createPresenterChannel, windowName } from "../presentation/presenter-channel.js";
import { clock, minutes } from "../presentation/presenter-clock.js";
import { createWakeLock } from "../presentation/wake-lock.js";
import { createNotesLink } from "../room/places/notes-link.js";
import { roomIn } from "../room/way-in.js";
import { translator } from "../text/format.js";
import { dataOf, partsOf } from "../ui/dom.js";
import { createHelpDialog } from "../ui/help-dialog.js";
import { listen } from "../ui/shortcuts.js";

const part = partsOf(document);
const SECOND = 1000;

const config = dataOf("config");
const t = translator(config.catalog);
/** A teacher's own lesson comes from the other window. */
let state = initial(config.lesson, config.lesson ? indexIn(config.lesson.steps, location) : 0);
const route = routeIn(config.course, location.search);
let [periodBegan, began, stepBegan] = [Date.now(), Date.now(), Date.now()];
/** Whether the window that the class sees is open. */
let together = opener !== null;
/** The keys of the class's window. */
const KEYS = [..."1234abcdkfs.", " ", "ArrowRight", "ArrowLeft"];

/** The room of a class, where these notes are on another device than its lesson. */
const code = roomIn(location.search);
const room = code
  ? createNotesLink(
    config.rooms,
    code,
    `lessons/${config.lesson?.slug}`,
    hear,
    part("class-question"),
    t,
    questionIn(config.lesson),
  )
  : createPresenterChannel(windowName(), hear);

/** @param {import("../presentation/presenter-channel.js").Message} message */
function hear(message) {
  together = message.type !== "bye";
  standTogether();
  if (message.type === "lesson") {
    if (message.lesson.slug !== state.lesson?.slug) began = stepBegan = Date.now();
    state = reduce(state, { type: "open", lesson: message.lesson, at: state.at });
    list();
  }
  if (state.lesson && "id" in message) {
    show(state.lesson.steps.findIndex(({ id }) => id === message.id));
  }
}

const onward = () => move(1);
const back = () => move(-1);
part("previous").addEventListener("click", back);
part("next").addEventListener("click", onward);
part("jump").addEventListener("change", () => go(Number(part("jump").value)));
for (const button of part("remote").querySelectorAll("button")) {
  button.addEventListener("click", () => press(button.value));
}
part("again").addEventListener("click", () => {
  periodBegan = began = stepBegan = Date.now();
  tick();
});
const help = createHelpDialog(part("help"), part("help-button"));
/** @type {Record<string, () => void>} */
const alone = { ArrowRight: onward, ArrowLeft: back, " ": onward, PageDown: onward, PageUp: back };
const keys = KEYS.map((key) => /** @type {const} */ ([key, () => press(key)]));
listen({ ...Object.fromEntries(keys), "?": help.open }, () => true, {
  PageDown: () => press("PageDown"),
  PageUp: () => press("PageUp"),
});
createWakeLock()(true);
setInterval(tick, SECOND);
if (state.lesson) {
  list();
  show(state.at);
}
room.say({ type: "hello" });

/**
 * A key does here what it does in the window that the class sees; without that one it walks the notes.
 * @param {string} key
 */
function press(key) {
  if (together) room.say({ type: "key", key });
  else alone[key]?.();
}

/**
 * Along the way; into another lesson the class's window goes first, and tells of it.
 * @param {1 | -1} by
 */
function move(by) {
  const here = place();
  const to = here && leads(config.course, route, here, by);
  if (!to || to.slug !== here.slug) {
    if (state.lesson?.steps[state.at + by] && !to) go(state.at + by);
    else room.say({ type: "move", by, to });
    return;
  }
  go(state.lesson?.steps.findIndex(({ id }) => id === to.id) ?? -1);
}

/** The lesson and the step that are shown. */
function place() {
  const id = stepOf(state)?.id;
  return state.lesson && id ? { slug: state.lesson.slug, id } : null;
}

/** @param {number} index */
function go(index) {
  if (!state.lesson?.steps[index]) return;
  show(index);
  room.say({ type: "at", id: state.lesson.steps[index].id });
}

/** @param {number} index */
function show(index) {
  if (!state.lesson?.steps[index]) return;
  if (index !== state.at) stepBegan = Date.now();
  state = reduce(state, { type: "go", to: index });
  const { lesson, at } = state;
  const step = stepOf(state);
  if (!lesson || !step) return;
  const { title, notes, question } = step;
  part("lesson-title").textContent = lesson.title;
  const way = taken(config.course, location.search, lesson.slug);
  part("step-count").textContent = countTold(lesson, at, way, t);
  write(part("step-title"), title);
  write(part("notes"), notes || t("notes.none"));
  part("asked").hidden = !question;
  write(part("asked").lastElementChild, question ? question.ask + solution(question) : "");
  write(part("coming"), coming(lesson));
  part("jump").value = String(at);
  tick();
}

/**
 * The next stop on the way: a step of the lesson, another lesson, or nothing.
 * @param {import("../lessons/navigation.js").Lesson} lesson
 */
function coming({ slug, steps }) {
  const here = place();
  const to = here && leads(config.course, route, here, 1);
  if (!to) return steps[state.at + 1]?.title ?? t("notes.end");
  if (to.slug === slug) return steps.find(({ id }) => id === to.id)?.title ?? "";
  const other = config.course.lessons.find((/** @type {{slug: string}} */ each) =>
    each.slug === to.slug
  );
  return other?.title ?? "";
}

/** @param {import("../lessons/grading.js").Question} question */
function solution({ answer, right, choices, why }) {
  if (answer) {
    return `<p>${t("question.exact", { value: answer.value.toFixed(answer.digits) })}</p>${why}`;
  }
  const choice = choices.find(({ id }) => id === right);
  return choice ? `<p><strong>${choice.text}</strong> ${choice.why}</p>` : "";
}

function list() {
  part("jump").replaceChildren(...(state.lesson?.steps ?? []).map((step, i) => {
    const name = document.createElement("span");
    write(name, step.title);
    return new Option(`${i + 1}. ${name.textContent}`, String(i));
  }));
}

function tick() {
  const seconds = state.lesson?.steps.map((step) => step.seconds) ?? [];
  const planned = seconds.reduce((sum, each) => sum + each, 0);
  clock(part("step-clock"), Date.now() - stepBegan, seconds[state.at] ?? 0, t);
  clock(part("lesson-clock"), Date.now() - began, planned, t);
  standTogether();
  const here = place();
  part("period").hidden = !here || route.length === 0;
  if (here && route.length > 0) part("period-clock").textContent = left(here);
}

/** Disable what does nothing without the window that the class sees. */
function standTogether() {
  part("alone").hidden = together;
  for (const button of part("remote").querySelectorAll("button")) {
    button.disabled = !together && !(button.value in alone);
  }
}

/**
 * The time that is left of the period, against the plan of its route.
 * @param {import("../course/route.js").Place} here
 */
function left(here) {
  const { begun, done, planned } = plan(route, here);
  const gone = (Date.now() - periodBegan) / SECOND;
  const left = minutes(planned - gone);
  if (gone > done) return t("notes.late", { left, late: minutes(gone - done) });
  if (gone < begun) return t("notes.early", { left, early: minutes(begun - gone) });
  return t("notes.left", { left });
}
