/** The teacher's window: notes, clocks, and what comes next, in step with what the class sees. */
import { write } from "../lessons/html.js";
import { indexIn } from "../lessons/navigation.js";
import { initial, reduce, stepOf } from "../lessons/state.js";
import { createPresenterChannel, roomName } from "../presentation/presenter-channel.js";
import { clock } from "../presentation/presenter-clock.js";
import { createWakeLock } from "../presentation/wake-lock.js";
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
let [began, stepBegan] = [Date.now(), Date.now()];
/** Whether the window that the class sees is open. */
let together = opener !== null;
/** What the keys of the class's window do there. */
const KEYS = [..."1234abcdkfs.", " ", "ArrowRight", "ArrowLeft", "PageDown", "PageUp"];

const room = createPresenterChannel(roomName(), (message) => {
  together = message.type !== "bye";
  if (message.type === "lesson") {
    state = reduce(state, { type: "open", lesson: message.lesson, at: state.at });
    list();
  }
  if (state.lesson && "id" in message) {
    show(state.lesson.steps.findIndex(({ id }) => id === message.id));
  }
});

const onward = () => go(state.at + 1);
const back = () => go(state.at - 1);
part("previous").addEventListener("click", back);
part("next").addEventListener("click", onward);
part("jump").addEventListener("change", () => go(Number(part("jump").value)));
part("again").addEventListener("click", () => {
  began = stepBegan = Date.now();
  tick();
});
const help = createHelpDialog(part("help"), part("help-button"));
/** @type {Record<string, () => void>} */
const alone = { ArrowRight: onward, ArrowLeft: back, " ": onward, PageDown: onward, PageUp: back };
const keys = KEYS.map((key) => /** @type {const} */ ([key, () => press(key)]));
listen({ ...Object.fromEntries(keys), "?": help.open });
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
  part("step-count").textContent = t("lesson.count", { n: at + 1, count: lesson.steps.length });
  write(part("step-title"), title);
  write(part("notes"), notes || t("notes.none"));
  part("asked").hidden = !question;
  write(part("asked").lastElementChild, question ? question.ask + solution(question) : "");
  write(part("coming"), lesson.steps[at + 1]?.title ?? t("notes.end"));
  part("jump").value = String(at);
  tick();
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
}
