"""Values of several kinds, brought together without trying each with each."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import pytest


def combined(
    usual: int | None = None, /, **kinds: Sequence[Any] | Mapping[str, Any]
) -> pytest.MarkDecorator:
    """Parametrize a test with every combination of the values of some kinds.

    As many as the longest kind has values are tried by ``make test``, so that each value comes once
    at least, or as many as ``usual`` says. The others are left to ``make test-layout``. The names
    of a mapping are those of its values in the report.
    """
    names = [list(kind) for kind in kinds.values()]
    few = set(_few([len(kind) for kind in names])[:usual])
    return pytest.mark.parametrize(
        list(kinds),
        [
            pytest.param(
                *(
                    kind[found[at]] if isinstance(kind, Mapping) else found[at]
                    for kind, found, at in zip(kinds.values(), names, places, strict=True)
                ),
                id="-".join(str(found[at]) for found, at in zip(names, places, strict=True)),
                marks=() if places in few else pytest.mark.layout,
            )
            for places in itertools.product(*(range(len(found)) for found in names))
        ],
    )


def _few(lengths: Sequence[int]) -> list[tuple[int, ...]]:
    """Return as many places as the longest has, in which each value of each has a place.

    The shorter ones go round at paces of their own, as the digits of a number do, so that two of
    them are not always in step.
    """
    most = max(lengths)
    strides, stride = [], 1
    for length in lengths:
        own = stride if stride * length <= most else 1
        strides.append(1 if length == most else own)
        stride = own * length if length < most else stride
    return [
        tuple(number // own % length for length, own in zip(lengths, strides, strict=True))
        for number in range(most)
    ]
