/**
 * The text that was typed for a network to read, while it gets the words that it reads.
 *
 * @typedef {import("../lab/state.js").Experiment} Experiment
 * @typedef {{sequence?: string, target?: string, tokens?: string}} Typed
 * @typedef {{name: string, sequence: string | null, target: string | null}} Read  the network's new
 *   name, and the texts as it reads them; null where it cannot
 */

/**
 * The text of an experiment, and its target; nothing where the network brought the text.
 * @param {Experiment} experiment
 * @param {Experiment} usual  the one with which the network was opened
 * @returns {Typed}
 */
export function typedIn({ sequence, target, tokens }, usual) {
  if (sequence === usual.sequence) return {};
  return { sequence: String(sequence), target: String(target), tokens: String(tokens) };
}

/**
 * The experiment on a network that has got other words: its settings as they were, and its text as
 * it is read now, or else the usual one.
 * @param {Experiment} before
 * @param {Experiment} usual  of the network with the other words
 * @param {Read} read
 * @param {boolean} classes  whether its outputs are the words that it reads
 * @returns {Experiment}
 */
export function reread(before, usual, read, classes) {
  const { checkpoint = "", tokens } = usual;
  const sequence = read.sequence ?? usual.sequence;
  const target = classes && !before.labels ? read.target ?? "" : before.target;
  const loss = read.sequence === null && typeof before.loss === "number" ? "last" : before.loss;
  return { ...before, checkpoint, tokens, sequence, target, loss };
}
