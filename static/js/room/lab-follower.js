/**
 * A lab that stands as a room does, in the student's own language and size.
 *
 * @typedef {import("../net/frame-types.d.ts").RoomState} RoomState
 */
import { carry } from "../lab/session-restore.js";
import { clamp } from "../lab/state.js";
import { positionOf } from "../playback/playhead.js";
import { same } from "../stage/highlight.js";
import { questionIn } from "../lessons/state.js";
import { createFollower } from "./follower.js";
import { barsOf, litBy, runsOf, shownBy, standOf, translated } from "./room-state.js";
import { createSharedRuns } from "./shared-runs.js";
import { withStrip } from "./strip.js";

/**
 * @param {{form: HTMLElement, held: HTMLElement, bar: HTMLElement}} nodes  `held`: what has the
 *   controls of the page
 * @param {string} code
 * @param {import("../lab/views.js").Context} context
 * @param {{rooms: string, defaults: import("../lab/state.js").Experiment,
 *   lesson?: import("../lessons/state.js").Lesson,
 *   translations?: Record<string, import("./room-state.js").Translation[]>}} config  `translations`: of
 *   the runs of each step of the lesson
 * @param {{where?: () => import("./room-state.js").Step, arrive?: (room: RoomState) => void,
 *   at?: (room: RoomState) => string, said?: () => import("../lab/session-restore.js").Said}} [beside]  the words of a lesson: where they are, what takes them
 *   to where the class is, and tells where that is
 */
export function createLabFollower(
  { form, ...nodes },
  code,
  context,
  { rooms, defaults, lesson, translations = {} },
  { where, arrive, at, said } = {},
) {
  const runs = createSharedRuns(context.engine, (message) => follower.say(message));
  /** @type {import("../lab/lab.js").Lab} */
  let lab;
  /** The run that the lab shows, or waits for. */
  let opened = "";
  /** @type {import("../run/run.js").Run | null} what stood when the thumb began to move */
  let still = null;

  const follower = createFollower(nodes, code, context.t, rooms, {
    page: () => where?.().page ?? "",
    show,
    follow(is) {
      rest();
      opened = "";
      if (is) lab.playback.stopAutoplay();
      else lab.dispatch({ type: "put", parts: { guide: null, lit: null } });
      runs.follow(is);
    },
    hear: runs.hear,
    way: runs.way,
    at: at ?? cellAndScale,
    question: questionIn(lesson),
    where: () => shownBy(lab.state(), defaults, where?.()),
    leave: () => carry(lab.state(), said?.()),
  });

  return {
    ...follower,
    context: { ...context, engine: runs.engine },
    /** @param {import("../lab/lab.js").Lab} its */
    join(its) {
      lab = its;
      follower.join();
    },
  };

  /** @param {RoomState} room */
  function cellAndScale({ address }) {
    const { cell, recurrent_scale } = runsOf(address, defaults).experiment;
    return context.t("room.at.cell", {
      cell: context.t(`choice.cell.${cell}`),
      scale: Number(recurrent_scale),
    });
  }

  /** @param {RoomState} room */
  function show(room) {
    const { strip } = room;
    const theirs = runsOf(room.address, defaults);
    // What the lab computes as the answer is of the teacher's text.
    const others = room.question?.about ? [] : translations[room.step];
    const own = (/** @type {import("../lab/state.js").Experiment} */ each) =>
      translated(each, others);
    const [experiment, pins, cells] = [own(theirs.experiment), theirs.pins.map(own), theirs.cells];
    const apart = experiment !== theirs.experiment;
    runs.apart(apart);
    const key = JSON.stringify([room.step, room.address, apart]);
    form.toggleAttribute("data-moving", strip !== null);
    arrive?.(room);
    if (strip) {
      still ??= lab.state().run;
      const run = still && withStrip(still, strip, apart);
      opened = "";
      lab.dispatch({ type: "put", parts: { experiment, ...(run && { run }), ...standing(room) } });
    } else if (key !== opened) {
      opened = key;
      rest();
      lab.open(experiment, pins, standOf(room), cells);
    } else if (lab.state().scene) {
      const id = Number(lab.state().scene?.id);
      lab.dispatch({ type: "stand", scene: { ...standOf(room), id } });
    } else lab.dispatch({ type: "put", parts: standing(room) });
    lab.show(barsOf(room));
    const { T = Infinity } = lab.state().run ?? {};
    point(litBy(room, T));
  }

  /** @param {import("../lab/state.js").State["lit"]} lit */
  function point(lit) {
    if (same(lit, lab.state().guide)) return;
    lab.dispatch({ type: "put", parts: { guide: lit, lit } });
  }

  /** The bars are again those of the run. */
  function rest() {
    form.removeAttribute("data-moving");
    if (still) lab.dispatch({ type: "put", parts: { run: still } });
    still = null;
  }

  /** @param {RoomState} room */
  function standing(room) {
    const { place, play: _, ...stand } = standOf(room);
    const { run } = lab.state();
    const position = run ? clamp(positionOf(place, run.T), { ...stand, run }) : 0;
    return { ...stand, position, lens: null, playing: false };
  }
}
