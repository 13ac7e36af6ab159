/** Every chart, by its name. */
import { gradientMatrix, gradientNorm, stepFactors } from "./gradients.js";
import { lyapunov, singularValues, spectrum } from "./spectra.js";
import { gates, hiddenStates } from "./states.js";
import { sweep } from "./sweep.js";

export const CHARTS = {
  step_factors: stepFactors,
  hidden_states: hiddenStates,
  gates,
  gradient_matrix: gradientMatrix,
  sweep,
  gradient_norm: gradientNorm,
  spectrum,
  singular_values: singularValues,
  lyapunov,
};
