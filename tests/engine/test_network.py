"""A cell and its readout, with their weights."""

import numpy as np
import pytest

from unrolled.engine import CELLS, INITIALIZATIONS, Network, NetworkConfig, trace
from unrolled.engine.problem import Problem

BLOCKS = {
    **{"rnn": 1, "feedforward": 1, "gru": 3, "gru-2014": 3, "lstm": 4},
    **{"mgu": 2, "mingru": 2, "minlstm": 3, "indrnn": 1, "lru": 1},
    **{"ln-rnn": 1, "ln-lstm": 4, "ln-gru": 3},
}
NO_RECURRENT_WEIGHTS = ("feedforward", "mingru", "minlstm")


def weights(vocabulary_size=5, **fields):
    return network_of(vocabulary_size, **fields).state_dict()


def network_of(vocabulary_size, **fields):
    return Network.random(NetworkConfig(**fields), vocabulary_size, vocabulary_size)


@pytest.mark.parametrize("cell", CELLS)
def test_the_weights_have_torchs_names_and_shapes(cell):
    H, V, K = 7, 5, BLOCKS[cell]
    shapes = {name: w.shape for name, w in weights(V, cell=cell, hidden_size=H).items()}
    expected = {
        "weight_ih_l0": (K * H, V),
        "weight_hh_l0": (K * H, H),
        "bias_ih_l0": (K * H,),
        "bias_hh_l0": (K * H,),
        "head.weight": (V, H),
        "head.bias": (V,),
    }
    if cell in NO_RECURRENT_WEIGHTS:
        del expected["weight_hh_l0"]
    assert shapes == expected


@pytest.mark.parametrize("cell", CELLS)
def test_the_weights_are_read_only_and_float64(cell):
    for name, w in weights(cell=cell).items():
        assert w.dtype == np.float64, name
        with pytest.raises(ValueError, match="read-only"):
            w[...] = 0


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("initialization", INITIALIZATIONS)
def test_the_same_seed_gives_the_same_weights_and_another_seed_others(cell, initialization):
    fields = {"cell": cell, "initialization": initialization}
    one, same, other = weights(**fields, seed=1), weights(**fields, seed=1), weights(seed=2)
    for name in one:
        np.testing.assert_array_equal(one[name], same[name])
    assert (one["head.weight"] != other["head.weight"]).all()


def test_making_a_network_leaves_the_global_random_state_alone():
    before = str(np.random.get_state())
    weights()
    assert str(np.random.get_state()) == before


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("initialization", INITIALIZATIONS)
def test_the_recurrent_scale_multiplies_every_gates_recurrent_weights_and_nothing_else(
    cell, initialization
):
    fields = {"cell": cell, "initialization": initialization}
    one, scaled = weights(**fields), weights(**fields, recurrent_scale=2.5)
    for name, w in one.items():
        factor = 2.5 if name == "weight_hh_l0" else 1.0
        assert scaled[name] == pytest.approx(factor * w, rel=1e-15)


@pytest.mark.parametrize("cell", CELLS)
def test_the_input_scale_multiplies_the_input_weights_and_nothing_else(cell):
    one, scaled = weights(cell=cell), weights(cell=cell, input_scale=2.5)
    for name, w in one.items():
        factor = 2.5 if name == "weight_ih_l0" else 1.0
        assert scaled[name] == pytest.approx(factor * w, rel=1e-15)


@pytest.mark.parametrize("cell", CELLS)
def test_a_larger_vocabulary_keeps_the_weights_of_the_tokens_it_had(cell):
    small, large = weights(5, cell=cell), weights(6, cell=cell)
    np.testing.assert_array_equal(large["weight_ih_l0"][:, :5], small["weight_ih_l0"])
    np.testing.assert_array_equal(large["head.weight"][:5], small["head.weight"])
    if "weight_hh_l0" in small:
        np.testing.assert_array_equal(large["weight_hh_l0"], small["weight_hh_l0"])


def test_input_and_readout_weights_are_gaussian_with_variance_one_over_the_hidden_size():
    found = weights(400, hidden_size=100)
    for name in ("weight_ih_l0", "head.weight"):
        assert found[name].var() == pytest.approx(0.01, rel=0.03)
        assert found[name].mean() == pytest.approx(0, abs=0.002)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_each_gate_has_orthogonal_weights_of_its_own(cell):
    H = 6
    blocks = np.split(weights(cell=cell, hidden_size=H)["weight_hh_l0"], BLOCKS[cell])
    for block in blocks:
        assert pytest.approx(np.eye(H), abs=1e-13) == block @ block.T
    assert not np.allclose(blocks[0], blocks[1])


@pytest.mark.parametrize("forget_bias", [-10.0, 0.0, 2.5])
def test_the_forget_bias_lands_in_the_forget_gate_alone(forget_bias):
    found = weights(cell="lstm", hidden_size=3, forget_bias=forget_bias)
    i, f, g, o = np.split(found["bias_ih_l0"], 4)
    assert (f == forget_bias).all()
    assert not np.concatenate([i, g, o, found["bias_hh_l0"], found["head.bias"]]).any()


@pytest.mark.parametrize("update_bias", [-10.0, 0.0, 2.5])
def test_the_update_bias_lands_in_the_update_gate_alone(update_bias):
    found = weights(cell="gru", hidden_size=3, update_bias=update_bias)
    r, z, n = np.split(found["bias_ih_l0"], 3)
    assert (z == update_bias).all()
    assert not np.concatenate([r, n, found["bias_hh_l0"], found["head.bias"]]).any()


def test_a_positive_update_bias_keeps_the_old_state():
    closed, half, opened = (
        trace(cell="gru", update_bias=bias).hidden for bias in (-10.0, 0.0, 10.0)
    )
    moved = [np.abs(np.diff(hidden, axis=0)).max() for hidden in (closed, half, opened)]
    assert moved[0] > moved[1] > 100 * moved[2]


@pytest.mark.parametrize(
    ("cell", "other"),
    [
        ("rnn", "forget_bias"),
        ("rnn", "update_bias"),
        ("gru", "forget_bias"),
        ("feedforward", "update_bias"),
    ],
)
def test_a_gates_bias_is_of_no_other_cell(cell, other):
    found = weights(cell=cell, **{other: 5})
    assert not found["bias_ih_l0"].any()
    assert not found["bias_hh_l0"].any()


def test_chrono_is_the_bias_of_the_forget_gate_and_with_a_minus_sign_of_the_input_gate():
    found = weights(cell="lstm", chrono=30, forget_bias=7)
    i, f, g, o = np.split(found["bias_ih_l0"], 4)
    assert (f >= 0).all() and (f <= np.log(29)).all()
    assert len(set(f)) == len(f)
    np.testing.assert_array_equal(i, -f)
    assert not np.concatenate([g, o, found["bias_hh_l0"], found["head.bias"]]).any()


def test_chrono_is_the_bias_of_the_update_gate_which_keeps():
    found = weights(cell="gru", chrono=30, update_bias=7)
    r, z, n = np.split(found["bias_ih_l0"], 3)
    assert (z >= 0).all() and (z <= np.log(29)).all()
    assert len(set(z)) == len(z)
    assert not np.concatenate([r, n, found["bias_hh_l0"], found["head.bias"]]).any()


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("architecture", ["many-to-one", "encoder-decoder"])
def test_chrono_leaves_every_other_weight_as_it_was(cell, architecture):
    fields = {"sequence": "abc", "cell": cell, "architecture": architecture}
    with_chrono = trace(**fields, chrono=30).network.state_dict()
    without = trace(**fields).network.state_dict()
    changed = {name for name, w in without.items() if (w != with_chrono[name]).any()}
    assert changed == {name for name in without if name.endswith("bias_ih_l0")}


def test_an_encoder_and_its_decoder_have_chrono_biases_of_their_own():
    names = trace("abc", cell="gru", architecture="encoder-decoder", chrono=30).network.state_dict()
    z, other = (np.split(names[f"{part}.bias_ih_l0"], 3)[1] for part in ("encoder", "decoder"))
    assert (z != other).all()


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("T", [4, 40], ids=["fewer than classes", "more than classes"])
def test_the_drive_is_the_input_weights_times_the_input(cell, T):
    network = network_of(5, cell=cell)
    inputs = np.resize([0, 3, -1, 4], T)
    W, b = network.weights[0].W_xh, network.cell.drive_bias(network.weights[0])
    problem = Problem((), (), inputs, np.full(T, -1), np.zeros(T, dtype=int))
    assert network.drives(problem.inputs, problem.parts) == pytest.approx(
        np.eye(6, 5)[inputs] @ W.T + b, rel=1e-15
    )


def test_a_timestep_that_reads_nothing_is_driven_by_the_bias_alone():
    network = network_of(5, cell="lstm", forget_bias=3)
    problem = Problem((), (), np.array([0, -1]), np.full(2, -1), np.zeros(2, dtype=int))
    np.testing.assert_array_equal(
        network.drives(problem.inputs, problem.parts)[1], network.weights[0].b_xh
    )


@pytest.mark.parametrize("cell", CELLS)
def test_an_encoder_and_its_decoder_have_weights_of_their_own(cell):
    names = trace("abc", cell=cell, architecture="encoder-decoder").network.state_dict()
    alone = trace("abc", cell=cell).network.state_dict()
    parts = [name for name in alone if not name.startswith("head.")]
    expected = {f"{part}.{name}" for part in ("encoder", "decoder") for name in parts}
    assert set(names) == expected | {"head.weight", "head.bias"}
    one, other = names["encoder.weight_ih_l0"], names["decoder.weight_ih_l0"]
    assert one.shape == other.shape
    assert not np.allclose(one, other)


# --- given weights -----------------------------------------------------------------------------


@pytest.mark.parametrize("architecture", ["many-to-one", "encoder-decoder"])
@pytest.mark.parametrize("cell", CELLS)
def test_weights_go_out_and_come_in_under_the_same_names(cell, architecture):
    network = trace("abcd", cell=cell, architecture=architecture).network
    again = Network.from_state_dict(network.state_dict(), cell=cell)
    assert again.state_dict().keys() == network.state_dict().keys()
    for name, array in network.state_dict().items():
        np.testing.assert_array_equal(again.state_dict()[name], array, err_msg=name)


def test_biases_that_are_left_out_are_zero():
    names = {"weight_ih_l0": (8, 3), "weight_hh_l0": (8, 2), "head.weight": (3, 2)}
    given = {name: np.ones(shape) for name, shape in names.items()}
    found = Network.from_state_dict(given, cell="lstm").state_dict()
    assert not any(found[name].any() for name in ("bias_ih_l0", "bias_hh_l0", "head.bias"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weight_hh_l0": None}, "weight_hh_l0 is missing"),
        ({"weight_ih_l0": np.zeros((5, 3))}, r"weight_ih_l0 must have the shape \(2, any\)"),
        ({"bias_hh_l0": np.array([np.nan, 0])}, "bias_hh_l0 must hold finite numbers"),
        ({"weight_ih_l1": np.zeros((2, 2))}, "weight_ih_l1: no such weights here"),
        ({"weight_ih_l0_reverse": np.zeros((2, 3))}, "read in one direction"),
        ({"head.weight": None}, "head.weight is missing"),
    ],
)
def test_weights_with_unknown_names_are_refused_by_name(change, words):
    names = {"weight_ih_l0": (2, 3), "weight_hh_l0": (2, 2), "head.weight": (3, 2)}
    given = {name: np.ones(shape) for name, shape in names.items()} | change
    given = {name: each for name, each in given.items() if each is not None}
    with pytest.raises(ValueError, match=words):
        Network.from_state_dict(given, cell="rnn")


def test_a_network_has_one_layer_as_yet():
    network = trace("abc").network
    with pytest.raises(ValueError, match="1 layer as yet, got 2"):
        Network(network.layers * 2, network.W_hy, network.b_y)
