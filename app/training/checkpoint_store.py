"""A store of checkpoints, which the lab can open."""

import hashlib
import math
import secrets
import time
from collections import OrderedDict
from threading import Lock

from unrolled.app.errors import MessageError
from unrolled.app.training.shared_networks import SharedNetworks
from unrolled.engine import Checkpoint
from unrolled.engine.validation import quote
from unrolled.engine.weights.own_network import OwnNetwork

Kept = Checkpoint | OwnNetwork
"""A network that the lab can open by its name."""

_BYTES = 16
SCHEDULED = 80
"""Checkpoints of a run at equal distances, at most; with those at its start, about a hundred."""


def scheduled(step: int, steps: int) -> bool:
    """Return whether to keep the network after ``step`` of ``steps`` updates: more often early."""
    every = -(-steps // SCHEDULED)
    return step % every == 0 or step & (step - 1) == 0


def held_name(checkpoint: Checkpoint) -> str:
    """Return the name of a network that is kept for good, the same for the same training."""
    training = hashlib.sha256(repr(checkpoint.training).encode()).hexdigest()[: 2 * _BYTES]
    return f"{training}-{checkpoint.step}"


class Checkpoints:
    """A thread-safe store with a limit in bytes over all runs.

    Beyond the limit, the least recently used network of the largest run is evicted, so a large run
    does not evict the networks of others. A run that is not used for some ``seconds`` is dropped.
    Those that other processes ``shared`` are found too.
    """

    def __init__(
        self,
        most_bytes: int,
        shared: SharedNetworks | None = None,
        process: str = "",
        seconds: float = math.inf,
    ) -> None:
        self._most, self._shared, self._seconds = most_bytes, shared, seconds
        self.process = process
        """The number at the end of the names of its runs, by which other processes find them."""
        self._runs: dict[str, _Run] = {}
        self._bytes = 0
        self._held: dict[str, Checkpoint] = {}
        """Those that never give way."""
        self._lock = Lock()

    def name(self) -> str:
        """Return a random name for a run, which cannot be guessed."""
        return secrets.token_hex(_BYTES - len(self.process) // 2) + self.process

    def keep(self, run: str, checkpoint: Kept) -> None:
        """Store a network in place of the run's newest, unless that was scheduled."""
        with self._lock:
            replaced = self._add(run, checkpoint, newest=True)
        if self._shared:
            self._shared.write(f"{run}-{checkpoint.step}", checkpoint)
            if replaced not in (None, checkpoint.step):
                self._shared.erase(f"{run}-{replaced}")

    def _add(self, run: str, checkpoint: Kept, newest: bool) -> int | None:
        """Store a network; return the step of that in whose place it is."""
        kept = self._runs.setdefault(run, _Run())
        before = kept.nbytes
        replaced = kept.keep(checkpoint, newest)
        self._bytes += kept.nbytes - before
        while self._bytes > self._most:
            largest = max(self._runs, key=lambda name: self._runs[name].nbytes)
            if len(self._runs) == 1 == len(self._runs[largest].networks):
                break
            self._bytes -= self._runs[largest].forget()
            if not self._runs[largest].networks:
                del self._runs[largest]
        return replaced

    def hold(self, checkpoint: Checkpoint) -> str:
        """Store a network permanently, under a name that is the same on every server."""
        name = held_name(checkpoint)
        with self._lock:
            self._held[name] = checkpoint
        return name

    def expire(self) -> None:
        """Drop the runs that have not been used for too long."""
        with self._lock:
            self._drop_unused()
        if self._shared:
            self._shared.expire(self._seconds)

    def _drop_unused(self) -> None:
        first = time.monotonic() - self._seconds
        for name in [name for name, run in self._runs.items() if run.used < first]:
            self._bytes -= self._runs.pop(name).nbytes

    def steps(self, run: str) -> list[int]:
        """Return the steps of a run's stored networks, in order."""
        with self._lock:
            return sorted(self._runs[run].networks) if run in self._runs else []

    def get(self, name: object) -> Kept:
        """Return the checkpoint named ``run-step``; raises ``MessageError`` if there is none."""
        text = name if isinstance(name, str) else ""
        run, _, digits = text.rpartition("-")
        step = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else -1
        with self._lock:
            if text in self._held:
                return self._held[text]
            self._drop_unused()
            if run in self._runs and step in self._runs[run].networks:
                self._runs[run].used = time.monotonic()
                self._runs[run].networks.move_to_end(step)
                return self._runs[run].networks[step]
        if self._shared and (found := self._shared.read(text, self._seconds)):
            with self._lock:
                self._add(run, found, newest=False)
            return found
        raise MessageError("forgotten", field="checkpoint", value=quote(name))


class _Run:
    """The networks of one run by step, the most recently used last."""

    def __init__(self) -> None:
        self.networks: OrderedDict[int, Kept] = OrderedDict()
        self.nbytes = 0
        self.used = time.monotonic()
        """When it was last kept or asked for."""
        self._newest = -1

    def keep(self, checkpoint: Kept, newest: bool) -> int | None:
        """Store a network; return the step of that in whose place it is, if it is in one's."""
        last, step, replaced = self._newest, checkpoint.step, None
        steps = checkpoint.training.steps if isinstance(checkpoint, Checkpoint) else step
        if newest and last in self.networks and not scheduled(last, steps):
            replaced = last
        elif step in self.networks:
            replaced = step
        if replaced is not None:
            self.forget(replaced)
        self.networks[step] = checkpoint
        self.nbytes += checkpoint.nbytes
        self.used = time.monotonic()
        if newest:
            self._newest = step
        return replaced

    def forget(self, step: int | None = None) -> int:
        """Drop the network of a step, or the least recently used; return its bytes."""
        dropped = self.networks.pop(next(iter(self.networks)) if step is None else step)
        self.nbytes -= dropped.nbytes
        return dropped.nbytes
