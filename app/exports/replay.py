"""Export a run as one HTML file that replays it without a server or a network.

It holds the page's modules and the same frames that the server sends to the lab.
"""

import base64
import json
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from unrolled.app.exports.opener import USUAL, Opener
from unrolled.app.folders import root
from unrolled.app.i18n.catalog import catalog, translator
from unrolled.app.json import as_json
from unrolled.app.runs.analyses import step_factors
from unrolled.app.runs.cancellation import any_trace_of, deep_trace_of, has_left
from unrolled.app.runs.cell_facts import cell_facts
from unrolled.app.runs.layer_frames import frames_of_each
from unrolled.app.runs.run_frames import frames_of
from unrolled.app.stopwatch import Stopwatch
from unrolled.app.web.modules import embedded, name_of, text_of
from unrolled.app.web.templates import environment
from unrolled.engine import Experiment, GivenRun

FIRST = "js/pages/replay.js"
_REMARK = re.compile(r"/\*.*?\*/\s*|^ +", re.S | re.M)
"""A comment of a style sheet, or an indent, which no reader of a replay needs."""
_SECTION = re.compile(r"""["'`](\w+)\.""")
"""The first part of a message's key."""
_REFUSALS = {"error", "script"}
"""What tells why a run is refused: one that was recorded was not."""
STYLES = (
    *("tokens", "page", "text", "masthead", "controls", "sliders"),
    *(
        "lab/stage",
        "lab/bars-head",
        "lab/timesteps",
        "lab/toolbar",
        "lab/compare",
        "dialogs",
        "lab/replay",
        "print",
        "contrast",
    ),
)
_SIGNS = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}
"""Signs in place of what no page may hold: ␀ of NUL, ␋ of a vertical tab."""


def replay(experiment: Experiment | GivenRun, opener: Opener = USUAL) -> bytes:
    """Return the page in UTF-8, with a link that opens its run in the lab."""
    language = opener.language
    modules, page = _modules(), environment().get_template("replay.html")
    html = page.render(
        lang=language,
        t=translator(language),
        styles=_styles(),
        imports={"imports": modules},
        first=modules[name_of(FIRST)],
        recorded={
            "catalog": _words(language),
            "facts": cell_facts(),
            **_frames(experiment),
            "why": _why(experiment),
            "address": opener.address(experiment),
        },
        made_by=experiment.made_by(),
        sequence=experiment.sequence.translate(_SIGNS),
    )
    return html.encode()


def _frames(experiment: Experiment | GivenRun) -> dict[str, Any]:
    """Return the frames in base64, and of several layers those with each of them in front."""
    if not experiment.deep:
        return {"frames": _packed(frames_of(1, experiment, has_left, Stopwatch()))}
    with (watch := Stopwatch()):
        trace = deep_trace_of(experiment)
    first, *others = map(_packed, frames_of_each(1, trace, watch))
    return {"frames": first, "others": others}


def _packed(frames: Iterable[bytes]) -> list[str]:
    return [base64.b64encode(frame).decode() for frame in frames]


def _why(experiment: Experiment | GivenRun) -> Any:
    """Return the step factors as the lab requests them, None if there are none."""
    trace = any_trace_of(experiment)
    network = trace.cell_pass().network
    if not network.cell.recurrent or network.attention or trace.chosen_loss is None:
        return None
    return json.loads(as_json(step_factors(trace)))


@cache
def _words(language: str) -> dict[str, str]:
    """Return the messages of the sections that the page's modules name, such as ``caption``."""
    sources = "".join(map(text_of, _modules().values()))
    sections = set(_SECTION.findall(sources)) - _REFUSALS
    return {key: text for key, text in catalog(language).items() if key.split(".")[0] in sections}


@cache
def _styles() -> str:
    folder = root() / "static/css"
    styles = "\n".join((folder / f"{name}.css").read_text(encoding="utf-8") for name in STYLES)
    return _REMARK.sub("", styles)


@cache
def _modules() -> dict[str, str]:
    """Return the page's modules by their names in an import map."""
    return embedded(FIRST, lambda path: (root() / "static" / path).read_text(encoding="utf-8"))
