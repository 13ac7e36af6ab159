"""One sweep, answered: an iterator of lines. No sockets, no event loop."""

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
    """The sweep that is asked for; raises ``ExperimentError``, or ``MessageError`` on too large."""
    wanted = experiment(request.experiment, settings)
    check_sweep(wanted, len(request.recurrent_scale), request.seeds, settings)
    return SweepRun(wanted, request.recurrent_scale, cast(int, request.seeds), brief=request.shares)


def lines(
    run: SweepRun,
    told: Callable[[Sweep], dict[str, Any]],
    left: Callable[[], bool] = lambda: False,
) -> Iterator[bytes | None]:
    """A line at least every tenth of a second or so, and what is ``told`` of it as the last one.

    None between two batches that have nothing to say yet. Raises ``ClientDisconnect`` at the first
    timestep at which the client has ``left``.
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
    """What arrives at t = 1 by scale, and from which scale on it is all of it."""
    return {
        "made_by": made_by(found),
        "recurrent_scale": found.recurrent_scale,
        "seeds": len(found.seeds),
        "log10_share": found.log10_share,
        "edge_scale": found.edge_scale,
    }


def result(found: Sweep) -> dict[str, Any]:
    """Quartiles of shares by scale and distance, for as many distances as a picture can show."""
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
    """Return what makes a sweep again: an experiment, scales, the number of seeds, the versions."""
    scales, seeds = found.recurrent_scale.tolist(), len(found.seeds)
    return {**found.experiment.made_by(), "recurrent_scale": scales, "seeds": seeds}


def line_of(value: dict[str, Any]) -> bytes:
    """Return one line of JSON."""
    return bytes(as_json(value) + b"\n")
