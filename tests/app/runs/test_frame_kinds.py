"""The frames as the server's classes have them, and as the page's modules read them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.frames import KINDS, TYPES, arrays_of, declarations
from unrolled.app.docstrings import documented
from unrolled.app.runs.frames import layout

ROOT = Path(__file__).parents[3]
READ = re.compile(r"\barrays(?:\.(\w+)|\[`(\w+?)\$)")


def test_a_frame_carries_only_arrays_that_a_module_of_the_page_reads():
    sources = [path.read_text() for path in (ROOT / "static/js").rglob("*.js")]
    read = {a or b for source in sources for a, b in READ.findall(source)}
    carried = {name for kind in KINDS for name, *_ in arrays_of(kind)}
    assert carried <= read


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_a_frame_is_described(kind):
    words = documented(kind)
    assert [name for name in ("id", *layout(kind)) if not words.get(name)] == []


def test_the_types_of_the_pages_modules_are_those_of_the_server():
    deno = Path(sys.executable).with_name("deno")
    command = [deno, "fmt", "--ext", "ts", "-"]
    ran = subprocess.run(command, input=declarations().encode(), capture_output=True, cwd=ROOT)
    assert ran.stdout.decode() == TYPES.read_text(), "run python -m docs.frames"
