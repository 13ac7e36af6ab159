"""A file of numbers that a network reads: what is wrong with it is said with its place."""

import io

import numpy as np
import pytest

from unrolled.app.weights.number_files import data_in
from unrolled.engine import ExperimentError
from unrolled.engine.weights.npz import packed

T, D, OUTPUTS = 4, 3, 2
X = np.arange(T * D, dtype=float).reshape(T, D)


def read(name, content):
    return data_in(content, name, D, OUTPUTS, 1000)


def as_npy(array, allow_pickle=False):
    content = io.BytesIO()
    np.save(content, array, allow_pickle=allow_pickle)
    return content.getvalue()


def with_number(number, array=X):
    array = array.copy()
    array[2, 1] = number
    return array


Y = np.zeros((T, OUTPUTS))
ROWS = b"rain,wind,sun\n1,2,3\n\n"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("x.npy", as_npy(with_number(np.nan)), "x.npy has nan in row 3, column 2"),
        ("x.npy", as_npy(with_number(-np.inf)), "x.npy has -inf in row 3, column 2"),
        ("x.npy", as_npy(with_number(np.nan)[:, 1]), "x.npy has nan in row 3, column 1"),
        ("d.npz", packed({"x": with_number(np.inf)}), 'd.npz["x"] has inf in row 3, column 2'),
        ("d.npz", packed({"a": with_number(np.nan)}), 'd.npz["a"] has nan in row 3'),
        (
            "d.npz",
            packed({"x": X, "y": with_number(np.nan, Y)}),
            'd.npz["y"] has nan in row 3, column 2',
        ),
        ("x.csv", ROWS + b"4,nan,5", "x.csv has nan in row 4, column 2"),
        ("x.csv", ROWS + b"4,5,dry", 'x.csv has "dry" in row 4, column 3'),
        ("x.csv", b"1;2,5;3\n4;5,5,5;6", 'x.csv has "5,5,5" in row 2, column 2'),
        ("x.csv", ROWS + b"4,,5", "x.csv has nothing in row 4, column 2"),
        ("x.csv", b",2,3\n4,5,6", "x.csv has nothing in row 1, column 1"),
        ("x.csv", ROWS + b"4,5", "x.csv has 2 columns in row 4, and 3 in row 2"),
        ("x.csv", b"", "x.csv holds no numbers"),
        ("x.csv", b"\n , \n", "x.csv holds no numbers"),
        ("x.csv", b"rain,wind,sun\n", "x.csv holds no numbers"),
        ("x.csv", b"1,2," + b"3" * 200_000, "x.csv holds no table of numbers"),
        ("x.npy", as_npy(np.zeros((0, D))), "x.npy holds no numbers"),
        ("d.npz", packed({}), "d.npz holds no numbers"),
        ("x.npy", as_npy(X * 1j), "x.npy have the type complex128"),
        ("x.npy", as_npy(X.astype(str)), "x.npy have the type <U32"),
        ("x.npy", as_npy(X.astype(object), allow_pickle=True), "x.npy have the type object"),
        ("d.npz", packed({"x": X, "y": X.astype(str)}), 'd.npz["y"] have the type <U32'),
        ("x.npy", as_npy(np.float64(1)), "x.npy have the shape ()"),
        ("x.npy", as_npy(np.stack([X, X])), "x.npy have the shape (2, 4, 3): give one sequence"),
        (
            "d.npz",
            packed({"x": X, "y": np.float64(1)}),
            'the targets d.npz["y"] have the shape (): make it (4, 2), or (1, 2)',
        ),
        (
            "d.npz",
            packed({"x": X, "y": np.array([0, 1, 1, 0])}),
            'd.npz["y"] have the shape (4,): make it (4, 2), or (1, 2) for the last timestep '
            "alone; type classes",
        ),
        ("d.npz", packed({"x": X, "y": np.zeros((0, 2))}), 'd.npz["y"] have the shape (0, 2)'),
    ],
)
def test_a_cell_without_a_number_is_named_with_its_place(name, content, says):
    with pytest.raises(ExperimentError) as caught:
        read(name, content)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.npy", as_npy(X.astype(int))),
        ("x.npy", as_npy(X[None])),
        ("x.npz", packed({"numbers": X[:, None]})),
        ("x.csv", b"0,1,2\n3,4,5,\n\n6,7,8\n9,10,11\n"),
        ("x.csv", b"0;1,0;2\n3;4;5\n6;7;8\n9;10;11"),
        ("x.txt", b"0  1 2\n3 4  5 \n6 7 8\n9 10 11"),
    ],
)
def test_tables_are_read_as_they_are_written(name, content):
    np.testing.assert_array_equal(read(name, content).x, X)


def test_an_index_without_a_name_is_a_column_and_booleans_are_numbers():
    read_in = read("x.csv", b",rain,wind\n0,1,2\n1,3,4\n")
    assert read_in.columns == ("", "rain", "wind")
    np.testing.assert_array_equal(read_in.x, [[0, 1, 2], [1, 3, 4]])
    np.testing.assert_array_equal(read("x.npy", as_npy(X > 1)).x, X > 1)


def test_targets_of_one_row_are_those_of_the_last_timestep():
    y = read("d.npz", packed({"x": X, "y": np.ones((1, OUTPUTS))})).y
    assert np.isnan(y[:-1]).all()
    np.testing.assert_array_equal(y[-1], 1)
