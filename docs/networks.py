"""Trains the networks that come with the lessons: ``make networks`` writes their files."""

import json

from unrolled.app.lessons.networks import FOLDER, NETWORKS
from unrolled.app.lessons.trained import LEARNED, NUMBERS, learned


def main() -> None:
    """Train every network, and write its file and its numbers."""
    numbers = {}
    for name, training in NETWORKS.items():
        found = learned(training)
        found.checkpoint.save(FOLDER / f"{name}.npz")
        numbers[name] = {quantity: read(found) for quantity, read in LEARNED.items()}
    NUMBERS.write_text(json.dumps(numbers, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
