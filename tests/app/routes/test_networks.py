"""A file of weights is opened over HTTP: its modules are listed, and its network is traced."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from tests.app.cli.test_opened import recorded
from tests.app.routes.test_lab import opened
from tests.client import frames
from unrolled import engine
from unrolled.engine.recording.gradients import gradients_of
from unrolled.engine.weights.npz import packed

pytestmark = pytest.mark.anyio
WORDS = "abcde"


@pytest.fixture(scope="module")
def anyio_backend():
    return "asyncio"


def weights(cell="lstm", *, layers=1, ways=1, inputs=5, outputs=5, prefix=""):
    """The state_dict of a small network, as PyTorch names it."""
    config = engine.NetworkConfig(cell=cell, hidden_size=4, seed=3)
    deep = engine.DeepNetwork.random(config, inputs, outputs, layers=layers, bidirectional=ways > 1)
    named = {"head.weight": "head.weight", "head.bias": "head.bias"}
    return {
        f"{prefix}{named.get(name, f'rnn.{name}')}": np.ascontiguousarray(array)
        for name, array in deep.state_dict().items()
    }


async def kept(client, arrays, **choice):
    answer = await client.post(
        "/api/network", params={"name": "model.safetensors", **choice}, content=save(arrays)
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_only_module_of_a_file_is_traced_with_its_numbers():
    arrays = weights()
    async with opened() as client:
        found = await kept(client, arrays)
        (module,) = found["modules"]
        assert (module["name"], module["cell"], module["problem"]) == ("rnn", "lstm", None)
        named = await client.post(
            "/api/vocabulary", json={"checkpoint": found["name"], "vocabulary": WORDS}
        )
        asked = {"checkpoint": named.json()["name"], "sequence": "abecd"}
        trace = (await client.post("/api/trace", json=asked)).json()
        about = (await client.get("/api/checkpoint", params={"name": found["name"]})).json()
    state = {name.removeprefix("rnn."): array for name, array in arrays.items()}
    network = engine.Network.from_state_dict(state, cell="lstm")
    problem = engine.Problem.from_text("abecd", vocabulary=WORDS)
    own = engine.trace_of(engine.Run(network, problem))
    assert trace["log10_gradient_norm"] == own.log10_gradient_norm.tolist()
    assert trace["tokens"] == [*"abec"]
    assert about["vocabulary"] == [*"01234"]
    assert about["experiment"]["sequence"].startswith("0 1 2 3 4 0 1")


async def test_two_layers_in_both_directions_read_the_rows_of_an_embedding():
    table = np.random.default_rng(1).normal(size=(7, 3))
    arrays = weights("gru", layers=2, ways=2, inputs=3, outputs=2) | {"words.weight": table}
    async with opened() as client:
        assert (await kept(client, arrays))[
            "name"
        ] is None  # the states that are read are asked for
        found = await kept(client, arrays, module="rnn")
        asked = {"checkpoint": found["name"], "sequence": "6 0 3", "target": "1"}
        trace = (await client.post("/api/trace", json=asked)).json()
        scaled = (await client.post("/api/trace", json=asked | {"recurrent_scale": 0.5})).json()
    state = {name.removeprefix("rnn."): array for name, array in arrays.items()}
    del state["words.weight"]
    deep = engine.DeepNetwork.from_state_dict(state, cell="gru")
    own = engine.deep_trace(deep, engine.Problem.from_arrays(table[[6, 0, 3]], [-1, -1, 1]))
    for level, expected in zip(trace["levels"], own.levels, strict=True):
        np.testing.assert_allclose(
            level["log10_gradient_norm"], expected.log10_gradient_norm, rtol=1e-12
        )
    assert trace["vocabulary"] == ["0", "1"]
    assert scaled["levels"][0]["log10_gradient_norm"] != trace["levels"][0]["log10_gradient_norm"]


async def test_an_lstm_with_projections_is_run_and_tells_both_of_its_widths():
    arrays = weights(layers=2) | {"head.weight": np.ones((5, 3))}
    for k in range(2):
        arrays[f"rnn.weight_hh_l{k}"] = np.ones((16, 3))
        arrays[f"rnn.weight_hr_l{k}"] = np.ones((3, 4))
    arrays["rnn.weight_ih_l1"] = np.ones((16, 3))
    async with opened() as client:
        found = await kept(client, arrays)
        (module,) = found["modules"]
        about = (await client.get("/api/checkpoint", params={"name": found["name"]})).json()
        trace = (await client.post("/api/trace", json={"checkpoint": found["name"]})).json()
    for each in (module, about):
        assert (each["projection"], each["hidden_size"]) == (3, 4)
    assert np.array(trace["levels"][1]["hidden"]).shape[1] == 4


async def test_several_modules_are_listed_and_one_is_chosen():
    arrays = weights(prefix="a.") | weights("gru", prefix="b.")
    arrays |= {f"c.{name}": each for name, each in weights().items() if "head" not in name}
    arrays |= {"c.rnn.weight_hr_l0": np.ones((3, 4))}
    async with opened() as client:
        found = await kept(client, arrays)
        assert found["name"] is None
        told = {each["name"]: each for each in found["modules"]}
        assert [*told] == ["a.rnn", "b.rnn", "c.rnn"]
        assert told["c.rnn"]["problem"]["code"] == "weights_projected"
        assert told["a.rnn"]["readouts"] == ["a.head", "b.head"]
        chosen = await kept(client, arrays, module="b.rnn", head="b.head")
        about = (await client.get("/api/checkpoint", params={"name": chosen["name"]})).json()
    assert (about["cell"], about["module"]) == ("gru", "b.rnn")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("model.pt", b"\x80\x02.", "weights_pickle"),
        ("model.h5", b"\x89HDF", "weights_broken"),
        ("model.onnx", b"", "weights_ending"),
        ("model.safetensors", b"\xff" * 40, "weights_broken"),
        ("model.npz", b"PK\x03\x04", "weights_broken"),
        ("model.safetensors", save({"a": np.ones(3)}), "weights_no_module"),
        ("m" * 300 + ".safetensors", b"", "weights_broken"),
    ],
)
async def test_a_file_without_a_network_is_refused_by_a_sentence(name, content, code):
    async with opened() as client:
        answer = await client.post("/api/network", params={"name": name}, content=content)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert len(answer.json()["message"]) < 300


async def test_the_head_of_a_file_is_enough_to_be_told_its_modules():
    content = save(weights() | weights("gru", layers=2, prefix="other."))
    head = content[: 8 + int.from_bytes(content[:8], "little")]
    async with opened() as client:
        whole = await client.post("/api/network?name=a.safetensors", content=content)
        params = {"name": "a.safetensors", "listed": True}
        answer = await client.post("/api/network", params=params, content=head)
        assert answer.json() == whole.json()
        for wrong in (content, head[:-1], head[:8], b"", b"\1" + bytes(7) + b"1"):
            refused = await client.post("/api/network", params=params, content=wrong)
            assert refused.json()["code"] == "weights_broken"


async def test_the_only_matrix_that_reads_the_states_is_no_embedding():
    arrays = weights(inputs=4)  # as many as there are hidden units
    del arrays["head.bias"]
    async with opened() as client:
        (module,) = (await kept(client, arrays))["modules"]
    assert (module["readouts"], module["embeddings"]) == (["head"], [])


async def test_a_network_fixes_what_its_file_holds_and_fits_in_this_server():
    async with opened(network_file_bytes=1024, most_hidden_units=3) as client:
        for name, remedy in (("a.npz", "unrolled open"), ("a.safetensors", "save_file({")):
            big = await client.post("/api/network", params={"name": name}, content=bytes(2000))
            assert big.status_code == 413
            assert remedy in big.json()["message"]
    async with opened(most_hidden_units=3) as client:
        refused = await client.post("/api/network?name=a.safetensors", content=save(weights()))
        assert (refused.status_code, refused.json()["field"]) == (422, "hidden_size")
    async with opened() as client:
        found = await kept(client, weights())
        for wrong, code in (
            ({"cell": "gru"}, "own_fixed"),
            ({"architecture": "encoder-decoder"}, "own_architecture"),
            ({"labels": "yes / no"}, "own_labels"),
            ({"sequence": "0 9"}, "no_word"),
            ({"layers": 2}, "own_fixed"),
        ):
            asked = {"checkpoint": found["name"], **wrong}
            answer = await client.post("/api/trace", json=asked)
            assert (answer.status_code, answer.json()["code"]) == (422, code), wrong
        few = {"checkpoint": found["name"], "vocabulary": json.dumps(["a", "b"])}
        answer = await client.post("/api/vocabulary", json=few)
        assert (answer.json()["code"], answer.json()["field"]) == ("own_words", "vocabulary")


@pytest.mark.parametrize(
    ("vocabulary", "read"),
    [
        (["<pad>", "a", "b", "c", "d"], [*"abcdab"]),
        (["[PAD]", "<unk>", "sky", "the", "is"], ["sky", "the", "is", "sky"]),
        (["<pad>", "▁the", "▁sky", "##ing", "."], ["▁the", "▁sky", "##ing", "."]),
        (["<pad>", "<unk>", "<s>", "</s>", "<mask>"], ["<pad>", "<unk>", "<s>"]),
    ],
)
async def test_a_vocabulary_with_marks_is_read_from_its_other_words(vocabulary, read):
    async with opened() as client:
        found = await kept(client, weights())
        asked = {"checkpoint": found["name"], "vocabulary": json.dumps(vocabulary)}
        named = (await client.post("/api/vocabulary", json=asked)).json()["name"]
        example = (await client.post("/api/trace", json={"checkpoint": named})).json()
        typed = {"checkpoint": named, "tokens": "words", "sequence": " ".join(vocabulary)}
        trace = (await client.post("/api/trace", json=typed)).json()
    assert example["tokens"][: len(read)] == read
    assert trace["tokens"] == vocabulary[:-1]


def as_npy(array):
    content = io.BytesIO()
    np.save(content, array)
    return content.getvalue()


@pytest.mark.parametrize("ending", ["npy", "npz", "csv"])
async def test_numbers_of_a_file_are_read_in_place_of_tokens(ending):
    x = np.random.default_rng(5).normal(size=(6, 3))
    files = {
        "npy": as_npy(x),
        "npz": packed({"x": x}),
        "csv": "a;b;c\n" + "\n".join(";".join(map(repr, row)) for row in x.tolist()),
    }
    arrays = weights("gru", inputs=3, outputs=4)
    async with opened() as client:
        found = await kept(client, arrays)
        params = {"name": f"data.{ending}", "checkpoint": found["name"]}
        answer = await client.post("/api/network", params=params, content=files[ending])
        name = answer.json()["name"]
        about = (await client.get("/api/checkpoint", params={"name": name})).json()
        asked = {"checkpoint": name, "target": "2"}
        trace = (await client.post("/api/trace", json=asked)).json()
        other = {"checkpoint": name, "architecture": "many-to-many"}
        assert (await client.post("/api/trace", json=other)).status_code == 200
    assert trace["tokens"][0].split(", ") == [*(f"{each:.3g}" for each in x[0, :2]), "…"]
    said = {"name": f"data.{ending}", "shape": [6, 3], "targets": False, "recorded": False}
    assert about["data"] == said
    state = {each.removeprefix("rnn."): array for each, array in arrays.items()}
    network = engine.Network.from_state_dict(state, cell="gru")
    problem = engine.Problem.from_arrays(x, [-1] * 5 + [2])
    own = engine.trace_of(engine.Run(network, problem))
    np.testing.assert_allclose(trace["log10_gradient_norm"], own.log10_gradient_norm, rtol=1e-12)


@pytest.mark.parametrize("architecture", ["many-to-one", "many-to-many"])
@pytest.mark.parametrize(("layers", "ways"), [(1, 1), (2, 2)])
async def test_a_module_that_nothing_reads_has_half_the_square_of_its_states_as_loss(
    architecture, layers, ways
):
    arrays = weights("gru", layers=layers, ways=ways)
    del arrays["head.weight"], arrays["head.bias"]
    async with opened() as client:
        found = await kept(client, arrays, module="rnn", head="")
        (module,) = found["modules"]
        assert (module["readouts"], module["problem"]) == ([], None)
        params = {"name": found["name"]}
        about = (await client.get("/api/checkpoint", params=params)).json()
        asked = {"checkpoint": found["name"], "architecture": architecture, "target": "any"}
        trace = (await client.post("/api/trace", json=asked)).json()
    assert (about["alone"], about["outputs"]) == (True, 4 * ways)
    tops = trace["levels"][-ways:] if "levels" in trace else [trace]
    if architecture == "many-to-many":
        squares = sum(np.square(each["hidden"]).sum(axis=1) for each in tops)
        np.testing.assert_allclose(trace["losses"], squares / 2, rtol=1e-12)
    for k, top in enumerate(tops):
        end = 0 if k else -1  # one that reads from the end has its last state at t = 1
        np.testing.assert_allclose(top["hidden_gradient"][end], top["hidden"][end], rtol=1e-12)


async def beginning(client, asked):
    """Return the first frame of a run."""
    answer = await client.post("/api/stream", json=asked)
    return next(frames(answer.content)).header


async def test_numbers_are_named_by_the_columns_of_their_file():
    files = {"a.csv": b"wind,rain\n1013.25,0.5\n-2,0", "b.csv": b"1013.25,0.5\n-2,0"}
    async with opened() as client:
        found = await kept(client, weights(inputs=2))
        begins = []
        for name, content in files.items():
            params = {"name": name, "checkpoint": found["name"]}
            answer = await client.post("/api/network", params=params, content=content)
            asked = {"id": 1, "experiment": {"checkpoint": answer.json()["name"]}}
            begins.append(await beginning(client, asked))
        tokens = await beginning(client, {"id": 1, "experiment": {"checkpoint": found["name"]}})
    assert [each["tokens"] for each in begins] == [["1013, 0.5", "-2, 0"]] * 2
    assert [each["named"] for each in begins] == [
        ["wind 1013, rain 0.5", "wind -2, rain 0"],
        ["1013, 0.5", "-2, 0"],
    ]
    assert tokens["named"] == []


@pytest.mark.parametrize(("T", "D", "told"), [(7, 9, 9), (7, 30, 24), (300, 30, 13), (900, 9, 6)])
async def test_so_many_numbers_are_named_as_a_long_sequence_leaves_room_for(T, D, told):
    x, file = np.ones((T, D)), io.BytesIO()
    np.save(file, x)
    async with opened() as client:
        found = await kept(client, weights(inputs=D))
        params = {"name": "x.npy", "checkpoint": found["name"]}
        answer = await client.post("/api/network", params=params, content=file.getvalue())
        asked = {"id": 1, "experiment": {"checkpoint": answer.json()["name"]}}
        (named, *_) = (await beginning(client, asked))["named"]
    assert named == ", ".join(["1"] * told + ["…"] * (told < D))


async def test_one_output_is_a_number_and_so_is_its_target():
    x, arrays = np.linspace(0, 1, 5)[:, None], weights(inputs=1, outputs=1)
    y = np.array([[0.25]])
    state = {each.removeprefix("rnn."): array for each, array in arrays.items()}
    network = engine.Network.from_state_dict(state, cell="lstm")
    wanted = np.full((5, 1), np.nan)
    wanted[-1] = 0.25
    own = engine.trace_of(engine.Run(network, engine.Problem.from_arrays(x, wanted)))
    async with opened() as client:
        found = await kept(client, arrays)
        for content, target in ((packed({"x": x}), "0.25"), (packed({"x": x, "y": y}), "")):
            params = {"name": "data.npz", "checkpoint": found["name"]}
            answer = await client.post("/api/network", params=params, content=content)
            asked = {"checkpoint": answer.json()["name"], "target": target}
            trace = (await client.post("/api/trace", json=asked)).json()
            assert trace["log10_gradient_norm"] == own.log10_gradient_norm.tolist()
            assert trace["vocabulary"] == ["0.25"]
        wrong = await client.post("/api/trace", json=asked | {"target": "1 2"})
        assert wrong.status_code == 200  # the targets are those of the file
        typed = {"checkpoint": found["name"], "sequence": "0 0", "target": "one"}
        assert (await client.post("/api/trace", json=typed)).json()["code"] == "own_number"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.npy", as_npy(np.ones((4, 2))), "data_width"),
        ("a.npy", as_npy(np.full((4, 5), np.nan)), "data_finite"),
        ("a.npy", as_npy(np.ones((4, 5, 5))), "data_shape"),
        ("a.npy", as_npy(np.ones((3000, 5))), "too_long"),
        ("a.npy", as_npy(np.ones((4, 5))).replace(b"(4, 5)", b"(10**9, 5)"), "data_broken"),
        ("a.npy", b"nothing", "data_broken"),
        ("a.csv", b"1,2,3,4,nan", "data_finite"),
        ("a.csv", b"1,2\n3", "data_ragged"),
        ("a.csv", b"\xff\xfe\x00", "data_broken"),
        ("a.npz", packed({"x": np.ones((4, 5)), "y": np.ones((3, 5))}), "data_targets"),
    ],
)
async def test_numbers_that_the_network_cannot_read_are_refused(name, content, code):
    async with opened() as client:
        found = await kept(client, weights())
        params = {"name": name, "checkpoint": found["name"]}
        answer = await client.post("/api/network", params=params, content=content)
        assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
        alone = await client.post("/api/network", params={"name": name}, content=content)
        assert alone.json()["code"] == "data_first"


def as_pytorch(legacy):
    """The first bytes that ``torch.save`` writes, of either format."""
    if legacy:
        return b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03."
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr("model/data.pkl", b"\x80\x02}.")
    return content.getvalue()


@pytest.mark.parametrize("legacy", [True, False])
@pytest.mark.parametrize("name", ["model.safetensors", "model.npz", "model.keras", "model.pt"])
async def test_a_pickle_is_told_from_its_bytes_whatever_its_ending_is(name, legacy):
    async with opened() as client:
        for listed in (False, True):
            answer = await client.post(
                "/api/network",
                params={"name": name, "listed": listed},
                content=as_pytorch(legacy),
            )
            found = answer.json()
            assert (answer.status_code, found["code"]) == (422, "weights_pickle"), found
            assert "save_file(model.state_dict(), 'model.safetensors')" in found["message"]


RECORDED = Path(__file__).parents[2] / "reference/recordings/batch-first-gru.npz"


async def test_a_recording_is_shown_as_its_window_and_a_moment_of_it_opens(tmp_path):
    whole = engine.Recording.load(RECORDED)
    moments = [
        replace(each, states={"h_n": each.states["h_n"]} if "h_n" in each.states else {})
        for each in whole.moments
    ]
    recording = engine.Recording(moments=moments)
    recording.save(tmp_path / "training.npz")
    content, last = (tmp_path / "training.npz").read_bytes(), moments[-1]
    params = {"name": "training.npz"}
    async with opened() as client:
        told = (await client.post("/api/network", params=params, content=content)).json()
        chosen = params | {"step": last.step, "sequence": 2}
        name = (await client.post("/api/network", params=chosen, content=content)).json()["name"]
        trace = (await client.post("/api/trace", json={"checkpoint": name})).json()
        wrong = params | {"step": 999}
        refused = await client.post("/api/network", params=wrong, content=content)
    window = recording.norms()
    assert told["recording"]["levels"] == [*window.levels]
    shown = np.array(told["recording"]["log10_norms"], dtype=float)
    there = np.isfinite(window.hidden.swapaxes(0, 1))
    np.testing.assert_allclose(shown[there], window.hidden.swapaxes(0, 1)[there])
    expected = gradients_of(last).log10_norms[:, 0, : last.lengths[1], 1]
    found = [level["log10_gradient_norm"] for level in trace.get("levels", [trace])]
    np.testing.assert_allclose(np.array(found, dtype=float), expected, rtol=1e-9, atol=1e-9)
    assert refused.json()["code"] == "recording_step"


async def test_a_recorded_lstm_with_projections_tells_both_of_its_widths(tmp_path):
    content = recorded(tmp_path / "training.npz", projection=2).read_bytes()
    params = {"name": "training.npz"}
    async with opened() as client:
        told = (await client.post("/api/network", params=params, content=content)).json()
        chosen = params | {"step": 1}
        name = (await client.post("/api/network", params=chosen, content=content)).json()["name"]
        about = (await client.get("/api/checkpoint", params={"name": name})).json()
    for each in (told["recording"], about):
        assert (each["projection"], each["hidden_size"]) == (2, 4)


@pytest.mark.parametrize("layers", [1, 2])
async def test_a_run_of_ones_own_network_is_exported_with_the_name_of_its_file(layers):
    async with opened() as client:
        found = await kept(client, weights(layers=layers))
        asked = {"checkpoint": found["name"], "sequence": "0 1 2"}
        for ending in ("csv", "npz", "html", "py"):
            answer = await client.get(f"/api/export/{ending}", params=asked)
            assert answer.status_code == 200, (ending, answer.text[:200])
        table = await client.get("/api/export/csv", params=asked)
        made_by = (await client.post("/api/trace", json=asked)).json()["made_by"]
    assert "model.safetensors" in table.text
    with pytest.raises(ValueError, match=r"those of model\.safetensors"):
        engine.experiment_of(made_by)
