"""`unrolled open`: a recorded training, as a table or a figure."""

import html
import json
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from unrolled.app.cli.output import aligned, ending_of, projected, show, without_path, write
from unrolled.app.cli.refusals import refuse
from unrolled.engine import ExperimentError, Recording, Window, modules_in

_SEEN = (
    "see it with unrolled trace --weights FILE --vocabulary WORDS, or drop it on the page of "
    "unrolled serve"
)


def opened(
    recording: Annotated[Path, typer.Argument(help="File that recording.save wrote.")],
    module: Annotated[
        str | None, typer.Option(help="Name of the module, where it holds several.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Figure to write: .html.")] = None,
) -> None:
    """Show how far back the gradient reached in your own training: a table, or a figure.

    The file is made in Python, around a training in PyTorch:

    with unrolled.record(model) as recording: ...

    recording.save("training.npz")
    """
    ending_of(out, ("html",))
    try:
        found = Recording.load(recording)
        if not found.moments:
            refuse(f"{recording.name} holds no step before its training diverged")
        window = found.norms(module)
    except OSError as error:
        refuse(f"cannot read {recording} ({error.strerror})")
    except ValueError as error:
        refuse(f"{error}{_remedy(recording)}")
    if out:
        write(out, lambda: _figure(found, window))
        return
    show(_table(window))
    told = found.of(module)[0].module
    if told.projection:
        show(projected(told.hidden_size, told.projection))
    lost = [name for n, name in enumerate(window.levels) if np.isneginf(window.hidden[:, n]).any()]
    if lost:
        show(without_path(lost, any(name.endswith("_reverse") for name in lost)))
    if found.diverged_at:
        show(f"at step {found.diverged_at} a number is no longer finite")


def _remedy(path: Path) -> str:
    """Return what is to be done with a file of weights, which is no recording; else nothing."""
    try:
        modules = modules_in(path)
    except ExperimentError as error:
        return f": {error}" if error.code == "weights_pickle" else ""
    return f": it holds weights, so {_SEEN}" if modules else ""


def _figure(found: Recording, window: Window) -> bytes:
    from unrolled.app import figures

    page = figures.recording(window).to_html(
        config=figures.CONFIG,
        default_height=f"max(calc(100vh - 24px), {220 * len(window.levels)}px)",
    )
    made_by = html.escape(json.dumps(found.versions), quote=True)
    return page.replace("<head>", f'<head><meta name="made-by" content="{made_by}">', 1).encode()


def _table(window: Window) -> str:
    """Return a line of each step and level: the gradient at the last timestep, and its shares."""
    N, levels, _ = window.hidden.shape
    there = ~np.isnan(window.hidden)
    first = np.maximum(there.sum(axis=-1) - 1, 0)[..., None]
    at = [np.zeros_like(first), first // 2, first]
    norms = [np.take_along_axis(window.hidden, each, axis=-1).ravel() for each in at]
    with np.errstate(invalid="ignore"):
        shares = [each - norms[0] for each in norms]
    return aligned(
        {
            "step": np.repeat(window.steps, levels).tolist(),
            "level": [*window.levels] * N,
            "log10_gradient_norm": norms[0].tolist(),
            "log10_share_halfway": shares[1].tolist(),
            "at_the_start": shares[2].tolist(),
        }
    )
