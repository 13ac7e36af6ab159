"""Weights that are set by hand: what a text of names and numbers makes of a drawn network."""

from dataclasses import replace

import numpy as np
import pytest

import unrolled
from unrolled.engine import CELLS, Experiment, ExperimentError, Network
from unrolled.engine.weights.by_hand import Shape, names_of

PARITY = (
    "W_xh_1_1 4 W_xh_2_1 4 W_xh_1_0 0 W_xh_2_0 0 b_xh_1 -2 b_xh_2 -6 "
    "W_hh_1_1 2 W_hh_1_2 -2 W_hh_2_1 2 W_hh_2_2 -2 "
    "W_hy_1_odd 5 W_hy_1_even -5 W_hy_2_odd -5 W_hy_2_even 5 b_y_odd -5 b_y_even 5"
)
TWO = Experiment("10110", hidden_size=2, labels="even / odd", target="odd", by_hand=PARITY)


def refusal(**fields):
    with pytest.raises(ExperimentError) as caught:
        Experiment("abba", **fields)
    assert caught.value.field == "by_hand"
    return caught.value.code, str(caught.value)


def test_numbers_stand_where_their_names_say_and_the_others_are_as_drawn():
    drawn = replace(TWO, by_hand="").network().state_dict()
    state = replace(TWO, by_hand="W_hh_1_2 0.5 W_xh_2_0 -1 W_hy_2_even 3 b_y_odd 1").network()
    expected = {name: np.array(each) for name, each in drawn.items()}
    expected["weight_hh_l0"][0, 1] = 0.5
    expected["weight_ih_l0"][1, 1] = -1
    expected["head.weight"][0, 1] = 3
    expected["head.bias"][1] = 1
    for name, array in state.state_dict().items():
        np.testing.assert_array_equal(array, expected[name], name)


def test_two_units_whose_weights_are_set_by_hand_count_modulo_two():
    rng = np.random.default_rng(0)
    for T in range(1, 12):
        bits = rng.integers(2, size=T)
        target = "odd" if bits.sum() % 2 else "even"
        trace = unrolled.trace_of(replace(TWO, sequence="".join(map(str, bits)), target=target))
        assert trace.vocabulary[trace.probabilities[-1].argmax()] == target


def test_a_number_of_a_word_that_is_not_read_waits_until_it_is():
    waiting = Experiment("abba", hidden_size=2, by_hand="W_xh_1_z 3")
    assert (waiting.network().weights[0].W_xh == Experiment("abba", hidden_size=2).network()
            .weights[0].W_xh).all()  # fmt: skip
    read = replace(waiting, sequence="abza")
    assert read.network().weights[0].W_xh[0, read.problem().input_vocabulary.index("z")] == 3


def test_white_space_and_percent_signs_of_a_word_are_written_as_in_an_address():
    text = Experiment("a %_ a", hidden_size=2, by_hand="W_xh_1_%20 3 W_xh_1_%25 4 W_xh_1__ 5")
    row = dict(zip(text.problem().input_vocabulary, text.network().weights[0].W_xh[0], strict=True))
    assert (row[" "], row["%"], row["_"]) == (3, 4, 5)


@pytest.mark.parametrize("cell", CELLS)
def test_every_number_of_every_cell_has_a_name(cell):
    one = Experiment("abba", cell=cell, hidden_size=3, architecture="encoder-decoder")
    shape, state = one.weights_shape(), one.network().state_dict()
    mixed = CELLS[cell].mixed(3)
    for array, values in state.items():
        for matrix, first in names_of(shape, array):
            row, one_more = first + 1, {1: "2", 2: "2_a" if "_ih" in array else "2_2"}[values.ndim]
            if "_hh" in array and values.ndim == 2:
                assert mixed[row, 1]
            named = replace(one, by_hand=f"{matrix}_{one_more} 0.75").network().state_dict()
            changed = np.argwhere(named[array] != values)
            assert changed.tolist() == [[row, 1][: values.ndim]] or values.ndim == 2
            assert changed[0][0] == row and named[array][tuple(changed[0])] == 0.75
            assert all((named[each] == state[each]).all() for each in state if each != array)


def test_the_network_is_bit_for_bit_that_of_a_state_dict_with_the_numbers():
    state = {name: np.array(each) for name, each in replace(TWO, by_hand="").network()
             .state_dict().items()}  # fmt: skip
    state["weight_hh_l0"][0, 1] = 0.1
    given = Network.from_state_dict(state, cell="rnn")
    by_hand = replace(TWO, by_hand="W_hh_1_2 0.1")
    own, other = unrolled.trace_of(by_hand), unrolled.Run(given, by_hand.problem())
    other.finish(True, lambda: None)
    np.testing.assert_array_equal(own.log10_gradient_norm, other.log10_norms[:, 0])


def test_the_numbers_stand_after_the_weight_scale():
    half, double = (replace(TWO, recurrent_scale=g, by_hand="W_hh_1_1 0.5") for g in (0.5, 2))
    at_half, at_double = (each.network().weights[0].W_hh for each in (half, double))
    assert at_half[0, 0] == at_double[0, 0] == 0.5
    np.testing.assert_allclose(4 * at_half[1], at_double[1])


@pytest.mark.parametrize(
    ("name", "array", "index"),
    [
        ("W_qv_1_2", "attention.weight", (0, 1)),
        ("W_qh_2_1", "attention.weight", (1, 2)),
        ("W_a_1_2", "attention.W_a.weight", (0, 1)),
        ("U_a_2_1", "attention.U_a.weight", (1, 0)),
        ("v_a_2", "attention.v_a.weight", (0, 1)),
        ("encoder.W_hh_1_2", "encoder.weight_hh_l0", (0, 1)),
    ],
)
def test_the_weights_of_attention_have_names_too(name, array, index):
    fields = {"architecture": "encoder-decoder", "attention": "additive", "hidden_size": 2}
    drawn = Experiment("abba", **fields)
    found = replace(drawn, by_hand=f"{name} 0.75").network().state_dict()
    for each, values in drawn.network().state_dict().items():
        expected = np.array(values)
        if each == array:
            expected[index] = 0.75
        np.testing.assert_array_equal(found[each], expected, each)


ATTENTIVE = {"hidden_size": 2, "architecture": "encoder-decoder", "attention": "dot"}


@pytest.mark.parametrize(
    ("fields", "code", "names"),
    [
        ({"hidden_size": 5, "by_hand": "b_xh_1 1"}, "hand_units", "hidden_size is 5"),
        ({"hidden_size": 2, "by_hand": "W_hh_1_3 1"}, "hand_name", "W_hh_1_3"),
        ({"hidden_size": 2, "by_hand": "W_hh_0_1 1"}, "hand_name", "W_hh_0_1"),
        ({"hidden_size": 2, "by_hand": "W_hf_1_1 1"}, "hand_name", "such as b_xh_1"),
        ({"hidden_size": 2, "by_hand": "encoder.b_xh_1 1"}, "hand_name", "encoder.b_xh_1"),
        ({"hidden_size": 2, "by_hand": "W_hh_1_2 1", "cell": "indrnn"}, "hand_name", "W_hh_1_2"),
        ({"hidden_size": 2, "by_hand": "W_hh_1_1 1", "cell": "feedforward"}, "hand_name", "b_xh"),
        ({"hidden_size": 2, "by_hand": "W_qv_1_1 1"}, "hand_name", "W_qv_1_1"),
        ({**ATTENTIVE, "by_hand": "W_a_1_1 1"}, "hand_name", "W_a_1_1"),
        ({**ATTENTIVE, "by_hand": "W_qv_1_3 1"}, "hand_name", "W_qv_1_3"),
        ({**ATTENTIVE, "attention": "additive", "by_hand": "v_a_1_1 1"}, "hand_name", "v_a_1_1"),
        ({"hidden_size": 2, "by_hand": "b_xh_1"}, "hand_number", "b_xh_1"),
        ({"hidden_size": 2, "by_hand": "b_xh_1 nan"}, "hand_number", "nan"),
        ({"hidden_size": 2, "by_hand": "b_xh_1 1001"}, "hand_number", "-1000 to 1000"),
        ({"hidden_size": 2, "by_hand": "b_xh_1 1 b_xh_1 2"}, "hand_twice", "b_xh_1"),
    ],
)
def test_a_text_that_does_not_fit_is_refused_by_name(fields, code, names):
    found, message = refusal(**fields)
    assert found == code
    assert names in message


def test_a_sweep_of_weights_that_no_scale_multiplies_is_refused():
    with pytest.raises(ExperimentError, match="by_hand must be empty for a sweep"):
        unrolled.sweep(TWO, [0.5, 1], seeds=1)


def test_a_trained_network_takes_no_weights_by_hand():
    run = unrolled.TrainingRun(unrolled.Training("parity", hidden_size=2, length=4))
    with pytest.raises(ExperimentError, match="by_hand must be empty for a trained network"):
        replace(run.checkpoint().experiment(), by_hand="b_xh_1 1")


def test_the_names_of_a_gated_cell_have_the_gate():
    assert [name for name, _ in names_of(Shape("gru", 2, encoder=False), "bias_hh_l0")] == [
        "b_hr", "b_hz", "b_hn",
    ]  # fmt: skip
