"""A recorded training: its moments, the gradient window over its steps, and its file."""

import json
import math
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np

from unrolled.engine.description.versions import VERSIONS
from unrolled.engine.numerics.arrays import Floats, Integers, read_only
from unrolled.engine.recording.gradients import Gradients, gradients_of
from unrolled.engine.recording.moment import Moment
from unrolled.engine.recording.watched import Watched
from unrolled.engine.weights.npz import UNREADABLE, array_of, head_of, write

MOST_MOMENTS = 64
"""Moments kept of each module; beyond, every second is dropped."""
_MOST_BYTES = 2**31


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """The gradient window of one module over its training: medians over the sequences."""

    steps: Integers
    """(N,) at which it was recorded."""
    levels: tuple[str, ...]
    """Layers and directions: ``l0``, ``l0_reverse``, ``l1``, ... as PyTorch names them."""
    hidden: Floats
    """(N, levels, T) log10 ‖∂L_t/∂h‖ k timesteps before the last timestep t that has a gradient,
    k = 0..T-1: of that timestep alone. -inf where there is no path, NaN beyond the start."""
    cell: Floats | None
    """(N, levels, T) likewise of ∂L_t/∂c."""
    hidden_all: Floats
    """(N, levels, T) log10 ‖∂L/∂h_t‖ of all timesteps' losses together, by t = 1..T."""
    cell_all: Floats | None
    """(N, levels, T) likewise of ∂L/∂c_t."""
    difference: Floats
    """(N,) the largest by which a state that PyTorch returned differs from the engine's."""

    def __repr__(self) -> str:
        N, levels, T = self.hidden.shape
        return f"Window({N} steps, {', '.join(self.levels)}, T={T})" if levels else "Window()"


@dataclass(slots=True, eq=False)
class Recording:
    """The moments that ``record`` kept of a training."""

    versions: dict[str, str] = field(default_factory=lambda: dict(VERSIONS))
    """Of ``unrolled`` and NumPy, which recorded it."""
    moments: list[Moment] = field(default_factory=list)
    """In the order of steps."""
    diverged_at: int | None = None
    """The first recorded step that has a number that is not finite, if any: it is not kept."""

    def __repr__(self) -> str:
        names = ", ".join(each or "the model" for each in self.modules)
        return f"Recording({names or 'nothing'}, {len(self.moments)} moments)"

    @property
    def modules(self) -> tuple[str, ...]:
        """The names of the modules."""
        return tuple(dict.fromkeys(each.module.name for each in self.moments))

    def add(self, moment: Moment) -> None:
        """Add a moment; of more than ``MOST_MOMENTS`` of its module every second is dropped.

        One with a number that is not finite is not kept, but ``diverged_at``.
        """
        if not moment.finite:
            self.diverged_at = self.diverged_at or moment.step
            return
        self.moments.append(moment)
        own = self.of(moment.module.name)
        if len(own) > MOST_MOMENTS:
            dropped = {id(each) for each in own[1::2]}
            self.moments = [each for each in self.moments if id(each) not in dropped]

    def of(self, module: str | None = None) -> list[Moment]:
        """Return the moments of one module; of the only one, if no name is given."""
        names = self.modules
        if module is None and len(names) == 1:
            (module,) = names
        if module not in names:
            raise ValueError(f"name one of the modules {', '.join(map(repr, names))}")
        return [each for each in self.moments if each.module.name == module]

    def norms(self, module: str | None = None) -> Window:
        """Return the gradient window of a module over the training; the engine computes it.

        Parameters
        ----------
        module
            Its name, where there is more than one.
        """
        own = self.of(module)
        found = [gradients_of(each) for each in own]
        T = max(len(each.x) for each in own)
        (states,) = {each.log10_norms.shape[1] for each in found}

        def stack(name: str, state: int) -> Any:
            if state >= states:
                return None
            return read_only(np.stack([_medians(each, name, state, T) for each in found]))

        return Window(
            steps=read_only(np.array([each.step for each in own])),
            levels=tuple(each.removeprefix("_") for each in own[0].module.suffixes),
            hidden=stack("log10_last", 0),
            cell=stack("log10_last", 1),
            hidden_all=stack("log10_norms", 0),
            cell_all=stack("log10_norms", 1),
            difference=read_only(np.array([each.difference for each in found])),
        )

    def save(self, path: str | Path) -> None:
        """Save it as one ``.npz`` of plain arrays, which can be read without running anything."""
        arrays: dict[str, Any] = {"recording": json.dumps(self._told())}
        for n, each in enumerate(self.moments):
            own = {"x": each.x, "d_output": each.d_output, "lengths": each.lengths}
            own |= {f"weights/{name}": array for name, array in each.weights.items()}
            own |= {f"states/{name}": array for name, array in each.states.items()}
            arrays |= {f"{n}/{name}": array for name, array in own.items()}
        write(Path(path), arrays)

    def _told(self) -> dict[str, Any]:
        moments = [{"step": each.step, **asdict(each.module)} for each in self.moments]
        return {"versions": self.versions, "diverged_at": self.diverged_at, "moments": moments}

    @classmethod
    def load(cls, path: str | Path) -> "Recording":
        """Return what ``save`` wrote; the file is read as data: nothing in it is run.

        Raises
        ------
        ValueError
            On what ``save`` cannot have written.
        OSError
            Where there is no such file.
        """
        path = Path(path)
        with path.open("rb") as file:
            return cls.read(file, path.name)

    @classmethod
    def read(cls, content: IO[bytes], name: str, most: int = _MOST_BYTES) -> "Recording":
        """Return what ``save`` wrote, from a file of that name with so many bytes of arrays."""
        try:
            with zipfile.ZipFile(content) as file:
                heads = {each.removesuffix(".npy") for each in file.namelist()}
                _check_sizes(file, heads, most)
                told = json.loads(str(array_of(file, "recording", ())[()]))
                moments = [*_moments(file, heads, told["moments"])]
                diverged = told["diverged_at"]
                diverged = None if diverged is None else int(diverged)
                versions = {str(k): str(v) for k, v in dict(told["versions"]).items()}
        except UNREADABLE as error:
            said = f": {error}" if isinstance(error, ValueError) else ""
            raise ValueError(f"{name} is no whole recording{said}") from None
        return cls(versions, moments, diverged)


def _medians(found: Gradients, name: str, state: int, T: int) -> Floats:
    """Return (levels, T) the medians over the sequences, NaN where there is none."""
    norms = getattr(found, name)[:, state]
    there = ~np.isnan(norms)
    ordered, n = np.sort(norms, axis=-1), there.sum(axis=-1, keepdims=True)
    pair = np.concatenate([np.maximum(n - 1, 0) // 2, n // 2], axis=-1)
    pair = np.minimum(pair, norms.shape[-1] - 1)
    with np.errstate(invalid="ignore"):
        medians = np.take_along_axis(ordered, pair, axis=-1).mean(axis=-1)
    whole = np.full((len(norms), T), np.nan)
    whole[:, : norms.shape[1]] = np.where(n[..., 0] > 0, medians, np.nan)
    return whole


def _check_sizes(file: zipfile.ZipFile, heads: set[str], most: int) -> None:
    """Refuse a small file that claims to be a huge one."""
    total = 0
    for name in heads:
        shape, kind = head_of(file, name)
        total += math.prod(shape) * kind.itemsize
    if total > most:
        raise ValueError(f"it has {total:,} bytes of arrays and the most is {most:,}")


def _moments(file: zipfile.ZipFile, heads: set[str], told: Any) -> Iterator[Moment]:
    for n, about in enumerate(told):
        about = dict(about)
        step, module = int(about.pop("step")), Watched(**about)
        own: dict[str, Any] = {
            name.removeprefix(f"{n}/"): array_of(file, name, head_of(file, name)[0])
            for name in sorted(heads)
            if name.startswith(f"{n}/")
        }
        parts: Any = {"weights": {}, "states": {}}
        for name in [each for each in own if "/" in each]:
            part, _, rest = name.partition("/")
            parts[part][rest] = own.pop(name)
        if surplus := own.keys() - {"x", "d_output", "lengths"}:
            raise ValueError(f"{n}/{min(surplus)} has no place in it")
        moment = Moment(module, step, **own, **parts)
        _ = moment.layers
        yield moment
