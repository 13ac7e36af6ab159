"""The same numbers in every file."""

import base64
import csv
import io
import json
import re
from urllib.parse import parse_qsl

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.app.exports.test_code import values_in
from tests.app.routes.test_lab import opened
from unrolled import engine
from unrolled.app.cli.commands import cli
from unrolled.app.exports.replay import _modules
from unrolled.app.exports.spreadsheet import harmless
from unrolled.app.exports.tables import EXPORTS, disposition, fields_of, file_name
from unrolled.app.folders import root
from unrolled.app.runs.frames import decode
from unrolled.app.web.modules import text_of
from unrolled.engine import Experiment

EXPERIMENTS = [
    Experiment("the clouds"),
    Experiment('天空, "云"=1', cell="lstm", architecture="many-to-many", hidden_size=3),
    Experiment("ab cd", cell="gru", tokens="words", architecture="encoder-decoder"),
    Experiment("abc", cell="feedforward", recurrent_scale=0.1),
    Experiment("ab" * 300, activation="relu", recurrent_scale=10, hidden_size=4),
]
each = pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda e: f"{e.cell}-{e.activation}")


RUNS = "=+-@\t\r＝＋－＠"
"""What makes a spreadsheet take a cell for a formula."""


def as_it_was(cell):
    """A text without the apostrophes that keep a spreadsheet from running or changing it."""
    inside = re.sub(rf"(^|[;\"\t\r\n])'(?='*[{re.escape(RUNS)}])", r"\1", cell)
    (text,) = {text for text in (cell, inside, inside[1:]) if harmless(text) == cell}
    return text


def is_number(cell):
    """Whether a text is a number as a spreadsheet writes it."""
    try:
        return str(float(cell)).removesuffix(".0") == cell and "n" not in cell
    except ValueError:
        return False


def made(ending, experiment):
    return EXPORTS[ending].make(experiment)


@each
def test_the_table_has_every_digit_of_every_timestep(experiment):
    trace = engine.trace_of(experiment)
    rows = list(
        csv.DictReader(io.StringIO(made("csv", experiment).decode("utf-8-sig"), newline=""))
    )
    assert [as_it_was(row["token"]) for row in rows] == list(trace.tokens)
    norms = [float(row["log10_gradient_norm"]) for row in rows]
    np.testing.assert_array_equal(norms, trace.log10_gradient_norm)
    for unit in range(experiment.hidden_size):
        values = [float(row[f"h_{unit + 1}"] or "nan") for row in rows]
        np.testing.assert_array_equal(values, trace.hidden[:, unit])
    losses = [float(row["loss"] or "nan") for row in rows]
    np.testing.assert_array_equal(losses, trace.losses)


def test_a_table_says_what_was_run_and_opens_again():
    experiment = Experiment("abcabc", cell="gru", recurrent_scale=0.4, seed=7)
    trace = engine.trace_of(experiment)
    rows = list(csv.DictReader(io.StringIO(made("csv", experiment).decode("utf-8-sig"))))
    assert {(row["cell"], row["recurrent_scale"], row["seed"]) for row in rows} == {
        ("gru", "0.4", "7")
    }
    assert {row["verdict"] for row in rows} == {trace.verdict}
    (address,) = {row["address"] for row in rows} - {""}
    assert dict(parse_qsl(address.removeprefix("/?"))) == {
        "sequence": "abcabc",
        "cell": "gru",
        "recurrent_scale": "0.4",
        "seed": "7",
    }
    assert [row["prediction"] for row in rows[:-1]] == [""] * (len(rows) - 1)
    assert rows[-1]["prediction"] == trace.vocabulary[trace.probabilities[-1].argmax()]


def test_a_table_of_layers_has_the_columns_of_one_for_each_layer_and_direction():
    fields = {"sequence": "the sky", "cell": "lstm", "hidden_size": 3, "layer": 1}
    experiment = Experiment(**fields, layers=2, directions=2, architecture="many-to-many")
    trace = engine.deep_trace_of(experiment)
    T = len(trace.losses)
    (alone, *_), (header, *rows) = (
        csv.reader(io.StringIO(made("csv", each).decode("utf-8-sig"), newline=""))
        for each in (Experiment(**fields), experiment)
    )
    assert header == [
        *("layer", "direction"),
        *("layer_in_front" if name == "layer" else name for name in alone),
    ]
    table = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(row["layer"], row["direction"], row["t"]) for row in table] == [
        (layer, direction, str(t))
        for layer in "12"
        for direction in ("forward", "reverse")
        for t in range(1, T + 1)
    ]
    levels = zip(trace.levels, trace.log10_shares(), trace.verdicts, strict=True)
    for k, (level, share, verdict) in enumerate(levels):
        own = table[k * T : (k + 1) * T]

        def column(name, own=own):
            return [float(row[name] or "nan") for row in own]

        np.testing.assert_array_equal(column("log10_gradient_norm"), level.log10_gradient_norm)
        np.testing.assert_array_equal(column("log10_share"), share)
        np.testing.assert_array_equal(column("h_2"), level.hidden[:, 1])
        np.testing.assert_array_equal(column("c_3"), level.cell_state[:, 2])
        np.testing.assert_array_equal(column("f_1"), level.gates["f"][:, 0])
        np.testing.assert_array_equal(column("loss"), trace.losses)
        assert {row["verdict"] for row in own} == {verdict}
        assert {row["layer_in_front"] for row in own} == {"1"}


@given(st.text(st.sampled_from([*RUNS, *"a1.'\";,\n /"])))
def test_no_text_of_a_table_runs_and_each_can_be_read_again(text):
    cell = harmless(text)
    assert as_it_was(cell) == text
    assert cell == text or not is_number(text)
    written = io.StringIO()
    csv.writer(written).writerow(["1", cell, "2"])
    for delimiter in ",;\t":
        for row in csv.reader(io.StringIO(written.getvalue(), newline=""), delimiter=delimiter):
            for each in row:
                assert is_number(each) or not each.startswith(tuple(RUNS)), (delimiter, each)


CHANGED = [
    "1/2", "3-4", "12:30", "10:15:00", "2024-01-02", "1.2.2024", "Jan-5", "MARCH1", "5may",
    "1Sep2024", "9pm", "1月2日", "50%", "$3", "€1.50", "1,5", "1,000", "(5)", "0123", "00", "1.",
    ".5", "1e5", "1E-3", "1.50", "-0", "TRUE", "false", "12345678901234567890",
]  # fmt: skip
"""What LibreOffice would write in another way than it was read."""


@pytest.mark.parametrize("text", CHANGED)
def test_a_text_that_a_spreadsheet_would_change_is_marked_as_text(text):
    assert harmless(text) == f"'{text}"
    assert harmless(f"'{text}") == f"''{text}"


KEPT = ["5", "0", "-4.5", "0.25", "123456", "w1", "3rd", "天1空", "may", "mark1", "x/2", "'tis"]


@pytest.mark.parametrize("text", KEPT)
def test_a_number_stays_one_and_a_word_stays_as_it_is(text):
    assert harmless(text) == text


# As LibreOffice opened them: a family, a flag, a skin tone, a heart, a key cap, a flag of tags.
EMOJI = [
    "👨‍👩‍👧‍👦",
    "🇨🇳",
    "🇫🇷",
    "👋🏽",
    "❤️",
    "🏳️‍🌈",
    "1️⃣",
    "👩🏾‍🚀",
    "🏴\U000e0067\U000e0062\U000e007f",
]


@pytest.mark.parametrize("tokens", engine.CHOICES["tokens"])
def test_an_emoji_of_many_code_points_is_one_token_and_one_cell(tokens):
    sequence = ("" if tokens == "characters" else " ").join([*EMOJI, "a"])
    text = made("csv", Experiment(sequence, tokens=tokens)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["token"] for row in rows] == EMOJI


def test_a_table_has_formulas_as_text_and_numbers_as_numbers():
    experiment = Experiment("ab-", target="=SUM(1,2) -4.5 a;=1", architecture="many-to-many")
    rows = list(csv.DictReader(io.StringIO(made("csv", experiment).decode("utf-8-sig"))))
    assert [row["target"] for row in rows] == ["'=SUM(1,2)", "-4.5", "a;'=1"]
    assert [row["token"] for row in rows] == ["a", "b", "'-"]
    for row in rows:
        assert float(row["log10_gradient_norm"]) < 2
        assert not row["h_1"].startswith("'")


CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), 0xFFFE, 0xFFFF)]
"""Every control character, and two that no text should have."""


@pytest.mark.parametrize("ending", EXPORTS)
def test_a_file_holds_every_control_character(ending):
    experiment = Experiment("x".join(CONTROLS) + "x")
    tokens = list(engine.trace_of(experiment).tokens)
    content = made(ending, experiment)
    if ending == "csv":
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        held = [as_it_was(row["token"]) for row in csv.DictReader(text)]
    elif ending == "json":
        held = json.loads(content)["tokens"]
    elif ending == "npz":
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            assert json.loads(str(arrays["experiment"]))["sequence"] == experiment.sequence
            held = ["\0" if token == "␀" else token for token in arrays["tokens"].tolist()]
    elif ending in ("py", "ipynb", "keras.py"):
        held = values_in(content)["tokens"]
    else:
        recorded = re.search(r'id="recorded">(.*?)</script>', content.decode(), re.S)[1]
        held = decode(base64.b64decode(json.loads(recorded)["frames"][0]))[0]["tokens"]
    assert held == tokens


def test_an_unpaired_surrogate_is_refused_by_field():
    with pytest.raises(engine.ExperimentError, match=r"half a character \(U\+D800\)"):
        Experiment("a\ud800b")


@each
def test_the_arrays_are_the_traces_and_need_no_pickle(experiment):
    trace = engine.trace_of(experiment)
    with np.load(io.BytesIO(made("npz", experiment)), allow_pickle=False) as arrays:
        assert Experiment.of(json.loads(str(arrays["experiment"]))) == experiment
        assert arrays["tokens"].tolist() == list(trace.tokens)
        for name in ("hidden", "log10_gradient_norm", "log10_gradient_matrix", "losses", "inputs"):
            np.testing.assert_array_equal(arrays[name], getattr(trace, name))
        for name, weights in trace.network.state_dict().items():
            np.testing.assert_array_equal(arrays[f"weight.{name}"], weights)
            np.testing.assert_array_equal(arrays[f"gradient.{name}"], trace.weight_gradients[name])
        for name, gate in trace.gates.items():
            np.testing.assert_array_equal(arrays[f"gate.{name}"], gate)
        assert ("cell_state" in arrays) == (experiment.cell == "lstm")


@each
def test_the_replay_holds_the_frames_of_the_run(experiment):
    trace = engine.trace_of(experiment)
    html = made("html", experiment).decode()
    recorded = json.loads(re.search(r'id="recorded">(.*?)</script>', html, re.S)[1])
    frames = [decode(base64.b64decode(frame)) for frame in recorded["frames"]]
    assert frames[0][0]["type"] == "begin"
    assert frames[-1][0]["type"] == "end"
    for header, arrays in frames:
        if header["type"] == "backward":
            norms = trace.log10_gradient_norm[header["from"] - 1 : header["to"]]
            np.testing.assert_array_equal(arrays["log10_gradient_norm"], norms)


@pytest.mark.parametrize("ending", EXPORTS)
def test_a_run_with_attention_has_every_export(ending):
    fields = {"architecture": "encoder-decoder", "attention": "additive", "hidden_size": 3}
    assert made(ending, Experiment("abc", **fields))


def test_the_modules_of_a_replay_lose_their_comments_and_no_code():
    comment = re.compile(r"/\*\*.*?\*/", re.DOTALL)
    for name, url in _modules().items():
        module = text_of(url)
        source = (root() / "static" / name.removeprefix("unrolled/")).read_text(encoding="utf-8")
        left, whole = (comment.sub("", text).count("{") for text in (module, source))
        assert left == whole, name


def test_a_replay_requests_nothing_and_is_small():
    html = made("html", Experiment("abcdefghij" * 6 + "k", cell="lstm")).decode()
    assert not re.search(r"(?:src|href)=\"(?!#|data:)", html)
    assert "http://" not in html.replace("http://www.w3.org", "")
    assert len(html) < 375_000


@pytest.mark.anyio
@pytest.mark.parametrize("base", ["", "http://lab/course/rnn/"])
async def test_a_replay_and_a_table_name_the_address_that_opens_their_run_again(base):
    fields = {"sequence": "a&b", "cell": "lstm", "seed": "7"}
    async with opened() as client:
        html = (await client.get("/api/export/html", params=fields | {"base": base})).text
        table = (await client.get("/api/export/csv", params=fields | {"base": base})).text
        refused = await client.get("/api/export/html", params={"base": "http://elsewhere/"})
    recorded = json.loads(re.search(r'id="recorded">(.*?)</script>', html, re.S)[1])
    first = next(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    for address in (recorded["address"], first["address"]):
        place, _, query = address.partition("?")
        assert place == (base or "http://lab/")
        assert dict(parse_qsl(query)) == fields
    assert refused.status_code == 422


def test_a_replay_holds_no_control_character():
    html = made("html", Experiment("".join(map(chr, range(0x20))) + "\x7f")).decode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", html)
    assert "\N{SYMBOL FOR VERTICAL TABULATION}" in html


def test_a_sequence_that_looks_like_markup_stays_text():
    html = made("html", Experiment("</script><b>x</b>")).decode()
    assert "<b>" not in html


def test_a_file_is_called_after_its_cell_and_its_sequence():
    assert file_name(Experiment("the clouds / sky", cell="lstm"), "csv") == (
        "unrolled-lstm-the-clouds-sky.csv"
    )
    header = disposition(Experiment("天空 ok"), "npz")
    assert 'filename="unrolled-rnn-__-ok.npz"' in header
    assert "filename*=UTF-8''unrolled-rnn-%E5%A4%A9%E7%A9%BA-ok.npz" in header
    assert file_name(Experiment("?!", tokens="characters"), "csv") == "unrolled-rnn-run.csv"


def test_an_address_is_read_as_the_page_writes_it():
    texts = {name: str(value) for name, value in EXPERIMENTS[1].named().items()}
    assert Experiment.of(fields_of(texts)) == EXPERIMENTS[1]
    assert fields_of({"seed": "many", "colour": "red"}) == {"seed": "many", "colour": "red"}


@pytest.mark.parametrize("ending", EXPORTS)
def test_the_command_writes_the_same_file(tmp_path, ending):
    out = tmp_path / f"run.{ending}"
    result = CliRunner().invoke(
        cli, ["trace", "hello", "--cell", "lstm", "--recurrent-scale", "1.5", "--out", str(out)]
    )
    assert result.exit_code == 0, result.output
    experiment = Experiment("hello", cell="lstm", recurrent_scale=1.5)
    if ending == "npz":
        with np.load(out, allow_pickle=False) as arrays:
            hidden = engine.trace_of(experiment).hidden
            np.testing.assert_array_equal(arrays["hidden"], hidden)
    elif ending != "html":
        assert out.read_bytes() == made(ending, experiment)
    else:
        assert b"data:text/javascript" in out.read_bytes()


def test_the_command_prints_a_table_and_the_verdict():
    result = CliRunner().invoke(cli, ["trace", "the clouds", "--recurrent-scale", "0.5"])
    norms = engine.trace("the clouds", recurrent_scale=0.5).log10_gradient_norm
    for norm in norms:
        assert f"{norm:.3f}" in result.output
    assert "vanishing" in result.output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--hidden-size", "0"], "--hidden-size must be a whole number from 1 to 512, got 0"),
        (["--cell", "perceptron"], "cell must be one of rnn, lstm, gru, gru-2014, feedforward"),
        (
            ["--out", "run.x"],
            "--out must end in one of .csv, .json, .npz, .html, .py, .ipynb, .keras.py, got run.x",
        ),
        (["--out", "/nowhere/run.csv"], "cannot write /nowhere/run.csv"),
    ],
)
def test_the_command_refuses_in_one_line(options, words):
    result = CliRunner().invoke(cli, ["trace", "hello", *options])
    assert result.exit_code == 2
    assert words in result.output
    assert "Traceback" not in result.output
