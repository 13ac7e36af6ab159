/**
 * The target and the labels of a network that answers once, and of one that answers several times: a
 * verdict is no list of tags, so each has its own.
 *
 * @typedef {import("../lab/state.js").Experiment} Experiment
 * @typedef {Partial<Record<"once" | "often", Experiment>>} Targets
 */

/** @param {Experiment} experiment */
const timesOf = ({ architecture }) => architecture === "many-to-one" ? "once" : "often";

/**
 * The targets, with that of an experiment.
 * @param {Targets} targets
 * @param {Experiment} experiment
 * @returns {Targets}
 */
export const kept = (targets, experiment) => ({
  ...targets,
  [timesOf(experiment)]: { target: experiment.target, labels: experiment.labels },
});

/**
 * An experiment whose architecture was changed, with the target that was typed when the network last
 * answered as often, or else that of a pinned run of the same sequence. Where there is none, it
 * keeps its own.
 * @param {Experiment} before
 * @param {Experiment} next
 * @param {Targets} targets
 * @param {readonly {experiment: Experiment}[]} pins
 * @returns {Experiment}
 */
export function withOwnTarget(before, next, targets, pins) {
  const times = timesOf(next);
  if (times === timesOf(before)) return next;
  const pinned = pins.find(({ experiment }) =>
    experiment.sequence === next.sequence && timesOf(experiment) === times
  );
  const { target, labels } = targets[times] ?? pinned?.experiment ?? next;
  return { ...next, target, labels };
}
