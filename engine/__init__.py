"""Recurrent networks, one timestep at a time: the forward pass, the loss, the gradient back.

>>> import engine
>>> trace = engine.trace("the clouds are in the sky", cell="rnn", recurrent_scale=1.5)
>>> trace.log10_gradient_norm.shape          # log10 ‖∂L/∂h_t‖, t = 1..T
(24,)

The naming law, kept in every module:

- Capitals are matrices (``W_hh``), lower case vectors (``h``) or stacks of row vectors.
- ``d_`` + name is ∂L/∂name and has the shape of name.
- ``_prev`` belongs to timestep t-1; no suffix belongs to t.
- In a cell's partials ``c_i`` is ∂c/∂a_i, and so on.
- Plurals are stacks over time.
- ``a`` is a pre-activation; ``W_xh`` leads from x to h; ``H``, ``V``, ``T`` count hidden units,
  vocabulary and timesteps.
- Timesteps are counted from 1 in everything that leaves the engine, from 0 inside its loops.
"""

from engine.architectures import ARCHITECTURES
from engine.bptt import Run
from engine.cells import ACTIVATIONS, CELLS
from engine.dynamics import (
    Rate,
    StepFactors,
    mean_field,
    mean_field_of,
    rate,
    step_factors,
    weight_contributions,
)
from engine.errors import MESSAGES, ExperimentError
from engine.experiment import CHOICES, RANGES, Experiment
from engine.initialization import INITIALIZATIONS
from engine.network import Network
from engine.records import BackwardStep, ForwardStep, LossStep, Trace
from engine.sampling import sample
from engine.shares import verdict
from engine.spectra import (
    eigenvalues,
    jacobian,
    lyapunov_exponents,
    singular_values,
    spectral_radius,
)
from engine.sweeps import Sweep, SweepRun, sweep
from engine.tasks import EXAMPLES, LENGTHS, TASKS, Batch, Task, task
from engine.tokens import MOST_TOKENS, TOKENIZERS
from engine.trace import trace, trace_of
from engine.training import Answer, Checkpoint, Training, TrainingRun, TrainingStep

__all__ = [
    "ACTIVATIONS",
    "ARCHITECTURES",
    "CELLS",
    "CHOICES",
    "EXAMPLES",
    "INITIALIZATIONS",
    "LENGTHS",
    "MESSAGES",
    "MOST_TOKENS",
    "RANGES",
    "TASKS",
    "TOKENIZERS",
    "Answer",
    "BackwardStep",
    "Batch",
    "Checkpoint",
    "Experiment",
    "ExperimentError",
    "ForwardStep",
    "LossStep",
    "Network",
    "Rate",
    "Run",
    "StepFactors",
    "Sweep",
    "SweepRun",
    "Task",
    "Trace",
    "Training",
    "TrainingRun",
    "TrainingStep",
    "eigenvalues",
    "jacobian",
    "lyapunov_exponents",
    "mean_field",
    "mean_field_of",
    "rate",
    "sample",
    "singular_values",
    "spectral_radius",
    "step_factors",
    "sweep",
    "task",
    "trace",
    "trace_of",
    "verdict",
    "weight_contributions",
]
