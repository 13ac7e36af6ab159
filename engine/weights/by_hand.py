"""Weights that are set by hand: a text of names and numbers, ``W_hh_1_2 0.5 W_xh_1_a -1``.

A name has a matrix and the units or words between which the weight leads, counted from 1:

    W_xh_1_a    from the word a to unit 1        b_xh_1, b_hh_1    the biases of unit 1
    W_hh_1_2    from unit 2 to unit 1            W_hy_1_a          from unit 1 to the output a
    b_y_a       the bias of the output a

With attention W_qv and W_qh, the halves of W_q that multiply the context and the state, and the
weights of the score, stand by their own names: ``W_qv_1_2``, ``W_a_1_2``, ``U_a_1_2``, ``v_a_1``.
In a cell with gates the gate stands in place of the h that is written to: ``W_hf_1_2``. Before the
name of a cell's weight in an encoder-decoder stands ``encoder.`` or ``decoder.``. A word's white
space and its % are written as in an address: ``W_xh_1_%20``. Words, not columns, are named, because
the columns follow the text. A number of a word that is not read waits until it is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote as quoted
from urllib.parse import unquote

import numpy as np

from unrolled.engine.attention.attended import OUT, of_score
from unrolled.engine.attention.scores import SCORES
from unrolled.engine.cells import CELLS
from unrolled.engine.errors import ExperimentError
from unrolled.engine.numerics.arrays import Floats
from unrolled.engine.validation import quote

MOST_UNITS = 4
"""Hidden units of a network whose weights can be set by hand."""
LARGEST = 1000
"""Of the numbers."""
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[-+]?[0-9]{1,3})?", re.IGNORECASE)
_APART = re.compile(r"[\s%\x00-\x1f\x7f-\x9f]")
_MATRICES = {"W_x": "weight_ih_l0", "W_h": "weight_hh_l0", "b_x": "bias_ih_l0", "b_h": "bias_hh_l0"}


class Shape(NamedTuple):
    """The facts on which the names of a network's weights depend, but for its words."""

    cell: str
    """A key of ``CELLS``."""
    H: int
    encoder: bool
    """Whether it has an encoder."""
    attention: str = "none"
    """A key of ``ATTENTIONS``."""


class Place(NamedTuple):
    """The place of a weight."""

    array: str
    """A name of ``Network.state_dict``."""
    row: int | None
    """Its row, or for a readout's weight None: the row is that of the word."""
    column: int | None
    """Its column, if that is of a unit."""
    word: str | None
    """The word that it leads from or to, if any."""

    def within(self, words: Sequence[str], outputs: Sequence[str]) -> tuple[int, ...] | None:
        """Return the index in the array; None where there is no such word."""
        known = words if self.row is not None else outputs
        if self.word is not None and self.word not in known:
            return None
        of_word = None if self.word is None else known.index(self.word)
        found = (self.row, of_word, self.column) if self.row is not None else (of_word, self.column)
        return tuple(each for each in found if each is not None)


def check_by_hand(text: str, shape: Shape) -> None:
    """Refuse a text that names no weights of such a network, or sets them to no numbers."""
    if not text.strip():
        return
    if shape.H > MOST_UNITS:
        raise ExperimentError("by_hand", "hand_units", most=MOST_UNITS, value=shape.H)
    numbers_of(text, shape)


@lru_cache(maxsize=16)
def numbers_of(text: str, shape: Shape) -> Mapping[Place, float]:
    """Return the numbers in a text, by the places of the weights; raises ``ExperimentError``."""
    parts, found = text.split(), dict[Place, float]()
    for k, name in enumerate(parts[::2]):
        place = place_of(name, shape)
        if place in found:
            raise ExperimentError("by_hand", "hand_twice", value=quote(name))
        number = parts[2 * k + 1] if 2 * k + 1 < len(parts) else ""
        value = float(number) if _NUMBER.fullmatch(number) else np.nan
        if not abs(value) <= LARGEST:
            given = {"low": -LARGEST, "high": LARGEST, "value": quote(number)}
            raise ExperimentError("by_hand", "hand_number", name=quote(name), **given)
        found[place] = value
    return found


def place_of(name: str, shape: Shape) -> Place:
    """Return the place of the weight of a name; raises ``ExperimentError`` where there is none."""
    head, *rest = name.split("_", 2)
    matrix, units = (f"{head}_{rest[0]}", rest[1]) if len(rest) == 2 else (name, "")
    if matrix == "b_y" and units:
        return Place("head.bias", None, None, unquote(units))
    unit, _, other = units.partition("_")
    row = _unit(unit, shape.H)
    if matrix == "W_hy" and row is not None and other:
        return Place("head.weight", None, row, unquote(other))
    blocks, looks = _blocks(shape), attention_matrices(shape)
    if matrix in looks:
        array, first, rows = looks[matrix]
        column = _unit(other, shape.H) if rows > 1 else row
        if row is not None and column is not None and (rows > 1 or not other):
            return Place(array, row if rows > 1 else 0, first + column, None)
    if matrix in blocks and row is not None:
        array, first = blocks[matrix]
        if "bias" in array and not other:
            return Place(array, first + row, None, None)
        if "_ih" in array and other:
            return Place(array, first + row, None, unquote(other))
        column = _unit(other, shape.H)
        mixed = CELLS[shape.cell].mixed(shape.H)
        if "weight_hh" in array and column is not None and mixed[first + row, column]:
            return Place(array, first + row, column, None)
    example = next(name for name in blocks if name.rpartition(".")[2].startswith("b"))
    raise ExperimentError("by_hand", "hand_name", value=quote(name), example=f"{example}_1")


def written(word: str) -> str:
    """Return a word as it stands in a name.

    >>> written("50 %_")
    '50%20%25_'
    """
    return _APART.sub(lambda found: quoted(found[0]), word)


def set_by_hand(
    state: Mapping[str, Floats],
    numbers: Mapping[Place, float],
    words: Sequence[str],
    outputs: Sequence[str],
) -> dict[str, Floats]:
    """Return copies of the arrays of ``Network.state_dict``, with the numbers in their places."""
    arrays = {name: np.array(each) for name, each in state.items()}
    for place, value in numbers.items():
        index = place.within(words, outputs)
        if index is not None:
            arrays[place.array][index] = value
    return arrays


def names_of(shape: Shape, array: str) -> Iterator[tuple[str, int]]:
    """Yield the names of an array's matrices, a gate each, and the first row of each."""
    for name, (own, first) in _blocks(shape).items():
        if own == array:
            yield name, first


class Look(NamedTuple):
    """The place of a matrix of attention."""

    array: str
    """A name of ``Network.state_dict``."""
    first: int
    """Its first column."""
    rows: int
    """H; 1 of a vector."""


@lru_cache(maxsize=16)
def attention_matrices(shape: Shape) -> Mapping[str, Look]:
    """Return where each matrix of attention is, by its name; none without attention."""
    if shape.attention == "none":
        return {}
    scores = SCORES[shape.attention].shapes(shape.H)
    return {
        **{name: Look(OUT, k * shape.H, shape.H) for k, name in enumerate(("W_qv", "W_qh"))},
        **{name: Look(of_score(name), 0, rows) for name, (rows, _) in scores.items()},
    }


@lru_cache(maxsize=16)
def _blocks(shape: Shape) -> Mapping[str, tuple[str, int]]:
    """Return the array and the first row of each matrix of the cells."""
    cell = CELLS[shape.cell]
    return {
        f"{prefix}{matrix}{gate}": (f"{prefix}{array}", k * shape.H)
        for prefix in (("encoder.", "decoder.") if shape.encoder else ("",))
        for matrix, array in _MATRICES.items()
        if matrix != "W_h" or cell.mixes != 0
        for k, gate in enumerate(cell.gates or ("h",))
    }


def _unit(text: str, H: int) -> int | None:
    """Return a unit, counted from 0, from its number in a name; None where there is no such."""
    return int(text) - 1 if text in map(str, range(1, H + 1)) else None
