"""A cell that is added by one line of ``CELLS``: every page, answer and file has it."""

import csv
import io
import json
import re

import numpy as np
import pytest

from tests.app.routes.test_lab import opened
from tests.engine.cells import one_gate
from unrolled import engine
from unrolled.app.figures import spectrum
from unrolled.engine.cells.equations import D_H, D_H_PREV

pytestmark = pytest.mark.anyio

FIELDS = {"sequence": "abcab", "cell": "one-gate", "hidden_size": 4}


@pytest.fixture(autouse=True)
def plug_in(monkeypatch):
    one_gate.register(monkeypatch)


@pytest.fixture
async def client(plug_in):
    async with opened() as client:
        yield client


def config_of(page):
    return json.loads(re.search(r'id="config">(.*?)</script>', page, re.DOTALL)[1])


@pytest.mark.parametrize("language", ["en", "zh-CN"])
async def test_the_pages_offer_a_new_cell_by_its_title(client, language):
    lab, train = [
        (await client.get(path, params={"lang": language})).text for path in ("/", "/train")
    ]
    assert re.search(r'name="cell" value="one-gate">\s*<span>Minimal</span>', lab)
    assert re.search(r'name="cells" value="one-gate">\s*<span>Minimal</span>', train)


async def test_a_page_knows_of_a_new_cell_what_it_says_of_itself(client):
    config = config_of((await client.get("/")).text)
    fields = ["forget_bias", "chrono", "recurrent_scale", "truncate", "attention"]
    assert config["facts"]["cells"]["one-gate"] == {
        **{"fields": fields, "bias": "forget_bias"},
        "activation": None,
        "normalized": False,
    }
    assert config["catalog"]["caption.gate.f"] == "the forget gate’s path"


async def test_the_numbers_of_a_timestep_fulfil_the_equations_of_a_new_cell(client):
    body = (await client.post("/api/step", json={"experiment": FIELDS, "timestep": 4})).json()
    a = {name: np.array(each["values"]) for name, each in body["arrays"].items()}
    lines = [
        [term.get("array") for term in line["terms"]]
        for way in ("forward", "backward")
        for line in body[way]["lines"]
    ]
    assert [line[0] for line in lines] == [
        *("f_t", "n_t", "h_t", r"\delta_n", r"\rho_t", r"\delta_f", r"\kappa_{t-1}", D_H_PREV)
    ]
    assert {name for line in lines for name in line if name} == set(a)

    def close(name, expected):
        np.testing.assert_allclose(a[name], expected, rtol=1e-9)

    f = 1 / (1 + np.exp(-(a["W_{hf}"] @ a["h_{t-1}"] + a["W_{xf} x_t"] + a["b_f"])))
    close("f_t", f)
    reset = a[r"(f_t \odot h_{t-1})"]
    close("n_t", np.tanh(a["W_{hn}"] @ reset + a["W_{xn} x_t"] + a["b_n"]))
    close("h_t", a["(1-f_t)"] * a["h_{t-1}"] + f * a["n_t"])
    close(r"\delta_n", a[r"\tanh'(a_n)"] * f * a[D_H])
    close(r"\rho_t", a["W_{hn}"].T @ a[r"\delta_n"])
    both = a["(n_t-h_{t-1})"] * a[D_H] + a["h_{t-1}"] * a[r"\rho_t"]
    close(r"\delta_f", a[r"\sigma'(a_f)"] * both)
    close(r"\kappa_{t-1}", a["(1-f_t)"] * a[D_H])
    ways = a[r"\kappa_{t-1}"] + f * a[r"\rho_t"] + a["W_{hf}"].T @ a[r"\delta_f"]
    close(D_H_PREV, ways)


async def test_every_file_of_a_new_cell_has_its_gates(client):
    expected = engine.trace(**FIELDS).gates["f"]
    for ending in ("csv", "json", "npz", "html"):
        answer = await client.get(f"/api/export/{ending}", params=FIELDS)
        assert answer.status_code == 200, ending
        if ending == "csv":
            rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
            assert any("gate_f" in cell or cell.startswith("f") for cell in rows[0])
        if ending == "json":
            np.testing.assert_array_equal(np.array(answer.json()["gates"]["f"]), expected)
        if ending == "npz":
            with np.load(io.BytesIO(answer.content)) as arrays:
                assert any(np.array_equal(array, expected) for array in arrays.values())
        if ending == "html":
            assert '"one-gate"' in answer.text


@pytest.mark.parametrize("name", ["spectrum", "singular_values", "step_factors", "lyapunov"])
async def test_every_analysis_takes_a_new_cell(client, name):
    answer = await client.post(f"/api/analysis/{name}", json=FIELDS)
    assert answer.status_code == 200
    found = answer.json()
    if name == "spectrum":
        assert [block["gate"] for block in found["blocks"]] == ["f", "n"]
    if name == "step_factors":
        assert set(found["shares"]) == {"carry", "recurrent"}
        assert not found["log10_factors"]


async def test_a_new_cell_is_swept(client):
    wanted = {"experiment": FIELDS, "recurrent_scale": [0.5, 2.0], "seeds": 2}
    answer = await client.post("/api/sweep", json=wanted)
    (*_, last) = answer.text.strip().splitlines()
    assert json.loads(last)["recurrent_scale"] == [0.5, 2.0]


async def test_a_new_cell_trains(client):
    training = {"task": "recall", "length": 5, "cell": "one-gate", "hidden_size": 4, "steps": 5}
    answer = await client.post("/api/train", json={"id": 1, "train": training})
    assert answer.status_code == 200
    assert "one-gate" in answer.content[:2000].decode("utf-8", "replace")


async def test_a_run_of_a_new_cell_says_how_its_state_is_kept(client):
    answer = await client.post("/api/stream", json={"id": 1, "experiment": FIELDS})
    size = int.from_bytes(answer.content[:4], "little")
    begin = json.loads(answer.content[4 : 4 + size])
    assert (begin["type"], begin["gates"]) == ("begin", ["f", "n"])
    assert (begin["carry"], begin["closed"], begin["candidates"]) == ("f", True, ["n"])


def test_the_blocks_of_a_new_cell_have_colours_of_their_own():
    figure = spectrum(engine.trace(**FIELDS))
    seen = [trace.marker.color for trace in figure.data if trace.x is not None and len(trace.x)]
    assert len(seen) == len(set(seen)) == 2


async def test_a_new_cell_is_in_the_menu_of_the_lab_and_in_no_lesson(client):
    lab = (await client.get("/")).text
    (menu,) = re.findall('<details class="newer".*?</details>', lab, re.S)
    assert re.findall('value="(.*?)"', menu)[-2:] == ["ln-gru", "one-gate"]
    lesson = (await client.get("/lessons/gates")).text
    assert 'value="gru-2014"' in lesson
    assert not {"mingru", "one-gate"} & set(re.findall(r'name="cell" value="(.*?)"', lesson))
