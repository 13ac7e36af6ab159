/**
 * A lesson in a room: where the class is in it, the page that leads, and one that follows. A lesson of
 * the teacher's own is the room's once it has been sent there.
 *
 * @typedef {import("../../lessons/navigation.js").Lesson} Lesson
 * @typedef {import("../room-state.js").RoomState} RoomState
 */
import { stepOf, waits } from "../../lessons/state.js";
import { patiently } from "../../net/module.js";
import { ledRoom } from "../kept.js";
import { ledLab } from "../led-lab.js";
import { isTold, versionOf } from "../room-state.js";

/**
 * The lesson of a teacher's own that a class follows, for a page that has none; null without one.
 * @param {string} rooms  their address
 * @param {string | null} code  of the room that the page follows
 * @returns {Promise<Lesson | null>}
 */
export async function lessonOfClass(rooms, code) {
  const leads = new URLSearchParams(location.search).has("step") && !location.hash;
  const room = code ?? (leads ? ledRoom()?.code : null);
  const answer = room ? await fetch(`${rooms}/${room}/lesson`).catch(() => null) : null;
  return answer?.ok ? answer.json() : null;
}

/**
 * @param {(name: string) => any} part
 * @param {any} config
 * @param {import("../../lab/views.js").Context} context
 * @param {() => {lab: import("../../lab/lab.js").Lab, press: (key: string) => void,
 *   walk: {state: () => import("../../lessons/state.js").State, go: (index: number) => void,
 *     follow: (step: string, told: boolean) => void}}} page  once it is there
 */
export function createLessonPlace(part, config, context, page) {
  /** @type {{lesson: Lesson, file: object} | null} that the teacher has written */
  let own = null;
  /** Of the teacher's own lesson that the room has. */
  let version = "";
  /** @type {Lesson | null} that those who follow have */
  let shared = config.lesson;

  return {
    where,
    led: {
      ...ledLab(() => page().lab, config.defaults, {
        where,
        walk: (step) => page().walk.go(stepIn(step)),
        press: (key) => page().press(key),
      }),
      own: () => own?.file ?? null,
      brought() {
        shared = own?.lesson ?? shared;
        version = Date.now().toString(36);
      },
    },
    /**
     * A lesson of the teacher's own is about to be shown.
     * @param {Lesson} lesson
     * @param {object} file  that it was read from
     */
    present: (lesson, file) => own = { lesson, file },
    /** @param {string} code  of the room that this page follows */
    async follower(code) {
      const { createLabFollower } = await patiently(() => import("../lab-follower.js"));
      const nodes = { form: part("experiment"), held: part("held"), bar: part("class-bar") };
      part("room-button").hidden = true;
      part("own-edit")?.remove();
      return createLabFollower(nodes, code, context, config, {
        where,
        arrive,
        said: () => page().walk.state().said,
        at: ({ step }) => context.t("room.at.step", { n: 1 + stepIn(step) }),
      });
    },
  };

  /** @param {RoomState} room */
  function arrive(room) {
    const newest = versionOf(room);
    if (version && newest && version !== newest) return location.reload();
    version = newest || version;
    page().walk.follow(room.step, isTold(room));
  }

  /** @param {string} id  of a step */
  function stepIn(id) {
    return page().walk.state().lesson?.steps.findIndex((step) => step.id === id) ?? -1;
  }

  /** Where the class is; a lesson of one's own that the room does not have is a lab to it. */
  function where() {
    const state = page().walk.state();
    const { lesson } = state;
    const step = stepOf(state);
    if (!step || !lesson || lesson !== shared) return { page: "", step: "", told: false };
    const told = Boolean(step.question) && !waits(state);
    return { page: `lessons/${lesson.slug}`, step: step.id, told, version };
  }
}
