/** The runs of this tab, by the keys under which the server keeps them for it. */
import { recallJSON, remember } from "../ui/storage.js";

const NAME = "unrolled.trainings";

/**
 * @param {import("./training-config.js").Plan} plan
 * @param {Record<string, string>} keys  by cell
 * @param {import("./guess.js").Guess} guessed
 */
export function keep(plan, keys, guessed) {
  remember(NAME, JSON.stringify({ plan, keys, guessed }), "tab");
}

/**
 * Those that were begun or left with this plan, and what was guessed: another address is not about
 * them.
 * @param {import("./training-config.js").Plan} plan
 * @returns {{keys: Record<string, string>, guessed: import("./guess.js").Guess}}
 */
export function kept(plan) {
  const { plan: theirs, keys, guessed } = found();
  if (JSON.stringify(theirs) !== JSON.stringify(plan)) return { keys: {}, guessed: null };
  return { keys: keys ?? {}, guessed: guessed ?? null };
}

/** Whether a run has been begun in this tab. */
export const hasTrained = () => Object.values(found().keys ?? {}).some(Boolean);

/** @returns {Record<string, any>} */
const found = () => recallJSON(NAME, "tab") ?? {};
