"""Trains the networks that come with the lessons: ``make networks`` writes their files.

The last digits of a weight are those of a machine's own arithmetic: a file whose numbers agree with
the new ones is kept as it is.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from math import isclose
from pathlib import Path

import numpy as np

from unrolled.app.lessons.networks import FOLDER, NETWORKS
from unrolled.app.lessons.trained import LEARNED, NUMBERS, learned
from unrolled.engine import Checkpoint, ExperimentError, Training

NEAR = 1e-9
"""Relative difference, and of a weight absolute too, up to which numbers agree."""


def main(networks: Mapping[str, Training] = NETWORKS, folder: Path = FOLDER) -> None:
    """Train every network, and write its file and its numbers."""
    file = folder / NUMBERS.name
    before = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    numbers = {}
    for name, training in networks.items():
        found = learned(training)
        if not _agrees(folder / f"{name}.npz", found.checkpoint):
            found.checkpoint.save(folder / f"{name}.npz")
        numbers[name] = {
            quantity: _kept(before.get(name, {}).get(quantity), read(found))
            for quantity, read in LEARNED.items()
        }
    file.write_text(json.dumps(numbers, indent=2) + "\n", encoding="utf-8")


def _agrees(file: Path, found: Checkpoint) -> bool:
    """Return whether a file holds the same training, and weights that agree."""
    with suppress(OSError, ExperimentError):
        kept = Checkpoint.load(file)
        weights = found.network.state_dict()
        return (kept.training, kept.step) == (found.training, found.step) and all(
            np.allclose(old, weights[name], rtol=NEAR, atol=NEAR)
            for name, old in kept.network.state_dict().items()
        )
    return False


def _kept(before: float | None, found: float) -> float:
    agrees = before is not None and isclose(before, found, rel_tol=NEAR)
    return before if agrees and before is not None else found


if __name__ == "__main__":
    main()
