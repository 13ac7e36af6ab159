"""The pages on the code name what is there, and their examples run."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from docs.architecture import HERE, PAGE, drawings
from unrolled.app.i18n import catalog
from unrolled.app.lessons import Shelf, rendered
from unrolled.app.lessons.claims import Runs
from unrolled.engine import Layer, Network, Problem, Run, Training, TrainingRun, tasks
from unrolled.engine.cells import Weights

ROOT = HERE.parent
PAGES = {
    name: (HERE / f"{name}.md").read_text(encoding="utf-8")
    for name in ("architecture", "contributing")
}
CODE = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r"\[`?([^\]`]+)`?\]\(([^)#]+)\)")
TO_COME = {"fr.json", "fr.toml"}
EXAMPLES = CODE.findall(PAGES["contributing"])


def words(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-z_]\w+", text))


@pytest.fixture(scope="module")
def known() -> set[str]:
    """Every word of the code."""
    files = [*ROOT.glob("*.toml"), ROOT / "Makefile"]
    for folder in ("app", "engine", "static/js", "tests"):
        files += [*(ROOT / folder).rglob("*.py"), *(ROOT / folder).rglob("*.js")]
    found = {word for path in files for word in words(path.read_text(encoding="utf-8"))}
    lessons = {path.name for path in (ROOT / "app/lessons/content").glob("*/*")}
    return found | lessons | {*catalog.catalog("zh-CN")}


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_to_a_file_that_has_what_it_names(name):
    for shown, target in LINK.findall(CODE.sub("", PAGES[name])):
        path = (HERE / target).resolve()
        assert path.exists(), target
        if path.suffix in (".py", ".js"):
            assert words(shown) <= words(path.read_text(encoding="utf-8")), (shown, target)


@pytest.mark.parametrize("name", PAGES)
def test_every_path_and_name_is_one_of_the_code(name, known):
    text = LINK.sub("", CODE.sub("", PAGES[name]))
    for quoted in re.findall(r"`([^`\n]+)`", text):
        if quoted.startswith(("make", "/")) or quoted in TO_COME:
            continue  # a command, an address
        if "NAME" in quoted:
            pattern = re.escape(quoted.rstrip(".…")).replace("NAME", r"\w+")
            assert any(re.match(pattern, each) for each in known), quoted
        elif not (ROOT / quoted).exists():
            assert quoted in known or (words(quoted) <= known and "/" not in quoted), quoted


@pytest.mark.parametrize("name", PAGES)
def test_every_make_target_is_there(name):
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M)
    for target in re.findall(r"`make ([a-z-]+)", PAGES[name]):
        assert target in targets


def test_the_drawings_are_those_of_the_lists():
    found = drawings()
    assert set(found) == set((HERE / PAGE.stem).iterdir())
    for path, text in found.items():
        assert path.read_text(encoding="utf-8") == text, "make architecture"


def test_the_readme_leads_to_both():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"(docs/{page}.md)" in text for page in PAGES)


def example(kind: str, has: str) -> str:
    (found,) = (text for language, text in EXAMPLES if language == kind and has in text)
    return found


def executed(has: str, name: str):
    space = {"__name__": name}
    exec(example("python", has), space)
    return space[name]


def test_the_new_cell_has_the_gradient_of_central_differences():
    cell, H, V = executed("class UpdateGate", "UpdateGate")(), 3, 5
    rng, problem = np.random.default_rng(0), Problem.from_text("abcdae")
    shapes = (2 * H, V), (2 * H, H), (2 * H,), (2 * H,)
    weights, W_hy = Weights(*(rng.normal(size=shape) for shape in shapes)), rng.normal(size=(V, H))

    def run(W_hh):
        layer = Layer(cell, weights._replace(W_hh=W_hh))
        made = Run(Network((layer,), W_hy, np.zeros(V)), problem)
        list(made.forward())
        return made

    def loss(W_hh):
        return sum(each.loss for each in run(W_hh).losses())

    walked, direction, size = run(weights.W_hh), rng.normal(size=(2 * H, H)), 1e-5
    norms = [step.log10_gradient_norm for step in walked.backward()]
    found = walked.weight_gradients().gradients["weight_hh_l0"]
    ahead, behind = (loss(weights.W_hh + sign * size * direction) for sign in (1, -1))
    assert (found * direction).sum() == pytest.approx((ahead - behind) / (2 * size), rel=1e-6)
    assert np.isfinite(norms).all()


def test_the_new_task_trains(monkeypatch):
    made = executed("def majority", "majority")
    monkeypatch.setitem(tasks.TASKS, "majority", made)
    monkeypatch.setitem(tasks.LENGTHS, "majority", (3, 9, 99))
    assert tasks.task("majority").parse("10110").targets[-1, 0] == 1
    losses = [step.loss for step in TrainingRun(Training(task="majority", steps=60)).steps()]
    assert np.mean(losses[-10:]) < np.mean(losses[:10])


def test_the_new_lesson_opens(tmp_path: Path):
    folder = tmp_path / "a-small-scale"
    folder.mkdir()
    (folder / "lesson.toml").write_text(example("toml", "order ="), encoding="utf-8")
    (folder / "en.toml").write_text(example("toml", "title ="), encoding="utf-8")
    lesson = Shelf(tmp_path).get("a-small-scale", "en")
    (step,), (claim,) = lesson.steps, lesson.steps[0].claims.values()
    assert claim.holds(Runs(step.experiments).value(claim.measure))
    assert "1/40,000,000" in rendered(lesson)["steps"][0]["text"]


def test_a_file_is_a_language(tmp_path: Path, monkeypatch):
    for path in catalog.FOLDER.glob("*.json"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    french = {**catalog.catalog("zh-CN"), "language.name": "français"}
    (tmp_path / "fr.json").write_text(json.dumps(french), encoding="utf-8")
    monkeypatch.setattr(catalog, "FOLDER", tmp_path)
    assert "fr" in catalog.languages.__wrapped__()  # as a server that starts now
    assert catalog.translator("fr")("language.name") == "français"
