"""The measure of a claim or a question: a quantity, and where to read it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from unrolled.engine import Experiment


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of a run: a quantity, and where to read it. Timesteps and units count from 1."""

    quantity: str
    t: int = 0
    """Timestep; 0 is the last."""
    unit: int = 1
    loss: int = 0
    """Timestep of the loss whose gradient is measured; 0 is the sum of all losses."""
    token: str = ""
    """Token whose probability is measured; empty is the target."""
    other: int = 0
    """Second timestep, if two are compared."""
    gate: str = ""
    weight: str = ""
    """A name of ``network.state_dict()``."""
    row: int = 1
    column: int = 1
    pin: int = 0
    """Pinned run of the step, counted from 1; 0 is the step's own run."""
    settings: tuple[tuple[str, Any], ...] = ()
    """Fields of the run's experiment to change for this number; ``with`` in a file."""

    def run(self, runs: Sequence[Experiment]) -> Experiment:
        """Return the experiment to measure, from a step's own run and its pins."""
        shown, settings = runs[self.pin], dict(self.settings)
        return replace(shown, **settings)

    def __str__(self) -> str:
        """Return the measure as a file writes it, without defaults."""
        given = (
            f"{field.name} = {value}"
            for field in fields(self)
            if field.name not in ("quantity", "settings")
            and (value := getattr(self, field.name)) != field.default
        )
        return ", ".join((self.quantity, *given))
