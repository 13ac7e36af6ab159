"""The question mark explains every page: its picture, and then the keys."""

import re

import pytest

from tests.app.routes.test_lab import opened
from unrolled.app.i18n.catalog import languages, translator
from unrolled.app.lessons import shelf

pytestmark = pytest.mark.anyio

LESSON = shelf().all("en")[0].slug
SEEN = {
    "/": "output column state arrow bar scale",
    f"/lessons/{LESSON}": "output column state arrow bar scale",
    "/train": "network loss reach line answers",
    f"/lessons/{LESSON}/notes": "notes clocks walk",
}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(("path", "seen"), SEEN.items())
async def test_help_says_what_is_seen_before_it_lists_the_keys(path, seen, language):
    t = translator(language)
    async with opened() as client:
        page = (await client.get(path, params={"lang": language})).text
    assert f'data-part="help-button" aria-label="{t("help.title")}"' in page
    said = re.findall(r"<h[23].*?>(.*?)</h[23]>|</svg>\s*<span>(.*?)</span></li>", page)
    said = ["".join(each) for each in said]
    start = said.index(t("help.title"))
    sentences = [t(f"seen.{each}") for each in seen.split()]
    found = said[start : start + len(sentences) + 2]
    assert found == [t("help.title"), *sentences, t("help.keys")]
