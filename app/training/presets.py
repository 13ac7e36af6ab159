"""Tasks, cells and initial settings of the training page."""

from dataclasses import asdict
from typing import Any

from unrolled.app.addresses import HERE
from unrolled.app.i18n.catalog import catalog
from unrolled.app.runs.cell_facts import cell_facts
from unrolled.app.settings import Settings
from unrolled.app.training.sampling import RANGES as TO_WRITE
from unrolled.app.training.sampling import Wanted, writes
from unrolled.engine import CELLS, EXAMPLES, LENGTHS, TASKS, Training, task
from unrolled.engine.training import CHOICES, OF_TASK, RANGES

BESIDE = ("rnn", "lstm")
OF_LINES = ("examples",)
"""Tasks whose architecture is that of the user's lines, which the page does not know."""
WRITING = Wanted()
"""How a network writes, as long as nothing else is chosen."""


def training_page(settings: Settings, language: str) -> dict[str, Any]:
    """Return the values for the template, and the configuration of the page's modules."""
    first = Training()
    plan = {name: value for name, value in asdict(first).items() if name != "cell"}
    plan |= {"start": WRITING.start, "temperature": WRITING.temperature}
    facts = {
        name: {
            "length": LENGTHS[name],
            "examples": EXAMPLES.get(name),
            "source": task(name).source,
            "writes": writes(task(name)),
            "architecture": "" if name in OF_LINES else task(name).architecture,
            "plan": {field: getattr(Training(name), field) for field in OF_TASK},
        }
        for name in TASKS
    }
    return {
        "choices": {**CHOICES, "cells": tuple(CELLS)},
        "ranges": RANGES | {"temperature": TO_WRITE["temperature"]},
        "defaults": {**plan, "cells": BESIDE},
        "config": {
            "catalog": dict(catalog(language)),
            "facts": cell_facts(),
            "defaults": {**plan, "cells": ",".join(BESIDE)},
            "cells": list(CELLS),
            "tasks": facts,
            "train": f"{HERE}api/train",
            "sample": f"{HERE}api/sample",
            "rooms": f"{HERE}api/rooms",
            "qr": f"{HERE}api/qr",
            "addresses": f"{HERE}api/addresses",
            "most": settings.message_bytes,
        },
    }
