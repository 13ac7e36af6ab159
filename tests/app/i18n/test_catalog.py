import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest

from unrolled import engine
from unrolled.app import errors, figures
from unrolled.app.classroom import routes
from unrolled.app.exports.code.keras import KERAS
from unrolled.app.exports.code.pytorch import PYTORCH
from unrolled.app.exports.tables import EXPORTS
from unrolled.app.folders import root
from unrolled.app.i18n.catalog import catalog, languages, translator
from unrolled.app.lessons import shelf
from unrolled.app.lessons.schema import PARTS
from unrolled.app.runs.cell_facts import CLASSIC
from unrolled.engine import tokenizers as tokens
from unrolled.engine.analysis.step_factors import SHARES
from unrolled.engine.architectures import LABELLED
from unrolled.engine.bptt.shares import VERDICTS
from unrolled.engine.cells import CELLS
from unrolled.engine.cells.gru import GRU
from unrolled.engine.cells.lstm import LSTM
from unrolled.engine.training import CHOICES as TO_TRAIN

SOURCES = [
    *root().glob("templates/**/*.html"),
    *root().glob("static/js/**/*.js"),
    *Path("app").glob("**/*.py"),
]
SIGN = re.compile(r"sign(\.[0-9A-F]{4})+")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
SEEN = ["output", "column", "state", "arrow", "bar", "scale"]
SEEN += ["network", "loss", "reach", "line", "answers", "notes", "clocks", "walk"]


def families():
    """Keys that are put together from a name of the engine's."""
    yield from (f"page.{page}" for page in ("lab", "train", "lessons", "docs"))
    for kind in ("page", "method", "server"):
        yield from (f"failure.{kind}", f"failure.{kind}.text")
    yield from (f"error.{code}" for code in (*engine.MESSAGES, *errors.MESSAGES))
    yield from (f"field.{name}" for name in engine.Experiment().named())
    for field, choices in engine.CHOICES.items():
        yield from (f"choice.{field}.{choice}" for choice in choices)
    newer = [cell for cell in engine.CELLS if cell not in CLASSIC]
    yield from (f"choice.cell.{cell}.about" for cell in ("gru-2014", *newer))
    yield from (f"choice.cell.{cell}.brief" for cell in newer)
    yield from (key for key in catalog() if key.endswith((".touch", ".held")))
    yield from (f"course.route.{route.name}" for route in routes(shelf(), "en"))
    for architecture in engine.ARCHITECTURES:
        yield f"control.target.{architecture}"
        yield f"control.target.{architecture}.default"
    yield from (f"control.labels.{architecture}" for architecture in LABELLED)
    yield from (f"verdict.{verdict}" for verdict in VERDICTS)
    yield from (f"verdict.trained.{verdict}" for verdict in ("gone", *VERDICTS[:3]))
    for size in ("part", "times"):
        yield from (f"arrives.{kind}.{size}" for kind in ("one", "all"))
    yield from (f"verdict.means.{kind}" for kind in ("gone", *VERDICTS[:3]))
    yield from (f"verdict.input.{size}" for size in ("part", "times"))
    yield from (f"loss.{which}" for which in ("last", "at", "all"))
    yield from (f"pin.loss.{which}" for which in ("last", "at", "all"))
    for unit in ("characters", "words", "step"):
        yield from (f"first.{unit}", f"first.input.{unit}", f"stage.title.{unit}")
    yield "stage.title.state"
    for how in ("all", "cell", "short", "none"):
        yield from (f"caption.done.{how}", f"transport.done.{how}")
    yield from (f"transport.at.{phase}" for phase in ("forward", "backward", "loss"))
    yield from (f"transport.{name}" for name in ("restart", "back", "play", "forward", "end"))
    yield from (f"pin.{name}" for name in engine.RANGES)
    yield from (f"export.{format}" for format in EXPORTS)
    yield from (f"chart.save.{format}" for format in ("svg", "png"))
    keys = [
        "start",
        "play",
        "step",
        "ends",
        "fold",
        "line",
        "present",
        "notes",
        "clicker",
        "leave",
        "help",
    ]
    yield from (f"part.{part}" for part in (*PARTS, "output", "backward"))
    keys += ["walk", "walk.clicker", "walk.space", "answer", "space", "blank", "spotlight"]
    keys += ["blank.projecting", "spotlight.projecting"]
    yield from (f"help.{action}" for action in keys)
    yield from (f"opening.{caption}" for caption in range(1, 6))
    yield from (f"seen.{each}" for each in SEEN)
    yield from (f"weight.W_{matrix}" for matrix in ("xh", "hh", "hy"))
    for part in ("encoder", "decoder"):
        yield from (f"weight.{part}", f"weight.W_xh.{part}", f"weight.W_hh.{part}")
    yield from (f"caption.gate.{cell.carry.gate}" for cell in (LSTM, GRU))
    yield from (f"sign.{kind}" for kind in ("control", "private", "unassigned", "mark", "other"))
    scripts = ("Chinese", "Japanese", *tokens.BY_DICTIONARY, *tokens.IN_NO_DICTIONARY)
    yield from (f"script.{script}" for script in scripts)
    words = {framework.words(cell) for framework in (KERAS, PYTORCH) for cell in CELLS.values()}
    for each in words:
        yield from (f"script.{each}.{part}.about" for part in ("weights", "step", "loop"))
    yield from (key for key in catalog() if SIGN.fullmatch(key))
    yield from (f"caption.reason.{share}" for share in SHARES)
    for which in ("", ".of"):
        yield from (f"caption.backward{which}", f"caption.backward{which}.times")
    for factor in ("weights", "alignment"):
        yield from (f"caption.reason.{factor}.{way}" for way in ("less", "more"))
    yield from (f"caption.reason.saturation.{way}" for way in ("less", "little", "quarter"))
    yield from (f"step.factor.{factor}" for factor in ("weights", "saturation", "alignment"))
    for factor in ("weights", "normalized", "alignment"):
        yield from (f"step.reading.{factor}.{way}" for way in ("less", "more"))
    yield from (f"step.reading.saturation.{way}" for way in ("less", "little", "quarter"))
    for path in ("carry", "recurrent"):
        yield from (f"step.path.{path}", f"step.share.{path}", f"step.reading.{path}")
    yield from ("step.forward", "step.forward.first", "step.forward.no_memory")
    yield from ("step.backward.first", "step.backward.cut")
    for cell in ("lstm", "gru"):
        yield from (f"gate.{gate}" for gate in engine.trace("ab ", cell=cell).gates)
    yield from (f"chart.{chart}" for chart in figures.CHARTS)
    yield from (f"chart.group.{group}" for group in figures.CHART_GROUPS)
    yield from (f"term.{factor}" for factor in ("weights", "saturation", "alignment"))
    for template in root().glob("templates/**/*.html"):
        named = re.findall(r'data-term="(\w+)"', template.read_text(encoding="utf-8"))
        yield from (f"term.{name}" for name in named)
    yield from (f"chart.hidden_states.{kind}" for kind in (*engine.ACTIVATIONS, "gated"))
    yield from (f"figure.factor.{name}" for name in ("weights", "saturation", "alignment"))
    yield from (f"figure.share.{share}" for share in SHARES)
    yield from (f"figure.singular_values.{rank}" for rank in ("largest", "median", "smallest"))
    yield from (f"control.{name}" for name in engine.Experiment().named())
    yield from (f"field.{field.name}" for field in fields(engine.Training))
    for field, choices in TO_TRAIN.items():
        if field != "task":
            yield from (f"choice.{field}.{choice}" for choice in choices)
    for task in engine.TASKS:
        yield from (f"task.{task}", f"task.{task}.about")
    yield from (f"field.{name}" for name in ("start", "temperature"))
    controls = ("cells", "examples", "length", "learning_rate", "clip_value", "optimizer")
    more = ("constraint", "batch_size", "steps", "task", "temperature")
    yield from (f"control.{name}" for name in (*controls, *more))
    yield from (f"train.{notice}" for notice in ("lost", "not_found", "away", "unreachable"))
    yield from (f"train.verdict.diverged.{what}" for what in ("loss", "weights"))
    for standing in ("worse", "at", "below", "learnt"):
        yield from (f"train.verdict.{standing}", f"train.verdict.far.{standing}")
    yield from (f"help.{action}" for action in ("train", "reach", "open"))
    topics = re.findall(r'\("(\w+)", \[', (root() / "templates/parts/_glossary.html").read_text())
    yield from (f"glossary.topic.{topic}" for topic in topics)
    yield from (f"privacy.{about}" for about in ("who", "what", "seen", "long"))
    yield from (f"ask.what.{what}" for what in ("choice", "gradient", "curve", "number"))
    yield from (f"question.lead.{name}" for name in ("show", "again", "hide"))
    yield from (f"report.{name}" for name in ("student", "round", "answer"))
    yield "question.gradient"
    above = ("", ".empty", ".first", ".first_alone")
    yield from (f"caption.forward.above{each}" for each in above)
    kinds = ("tokens", "data", "given", "recorded")
    yield from (f"network.{part}.{kind}" for part in ("reads", "yours") for kind in kinds)
    yield "network.yours.alone"
    told = ("chart.gradient_norm.reading", "explain.state", "explain.tile")
    yield from told
    yield from (f"{each}.layer" for each in told)
    yield from ("explain.share.times", "explain.share.layer.times", "layers.name")
    yield from (f"caption.backward.{beside}.times" for beside in ("below", "seen"))
    yield from (
        f"layers.name{only}.{way}" for only in ("", ".only") for way in ("forward", "reverse")
    )


def test_every_message_is_used_and_every_key_that_is_used_has_one():
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    quoted = set(re.findall(r"[\"'`]([a-z]+(?:\.[\w-]+)+)[\"'`]", text))
    sections = {key.partition(".")[0] for key in catalog()}
    used = {key for key in quoted if key.partition(".")[0] in sections} - {"page.locator"}
    known = set(catalog())
    assert set(families()) <= known
    files = (".js", ".css", ".html", ".py", ".toml", ".json", ".npy")
    assert {key for key in used if not key.endswith(files)} <= known
    assert known - used - set(families()) == set()


def test_a_key_without_a_message_is_an_error():
    with pytest.raises(KeyError):
        translator()("no.such.key")


@pytest.mark.parametrize("language", languages())
def test_every_language_says_the_same_things_with_the_same_blanks(language):
    english, other = catalog(), catalog(language)
    assert set(other) == set(english)
    for key, text in english.items():
        assert set(PLACEHOLDER.findall(other[key])) == set(PLACEHOLDER.findall(text)), key


@pytest.mark.parametrize("path", [*root().glob("templates/**/*.html")], ids=lambda path: path.name)
def test_templates_hold_no_words_of_their_own(path):
    text = re.sub(r"\{[{%#].*?[}%#]\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    words = re.findall(r">([^<>]*[A-Za-z\u4e00-\u9fff]{2,}[^<>]*)<", text)
    assert [word.strip() for word in words if word.strip()] in ([], ["unrolled"])


NAMES = re.compile(
    r"\{\w+\}|`[^`]+`|unrolled|RNN|LSTM|GRU|BPTT|tanh|ReLU|sigmoid|chrono|softmax|relu|rnn|lstm|gru|SGD|Adam"
    r"|RMSprop|float64|NumPy|PNG|SVG|CSV|JSON|NPZ|HTML|API|URL|QR|JavaScript|UTF|Tab|Esc|HOST|make"
    r"|HTTP|WebSocket|Shift|Cookie|W[hxy]{2}\b|W<sub>\w+</sub>|</?su[bp]>"
    r"|npz|npy|csv|safetensors|\.keras|\.weights\.h5|train|TeX|MGU|state_dict|weight_ih_l0|proj_size|nn\.\w+|DeepNetwork\.load|JSON|min(?:GRU|LSTM)|IndRNN|LRU|TOML|PyTorch|Keras|TensorFlow|JAX|float32|issue|IRNN|hidden_size|recurrent_scale|timestep|experiment|seeds|W_\w+|UNROLLED_\w+|Bahdanau|Luong"
)
WORD = re.compile(r"[A-Za-z]{3,}")
QUOTED = {"cat", "cats", "true", "false", "below", "above", "equals", "claim", "path", "lesson"}
QUOTED |= {"lessons", "words", "text", "pause", "resume", "step", "stop", "change"}
QUOTED |= {"find", "base", "host", "shares", "pin", "with"}
"""What an error quotes of a file or an address."""


CRAMPED = re.compile(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9%][\u4e00-\u9fff]")
CODE = re.compile(r"\{\{.*\}\}|\(claim:\{value\}\)")
"""What an error shows of JSON and of Markdown."""
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff”] ?[,;:?!()]|[,;:?!()] ?[\u4e00-\u9fff“]|[。，；：？！] ")


def test_chinese_is_set_as_chinese_is():
    """A space between Chinese and Latin, marks of full width, and none of them followed by one."""
    for key, text in catalog("zh-CN").items():
        words = CODE.sub("", text)
        assert not CRAMPED.search(words), key
        assert not HALF_WIDTH.search(words), key


@pytest.mark.parametrize("language", languages())
def test_every_language_has_its_keys_in_the_same_order(language):
    english = [key for key in catalog() if not key.startswith("error.")]
    assert [key for key in catalog(language) if not key.startswith("error.")] == english


def test_chinese_leaves_no_english_but_names():
    english = catalog()
    for key, text in catalog("zh-CN").items():
        left = set(WORD.findall(NAMES.sub("", text)))
        assert not left - (QUOTED if key.startswith("error.") else set()), key
        assert text != english[key] or not WORD.search(NAMES.sub("", english[key])), key


def test_a_refusal_has_no_blank_for_the_words_of_a_parser_or_of_python():
    """A blank of a refusal is a number, a name or a quotation; the sentence is the catalog's."""
    numbers = {
        "limit",
        "count",
        "work",
        "networks",
        "most",
        "low",
        "high",
        "line",
        "column",
        "row",
        "first",
    }
    numbers |= {"byte", "position", "t", "last", "diverged_at", "tokens", "least", "length"}
    names = {"field", "name", "where", "choices", "cell", "cells", "task", "host", "path", "method"}
    names |= {"script", "package", "install", "known", "fixed", "kind", "shape", "wanted"}
    names.add("framework")
    quotations = {"value", "rest", "example", "held_out"}
    a_refusal_in_the_same_language = {"problem"}
    told = {*numbers, *names, *quotations, *a_refusal_in_the_same_language}
    for key, text in catalog().items():
        if key.startswith("error."):
            assert set(PLACEHOLDER.findall(CODE.sub(r"\g<0>", text))) <= told, key


def test_no_refusal_is_given_the_text_of_an_exception():
    refusals = {"MessageError", "LessonError", "ExperimentError", "FormulaError", "UnreadError"}
    for path in [*Path("app").glob("**/*.py"), *Path("engine").glob("**/*.py")]:
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            if name in {*refusals, "refuse"}:
                for said in call.keywords:
                    assert "str(error" not in (text := ast.unparse(said.value)), (path, text)
                    assert ".msg" not in text, (path, text)
                    assert "'msg'" not in text, (path, text)
