/**
 * The fields of an experiment that change where another does.
 *
 * @typedef {import("../lab/state.js").Experiment} Experiment
 */
import { oneLayer } from "./address.js";
import { canAttend } from "./cells.js";

/** Fields that say which timesteps there are, and which of them have a loss. */
const READ = new Set(["sequence", "tokens", "architecture", "target"]);

/** Fields that say which weights there are. */
const SHAPES = new Set([
  "cell",
  "hidden_size",
  "architecture",
  "attention",
  "layers",
  "directions",
]);

/**
 * An experiment with another value of a field. The last loss is drawn where the one that was chosen
 * may no longer be there, and another network has none of the weights that were set by hand. The
 * highest layer is in front where there are fewer than before, and an encoder-decoder has but one.
 * There is attention where a recurrent encoder is to be looked at.
 * @param {Experiment} experiment
 * @param {string} field
 * @param {string | number} value
 * @returns {Experiment}
 */
export function edited(experiment, field, value) {
  const next = { ...experiment, [field]: value };
  const gone = READ.has(field) && typeof experiment.loss === "number";
  const other = SHAPES.has(field) && experiment.by_hand;
  return {
    ...next,
    ...(experiment.attention && !next.checkpoint && !canAttend(next) && { attention: "none" }),
    ...(gone && { loss: "last" }),
    ...(other && { by_hand: "" }),
    ...(field === "architecture" && oneLayer(next)),
    ...(field === "layers" && Math.abs(Number(experiment.layer)) > Number(value) && { layer: 0 }),
    ...(field === "directions" && Number(experiment.layer) < 0 && { layer: 0 }),
  };
}
