"""An interactive laboratory for recurrent networks, and the engine that computes what it shows.

>>> import unrolled
>>> trace = unrolled.trace("the clouds are in the sky", cell="rnn", recurrent_scale=1.5)
>>> trace.log10_gradient_norm.shape          # log10 ‖∂L/∂h_t‖, t = 1..T
(24,)

The public names are those of ``unrolled.engine``; they are loaded when the first is asked for, so
that the command can answer before NumPy is there.

In a checkout ``unrolled/app`` and ``unrolled/engine`` are links to the folders at the top; a wheel
holds the folders themselves.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

__version__ = "0.1.0"

_here = Path(__file__).parent
if not (_here / "engine").is_dir():
    # A checkout without symbolic links, as on Windows.
    __path__.append(str(_here.parent))


def __getattr__(name: str) -> Any:
    engine = import_module("unrolled.engine")
    if name == "__all__":
        return ["__version__", *engine.__all__]
    if name in engine.__all__:
        return getattr(engine, name)
    raise AttributeError(f"module 'unrolled' has no attribute {name!r}")


def __dir__() -> list[str]:
    return ["__version__", *import_module("unrolled.engine").__all__]
