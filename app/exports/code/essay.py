"""The order in which a run is told as code, in any framework."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from unrolled.app.exports.code import told
from unrolled.app.exports.code.cells import Cell, code, data, text
from unrolled.app.exports.code.printing import TABLE
from unrolled.app.i18n.catalog import Translate, translator
from unrolled.app.runs.cancellation import trace_of
from unrolled.engine import CELLS, Experiment, ExperimentError, GivenRun
from unrolled.engine.bptt.trace import AnyTrace


class Framework(NamedTuple):
    """A framework for recurrent networks, and how each part of a run is written in it."""

    name: str
    words: Callable[[Any], str]
    """Returns the name that its words have in the catalogs, for a cell."""
    imports: Callable[[Any], Iterable[str]]
    weights: Callable[[Any], Iterable[Cell]]
    inputs: Callable[[Any], Iterable[str]]
    step: Callable[[Any], Iterable[str]]
    loop: Callable[[Any, Translate], Iterable[str]]
    gradients: Callable[[Any, Translate], Iterable[str]]
    columns: tuple[str, ...]
    """The states whose gradients it shows."""
    notes: tuple[str, ...] = ()
    """What is said of its numbers beside that, by its keys in the catalogs."""
    trace: Callable[[Experiment | GivenRun], Any] = trace_of
    """Returns the trace that is written."""


def cells_of(framework: Framework, experiment: Experiment | GivenRun, language: str) -> list[Cell]:
    """Return the cells; raises ``ExperimentError`` for a cell that has no code."""
    trace = framework.trace(experiment)
    cell, t = trace.network.cell, translator(language)
    if not cell.code:
        known = ", ".join(name for name, kind in CELLS.items() if kind.code)
        raise ExperimentError("cell", "no_script", value=experiment.cell, cells=known)
    words = framework.words(cell)
    name = t(f"choice.cell.{experiment.cell}") if experiment.cell in CELLS else cell.title
    title = t(
        "script.title", cell=name, timesteps=len(trace.problem.tokens), framework=framework.name
    )
    about = t("script.about", version=experiment.made_by()["unrolled"])
    return [
        text(f"# {title}", about),
        code(*framework.imports(trace)),
        text(f"## {t('script.weights')}", t(f"script.{words}.weights.about")),
        *framework.weights(trace),
        text(f"## {t('script.sequence')}", t("script.sequence.about")),
        data(**told.sequence(trace)),
        code(*framework.inputs(trace)),
        text(f"## {t('script.step')}", t(f"script.{words}.step.about")),
        code(*framework.step(trace)),
        text(f"## {t('script.loop')}", t(f"script.{words}.loop.about")),
        code(*framework.loop(trace, t)),
        *_backward(framework, trace, t),
        text(f"## {t('script.made')}", t("script.made.about")),
        data(made_by=experiment.made_by()),
    ]


def _backward(framework: Framework, trace: AnyTrace, t: Translate) -> Iterable[Cell]:
    """Yield the backward pass, and a table of its gradients beside those of the trace."""
    if trace.chosen_loss is None:
        yield text(t("script.lossless"))
        return
    yield text(f"## {t('script.backward')}", t("script.backward.about"))
    yield code(*framework.gradients(trace, t))
    about = (t("script.table.about", framework=framework.name), *map(t, framework.notes))
    yield text(f"## {t('script.table')}", *about)
    yield data(**told.in_unrolled(trace, framework.columns))
    yield code(*TABLE)
