"""Time to learn each task with the page's initial settings, on one thread.

The page's networks train in turns, a chunk each, as on the server's one training thread; nothing is
sent. A loss is the mean of 25 steps, as on the page. The first change is a loss below 0.9 of the
baseline, which is the best answer without memory. A task is learnt at an LSTM loss below 0.1 of it,
where the page says "knows" or "has learnt it", and below half of it for text and sunspots.
"""

import time
from dataclasses import asdict
from typing import Any

import numpy as np

from unrolled.app.runs.frames import decode
from unrolled.app.settings import Settings
from unrolled.app.training.checkpoint_store import Checkpoints
from unrolled.app.training.commands import Order
from unrolled.app.training.presets import BESIDE
from unrolled.app.training.registry import Trainings
from unrolled.app.training.trainer import Trainer
from unrolled.engine import TASKS, Training

CHANGE, POINT, LOOSE = 0.9, 0.1, {"text": 0.5, "series": 0.5}
RECENT = 25
MOST_SECONDS = {"change": 10, "point": 90}


def main() -> None:
    print("\nEvery task as the page trains it, seconds until ...")
    print(f"{'':14}{'a change':>10}{'its point':>11}{'the end':>9}   loss / baseline at the end")
    late = []
    for task in TASKS:
        change, point, end, shares = waited(task)
        late += [task] * (change > MOST_SECONDS["change"] or point > MOST_SECONDS["point"])
        ends = ", ".join(f"{cell} {share:.2f}" for cell, share in shares.items())
        print(f"{task:14}{change:10.1f}{point:11.1f}{end:9.1f}   {ends}", flush=True)
    within = ", ".join(f"{kind} within {most} s" for kind, most in MOST_SECONDS.items())
    print(f"{within}: {'not ' + ', '.join(late) if late else 'every task'}")


def waited(task: str) -> tuple[float, float, float, dict[str, float]]:
    """Return the seconds to the first change, to learning and to the end, and the final losses."""
    settings = Settings()
    checkpoints, trainings = Checkpoints(settings.checkpoint_bytes), Trainings(settings)
    trainers = {cell: Trainer(settings, checkpoints, trainings) for cell in BESIDE}
    losses: dict[str, Any] = {cell: np.empty(0) for cell in trainers}
    change = point = np.inf
    start = time.perf_counter()
    for cell, trainer in trainers.items():
        fields = asdict(Training(task)) | {"cell": cell}
        frames, *_ = trainer.follow(Order(1, fields, {}, False, 0))
        baseline = decode(frames[0])[0]["baseline"]
    while any(trainer.live for trainer in trainers.values()):
        for cell, trainer in trainers.items():
            if not trainer.live:
                continue
            frames, taken, _ = trainer.follow(Order(1, None, {}, False, None))
            now = time.perf_counter() - start
            before = losses[cell][-RECENT + 1 :]
            losses[cell] = np.append(losses[cell], decode(frames[0])[1]["loss"])
            seen = losses[cell][-taken - len(before) :]
            if len(seen) < RECENT:
                continue
            least = np.convolve(seen, np.full(RECENT, 1 / RECENT), "valid").min() / baseline
            if least < CHANGE:
                change = min(change, now)
            if cell == "lstm" and least < LOOSE.get(task, POINT):
                point = min(point, now)
    end = time.perf_counter() - start
    return change, point, end, {c: each[-RECENT:].mean() / baseline for c, each in losses.items()}


if __name__ == "__main__":
    main()
