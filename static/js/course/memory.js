/**
 * This browser's record of the lessons: answers, and the steps that were seen, by lesson.
 *
 * @typedef {{said: Record<string, string[]>, seen: string[]}} Kept
 */
import { forget, recallJSON, remember } from "../ui/storage.js";

const NAME = "unrolled.course";

/** @returns {Record<string, Kept>} */
const course = () => recallJSON(NAME) ?? {};

/**
 * @param {string} slug
 * @returns {Kept}
 */
export const recallLesson = (slug) => course()[slug] ?? { said: {}, seen: [] };

/**
 * @param {string} slug
 * @param {Kept} kept
 */
export function keepLesson(slug, { said, seen }) {
  remember(NAME, JSON.stringify({ ...course(), [slug]: { said, seen } }));
}

export const forgetCourse = () => forget(NAME);

/** Whether there is anything to forget. */
export const remembers = () => Object.keys(course()).length > 0;
