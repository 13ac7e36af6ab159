/**
 * Memory of the lessons in this browser: the answers given and the steps seen, by lesson.
 *
 * @typedef {{said: Record<string, string[]>, seen: string[]}} Kept
 */
import { forget, recallJSON, remember } from "../ui/storage.js";

const NAME = "unrolled.course";
/** Answers put aside, until it is brought back, or other answers are put aside. */
const ASIDE = "unrolled.course.aside";
/** @type {Kept} */
const NOTHING = { said: {}, seen: [] };

/** @returns {Record<string, Kept>} */
const course = () => recallJSON(NAME) ?? {};

/**
 * @param {string} slug
 * @returns {Kept}
 */
export const recallLesson = (slug) => course()[slug] ?? NOTHING;

/**
 * @param {string} slug
 * @param {Kept} kept
 */
export function keepLesson(slug, { said, seen }) {
  remember(NAME, JSON.stringify({ ...course(), [slug]: { said, seen } }));
}

/** Whether nothing was answered. @param {Kept} kept */
export const isEmpty = ({ said }) => Object.keys(said).length === 0;

/** Whether there are answers in any lesson. */
export const remembers = () => Object.values(course()).some((kept) => !isEmpty(kept));

/**
 * Two memories as one: where both have an answer, the later one's.
 * @param {Kept} before
 * @param {Kept} now
 * @returns {Kept}
 */
export const merged = (before, now) => ({
  said: { ...before.said, ...now.said },
  seen: [...new Set([...before.seen, ...now.seen])],
});

/** Put what there is aside; the lessons are as on the first day. */
export function setAside() {
  if (remembers()) remember(ASIDE, JSON.stringify(course()));
  forget(NAME);
}

/** Whether something was put aside. */
export const hasAside = () => recallJSON(ASIDE) !== null;

/** Bring back what was put aside. Answers given since then stay. */
export function bringBack() {
  const [before, now] = [/** @type {Record<string, Kept>} */ (recallJSON(ASIDE) ?? {}), course()];
  for (const [slug, kept] of Object.entries(before)) {
    now[slug] = merged(kept, now[slug] ?? NOTHING);
  }
  remember(NAME, JSON.stringify(now));
  forget(ASIDE);
}
