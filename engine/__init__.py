"""Recurrent networks, one timestep at a time: the forward pass, the loss, the gradient back.

>>> import unrolled
>>> trace = unrolled.trace("the clouds are in the sky", cell="rnn", recurrent_scale=1.5)
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

from unrolled.engine.analysis.mean_field import mean_field, mean_field_of
from unrolled.engine.analysis.rate import Rate, rate
from unrolled.engine.analysis.spectra import (
    eigenvalues,
    jacobian,
    lyapunov_exponents,
    singular_values,
    spectral_radius,
)
from unrolled.engine.analysis.step_factors import StepFactors, step_factors, weight_contributions
from unrolled.engine.analysis.sweep_result import Sweep
from unrolled.engine.analysis.sweeps import SweepRun, sweep
from unrolled.engine.architectures import ARCHITECTURES
from unrolled.engine.bptt.records import BackwardStep, ForwardStep, LossStep
from unrolled.engine.bptt.run import Run
from unrolled.engine.bptt.shares import verdict
from unrolled.engine.bptt.trace import Trace
from unrolled.engine.cells import ACTIVATIONS, CELLS
from unrolled.engine.config import NetworkConfig
from unrolled.engine.deep.network import DeepNetwork
from unrolled.engine.deep.records import DeepTrace, LevelTrace
from unrolled.engine.deep.trace import deep_trace, deep_trace_of
from unrolled.engine.description.parameters import document
from unrolled.engine.errors import MESSAGES, ExperimentError
from unrolled.engine.experiment import CHOICES, RANGES, Experiment
from unrolled.engine.given_run import GivenRun
from unrolled.engine.initialization import INITIALIZATIONS
from unrolled.engine.layer import Layer
from unrolled.engine.network import Network
from unrolled.engine.problem import Problem
from unrolled.engine.provenance import experiment_of
from unrolled.engine.recording import Moment, Recording, Window, record
from unrolled.engine.tasks import EXAMPLES, LENGTHS, TASKS, Batch, Task, task
from unrolled.engine.tokenizers import MOST_TOKENS, TOKENIZERS
from unrolled.engine.trace import trace, trace_of
from unrolled.engine.training import Answer, Checkpoint, Training, TrainingRun, TrainingStep
from unrolled.engine.training.sampling import sample
from unrolled.engine.weights import RecurrentModule, modules_in

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
    "DeepNetwork",
    "DeepTrace",
    "Experiment",
    "ExperimentError",
    "ForwardStep",
    "GivenRun",
    "Layer",
    "LevelTrace",
    "LossStep",
    "Moment",
    "Network",
    "NetworkConfig",
    "Problem",
    "Rate",
    "Recording",
    "RecurrentModule",
    "Run",
    "StepFactors",
    "Sweep",
    "SweepRun",
    "Task",
    "Trace",
    "Training",
    "TrainingRun",
    "TrainingStep",
    "Window",
    "deep_trace",
    "deep_trace_of",
    "eigenvalues",
    "experiment_of",
    "jacobian",
    "lyapunov_exponents",
    "mean_field",
    "mean_field_of",
    "modules_in",
    "rate",
    "record",
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

document(
    *(NetworkConfig, Experiment, Training, Network, Layer, Problem, Trace, Batch, Task),
    *(DeepNetwork, DeepTrace, LevelTrace),
    *(ForwardStep, LossStep, BackwardStep, Answer, TrainingStep, Checkpoint),
    *(Moment, Rate, Recording, RecurrentModule, StepFactors, Sweep, Window),
)
