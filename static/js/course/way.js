/** The way through the lessons from the page of one: to a step of it, or to the page of another. */
import { leads, routeIn, taken } from "./route.js";

/** Where the last step leads. */
const LIST = { slug: "", id: "" };
/** The names that go along, from the address of one lesson to that of the next. */
const STAYS = ["route", "lang", "view"];

/**
 * @typedef {import("../lessons/state.js").State} State
 *
 * @param {import("./route.js").Course} course
 * @param {import("../lessons/navigation.js").Lesson | null} ours  the lesson of the page; one of one's
 *   own has none
 * @param {{state: () => State, go: (index: number) => void}} walk
 */
export function createWay(course, ours, walk) {
  return {
    from,
    move,
    /** The steps of the lesson that the route takes, in words; empty where it takes all, or none. */
    taken: () => ours ? taken(course, location.search, ours.slug) : "",
  };

  /**
   * Where the way leads from a step; in a lesson of one's own to the steps of it alone.
   * @param {State} state
   * @param {1 | -1} by
   */
  function from({ lesson, at }, by) {
    if (!lesson || lesson !== ours) {
      const id = lesson?.steps[at + by]?.id;
      return lesson && id ? { slug: lesson.slug, id } : null;
    }
    const here = { slug: lesson.slug, id: lesson.steps[at].id };
    const to = leads(course, routeIn(course, location.search), here, by);
    return to ?? (by > 0 ? LIST : null);
  }

  /** @param {1 | -1} by */
  function move(by) {
    const { lesson } = walk.state();
    const to = from(walk.state(), by);
    if (!lesson || !to) return;
    if (to.slug === lesson.slug) return walk.go(lesson.steps.findIndex(({ id }) => id === to.id));
    const before = new URLSearchParams(location.search);
    const search = new URLSearchParams({ step: to.id });
    for (const name of STAYS) {
      const value = before.get(name);
      if (value) search.set(name, value);
    }
    location.assign(to === LIST ? "../lessons" : `${to.slug}?${search}`);
  }
}
