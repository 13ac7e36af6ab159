/**
 * A lesson: the live lab in the state of a step, with its words beside it.
 */
import { searchFor } from "../experiment/address.js";
import { createScore } from "../course/ending.js";
import { createFresh } from "../course/fresh.js";
import { keepLesson, recallLesson, setAside } from "../course/memory.js";
import { createWay } from "../course/way.js";
import { learnCells } from "../experiment/cells.js";
import { addressOf } from "../experiment/settings-list.js";
import { createLab } from "../lab/lab.js";
import { carried, carry } from "../lab/session-restore.js";
import { createEditor } from "../lessons/own/editor.js";
import { createLessonView } from "../lessons/lesson-view.js";
import { cardOf, indexIn, searchOf } from "../lessons/navigation.js";
import { createQr } from "../lessons/qr.js";
import { createQuestion } from "../lessons/question.js";
import { initial, stepOf } from "../lessons/state.js";
import { createStepTraining } from "../lessons/training.js";
import { createStatePairs } from "../lessons/state-pair.js";
import { createTransformation } from "../lessons/transformation.js";
import { createWalk } from "../lessons/walk.js";
import { pathInLab, root } from "../net/base-url.js";
import { linkTo } from "../net/server.js";
import { createBlackout } from "../presentation/blackout.js";
import { listenInClass } from "../presentation/class-keys.js";
import { createPresenterChannel, WINDOW, windowName } from "../presentation/presenter-channel.js";
import { createProjector, unprojected } from "../presentation/projector.js";
import { heldWords } from "../room/held-words.js";
import { createLessonPlace, lessonOfClass } from "../room/places/lesson-place.js";
import { createTeaching } from "../room/teaching.js";
import { roomIn } from "../room/way-in.js";
import { translator } from "../text/format.js";
import { createLiveWords } from "../text/live-words.js";
import { dataOf, partsOf } from "../ui/dom.js";
import { createHelpDialog } from "../ui/help-dialog.js";
import { onLeaving } from "../ui/language-switch.js";
import { contextOf } from "./context.js";

/** Milliseconds of a position of the playhead: a class is told what happens at each. */
const BEAT = 1200;

const part = partsOf(document);

const config = dataOf("config");
const t = heldWords(translator(config.catalog), () => part("held").hasAttribute("data-held"));
learnCells(config.facts);

const code = roomIn(location.search);
const isOwn = !config.lesson;
config.lesson ??= await lessonOfClass(config.rooms, code);
const context = contextOf(config, t);
const place = createLessonPlace(part, config, context, () => ({ lab, walk, press }));
const kept = code ? null : carried();
const at = config.lesson ? indexIn(config.lesson.steps, location) : 0;
const known = code ? { said: {}, seen: [] } : recallLesson(config.lesson?.slug ?? "");
const first = initial(config.lesson, at, kept?.said ?? known.said, known.seen);
const follower = code ? await place.follower(code) : null;
const teaching = code
  ? null
  : createTeaching(part("room"), part("room-button"), config, t, place.led);
const lab = createLab(
  part("experiment"),
  follower?.context ?? context,
  stepOf(first)?.experiment ?? config.defaults,
  {
    settled: ({ experiment }) => code || walk.note(experiment),
    address,
    flows: false,
    beat: BEAT,
    reset: () => walk.restore(),
    forgotten: () => walk.lose(),
    claims: () => live.claims(),
    painted({ run }) {
      live.render(run);
      teaching?.show();
    },
  },
);
const live = createLiveWords(part("words"), t("lesson.live"), createStatePairs(t));
const score = part("score") && createScore(part("score"), t, (index) => walk.go(index));
const view = createLessonView(part, t, config.parts, {
  go: (index) => walk.go(index),
  turn: (by) => walk.turn(by),
  leads: (state, by) => way.from(state, by),
  taken: () => way.taken(),
  tap: (timestep) => question.tap(timestep),
  sketch: (sketch) => lab.dispatch({ type: "put", parts: { sketch } }),
});
lab.dispatch({ type: "put", parts: { named: true } });
const question = createQuestion(part("question"), t, {
  said: (id) => walk.state().said[id],
  answer: (given) => walk.answer(given),
});
const training = createStepTraining(part("training"), t, {
  ...config.train,
  connect: linkTo(config.train.url, location.href),
  checkpoint: config.checkpoint,
}, (experiment) => walk.train(experiment));
const screen = createBlackout(part("blank"), part("spotlight"));
const presenting = createProjector(part("present"), screen, t, () => fresh.ask());
const help = createHelpDialog(part("help"), part("help-button"));
const room = createPresenterChannel(windowName(), (message) => walk.hear(message));
const transformation = createTransformation(lab);
const walk = createWalk(first, {
  lab,
  view,
  question,
  training,
  transformation,
  live,
  screen,
  room,
}, {
  search: () => location.search,
  push: (search) => history.pushState(null, "", search + hash()),
  replace: (search) => history.replaceState(null, "", search + hash()),
}, {
  move: (by) => way.move(by),
  presents: () => presenting.is(),
  keep,
  press: (key) => press(key),
});
const way = createWay(config.course, isOwn ? null : config.lesson, walk);
const slug = isOwn ? null : () => config.lesson.slug;
const fresh = createFresh(part("fresh"), t, walk, slug);
const qr = createQr(
  part("qr"),
  config,
  t,
  () => pathInLab() + unprojected(location.search) + hash(),
);
part("qr-button").addEventListener("click", qr.show);
const editor = part("editor") &&
  createEditor(part("editor"), t, config, {
    lab,
    show(lesson, file) {
      place.present(lesson, file);
      walk.present(lesson);
    },
    edit: walk.edit,
  });

part("own-edit")?.addEventListener("click", () => {
  walk.recall({ said: {}, seen: [] });
  walk.edit();
});
part("forget")?.addEventListener("click", () => {
  setAside();
  walk.recall({ said: {}, seen: [] });
});
part("restore").addEventListener("click", walk.restore);
for (const near of ["pointerover", "focus", "click"]) {
  part("in-lab").addEventListener(near, () => {
    const defaults = { ...config.defaults, checkpoint: "" };
    const { experiment } = lab.state();
    const step = stepOf(walk.state());
    part("in-lab").href = root() + searchFor(experiment, defaults, [], location.search) +
      (step ? cardOf(step) : "");
  });
}
part("notes-button").addEventListener("click", openNotes);
onLeaving(() => {
  lab.flush();
  carry(lab.state(), walk.state().said);
});
addEventListener("popstate", () => {
  const { lesson } = walk.state();
  if (lesson) walk.show(indexIn(lesson.steps, location));
});

const press = listenInClass(
  { lab, presenting, screen, question, help, openNotes, ...walk },
  follower,
);
addEventListener("pagehide", () => room.say({ type: "bye" }));

if (config.lesson) walk.begin(kept?.view);
else editor.open();
if (presenting.is() && !code) fresh.opened();
follower?.join(lab);

/** The teacher's notes, in a window of their own. */
function openNotes() {
  const address = new URL(`${location.pathname}/notes`, location.href);
  address.search = location.search;
  address.searchParams.set(WINDOW, windowName());
  open(address.href, "notes", "popup,width=640,height=720");
}

/** @param {import("../lessons/state.js").State} state */
function keep(state) {
  const { lesson, said, seen } = state;
  score?.render(state);
  fresh.moved();
  teaching?.show();
  if (!code && !isOwn && lesson) keepLesson(lesson.slug, { said, seen });
}

/** Storage of a lesson of one's own; one of ours has its address. */
function hash() {
  return walk.state().lesson === config.lesson ? "" : location.hash;
}

/**
 * A lesson of one's own is not in an address that can be printed: the lab's state is.
 * @param {import("../lab/state.js").State} state
 */
function address({ experiment }) {
  const step = stepOf(walk.state());
  return step && walk.state().lesson === config.lesson
    ? addressOf(searchOf(step, experiment, location.search), location.origin + location.pathname)
    : addressOf(searchFor(experiment, config.defaults, [], location.search), root());
}
