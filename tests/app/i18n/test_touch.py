"""Without a mouse one is told to tap: in a message's twin, or in a part of a lesson's words."""

import re
from dataclasses import asdict

import pytest

from unrolled.app.i18n.catalog import catalog, languages
from unrolled.app.lessons import shelf
from unrolled.app.lessons.library import QUIZ
from unrolled.app.lessons.markdown import words

TWIN = ".touch"
OF_A_MOUSE = re.compile(
    r"\b[Pp]oint(ing)? (at (?!someone)|to )|\b[Hh]over|\b[Cc]lick(?!er)|\b[Yy]our mouse\b"
    r"|指向(?!左|右|\*?每)|指着(?!上)|指一指|悬停|点击|单击|双击|鼠标"
)
BY_MOUSE = re.compile(r"\{@mouse\}(.*?)\{/\}\{@touch\}(.+?)\{/\}", re.S)


def texts(value):
    """Yield every text in nested dicts and lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in texts(each))
    elif isinstance(value, (list, tuple)):
        yield from (text for each in value for text in texts(each))


@pytest.mark.parametrize("language", languages())
def test_a_message_that_names_the_mouse_has_a_twin_that_does_not(language):
    said = {key: text for key, text in catalog(language).items() if ".hover" not in key}
    named = {key for key, text in said.items() if OF_A_MOUSE.search(text)}
    assert named
    assert {key for key in named if key + TWIN not in said} == set()
    assert {key for key in named if key.endswith(TWIN)} == set()


@pytest.mark.parametrize("language", languages())
def test_a_lesson_names_the_mouse_beside_what_a_finger_does(language):
    shown = [*shelf().all(language), shelf().get(QUIZ, language)]
    both = 0
    for lesson in shown:
        for text in texts(asdict(lesson)):
            both += len(BY_MOUSE.findall(text))
            assert not OF_A_MOUSE.search(BY_MOUSE.sub(r"\2", text)), (lesson.slug, text)
    assert both >= 3


def test_both_are_marked_for_the_styles_and_no_other_device_is_known():
    html = words("{@mouse}Point at{/}{@touch}Tap{/} it. {@voice}Say{/}").html
    assert '<span class="by-mouse">Point at</span><span class="by-touch">Tap</span> it.' in html
    assert "{@voice}Say" in html
