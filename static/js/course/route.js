/**
 * Where Next leads: along a route, or from lesson to lesson. Pure functions of the course.
 *
 * @typedef {{slug: string, id: string}} Place
 * @typedef {[slug: string, id: string, seconds: number]} Stop
 *
 * @typedef {object} Course
 * @property {{slug: string, title: string, steps: string[]}[]} lessons  in order, and the quiz
 * @property {Record<string, Stop[]>} routes
 * @property {Record<string, Record<string, string>>} taken  the steps that a route takes of a lesson of
 *   which it leaves some out, in words, by route and lesson
 */

/**
 * The stops of the route that an address names; none where it names none.
 * @param {Course} course
 * @param {string} search
 * @returns {Stop[]}
 */
export const routeIn = (course, search) =>
  course.routes[new URLSearchParams(search).get("route") ?? ""] ?? [];

/**
 * The steps that the route of an address takes of a lesson, in words; empty where it takes all or none.
 * @param {Course} course
 * @param {string} search
 * @param {string} slug
 */
export const taken = (course, search, slug) =>
  course.taken[new URLSearchParams(search).get("route") ?? ""]?.[slug] ?? "";

/** The slug of the lesson that asks only; its last step is the result. */
const QUIZ = "quiz";

/**
 * The number of a step and how many its lesson has; in the quiz of questions, and null at the result.
 * @param {{slug: string, steps: unknown[]}} lesson
 * @param {number} at
 * @returns {{said: string, n: number, count: number} | null} `said`: the words for it
 */
export function countOf({ slug, steps }, at) {
  if (slug !== QUIZ) return { said: "lesson.count", n: at + 1, count: steps.length };
  const count = steps.length - 1;
  return at < count ? { said: "course.count", n: at + 1, count } : null;
}

/**
 * The same in words, with the steps that a route takes, if it leaves some out.
 * @param {Parameters<typeof countOf>[0]} lesson
 * @param {number} at
 * @param {string} taken
 * @param {import("../text/format.js").Translate} t
 */
export function countTold(lesson, at, taken, t) {
  const place = countOf(lesson, at);
  return place ? t(taken ? "lesson.count.route" : place.said, { ...place, taken }) : "";
}

/**
 * The step that comes next, or before: along the route, or where that does not lead on, in the lessons.
 * @param {Course} course
 * @param {Stop[]} route
 * @param {Place} here
 * @param {1 | -1} by
 * @returns {Place | null}
 */
export function leads(course, route, here, by) {
  const order = course.lessons.flatMap(({ slug, steps }) => steps.map((id) => ({ slug, id })));
  const beside = (/** @type {Place[]} */ places) => {
    const at = places.findIndex(({ slug, id }) => slug === here.slug && id === here.id);
    return at < 0 ? null : places[at + by] ?? null;
  };
  return beside(route.map(([slug, id]) => ({ slug, id }))) ?? beside(order);
}

/**
 * The seconds of a route up to a step, up to its end, and of all of it; beside the route any time is good.
 * @param {Stop[]} route
 * @param {Place} here
 */
export function plan(route, { slug, id }) {
  const at = route.findIndex((stop) => stop[0] === slug && stop[1] === id);
  const sum = (/** @type {Stop[]} */ stops) => stops.reduce((all, stop) => all + stop[2], 0);
  if (at < 0) return { begun: 0, done: sum(route), planned: sum(route) };
  return {
    begun: sum(route.slice(0, at)),
    done: sum(route.slice(0, at + 1)),
    planned: sum(route),
  };
}
