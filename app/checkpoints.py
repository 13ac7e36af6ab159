"""Networks as they were while they were trained, kept for the lab to open."""

import hashlib
import secrets
from collections import OrderedDict
from threading import Lock
from typing import Any

from app.messages import MessageError
from engine import Checkpoint

_BYTES = 16
SCHEDULED = 80
"""Checkpoints of a run at equal distances, at most; with those at its start, about a hundred."""


def scheduled(step: int, steps: int) -> bool:
    """Whether the network after ``step`` of ``steps`` updates is kept: often at first."""
    every = -(-steps // SCHEDULED)
    return step % every == 0 or step & (step - 1) == 0


class Checkpoints:
    """A store with a limit in bytes over all runs; those not looked at for longest give way.

    Threads may share it.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._kept: OrderedDict[tuple[str, int], Checkpoint] = OrderedDict()
        self._steps: dict[str, dict[int, bool]] = {}
        """By run: the steps that are kept, and whether they were scheduled."""
        self._bytes = 0
        self._held: dict[str, Checkpoint] = {}
        """Those that never give way."""
        self._lock = Lock()

    @staticmethod
    def name() -> str:
        """A name for a run, which nobody guesses."""
        return secrets.token_hex(_BYTES)

    def keep(self, run: str, checkpoint: Checkpoint) -> None:
        """Keep it; the run's newest gives way to it, unless that was scheduled."""
        step, steps = checkpoint.step, checkpoint.training.steps
        with self._lock:
            mine = self._steps.setdefault(run, {})
            newest = next(reversed(mine), None)
            if newest is not None and (newest == step or not mine[newest]):
                self._drop(run, newest)
                mine = self._steps.setdefault(run, {})
            self._kept[run, step] = checkpoint
            mine[step] = scheduled(step, steps)
            self._bytes += _size(checkpoint)
            while self._bytes > self._most and len(self._kept) > 1:
                self._drop(*next(iter(self._kept)))

    def hold(self, checkpoint: Checkpoint) -> str:
        """Keep it for good; the name is the same for the same training, whoever serves it."""
        training = hashlib.sha256(repr(checkpoint.training).encode()).hexdigest()[: 2 * _BYTES]
        name = f"{training}-{checkpoint.step}"
        with self._lock:
            self._held[name] = checkpoint
        return name

    def steps(self, run: str) -> list[int]:
        """The steps of a run whose networks are kept, in order."""
        with self._lock:
            return sorted(self._steps.get(run, ()))

    def get(self, name: object) -> Checkpoint:
        """The checkpoint of a name ``run-step``; raises ``MessageError`` where there is none."""
        text = name if isinstance(name, str) else ""
        run, _, step = text.rpartition("-")
        with self._lock:
            if text in self._held:
                return self._held[text]
            key = run, int(step) if step.isascii() and step.isdigit() and len(step) < 10 else -1
            if key not in self._kept:
                raise MessageError("forgotten", field="checkpoint", value=ascii(name)[:60])
            self._kept.move_to_end(key)
            return self._kept[key]

    def _drop(self, run: str, step: int) -> None:
        self._bytes -= _size(self._kept.pop((run, step)))
        del self._steps[run][step]
        if not self._steps[run]:
            del self._steps[run]


def _size(checkpoint: Checkpoint) -> int:
    arrays: Any = checkpoint.network.state_dict().values()
    return sum(array.nbytes for array in arrays) + 2 * len(checkpoint.training.examples)
