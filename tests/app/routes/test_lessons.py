import contextlib
import json
import re

import pytest

from tests.app.routes.test_lab import opened
from tests.lessons import ENGLISH, FACTS, SLUG, TRAINED, TRAINING, WORDS, written
from unrolled.app.lessons import (
    QUANTITIES,
    LessonError,
    Runs,
    Shelf,
    Table,
    measure_of,
    rendered,
)
from unrolled.app.lessons.claims import UnreadError
from unrolled.app.lessons.library import FOLDER
from unrolled.app.lessons.markdown import line, phrases, words
from unrolled.app.runs.mathml import FormulaError
from unrolled.engine import Experiment, trace

pytestmark = pytest.mark.anyio
NUMBER = re.compile(r"\d+(?:\.\d+)?")


@pytest.fixture
def shelf(tmp_path):
    return Shelf(written(tmp_path))


@pytest.fixture
async def client(tmp_path):
    async with opened(lessons=written(tmp_path)) as client:
        yield client


# --- the files -----------------------------------------------------------------------------------


def test_a_lesson_is_read_from_its_facts_and_its_words(shelf):
    found = shelf.get(SLUG, "zh-CN")
    assert found.title == "第一步"
    assert [step.id for step in found.steps] == ["begin", "predict", "by-hand", "compare"]
    begin, predict, by_hand, compare = found.steps
    assert begin.view.position == 12
    assert begin.view.show == ("stage", "caption", "scale", "cell")
    assert begin.experiment == Experiment()
    assert predict.question.right == "grows"
    assert by_hand.question.answer.quantity == "hidden"
    assert compare.pins == (Experiment(cell="lstm", recurrent_scale=0.5),)


def test_a_language_that_a_lesson_has_not_is_the_first_one(tmp_path):
    shelf = Shelf(written(tmp_path, en=ENGLISH))
    assert shelf.get(SLUG, "zh-CN").title == "First steps"


def test_lessons_come_in_their_order_and_lead_to_the_next(tmp_path):
    written(tmp_path)
    written(tmp_path, "a-second", FACTS.replace("order = 1", "order = 2"))
    shelf = Shelf(tmp_path)
    assert [each.slug for each in shelf.all("en")] == [SLUG, "a-second"]
    assert shelf.next(SLUG, "zh-CN").slug == "a-second"
    assert shelf.next("a-second", "en") is None


MISTAKES = {
    "not TOML": (FACTS.replace("order = 1", "order ="), None, "lesson.toml: this is not valid"),
    "an unknown field": (
        FACTS.replace('cell = "lstm"', 'cel = "lstm"'),
        None,
        r"lesson.toml, compare: pins\[1\] cannot be run: cel is not ",
    ),
    "a part that is not there": (
        FACTS.replace('"cell"]', '"sell"]'),
        None,
        'lesson.toml, begin: view.show must be one of stage, .* got "sell"',
    ),
    "a chart that has no tab": (
        FACTS.replace('"gradient_norm"', '"shares"'),
        None,
        'compare: view.chart must be one of step_factors, .* got "shares"',
    ),
    "an unknown quantity": (
        FACTS.replace('"ratio"', '"ration"'),
        None,
        'lesson.toml, begin: claims.faint.quantity must be one of gradient, .* got "ration"',
    ),
    "an unknown name": (
        FACTS.replace("experiment = {", "experimant = {", 1),
        None,
        "lesson.toml, begin: experimant is not a field here: use one of id, experiment",
    ),
    "a timestep beyond the last": (
        FACTS.replace("timestep = 2", "timestep = 9"),
        None,
        "by-hand: view.timestep must be a whole number from 1 to 3, got 9",
    ),
    "a choice that is none": (
        FACTS.replace('right = "grows"', 'right = "groes"'),
        None,
        'predict: question.right must be one of same, grows, falls, got "groes"',
    ),
    "a step twice": (
        FACTS.replace('"compare"', '"begin"'),
        None,
        "steps.4..id begin is used twice",
    ),
    "an odd id": (
        FACTS.replace('"compare"', '"a b"'),
        None,
        "letters, digits and hyphens only, got a b",
    ),
    "no words": (
        FACTS,
        ENGLISH.replace("[steps.begin]", "[steps.start]"),
        "first-steps/en.toml: steps.begin is missing: add it",
    ),
    "words for no step": (
        FACTS,
        ENGLISH + "[steps.more]\ntitle = 'x'",
        "en.toml: steps.more is not a field here",
    ),
    "no reason": (
        FACTS,
        ENGLISH.replace('    why = "It', '    wy = "It').replace('why = "So it did', 'wy = "So'),
        "question.choices.falls.why is missing",
    ),
    "a claim without a description": (
        FACTS,
        ENGLISH.replace("claim:faint", "claim:faintest"),
        "en.toml: steps.begin|marks an unknown claim, faintest: use one of faint",
    ),
    "a claim that is not marked": (
        FACTS,
        ENGLISH.replace("[falls below 0.1](claim:faint)", "falls"),
        r"faint must be marked once, as \[words\]\(claim:faint\), and is marked 0 times",
    ),
    "no TOML": (
        FACTS.replace("order =", "order", 1),
        None,
        r"lesson.toml: this is not valid TOML at line \d+, column 7 \('.*'\): correct",
    ),
    "half a file": (
        FACTS,
        ENGLISH + '[more]\nx = """\n',
        "en.toml: this is not valid TOML, because it ends too early",
    ),
    "a formula": (
        FACTS,
        ENGLISH.replace("$t = 1$", r"$\\tt{$"),
        "the formula .* (is not valid|ends too early)",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_refused_with_its_place_and_the_remedy(tmp_path, name):
    facts, said, message = MISTAKES[name]
    with pytest.raises(LessonError, match=message):
        Shelf(written(tmp_path, SLUG, facts, en=said or ENGLISH))


def test_a_lesson_without_the_first_language_is_refused(tmp_path):
    folder = written(tmp_path, **{"zh-CN": WORDS["zh-CN"]})
    with pytest.raises(LessonError, match=r"first-steps/en.toml: the file is missing"):
        Shelf(folder)


# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "[click](JaVaScRiPt:alert(1))",
        "[click](data:text/html,<script>alert(1)</script>)",
        "![](http://elsewhere/x.png)",
        "[click](//elsewhere/x)",
        '[click](https://a.b "onmouseover=alert(1)")',
        '<https://a.b/" onclick=alert(1)>',
        r"$\text{<script>alert(1)</script>}$",
        '[x](claim:a" onclick=alert)',
        "`<b onclick=alert(1)>`",
    ],
)
def test_nothing_of_a_text_becomes_markup_that_runs(hostile):
    for html in (words(hostile).html, line(hostile)):
        tags = re.findall(r"<(/?\w+)([^>]*)>", html)
        assert not {"script", "img", "b", "iframe"} & {tag for tag, _ in tags}
        for tag, attributes in tags:
            assert not re.search(r"\son\w+=|javascript:|data:", attributes, re.I), (tag, attributes)
        for address in re.findall(r'href="([^"]*)"', html):
            assert address.startswith(("https://", "http://", "/")), address
            assert not address.startswith("//")


def test_markdown_formulas_and_claims_become_html():
    html, claims, _ = words("*a* **b** `c` at $t = 1$ it [falls *far*](claim:falls)\n\n- d\n- e")
    assert claims == ("falls",)
    assert "<em>a</em> <strong>b</strong> <code>c</code>" in html
    assert "<math>" in html
    assert '<mark class="claim" data-claim="falls">falls <em>far</em></mark>' in html
    assert html.count("<li>") == 2


def test_words_that_hold_for_some_runs_alone_are_marked_by_their_condition():
    html, claims, conditions = words("{?far}It is [0.5](claim:r) of *that*.{/}{!far}None.{/} {x}")
    assert (claims, conditions) == (("r",), ("far", "far"))
    shown = (
        '<span data-if="far">It is <mark class="claim" data-claim="r">0.5</mark> of <em>that</em>'
    )
    assert shown in html
    assert '<span data-unless="far" hidden>None.</span> {x}' in html


def test_a_line_never_breaks_between_a_formula_and_its_full_stop_nor_in_an_equation():
    html = line("the table $W$. It is **$x$**, at t = 5 and t = −1, not a=1")
    assert re.search(r'<span class="together"><math>.*?</math>\.</span> It', html)
    assert "</math></strong>," in html
    assert "at t\u00a0=\u00a05 and t\u00a0=\u00a0−1, not a=1" in html


def test_a_single_dollar_sign_is_text():
    assert words("It costs $5 or $6.").html == "<p>It costs $5 or $6.</p>\n"


def test_a_formula_that_cannot_be_set_says_which():
    with pytest.raises(FormulaError) as caught:
        words(r"$\nonsense$")
    assert caught.value.latex == r"\nonsense"


def test_links_lead_to_our_pages_or_to_the_web():
    assert '<a href="/docs">x</a>' in words("[x](/docs)").html
    assert 'rel="noopener noreferrer"' in words("[x](https://a.b)").html


def test_the_words_of_a_claim_are_known():
    assert phrases("it [falls *below* 0.1](claim:a) and [b](claim:b)") == {
        "a": ["falls below 0.1"],
        "b": ["b"],
    }


# --- claims --------------------------------------------------------------------------------------


def measured(quantity, experiment, **where):
    table = Table({"quantity": quantity, **where}, "test")
    return Runs((experiment,)).value(measure_of(table, (experiment,)))


PLAIN = Experiment(sequence="abcabcab", hidden_size=3)
GATED = Experiment(sequence="abcabcab", hidden_size=3, cell="lstm")


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_every_quantity_can_be_read_off_some_run(quantity):
    where = {"t": 4, "weight": "weight_hh_l0"}
    several = Experiment(sequence="abcabcab", hidden_size=3, architecture="many-to-many")
    overflowing = Experiment(sequence="ab" * 400, activation="identity", recurrent_scale=10)
    gated = Experiment(sequence="abcabcab", cell="lstm", architecture="many-to-many")
    for experiment, gate in ((several, {}), (gated, {"gate": "f"}), (overflowing, {})):
        with contextlib.suppress(LookupError, AttributeError):
            assert isinstance(measured(quantity, experiment, **where, **gate), float)
            return
    pytest.fail(f"no run has a {quantity}")


def test_quantities_are_those_of_the_trace():
    run = trace("abcabcab", hidden_size=3)
    assert measured("gradient", PLAIN, t=2) == pytest.approx(10 ** run.log10_gradient_norm[1])
    assert measured("hidden", PLAIN, t=2, unit=3) == run.hidden[1, 2]
    assert measured("probability", PLAIN) == run.probabilities[-1, run.targets[-1]]
    assert measured("loss", PLAIN) == pytest.approx(run.losses[-1])
    steps = [measured("step", PLAIN, t=t) for t in range(2, 8)]
    product = 1.0
    for step in steps:
        product *= step
    assert measured("ratio", PLAIN, t=1) == pytest.approx(product)
    factors = [measured(name, PLAIN, t=3) for name in ("weights", "saturation", "alignment")]
    assert measured("step", PLAIN, t=3) == pytest.approx(factors[0] * factors[1] * factors[2])


@pytest.mark.parametrize(
    ("quantity", "where"),
    [("gradient", {"t": 99}), ("cell_state", {"t": 1}), ("hidden", {"t": 1, "unit": 99})],
)
def test_a_number_that_the_run_has_not_is_an_error(quantity, where):
    with pytest.raises(UnreadError):
        measured(quantity, PLAIN, **where)


def check_claims(found):
    """Every claim of a lesson is what the engine computes, and its words name its number."""
    for step in found.steps:
        runs = Runs(step.experiments)
        texts = [step.text, step.attempt, step.notes]
        if asked := step.question:
            texts += [asked.ask, asked.why, *(choice.why for choice in asked.choices)]
        said = {name: phrase for text in texts for name, phrase in phrases(text).items()}
        for name, claim in step.claims.items():
            value = runs.value(claim.measure)
            assert claim.holds(value), f"{found.slug}, {step.id}: {name} is {value}"
            assert NUMBER.search(said[name][0]), f"{found.slug}, {step.id}: {name} names no number"


@pytest.mark.parametrize("language", WORDS)
def test_the_engine_computes_every_claim_of_a_lesson(shelf, language):
    check_claims(shelf.get(SLUG, language))


def test_a_claim_that_is_false_is_found(tmp_path):
    false = FACTS.replace("below = 0.1", "below = 0.01")
    with pytest.raises(AssertionError, match=r"begin: faint is 0\.058"):
        check_claims(Shelf(written(tmp_path, SLUG, false)).get(SLUG, "en"))


def test_both_languages_have_the_same_steps_questions_and_claims(shelf):
    english, chinese = (shelf.get(SLUG, language) for language in ("en", "zh-CN"))
    for one, other in zip(english.steps, chinese.steps, strict=True):
        assert (one.id, one.experiment, one.view, one.pins) == (
            other.id,
            other.experiment,
            other.view,
            other.pins,
        )
        assert one.claims == other.claims
        assert (one.question is None) == (other.question is None)


# --- the page ------------------------------------------------------------------------------------


def test_a_question_for_a_number_is_answered_by_the_engine(shelf):
    answer = rendered(shelf.get(SLUG, "en"))["steps"][2]["question"]["answer"]
    run = trace("abba", hidden_size=2, seed=3)
    assert answer["value"] == run.hidden[1, 1]
    assert answer["vector"] == run.hidden[1].tolist()
    assert answer["entry"] == 1


async def test_the_list_tells_titles_goals_and_minutes(client):
    html = (await client.get("/lessons")).text
    for text in ("First steps", "See a gradient travel.", "/lessons/first-steps"):
        assert text in html
    assert int(re.findall(r"(\d+) min", html)[0]) >= 4


async def test_a_lesson_and_its_notes_are_pages(client):
    addresses: set[str] = set()
    for path in (f"/lessons/{SLUG}", f"/lessons/{SLUG}/notes", "/lessons/own"):
        response = await client.get(path)
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/html")
        addresses |= set(re.findall(r'(?:src|href)="([^"#]+)"', response.text))
    for address in addresses:
        assert (await client.get(address)).status_code == 200, address


async def test_a_page_tells_what_its_training_takes_and_trains_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("unrolled.engine.TrainingRun.steps", lambda run: pytest.fail("it trains"))
    words = {language: text + TRAINED for language, text in WORDS.items()}
    folder = written(tmp_path, SLUG, FACTS + TRAINING, **words)
    async with opened(lessons=folder) as client:
        assert "Trained" in (await client.get(f"/lessons/{SLUG}")).text
    step = rendered(Shelf(folder).get(SLUG, "en"))["steps"][-1]
    assert step["training"]["fields"]["steps"] == 20
    assert step["training"]["keeps"]["sequence"] == "Dwuzw"
    assert "checkpoint" not in step["experiment"]


def test_a_network_that_came_with_the_lessons_is_opened_without_a_training():
    for lesson in Shelf(FOLDER).all("en"):
        for step in rendered(lesson)["steps"]:
            assert not step["training"], step["id"]


async def test_a_lesson_that_is_not_there_is_not_found(client):
    assert (await client.get("/lessons/nothing")).status_code == 404
    assert (await client.get("/lessons/nothing/notes")).status_code == 404


def own(**step):
    facts = {"id": "a", "experiment": {}, "view": {"position": "end"}, **step}
    said = {"title": "A step", "text": "Look."}
    return {
        "lesson": {"minutes": 5, "steps": [facts]},
        "words": {"title": "Mine", "steps": {"a": said}},
    }


async def test_an_uploaded_lesson_is_checked_and_returned_as_the_page_shows_it(client):
    response = await client.post("/api/lesson", json=own())
    assert response.status_code == 200
    body = response.json()
    assert body["slug"] == "own"
    assert body["steps"][0]["experiment"]["sequence"] == Experiment().sequence
    assert body["steps"][0]["text"] == "<p>Look.</p>\n"


async def test_markup_in_an_uploaded_lesson_is_text(client):
    file = own()
    file["words"]["steps"]["a"] = {
        "title": "<img src=x onerror=alert(1)>",
        "text": "<script>alert(1)</script> [x](javascript:alert(1))",
    }
    step = (await client.post("/api/lesson", json=file)).json()["steps"][0]
    assert step["title"] == "&lt;img src=x onerror=alert(1)&gt;"
    assert "<script" not in step["text"]
    assert "<a" not in step["text"]


@pytest.mark.parametrize(
    ("file", "code", "names"),
    [
        ({"lesson": {}}, "lesson_file", "lesson and words"),
        ({"lesson": [], "words": {}}, "lesson_no_table", "lesson must be a table"),
        (
            own(experiment={"cell": "rn"}),
            "lesson_experiment",
            "lesson, a: experiment cannot be run",
        ),
        (own(experiment={"hidden_size": 512}), "lesson_experiment", "512"),
        (own(view={"show": ["script"]}), "lesson_choice", "view.show"),
        (own(view=5), "lesson_table", "view must be a table"),
        (own(onload="alert(1)"), "lesson_unknown", "onload"),
        ({"lesson": {"steps": []}, "words": {}}, "lesson_steps", "1 to 40 steps, got 0"),
    ],
)
async def test_a_bad_file_is_refused_with_the_reason(tmp_path, file, code, names):
    async with opened(lessons=written(tmp_path), most_hidden_units=64) as client:
        response = await client.post("/api/lesson", json=file)
    assert response.status_code == 422
    assert response.json()["code"] == code
    assert names in response.json()["message"]


async def test_an_error_in_a_lessons_experiment_has_a_code_too(client):
    response = await client.post("/api/lesson", json=own(experiment={"hidden_size": 0}))
    problem = response.json()["details"]["problem"]
    assert (problem["field"], problem["code"]) == ("hidden_size", "integer")
    assert response.json()["message"].endswith(problem["message"])


async def test_a_question_that_a_run_cannot_answer_is_refused(client):
    asked = {"kind": "number", "answer": {"quantity": "cell_state", "t": 1}}
    file = own(question=asked)
    file["words"]["steps"]["a"]["question"] = {"ask": "?"}
    response = await client.post("/api/lesson", json=file)
    assert response.json()["code"] == "lesson_measure"
    assert "question.answer asks for cell_state, t = 1, which" in response.json()["message"]


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        ({"quantity": "hidden", "t": 99}, "question.answer.t must be a whole number from 0 to 24"),
        ({"quantity": "hidden", "unit": 17}, "answer.unit must be a whole number from 1 to 16"),
        ({"quantity": "gradient", "loss": 99}, "answer.loss must be a whole number from 0 to 24"),
        ({"quantity": "state_distance", "other": 99}, "answer.other must be a whole number from"),
        ({"quantity": "gate"}, "answer asks for gate, which this run does not have"),
        ({"quantity": "weight"}, "answer.weight must be one of weight_ih_l0, weight_hh_l0"),
        ({"quantity": "probability", "token": "Q"}, "answer.token must be one of t, h, e,  , c,"),
        (
            {"quantity": "weight", "weight": "head.bias", "row": 99},
            "answer asks for weight, weight = head.bias, row = 99, which this run does not have",
        ),
        ({"quantity": "mean_carry_share"}, "answer asks for mean_carry_share, which this run"),
    ],
)
async def test_a_quantity_that_a_run_lacks_is_named_with_those_it_has(client, measure, said):
    response = await client.post("/api/lesson", json=asking(measure))
    assert response.status_code == 422
    assert said in response.json()["message"]


async def test_invalid_json_or_a_long_body_is_refused(client):
    assert (await client.post("/api/lesson", content=b"{")).status_code == 422
    long = json.dumps(own(notes="x" * 300_000))
    assert (await client.post("/api/lesson", content=long)).status_code == 413


def asking(*measures, **step):
    """A lesson of one's own with a question, and so many mistakes."""
    answer, *wrong = measures
    names = [f"m{number}" for number in range(len(wrong))]
    asked = {"kind": "number", "answer": answer, "mistakes": dict(zip(names, wrong, strict=True))}
    file = own(question=asked, **step)
    said = {name: {"why": "?"} for name in names}
    file["words"]["steps"]["a"]["question"] = {"ask": "?", "mistakes": said}
    return file


@pytest.mark.parametrize(
    "file",
    [
        asking(
            *({"quantity": "gradient", "with": {"seed": seed}} for seed in range(30)),
            experiment={"sequence": "ab" * 1000, "hidden_size": 512},
        ),
        asking(
            {"quantity": "gradient", "with": {"sequence": "ab" * 1000, "hidden_size": 512}},
            *({"quantity": "gradient", "with": {"seed": seed}} for seed in range(9)),
        ),
        asking(
            *({"quantity": "singular_value", "t": t} for t in range(1, 30)),
            experiment={"sequence": "ab" * 25, "hidden_size": 256},
        ),
    ],
    ids=["many large runs", "one large run", "many products of Jacobians"],
)
async def test_a_lesson_that_asks_for_too_much_work_is_refused_before_any_of_it(client, file):
    response = await client.post("/api/lesson", json=file)
    assert response.status_code == 413
    assert response.json()["code"] in ("lesson_too_big", "analysis_too_big")


async def test_a_run_that_only_a_question_asks_for_keeps_the_limits_too(tmp_path):
    file = asking({"quantity": "gradient", "t": 1, "with": {"hidden_size": 65}})
    async with opened(lessons=written(tmp_path), most_hidden_units=64) as client:
        response = await client.post("/api/lesson", json=file)
    assert response.json()["code"] == "lesson_experiment"
    assert "65" in response.json()["message"]


HALF = "\ud800"


@pytest.mark.parametrize("where", ["title", "text", "id", "unknown"])
async def test_an_unpaired_surrogate_in_a_lesson_is_refused(client, where):
    file = own()
    if where == "id":
        file["lesson"]["steps"][0]["id"] = HALF
    elif where == "unknown":
        file["lesson"][HALF] = 1
    else:
        file["words"]["steps"]["a"][where] = HALF
    response = await client.post("/api/lesson", content=json.dumps(file))
    assert response.status_code == 422
    assert response.json()["code"] == "half"
    assert response.json()["details"] == {"value": "\\ud800"}


async def test_an_answer_that_is_infinite_is_refused_in_words(client):
    exploding = {"sequence": "ab" * 150, "activation": "identity", "architecture": "many-to-many"}
    scales = {"recurrent_scale": 10, "input_scale": 10}
    file = asking({"quantity": "ratio", "t": 1}, experiment=exploding | scales)
    response = await client.post("/api/lesson", json=file)
    assert response.status_code == 422
    assert response.json()["code"] == "lesson_infinite"
    assert response.json()["details"]["value"] == "ratio, t = 1"


@pytest.mark.parametrize("place", ["goal", "sources", "text", "notes"])
async def test_a_formula_that_cannot_be_set_is_refused_wherever_it_stands(client, place):
    file, formula = own(), "$" + "{" * 6000 + "}" * 6000 + "$"
    if place == "sources":
        file["lesson"]["sources"] = [formula]
    elif place == "goal":
        file["words"]["goal"] = formula
    else:
        file["words"]["steps"]["a"][place] = formula
    response = await client.post("/api/lesson", json=file)
    assert response.status_code == 422
    assert response.json()["code"] == "lesson_formula_long"
    assert len(response.text) < 1000
