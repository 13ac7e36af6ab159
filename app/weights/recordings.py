"""A recorded training on the page: its gradient window, and one of its moments in the lab."""

import io
from typing import Any

import numpy as np

from unrolled.app.settings import Settings
from unrolled.engine import ExperimentError, Moment, Recording
from unrolled.engine.recording.opened import own_network_of
from unrolled.engine.validation import quote
from unrolled.engine.weights.own_network import OwnNetwork

MOST_BYTES = 2**28
"""Bytes of all arrays of a recording, at most."""
_OVERHEAD = 32
"""Hidden units whose multiplications take as long as a timestep of a network of none."""


def window(content: bytes, name: str, module: str | None, settings: Settings) -> dict[str, Any]:
    """Return the gradient window of a module over its training; of many steps some.

    It is that of the first module, if none is named. Raises ``ExperimentError``.
    """
    found = _read(content, name)
    module = found.modules[0] if module is None else module
    own = _of(found, module, name)
    chosen = own[:: _every(own, settings)]
    try:
        seen = Recording(found.versions, chosen).norms(module)
    except ValueError:
        raise _refusal("finite", name) from None
    norms = np.where(np.isfinite(seen.hidden), seen.hidden, np.nan)
    return {
        "module": module,
        "modules": [*found.modules],
        "steps": seen.steps.tolist(),
        "recorded": len(own),
        "levels": [*seen.levels],
        "log10_norms": [*norms.swapaxes(0, 1)],
        "sequences": len(own[0].lengths),
        "hidden_size": own[0].module.hidden_size,
        "projection": own[0].module.projection,
        "difference": float(seen.difference.max()),
        "diverged_at": found.diverged_at,
    }


def network_at(
    content: bytes, name: str, module: str | None, step: int, sequence: int
) -> OwnNetwork:
    """Return the network of a recorded step, with one of its sequences, counted from 1."""
    found = _read(content, name)
    own = _of(found, found.modules[0] if module is None else module, name)
    for each in own:
        if each.step == step and 1 <= sequence <= len(each.lengths):
            return own_network_of(each, name, sequence - 1)
    known = ", ".join(str(each.step) for each in own)
    raise _refusal("step", name, known=known)


def _read(content: bytes, name: str) -> Recording:
    try:
        found = Recording.read(io.BytesIO(content), name, MOST_BYTES)
    except ValueError:
        raise _refusal("broken", name) from None
    if not found.moments:
        raise _refusal("empty", name)
    return found


def _of(found: Recording, module: str, name: str) -> list[Moment]:
    if module not in found.modules:
        raise _refusal("module", name, known=", ".join(found.modules))
    return found.of(module)


def _every(own: list[Moment], settings: Settings) -> int:
    """Return how many steps there are for each that is computed, so that a page need not wait."""
    work = sum(each.x.shape[0] * each.x.shape[1] * _timestep(each) for each in own)
    return max(1, -(-work // (settings.sweep_work // 4)))


def _timestep(moment: Moment) -> int:
    """Return the cost of a timestep, as ``app.runs.limits`` counts it."""
    matrices = [each for each in moment.weights.values() if each.ndim == 2]
    return sum(len(each) * (each.shape[1] + _OVERHEAD) for each in matrices)


def _refusal(code: str, name: str, **details: Any) -> ExperimentError:
    shown = quote(name, 80)[1:].removesuffix('"')
    return ExperimentError("sequence", f"recording_{code}", value=shown, **details)
