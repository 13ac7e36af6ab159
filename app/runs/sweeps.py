"""Answers a sweep with an iterator of lines, without sockets or an event loop."""

import time
from collections.abc import Callable, Iterator
from typing import Any, cast

import numpy as np
from starlette.requests import ClientDisconnect

from unrolled.app.json import as_json
from unrolled.app.runs.limits import check_sweep
from unrolled.app.runs.requests import SweepRequest, experiment
from unrolled.app.settings import Settings
from unrolled.engine import Sweep, SweepRun

PROGRESS_SECONDS = 0.1
MOST_DISTANCES = 200


def sweep_run(request: SweepRequest, settings: Settings) -> SweepRun:
    """Return the sweep; raises ``ExperimentError``, or ``MessageError`` if it is too large."""
    wanted = experiment(request.experiment, settings)
    check_sweep(wanted, len(request.recurrent_scale), request.seeds, settings)
    return SweepRun(wanted, request.recurrent_scale, cast(int, request.seeds), brief=request.shares)


def lines(
    run: SweepRun,
    told: Callable[[Sweep], dict[str, Any]],
    left: Callable[[], bool] = lambda: False,
) -> Iterator[bytes | None]:
    """Yield a progress line about every tenth of a second, and last the result made by ``told``.

    Yields None between two batches without a line. Raises ``ClientDisconnect`` once the client has
    ``left``.
    """

    def go_on() -> None:
        if left():
            raise ClientDisconnect

    said = time.perf_counter()
    for finished in run.batches(go_on):
        now = time.perf_counter()
        if due := now - said >= PROGRESS_SECONDS:
            said = now
        yield line_of({"finished": finished, "networks": run.networks}) if due else None
    go_on()
    yield line_of(told(run.sweep()))


def shares(found: Sweep) -> dict[str, Any]:
    """Return the share at t = 1 by scale, and the scale from which all of it arrives."""
    return {
        "made_by": made_by(found),
        "recurrent_scale": found.recurrent_scale,
        "seeds": len(found.seeds),
        "log10_share": found.log10_share,
        "edge_scale": found.edge_scale,
    }


def result(found: Sweep) -> dict[str, Any]:
    """Return quartiles of shares by scale and distance, for as many distances as can be drawn."""
    s = found.log10_gradient_norms.shape[-1]
    distance = np.unique(np.linspace(0, s - 1, min(s, MOST_DISTANCES)).round().astype(int))
    lower, median, upper = found.quartiles[..., distance]
    return {
        "made_by": made_by(found),
        "recurrent_scale": found.recurrent_scale,
        "seeds": len(found.seeds),
        "distance": distance,
        "log10_share_lower_quartile": lower,
        "log10_share_median": median,
        "log10_share_upper_quartile": upper,
        "median_factor": found.median_factor,
        "critical_scale": found.critical_scale,
        "diverged": found.diverged.sum(axis=1),
    }


def made_by(found: Sweep) -> dict[str, Any]:
    """Return the provenance of a sweep: experiment, scales, number of seeds, versions."""
    scales, seeds = found.recurrent_scale.tolist(), len(found.seeds)
    return {**found.experiment.made_by(), "recurrent_scale": scales, "seeds": seeds}


def line_of(value: dict[str, Any]) -> bytes:
    """Return one line of JSON."""
    return bytes(as_json(value) + b"\n")
