/**
 * The way through a lesson: which step is shown, what waits for an answer, and what the lab, the words,
 * the address and the teacher's window are told of it.
 *
 * @typedef {import("./navigation.js").Lesson} Lesson
 * @typedef {import("../lab/view-state.js").ViewState} ViewState
 *
 * @typedef {object} Parts  of the page, which a walk tells what to show
 * @property {Pick<import("../lab/lab.js").Lab, "open" | "arrive" | "playback">} lab
 * @property {Pick<ReturnType<typeof import("./lesson-view.js").createLessonView>, "render" | "wait" | "focus" | "scroll">} view
 * @property {Pick<ReturnType<typeof import("./question.js").createQuestion>, "render" | "reveal">} question
 * @property {Pick<ReturnType<typeof import("./training.js").createStepTraining>, "render">} training
 * @property {Pick<ReturnType<typeof import("./transformation.js").createTransformation>, "start">} transformation
 * @property {Pick<ReturnType<typeof import("../text/live-words.js").createLiveWords>, "open">} live
 * @property {{light: () => void}} screen
 * @property {{say: (message: import("../presentation/presenter-channel.js").Message) => void}} room
 *
 * @typedef {object} On
 * @property {(by: 1 | -1) => void} move  to the next step of the way, or the one before
 * @property {() => boolean} presents  whether the page is before a class
 * @property {(state: import("./state.js").State) => void} keep  what a reload must not lose
 * @property {(key: string) => void} press  a key was pressed in the teacher's window
 *
 * @typedef {object} Address  of the page
 * @property {() => string} search
 * @property {(search: string) => void} push
 * @property {(search: string) => void} replace
 */
import { indexIn, runsIn, searchOf, viewIn } from "./navigation.js";
import { reduce, stepOf, waits } from "./state.js";

/**
 * @param {import("./state.js").State} first
 * @param {Parts} parts
 * @param {Address} address
 * @param {On} on
 */
export function createWalk(first, parts, address, on) {
  const { lab, view, question, training, transformation, live, screen, room } = parts;
  let state = first;

  return {
    state: () => state,
    /** @param {ViewState} [stood]  how the lab stood in another language */
    begin(stood) {
      tellNotes();
      show(state.at, stood);
    },
    go,
    follow,
    onward,
    back,
    turn,
    show,
    answer,
    restore,
    note,
    hear,
    present,
    /** @param {import("./navigation.js").Experiment} experiment  on the network that was trained */
    train(experiment) {
      const step = stepOf(state);
      if (!step) return;
      dispatch({ type: "trained", id: step.id, experiment });
      show(state.at);
    },
    /** The engine has none of the trained networks any more. */
    lose() {
      if (!Object.keys(state.trained).length) return;
      dispatch({ type: "lost" });
      show(state.at);
    },
    /** Takes the answers that are kept elsewhere. @param {import("../course/memory.js").Kept} kept */
    recall(kept) {
      dispatch({ type: "recall", ...kept });
      show(state.at);
    },
    /** Back to writing it. */
    edit() {
      dispatch({ type: "write" });
      view.render(state);
    },
  };

  /** @param {import("./state.js").Action} action */
  function dispatch(action) {
    state = reduce(state, action);
    on.keep(state);
  }

  /** The teacher's window is told of the lesson, and where in it the class is. */
  function tellNotes() {
    const { lesson } = state;
    const step = stepOf(state);
    if (lesson && step) room.say({ type: "lesson", lesson, id: step.id });
  }

  /** Whether a step has beats of its own, and the class may see them. */
  function hasBeats() {
    return Boolean(stepOf(state)?.view.play) && !waits(state);
  }

  /** The answer that a class waits for, words not seen yet, the next beat of a step, or the next step. */
  function onward() {
    if (waits(state)) return question.reveal();
    if (view.scroll(1)) return;
    if (hasBeats() && lab.playback.beat(1)) return;
    on.move(1);
  }

  /** The last beat, words that were scrolled away, or the step before. */
  function back() {
    if (hasBeats() && lab.playback.beat(-1)) return;
    if (view.scroll(-1)) return;
    on.move(-1);
  }

  /**
   * The buttons of the way: before a class they do what the clicker does, elsewhere they go to a step.
   * @param {1 | -1} by
   */
  function turn(by) {
    if (!on.presents()) return on.move(by);
    return by > 0 ? onward() : back();
  }

  /**
   * To another step, if there is one.
   * @param {number} index
   */
  function go(index) {
    const step = state.lesson?.steps[index];
    if (!step || index === state.at) return;
    address.push(searchOf(step, step.experiment, address.search()));
    show(index);
    view.focus();
  }

  /**
   * The words of a step.
   * @param {import("./navigation.js").Step} step
   */
  function words(step) {
    screen.light();
    question.render(step.id, step.question);
    training.render(step);
    view.render(state);
  }

  /**
   * To where a class is in a room, and whether it has the answer there. The lab is for another.
   * @param {string} id  of the step
   * @param {boolean} told
   */
  function follow(id, told) {
    const [before, waited] = [state.at, waits(state)];
    const to = state.lesson?.steps.findIndex((step) => step.id === id) ?? -1;
    dispatch({ type: "follow", to, told });
    const step = stepOf(state);
    if (!step || (state.at === before && waits(state) === waited)) return;
    ask(step);
    words(step);
  }

  /**
   * The claims of a step's words, which are asked for with its run.
   * @param {import("./navigation.js").Step} step
   */
  function ask(step) {
    live.open(step.after ? { ...step, claims: {} } : step); // its words are of what was there before
  }

  /**
   * A step as the address has it. The lab comes first: the engine computes while the words are written,
   * and the stage is not drawn on a page that must be laid out for it.
   * @param {number} index
   * @param {ViewState} [stood]
   */
  function show(index, stood) {
    dispatch({ type: "go", to: index });
    const step = stepOf(state);
    if (!step) return;
    ask(step);
    const { experiment, pins, before } = runsIn(step, address.search(), waits(state));
    lab.open(experiment, pins, stood ?? viewIn(step, waits(state)), [], before);
    words(step);
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
    if (!waited || waits(state) || !step) return;
    view.wait(false, step);
    if (step.after) return transformation.start(step.after);
    const { place, chosen } = viewIn(step, false);
    lab.arrive(place, Boolean(step.view.play), chosen);
  }

  /** The step as it was. */
  function restore() {
    const step = stepOf(state);
    if (!step) return;
    dispatch({ type: "forget", id: step.id });
    address.replace(searchOf(step, step.experiment, address.search()));
    show(state.at);
  }

  /**
   * The address has what someone has changed.
   * @param {import("../lab/state.js").Experiment} experiment
   */
  function note(experiment) {
    const step = stepOf(state);
    if (!step) return;
    const search = searchOf(step, experiment, address.search());
    if (search !== address.search()) address.push(search);
  }

  /** @param {import("../presentation/presenter-channel.js").Message} message */
  function hear(message) {
    const steps = state.lesson?.steps ?? [];
    if (message.type === "at") go(steps.findIndex(({ id }) => id === message.id));
    if (message.type === "move") on.move(message.by);
    if (message.type === "hello") tellNotes();
    if (message.type === "key") on.press(message.key);
  }

  /**
   * A lesson of one's own, checked, as the class sees it.
   * @param {Lesson} own
   */
  function present(own) {
    const at = indexIn(own.steps, { search: address.search(), hash: "" });
    dispatch({ type: "open", lesson: own, at });
    tellNotes();
    show(at);
  }
}
