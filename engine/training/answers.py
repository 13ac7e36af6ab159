"""The answers of the network to the task's probes, one minibatch's."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, overload

import numpy as np

from unrolled.engine.numerics.arrays import Floats, Integers
from unrolled.engine.tasks import Task
from unrolled.engine.training.records import Answer


class Answers(Sequence[Answer]):
    """Answers in numbers, put into words when one is first read: most steps are not looked at.

    Pickled they are a tuple.
    """

    def __init__(
        self,
        task: Task,
        where: tuple[Integers, Integers],
        predictions: Integers | Floats,
        right: Any,
        probability: Any,
    ) -> None:
        """Keep what there is at n targets, at ``where``: timesteps (n,), and probes (n,).

        ``predictions`` are classes (n,) or numbers (n, D), ``right`` and ``probability`` (n,).
        """
        self._task, self._where = task, where
        self._predictions, self._right, self._probability = predictions, right, probability

    @cached_property
    def _all(self) -> tuple[Answer, ...]:
        notation, numbers = self._task.target_notation, self._task.numbers
        predictions = self._filled(np.nan if numbers else -1, self._predictions)
        right, probability = (
            self._filled(False, self._right),
            self._filled(np.nan, self._probability),
        )
        return tuple(
            Answer(
                notation.write(predictions[:, k]),
                tuple(right[:, k].tolist()),
                tuple(probability[:, k].tolist()),
            )
            for k in range(len(self))
        )

    def _filled(self, nothing: float, some: Any) -> Any:
        """Return (T, probes, ...) some values, and ``nothing`` where there is no target."""
        filled = np.full((*self._task.probes.x.shape[:2], *some.shape[1:]), nothing, some.dtype)
        filled[self._where] = some
        return filled

    @overload
    def __getitem__(self, index: int) -> Answer: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Answer, ...]: ...
    def __getitem__(self, index: int | slice) -> Answer | tuple[Answer, ...]:
        return self._all[index]

    def __len__(self) -> int:
        return self._task.probes.x.shape[1]

    def __eq__(self, other: object) -> bool:
        return self._all == (other._all if isinstance(other, Answers) else other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self._all)

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, (self._all,)
