"""A file of weights: the recurrent modules that it holds, and the network that is made of one."""

import pickle
from contextlib import suppress

import numpy as np
import pytest
from safetensors.numpy import save_file

import unrolled

H, D, V = 4, 3, 5
BLOCKS = {"rnn": 1, "gru": 3, "lstm": 4}


def of_pytorch(cell, prefix="", *, suffix="_l0", inputs=D, bias=True):
    """Random arrays under the names that ``state_dict`` of PyTorch gives them."""
    rng, rows = np.random.default_rng(1), BLOCKS[cell] * H
    shapes: dict[str, tuple[int, ...]] = {"weight_ih": (rows, inputs), "weight_hh": (rows, H)}
    if bias:
        shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
    return {f"{prefix}{name}{suffix}": rng.normal(size=each) for name, each in shapes.items()}


def linear(name="fc", inputs=H, outputs=V):
    rng = np.random.default_rng(2)
    return {
        f"{name}.weight": rng.normal(size=(outputs, inputs)),
        f"{name}.bias": rng.normal(size=outputs),
    }


def _head(content):
    """The head of a safetensors file, which says what its arrays are, and the rest."""
    length = 8 + int.from_bytes(content[:8], "little")
    return content[8:length], content[length:]


@pytest.fixture
def written(tmp_path):
    """Writes arrays as a file of either kind."""

    def write(arrays, ending="safetensors"):
        path = tmp_path / f"model.{ending}"
        if ending == "npz":
            np.savez(path, **arrays)
        else:
            save_file(arrays, path)
        return path

    return write


@pytest.mark.parametrize("ending", ["safetensors", "npz"])
@pytest.mark.parametrize("cell", BLOCKS)
def test_the_network_of_a_file_has_its_numbers(written, cell, ending):
    own, readout = of_pytorch(cell, "model.rnn."), linear("model.fc")
    network = unrolled.Network.load(written(own | readout, ending))
    told = {name.removeprefix("model.rnn."): each for name, each in own.items()}
    told |= {"head.weight": readout["model.fc.weight"], "head.bias": readout["model.fc.bias"]}
    assert network.state_dict().keys() == told.keys()
    for name, weights in network.state_dict().items():
        np.testing.assert_array_equal(weights, told[name])


def test_a_pickle_is_refused_whatever_its_ending_is(tmp_path):
    path = tmp_path / "model.safetensors"
    path.write_bytes(pickle.dumps({"weight_ih_l0": [1.0]}))
    with pytest.raises(ValueError, match=r"is a pickle(.|\n)*save_file"):
        unrolled.modules_in(path)


def test_a_network_tells_which_arrays_of_its_file_were_taken(written):
    path = written(of_pytorch("gru", "model.rnn.") | linear("model.fc"))
    source = unrolled.DeepNetwork.load(path).source
    assert source is not None
    assert (source.module, source.head) == (*unrolled.modules_in(path), "model.fc")
    config = unrolled.NetworkConfig(cell="gru", hidden_size=H)
    assert unrolled.DeepNetwork.random(config, D, V).source is None


def test_a_trace_of_a_file_is_that_of_its_weights(written):
    own, readout = of_pytorch("lstm"), linear("head")
    problem = unrolled.Problem.from_arrays(np.ones((6, D)), targets=[-1] * 5 + [2])
    runs = [
        unrolled.trace_of(unrolled.Run(network, problem))
        for network in (
            unrolled.Network.load(written(own | readout)),
            unrolled.Network.from_state_dict(own | readout, cell="lstm"),
        )
    ]
    np.testing.assert_array_equal(runs[0].hidden_gradient, runs[1].hidden_gradient)


def test_a_cell_by_itself_and_one_without_biases_are_modules(written):
    alone = of_pytorch("gru", "cell.", suffix="", bias=False)
    network = unrolled.Network.load(written(alone | linear()))
    np.testing.assert_array_equal(network.weights[0].W_hh, alone["cell.weight_hh"])
    assert not network.weights[0].b_hh.any()


@pytest.mark.parametrize("kind", ["float16", "float32"])
def test_smaller_floats_are_read_as_they_are(written, kind):
    arrays = {name: each.astype(kind) for name, each in (of_pytorch("rnn") | linear()).items()}
    network = unrolled.Network.load(written(arrays))
    np.testing.assert_array_equal(network.W_hy, arrays["fc.weight"].astype(float))


def test_bfloat16_is_the_upper_half_of_float32(written):
    exact = {name: np.round(8 * each) / 8 for name, each in (of_pytorch("rnn") | linear()).items()}
    halves = {
        name: (each.astype("<f4").view("<u4") >> 16).astype("<u2") for name, each in exact.items()
    }
    path = written(halves)
    head, rest = _head(path.read_bytes())
    head = head.replace(b'"U16"', b'"BF16"')
    path.write_bytes(len(head).to_bytes(8, "little") + head + rest)
    network = unrolled.Network.load(path)
    rounded = exact["fc.weight"].astype("<f4").view("<u4") >> 16 << 16
    np.testing.assert_array_equal(network.W_hy, rounded.view("<f4").astype(float))


def test_an_embedding_gives_every_class_its_column(written):
    own, table = of_pytorch("gru", "rnn."), np.random.default_rng(3).normal(size=(7, D))
    path = written(own | linear() | {"words.weight": table})
    network = unrolled.Network.load(path, embedding="words")
    classes, targets = np.array([6, 0, 3]), [-1, -1, 1]
    by_class = unrolled.Problem.from_arrays(classes, targets)
    by_vector = unrolled.Problem.from_arrays(table[classes], targets)
    there = unrolled.trace_of(unrolled.Run(network, by_class))
    vectors = unrolled.trace_of(unrolled.Run(unrolled.Network.load(path), by_vector))
    np.testing.assert_allclose(there.hidden_gradient, vectors.hidden_gradient, rtol=1e-12)


def test_every_module_of_a_file_is_listed_and_what_cannot_run_says_why(written):
    arrays = of_pytorch("lstm", "a.") | of_pytorch("lstm", "a.", suffix="_l1", inputs=H)
    arrays |= of_pytorch("gru", "b.") | of_pytorch("gru", "b.", suffix="_l0_reverse")
    arrays |= of_pytorch("lstm", "c.") | {"c.weight_hr_l0": np.ones((2, H))}
    arrays |= of_pytorch("rnn", "d.") | {"e.weight_ih_l0": np.ones((8, 3))} | linear()
    found = {each.name: each for each in unrolled.modules_in(written(arrays))}
    assert [*found] == ["a", "b", "c", "d", "e"]
    assert (found["a"].layers, found["b"].bidirectional) == (2, True)
    assert "proj_size" in found["c"].refused
    assert (found["d"].refused, found["d"].cell, found["d"].hidden_size) == ("", "rnn", H)
    assert "are those of no nn.RNN" in found["e"].refused
    path = written(arrays)
    with pytest.raises(ValueError, match="several recurrent modules"):
        unrolled.Network.load(path)
    with pytest.raises(ValueError, match=r"layers=2 is a deep network: load it with DeepNetwork"):
        unrolled.Network.load(path, "a")
    with pytest.raises(ValueError, match="both directions is a deep network"):
        unrolled.Network.load(path, "b")
    assert unrolled.Network.load(path, "d").hidden_size == H


def test_a_deep_network_of_a_file_has_its_numbers(written):
    config = unrolled.NetworkConfig(cell="gru", hidden_size=H)
    deep = unrolled.DeepNetwork.random(config, D, V, layers=3, bidirectional=True)
    arrays = {f"model.{k}": np.ascontiguousarray(each) for k, each in deep.state_dict().items()}
    loaded = unrolled.DeepNetwork.load(written(arrays))
    assert repr(loaded) == repr(deep)
    for name, weights in loaded.state_dict().items():
        np.testing.assert_array_equal(weights, arrays[f"model.{name}"])


def test_a_readout_without_a_bias_is_not_passed_over_for_a_layer_with_one(written):
    """But where x_t is as long as h, it may be the embedding, and the one with a bias is taken."""
    for inputs, heads in ((D, ["aux", "out"]), (H, ["aux"])):
        bare = {"out.weight": linear()["fc.weight"]}
        path = written(of_pytorch("rnn", inputs=inputs) | bare | linear("aux"))
        if len(heads) > 1:
            with pytest.raises(ValueError, match="head: aux, out"):
                unrolled.Network.load(path)
        else:
            network = unrolled.Network.load(path)
            np.testing.assert_array_equal(network.W_hy, linear("aux")["aux.weight"])
        network = unrolled.Network.load(path, head="out")
        np.testing.assert_array_equal(network.W_hy, bare["out.weight"])


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        (linear(), "no array is named weight_ih_l0"),
        (of_pytorch("rnn"), "no linear layer has the shape"),
        (of_pytorch("rnn") | linear("one") | linear("two"), "head: one, two"),
        (of_pytorch("rnn") | {"fc.weight": np.ones((V, H), int)}, "has numbers of type I64"),
        (of_pytorch("rnn") | {"fc.weight": np.full((V, H), np.nan)}, "must hold finite numbers"),
    ],
)
def test_a_file_from_which_no_network_can_be_made_says_what_is_missing(written, arrays, says):
    with pytest.raises(ValueError, match=says):
        unrolled.Network.load(written(arrays))


@pytest.mark.parametrize("name", ["model.pt", "model.pth", "pytorch_model.bin", "a.ckpt", "a.pkl"])
def test_a_pickle_is_not_opened_and_the_answer_is_how_to_write_the_weights(tmp_path, name):
    with pytest.raises(ValueError, match=r"save_file\(model.state_dict"):
        unrolled.modules_in(tmp_path / name)  # there is no such file


@pytest.mark.parametrize("ending", ["safetensors", "npz"])
def test_a_damaged_file_is_refused_in_words(written, ending):
    """Cut short it is no whole file; with other bytes it may be one of other weights."""
    path = written(of_pytorch("gru") | linear(), ending)
    whole, rng = path.read_bytes(), np.random.default_rng(4)
    for _ in range(200):
        path.write_bytes(whole[: rng.integers(len(whole))])
        with pytest.raises(ValueError, match=rf"no whole {ending}"):
            unrolled.Network.load(path)
    for _ in range(400):
        content = bytearray(whole)
        for where in rng.integers(len(content), size=3):
            content[where] = rng.integers(256)
        path.write_bytes(content)
        with suppress(ValueError):
            unrolled.Network.load(path)


def test_a_small_file_that_claims_a_huge_array_takes_no_memory(written):
    path = written(of_pytorch("rnn") | linear(), "npz")
    content = path.read_bytes()
    assert b"(4, 3)" in content
    path.write_bytes(content.replace(b"(4, 3), }          ", b"(4000000, 300000), }"))
    with pytest.raises(ValueError, match=r"model\.npz|weight_ih_l0"):
        unrolled.Network.load(path)
