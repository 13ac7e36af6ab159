"""Trains the networks that come with the lessons: ``make networks`` writes their files."""

from unrolled.app.lessons.networks import FOLDER, NETWORKS
from unrolled.engine import TrainingRun


def main() -> None:
    """Train every network and write its file."""
    for name, training in NETWORKS.items():
        run = TrainingRun(training)
        for _ in run.steps():
            pass
        run.checkpoint().save(FOLDER / f"{name}.npz")


if __name__ == "__main__":
    main()
