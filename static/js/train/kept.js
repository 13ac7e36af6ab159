/** The runs of this tab, by the keys under which the server keeps them for it. */

const NAME = "unrolled.trainings";

/**
 * @param {import("./plan.js").Plan} plan
 * @param {Record<string, string>} keys  by cell
 */
export function keep(plan, keys) {
  try {
    sessionStorage.setItem(NAME, JSON.stringify({ plan, keys }));
  } catch {
    // a browser may refuse to keep them; then a reload begins anew
  }
}

/**
 * Those that were begun or left with this plan: another address is not about them.
 * @param {import("./plan.js").Plan} plan
 * @returns {Record<string, string>}
 */
export function kept(plan) {
  try {
    const { plan: theirs, keys } = JSON.parse(sessionStorage.getItem(NAME) ?? "{}");
    return JSON.stringify(theirs) === JSON.stringify(plan) ? keys : {};
  } catch {
    return {};
  }
}
