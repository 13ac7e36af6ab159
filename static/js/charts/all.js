/** Every chart, by its name. */
import { gradientMatrix, gradientNorm, stepFactors } from "./gradients.js";
import { lyapunov, singularValues, spectrum } from "./spectra.js";
import { gates, hiddenStates } from "./states.js";
import { sweep } from "./sweep.js";

export const CHARTS = {
  gradient_norm: gradientNorm,
  gradient_matrix: gradientMatrix,
  hidden_states: hiddenStates,
  gates,
  step_factors: stepFactors,
  spectrum,
  singular_values: singularValues,
  lyapunov,
  sweep,
};
