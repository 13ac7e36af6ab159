"""What a claim or a question asks of a run: a quantity, and where to read it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
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
    """Timestep of the loss whose gradient is meant; 0 is all of them together."""
    token: str = ""
    """Whose probability; empty is the target's."""
    other: int = 0
    """Another timestep, where two are compared."""
    gate: str = ""
    weight: str = ""
    """A name of ``network.state_dict()``."""
    row: int = 1
    column: int = 1
    pin: int = 0
    """Of which of the step's pinned runs, counted from 1; 0 is its own."""
    settings: tuple[tuple[str, Any], ...] = ()
    """Fields of that run's experiment that are changed for this number; ``with`` in a file."""

    def run(self, runs: Sequence[Experiment]) -> Experiment:
        """Return the experiment that it is read off, of a step's own run and its pins."""
        shown, settings = runs[self.pin], dict(self.settings)
        return Experiment.of({**asdict(shown), **settings}) if settings else shown

    def __str__(self) -> str:
        """As a file writes it, without what is left out."""
        given = (
            f"{field.name} = {value}"
            for field in fields(self)
            if field.name not in ("quantity", "settings")
            and (value := getattr(self, field.name)) != field.default
        )
        return ", ".join((self.quantity, *given))
