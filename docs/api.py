"""Writes docs/api.md: every public name of `unrolled`, from its docstring."""

import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from unrolled import engine

PAGE = Path(__file__).with_suffix(".md")
HEAD = """# The library

Every public name of `unrolled`, made from the docstrings by `python -m docs.api`;
`help(unrolled.Trace)` shows the same. Shapes are in brackets: T timesteps, H hidden units,
V tokens, B examples.

- The same experiment gives the same numbers. With another number of BLAS threads
  (`OPENBLAS_NUM_THREADS`; the command sets 1) they may differ in their last bits, as they may with
  other versions: `made_by` says both of `unrolled` and of NumPy.
- Clipping by the norm is exact: PyTorch's `clip_grad_norm_` adds 1e-6 to the norm it divides by.
- Lyapunov exponents of few timesteps are estimates: at T = 24 they are 0.1 to 0.3 from their limit.
- A minibatch is `unrolled.task("adding").draw(rng, B)`; `TrainingRun.gradient` takes it.
- Weights, numbers and recordings of your own: [from PyTorch to the picture](your-own-network.md).
- A `TrainingRun` can be pickled, and goes on in another process as if it had never left.
"""


TABLES = {
    "ACTIVATIONS": "What `Experiment.activation` may be",
    "ARCHITECTURES": "What `Experiment.architecture` may be",
    "CELLS": "What `NetworkConfig.cell` may be; each value is a class, see `engine/cells`",
    "CHOICES": "The fields of `Experiment` that are a choice, with what there is to choose from",
    "EXAMPLES": "The tasks of a user's own text or lines, with the text they have if there is none",
    "INITIALIZATIONS": "What `NetworkConfig.initialization` may be",
    "LENGTHS": "The least, the usual and the greatest length of each task, in timesteps",
    "MESSAGES": "What `ExperimentError` says, by its `code`; its `details` fill the blanks",
    "MOST_TOKENS": "Tokens of a sequence, at most",
    "RANGES": "The fields of `Experiment` that are numbers, with their ends",
    "TASKS": "What `Training.task` may be",
    "TOKENIZERS": "What `Experiment.tokens` may be",
}


def page() -> str:
    """Return the page."""
    kinds: dict[str, list[str]] = {"Functions": [], "Classes": [], "Tables": []}
    for name in engine.__all__:
        value = getattr(engine, name)
        if inspect.isclass(value):
            kinds["Classes"].append(_class(name, value))
        elif callable(value):
            kinds["Functions"].append(_entry(f"### `{name}`", f"{name}{_signature(value)}", value))
        else:
            kinds["Tables"].append(_table(name, value))
    return "\n".join([HEAD, *(f"## {kind}\n\n" + "\n".join(each) for kind, each in kinds.items())])


def _class(name: str, value: type) -> str:
    first = _entry(f"### `{name}`", "", value)
    methods = [
        _entry(f"#### `{name}.{method}`", said, each) for method, said, each in _methods(value)
    ]
    return "\n".join([first, *methods])


def _methods(value: type) -> Iterator[tuple[str, str, Any]]:
    """Return the public methods and properties of a class, in source order."""
    for method, each in vars(value).items():
        if method.startswith("_") and "Parameters\n" not in (each.__doc__ or ""):
            continue
        if isinstance(each, property):
            yield method, "", each.fget
        elif isinstance(each, classmethod | staticmethod):
            yield method, f"{method}{_signature(getattr(value, method))}", each.__func__
        elif inspect.isfunction(each):
            yield method, f"{method}{_signature(each)}", each


def _signature(value: Any) -> str:
    """Return the parameters, with defaults that are short."""
    told = []
    for each in inspect.signature(value).parameters.values():
        usual = each.default
        short = isinstance(usual, str | int | float) or usual is None
        plain = each.replace(annotation=inspect.Parameter.empty)
        if usual is not inspect.Parameter.empty and not short:
            told.append(f"{each.name}=...")
        elif each.name not in ("self", "cls"):
            told.append(str(plain))
    return f"({', '.join(told)})"


def _entry(title: str, signature: str, value: Any) -> str:
    called = f"```text\n{signature}\n```\n\n" if signature else ""
    return f"{title}\n\n{called}```text\n{inspect.getdoc(value)}\n```\n"


def _table(name: str, value: Any) -> str:
    keys = ", ".join(f"`{key}`" for key in value) if isinstance(value, Mapping) else f"{value:,}"
    return f"### `{name}`\n\n{TABLES[name]}: {keys}.\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
