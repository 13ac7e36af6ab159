"""Values of several kinds, each brought together with each."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import pytest


def combined(**kinds: Sequence[Any] | Mapping[str, Any]) -> pytest.MarkDecorator:
    """Parametrize a test with every combination of the values of some kinds.

    The names of a mapping are those of its values in the report.
    """
    names = [list(kind) for kind in kinds.values()]
    return pytest.mark.parametrize(
        list(kinds),
        [
            pytest.param(
                *(
                    kind[name] if isinstance(kind, Mapping) else name
                    for kind, name in zip(kinds.values(), found, strict=True)
                ),
                id="-".join(map(str, found)),
            )
            for found in itertools.product(*names)
        ],
    )
