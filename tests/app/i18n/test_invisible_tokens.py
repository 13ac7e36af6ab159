"""Invisible tokens have the same names in the shell as on the page."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from unrolled.app.cli.commands import cli
from unrolled.app.i18n.catalog import translator
from unrolled.app.i18n.invisible_tokens import is_unseen, name_of

ROOT = Path(__file__).parents[3]
ON_THE_PAGE = """
import { translator } from "%(root)s/static/js/text/format.js";
import { isUnseen } from "%(root)s/static/js/text/characters.js";
import { nameOf } from "%(root)s/static/js/text/token-signs.js";
const t = translator(JSON.parse(Deno.readTextFileSync("%(root)s/app/i18n/en.json")));
const names = {};
for (const token of JSON.parse(Deno.readTextFileSync(Deno.args[0]))) {
  if (isUnseen(token)) names[token] = nameOf(token, t);
}
console.log(JSON.stringify(names));
"""
t = translator()


def test_the_shell_and_the_page_call_the_same_tokens_by_the_same_names(tmp_path):
    alone = [chr(code) for code in range(0x20000) if not 0xD800 <= code < 0xE000]
    alone += [chr(code) for code in range(0xE0000, 0xE0200)]
    tokens = ["", "\r\n", " \u0301", " \u200d", "\u200d\ufe0f", "a\u200b", *alone]
    script = tmp_path / "names.js"
    script.write_text(ON_THE_PAGE % {"root": ROOT.as_uri().removeprefix("file://")})
    deno = shutil.which("deno", path=Path(sys.executable).parent) or "deno"
    asked = tmp_path / "tokens.json"
    asked.write_text(json.dumps(tokens))
    command = [deno, "run", "--quiet", "--no-lock", "--allow-read", script, asked]
    answer = subprocess.run(command, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    theirs = json.loads(answer.stdout)
    ours = {token: name_of(token, t) for token in tokens if is_unseen(token)}
    assert len(ours) > 2_000
    newer = "not assigned yet"  # either may know a later Unicode
    known = {
        token
        for token in {*ours, *theirs}
        if newer not in ours.get(token, "") and newer not in theirs.get(token, "")
    }
    assert {token: ours.get(token) for token in known} == {
        token: theirs.get(token) for token in known
    }


@pytest.mark.parametrize(
    ("token", "name"),
    [("\u200b", "zero-width space"), (" ", "space"), ("", "nothing"), ("\a", "U+0007")],
)
def test_a_token_that_cannot_be_seen_has_a_name(token, name):
    assert is_unseen(token)
    assert name in name_of(token, t)


@pytest.mark.parametrize("token", ["a", "猫", "👨‍👩‍👧", "❤️", "e\u0301", " \u0301", "น้ำ"])
def test_a_token_that_can_be_seen_stands_for_itself(token):
    assert not is_unseen(token)


def test_the_table_of_a_trace_names_what_cannot_be_seen():
    table = CliRunner().invoke(cli, ["trace", "a\N{ZERO WIDTH SPACE} \N{HANGUL FILLER}猫b"]).output
    names = re.findall(r"^ +\d+  (\S.*?) {2,}", table, re.MULTILINE)
    assert names == ["'a'", "[zero-width space]", "[space]", "[Hangul filler]", "'猫'"]
