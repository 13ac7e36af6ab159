"""The matrices of a small network without their numbers: the name and the place of each weight."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from unrolled.engine.cells import CELLS, Cell
from unrolled.engine.weights.by_hand import Shape, attention_matrices, names_of, written


class Matrix(NamedTuple):
    """A matrix, or a bias, of one gate."""

    letter: str
    """``W`` or ``b``, and of attention ``U`` and ``v`` too; a vector's is small."""
    leads: str
    """From what to what it leads, as its name says: ``hh``, ``hy``; of attention ``a``, ``qv``."""
    part: str | None
    """``encoder`` or ``decoder``, where there are two."""
    rows: list[str]
    """The unit or the word of each row."""
    columns: list[str]
    """Likewise; one without a name, of a bias."""
    names: list[list[str | None]]
    """The name of each weight, as an experiment takes it; null where there is no weight."""
    values: list[list[float]]
    gradients: list[list[float | None]]
    """∂L/∂ of each, of the sum of all losses, before clipping."""
    by_hand: list[list[bool]]
    """Whether each was set by hand."""


class Place(NamedTuple):
    """A matrix without its numbers, and where those are in the arrays of the network."""

    empty: Matrix
    array: str
    """A name of ``Network.state_dict``."""
    where: Any
    """The index of its numbers in the array."""


@lru_cache(maxsize=16)
def places_of(shape: Shape, words: tuple[str, ...], outputs: tuple[str, ...]) -> tuple[Place, ...]:
    """Return where the matrices are, in the order in which a timestep uses them.

    While weights change their names stay.
    """
    return (*_of_cells(shape, words), *_of_attention(shape), *_of_readout(shape, outputs))


def _of_cells(shape: Shape, words: tuple[str, ...]) -> Iterator[Place]:
    apart = CELLS[shape.cell].drive_bias is not Cell.drive_bias  # the two biases do not just add up
    for part in ("encoder", "decoder") if shape.encoder else (None,):
        for array in ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"):
            if array != "bias_hh_l0" or apart:
                whole = f"{part}.{array}" if part else array
                for name, first in names_of(shape, whole):
                    yield _of_cell(shape, whole, name, first, part, words, apart)


def _of_cell(
    shape: Shape,
    array: str,
    name: str,
    first: int,
    part: str | None,
    words: tuple[str, ...],
    apart: bool,
) -> Place:
    H, own = shape.H, slice(first, first + shape.H)
    letter, leads = name.rpartition(".")[2].split("_")
    units = [str(k) for k in range(1, H + 1)]
    if letter == "b":
        names: Any = [[f"{name}_{unit}"] for unit in units]
        leads = leads if apart else leads[1:]
        return Place(Matrix(letter, leads, part, units, [""], names, [], [], []), array, own)
    columns = [*words] if "_ih" in array else units
    mixed = CELLS[shape.cell].mixed(H)[own]
    there = mixed if "_hh" in array else np.ones((H, len(columns)), dtype=bool)
    names = [
        [f"{name}_{unit}_{written(to)}" if there[i, j] else None for j, to in enumerate(columns)]
        for i, unit in enumerate(units)
    ]
    return Place(Matrix(letter, leads, part, units, columns, names, [], [], []), array, own)


def _of_attention(shape: Shape) -> Iterator[Place]:
    units = [str(k) for k in range(1, shape.H + 1)]
    for name, look in attention_matrices(shape).items():
        letter, leads = name.split("_")
        columns = slice(look.first, look.first + len(units))
        vector = look.rows == 1
        names: Any = (
            [[f"{name}_{unit}"] for unit in units]
            if vector
            else [[f"{name}_{to}_{unit}" for unit in units] for to in units]
        )
        empty = Matrix(letter, leads, None, units, [""] if vector else units, names, [], [], [])
        yield Place(empty, look.array, (0 if vector else slice(None), columns))


def _of_readout(shape: Shape, outputs: tuple[str, ...]) -> Iterator[Place]:
    words, units = [*outputs], [str(k) for k in range(1, shape.H + 1)]
    names: Any = [[f"W_hy_{unit}_{written(word)}" for unit in units] for word in words]
    empty = Matrix("W", "hy", None, words, units, names, [], [], [])
    yield Place(empty, "head.weight", slice(None))
    names = [[f"b_y_{written(word)}"] for word in words]
    yield Place(Matrix("b", "y", None, words, [""], names, [], [], []), "head.bias", slice(None))
