"""The worksheets and their keys: numbers of the engine that a pupil gets by hand, two languages."""

import html
import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from docs.reading import reading
from tests.app.routes.test_lab import opened
from tests.lessons import SLUG, written
from unrolled.app.classroom import Worksheet, worksheet
from unrolled.app.cli.commands import cli
from unrolled.app.lessons import LessonError, shelf
from unrolled.app.lessons.library import FOLDER
from unrolled.app.lessons.markdown import phrases
from unrolled.engine import Experiment, TrainingRun, trace_of

LANGUAGES = ("en", "zh-CN")
SLUGS = [lesson.slug for lesson in shelf().all("en")]
MOST_GRADE = 4.0

each_sheet = pytest.mark.parametrize(
    ("slug", "language"), [(slug, language) for slug in SLUGS for language in LANGUAGES]
)


def texts(sheet: Worksheet) -> list[str]:
    tasks = (sheet.predict, sheet.compute, sheet.sketch, sheet.think)
    said = [text for task in tasks for text in (task.ask, task.answer)]
    return said + [text for choice in sheet.choices for text in (choice.text, choice.why)]


def plain(html: str) -> str:
    html = re.sub(r"<math.*?</math>", " ", html)
    return re.sub(r"<[^>]*>", "", html.replace("</p>", "\n").replace("</li>", "\n"))


@each_sheet
def test_each_lesson_has_a_worksheet_with_all_that_its_key_answers(slug: str, language: str):
    sheet = worksheet(slug, language)
    assert sum(choice.right for choice in sheet.choices) == 1
    assert len({choice.why for choice in sheet.choices}) == len(sheet.choices) == 3
    assert not sheet.paper.curves
    assert all(len(curve.points) > 1 for curve in sheet.solution.drawn())
    assert all(text and "{{" not in text for text in texts(sheet))


@each_sheet
def test_the_name_of_a_curve_lies_on_the_paper_and_on_no_curve(slug: str, language: str):
    graph = worksheet(slug, language).solution
    left, top, right, bottom = graph.paper
    drawn = graph.drawn()
    for curve in drawn:
        (x, y), letters = curve.label, sum(14 if letter > "z" else 7 for letter in curve.name)
        x -= {"start": 0, "middle": letters / 2, "end": letters}[curve.anchor]
        assert left < x, curve.name
        assert x + letters < right, curve.name
        assert top < y - 9 < y < bottom, curve.name
        for other in drawn:
            xs, ys = zip(*other.points, strict=True)
            across = np.linspace(max(x, xs[0]), min(x + letters, xs[-1]), 60)
            heights = np.interp(across, xs, ys)
            assert not ((y - 9 < heights) & (heights < y)).any(), (curve.name, other.name)


@each_sheet
def test_no_label_under_the_paper_touches_the_next(slug: str, language: str):
    graph = worksheet(slug, language).paper
    ends = [
        (tick.at - wide / 2, tick.at + wide / 2)
        for tick in graph.along_x()
        if (wide := sum(13 if letter > "z" else 8.3 for letter in tick.label))
    ]
    assert len(ends) > 3
    for (_, end), (start, _) in pairwise(ends):
        assert start - end > 4


@each_sheet
def test_both_languages_ask_about_the_same_numbers(slug: str, language: str):
    own, english = worksheet(slug, language), worksheet(slug, "en")
    heights = [[curve.y for curve in each.solution.curves] for each in (own, english)]
    of_the_lesson = [bool(told.get("step")) for told in facts_of(slug)["sketch"]["curves"]]
    for mine, theirs, own_text in zip(*heights, of_the_lesson, strict=True):
        assert own_text or mine == theirs
    rights = [[choice.right for choice in each.choices] for each in (own, english)]
    assert rights[0] == rights[1]
    numbers = [
        re.findall(r"−?\d+\.\d+", plain(each.compute.ask + each.compute.answer))
        for each in (own, english)
    ]
    assert numbers[0] == numbers[1]


@pytest.mark.parametrize("slug", SLUGS)
def test_a_pupil_in_the_first_week_reads_it_with_ease(slug: str):
    assert reading([plain(text) for text in texts(worksheet(slug, "en"))]).grade <= MOST_GRADE


@pytest.mark.parametrize("slug", SLUGS)
def test_the_chinese_is_set_as_chinese_is(slug: str):
    for text in map(plain, texts(worksheet(slug, "zh-CN"))):
        assert not re.search(r"[\u4e00-\u9fff][,.;:?!()]", text), text


def facts_of(slug: str) -> dict:
    return tomllib.loads((FOLDER / slug / "worksheet" / "facts.toml").read_text(encoding="utf-8"))


def read_by(slug: str, language: str) -> Iterator[str]:
    """The texts of those numbers and curves of a sheet that are of no step of its lesson."""
    facts, words = (
        tomllib.loads((FOLDER / slug / "worksheet" / f"{name}.toml").read_text(encoding="utf-8"))
        for name in ("facts", language)
    )
    base = facts["experiment"] | words.get("experiment", {})
    for told in (*facts["numbers"].values(), *facts["sketch"]["curves"]):
        if "step" not in told:
            yield (base | told.get("with", {})).get("sequence", Experiment().sequence)


@each_sheet
def test_a_sheet_reads_no_text_that_only_the_lesson_of_another_language_shows(
    slug: str, language: str
):
    shown = {
        each: {
            run.sequence
            for step in shelf().get(slug, each).steps
            for run in (step.experiment, step.after, *step.pins)
            if run
        }
        for each in LANGUAGES
    }
    elsewhere = set().union(*shown.values()) - shown[language]
    assert not elsewhere & {*read_by(slug, language)}


@each_sheet
def test_a_curve_of_a_step_is_of_the_run_that_the_lesson_shows(slug: str, language: str):
    steps = {step.id: step for step in shelf().get(slug, language).steps}
    sheet = worksheet(slug, language)
    for told, curve in zip(facts_of(slug)["sketch"]["curves"], sheet.solution.curves, strict=True):
        if "step" not in told:
            continue
        trace = trace_of(steps[told["step"]].experiment)
        norms = (
            trace.log10_gradient_norm
            if told["quantity"] == "ratio"
            else trace.log10_cell_gradient_norm
        )
        assert curve.y == pytest.approx([10.0 ** (norm - norms[-1]) for norm in norms])
        assert sheet.paper.across[1] == len(norms)
        starts = re.findall(r"t = (\d\d)", plain(sheet.sketch.ask))
        assert {*map(int, starts)} <= {len(norms)}


def by_hand(text: str) -> float:
    """The value of the sum that a key writes out, with the numbers as they are printed."""
    sums = re.findall(r"[(−\d][−\d.() ×÷+%]*[×÷+][−\d.() ×÷+%]*(?= =)", plain(text))
    ready = sums[0].replace("−", "-").replace("×", "*").replace("÷", "/").replace("%", "")
    assert re.fullmatch(r"[-\d.() */+]+", ready), ready
    return float(eval(ready))


@pytest.mark.parametrize(
    ("slug", "near"),
    [("why-memory", 0), ("unrolling", 0), ("one-step", 0.02), ("four-ways", 0),
     ("backwards", 0.02), ("gates", 0.02)],
)  # fmt: skip
def test_the_printed_numbers_lead_to_the_printed_answer(slug: str, near: float):
    answer = worksheet(slug, "en").compute.answer
    said = re.search(r"= (?:<strong>)?(−?[\d.]*\d)", re.sub("</?p>", "", answer))
    assert said
    assert by_hand(answer) == pytest.approx(float(said[1].replace("−", "-")), abs=near + 1e-9)


def test_powers_of_two_and_logarithms_are_those_of_the_engine():
    assert f"{1 / 1024:.5f}" in worksheet("vanish-or-explode", "en").compute.answer
    assert "<strong>2.08</strong>" in worksheet("short-window", "en").compute.answer


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_printed_power_times_itself_is_the_printed_square(language: str):
    """Twenty steps back, and twice as many."""
    task = worksheet("vanish-or-explode", language).predict
    bare = (re.sub(r"<[^>]*>|\s", "", text) for text in (task.ask, task.answer))
    printed = [text.replace("−", "-") for text in bare]
    short, long = (re.search(r"([\d.]+)×10(-\d+)", text) for text in printed)
    assert short
    assert long
    square = float(f"{short[1]}e{short[2]}") ** 2
    assert f"{square:.3e}" == f"{long[1]}e{long[2]}"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Each step keeps {}, {} and {} of it"), ("zh-CN", "每步的倍数依次是 {}、{} 和 {}")],
)
def test_the_sketch_of_powers_has_the_numbers_of_its_lesson(language: str, said: str):
    steps = {step.id: step.text for step in shelf().get("vanish-or-explode", language).steps}
    told = [phrases(steps[name])["step"][0] for name in ("vanish", "edge", "explode")]
    assert said.format(*told) in worksheet("vanish-or-explode", language).sketch.ask


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sketch_of_a_long_way_has_the_number_of_its_lesson(language: str):
    steps = {step.id: step.text for step in shelf().get("backwards", language).steps}
    assert phrases(steps["long-way"])["rate"][0] in worksheet("backwards", language).sketch.ask


def test_the_key_of_the_window_question_agrees_with_its_graph():
    sheet = worksheet("short-window", "en")
    above = sum(share > 0.01 for share in sheet.solution.curves[0].y)
    assert f"the last {above} letters" in sheet.sketch.answer


@pytest.mark.anyio
async def test_the_worksheet_gives_nothing_of_the_key_away():
    async with opened() as client:
        for slug in SLUGS:
            sheet = worksheet(slug, "zh-CN")
            asked, told = [
                (await client.get(f"/lessons/{slug}/{page}?lang=zh-CN")).text
                for page in ("worksheet", "key")
            ]
            for task in (sheet.predict, sheet.compute, sheet.sketch, sheet.think):
                assert task.answer in told
                assert task.answer not in asked
            assert "<polyline" in told
            assert "<polyline" not in asked


@pytest.mark.anyio
async def test_the_list_leads_to_each_worksheet_and_key():
    async with opened() as client:
        listed = (await client.get("/lessons")).text
        for slug in SLUGS:
            assert f"lessons/{slug}/worksheet" in listed
            assert f"lessons/{slug}/key" in listed


@pytest.mark.anyio
@pytest.mark.parametrize("path", ["own/worksheet", "nothing/worksheet", "nothing/key"])
async def test_a_lesson_without_a_worksheet_has_no_page_for_it(path: str):
    async with opened() as client:
        assert (await client.get(f"/lessons/{path}")).status_code == 404


def test_a_number_that_the_facts_do_not_have_is_named(tmp_path):
    folder = tmp_path / "gates" / "worksheet"
    folder.mkdir(parents=True)
    for name in ("lesson", "en", "zh-CN"):
        shutil.copy(FOLDER / "gates" / f"{name}.toml", tmp_path / "gates")
    for name in ("facts", "en"):
        text = (FOLDER / "gates" / "worksheet" / f"{name}.toml").read_text(encoding="utf-8")
        (folder / f"{name}.toml").write_text(text.replace("{{open}}", "{{opn}}"), encoding="utf-8")
    with pytest.raises(LessonError) as refused:
        worksheet("gates", "en", tmp_path)
    assert refused.value.details["value"] == "opn"


# --- a sheet of one's own ------------------------------------------------------------------------

OWN_FACTS = """\
right = "a"
training = {{ task = "recall", length = 5, hidden_size = 8, steps = 20 }}
experiment = {{ sequence = "Dwuzw", target = "D", hidden_size = 8 }}
[numbers.faint]
quantity = "{quantity}"
{rest}
[sketch]
left = 1
right = 6
low = 0
high = 2
tick_x = 1
tick_y = 1
  [[sketch.curves]]
  name = "share"
  quantity = "ratio"
"""
OWN_WORDS = """\
[predict]
ask = "How much is left? {{faint}}"
answer = "Little."
[predict.choices.a]
text = "Little"
why = "Yes."
[compute]
ask = "Work it out."
answer = "Done."
[sketch]
ask = "Draw it."
answer = "So."
x = "t"
y = "share"
[sketch.curves]
share = "share"
[think]
ask = "Why?"
answer = "So."
"""


def own_sheet(folder: Path, quantity: str = "ratio", rest: str = "t = 1") -> Path:
    place = written(folder) / SLUG / "worksheet"
    place.mkdir(exist_ok=True)
    (place / "facts.toml").write_text(OWN_FACTS.format(quantity=quantity, rest=rest))
    (place / "en.toml").write_text(OWN_WORDS)
    return folder


async def said(folder: Path) -> str:
    async with opened(lessons=folder) as client:
        response = await client.get(f"/lessons/{SLUG}/worksheet")
    assert response.status_code == 200
    return html.unescape(response.text)


@pytest.mark.anyio
async def test_a_sheet_trains_nothing_and_names_the_command_that_makes_its_network(
    tmp_path, monkeypatch
):
    folder = own_sheet(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(TrainingRun, "steps", lambda run: pytest.fail("it trains"))
        text = await said(folder)
    command = re.search("<code>(.*)</code>", text)
    assert command and "Little" not in text
    first, *options = re.findall('<span class="whole">(.*?)</span>', command[1])
    assert first == "unrolled train" and all(len(shlex.split(each)) == 2 for each in options)
    monkeypatch.chdir(folder)
    arguments = shlex.split(re.sub("<[^>]*>", "", command[1]))
    assert CliRunner().invoke(cli, arguments[1:]).exit_code == 0
    assert "Little" in await said(folder)


@pytest.mark.anyio
async def test_how_a_training_of_ones_own_went_is_said_to_be_unknown(tmp_path):
    text = await said(own_sheet(tmp_path, "accuracy", ""))
    assert "how a training went" in text and "unrolled train" not in text
