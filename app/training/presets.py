"""What the page of training offers: its tasks, its cells, and the plan that it starts with."""

from dataclasses import asdict, replace
from typing import Any

from unrolled.app.addresses import HERE
from unrolled.app.i18n.catalog import catalog
from unrolled.app.runs.cell_facts import cell_facts
from unrolled.app.settings import Settings
from unrolled.app.training.sampling import RANGES as TO_WRITE
from unrolled.app.training.sampling import Wanted, writes
from unrolled.engine import CELLS, EXAMPLES, LENGTHS, TASKS, Training, task
from unrolled.engine.training import CHOICES, RANGES

PLAN = Training(initialization="uniform", forget_bias=3.0, learning_rate=0.01)
"""With PyTorch's own random weights a tanh RNN does not learn to recall, whatever the seed; with
forget gates that start at σ(3) = 0.95 an LSTM always does, and soon."""
SUITED: dict[str, dict[str, Any]] = {
    "recall": {"learning_rate": 0.003, "steps": 600},
    "copying": {"learning_rate": 0.02, "steps": 2500},
    "adding": {"learning_rate": 0.005},
    "dates": {"steps": 1500},
}
"""What a task wants instead, so that its point is seen, and seen soon."""
WANTED = ("learning_rate", "steps")
"""Fields that change with the task."""
BESIDE = ("rnn", "lstm")
WRITING = Wanted()
"""How a network writes, as long as nothing else is chosen."""


def planned(task: str) -> Training:
    """How the page trains a task, as long as nothing else is chosen."""
    return replace(PLAN, task=task, **SUITED.get(task, {}))


def training_page(settings: Settings, language: str) -> dict[str, Any]:
    """The values that the template fills in, and what the page's modules need to know."""
    first = planned(PLAN.task)
    plan = {name: value for name, value in asdict(first).items() if name != "cell"}
    plan |= {"start": WRITING.start, "temperature": WRITING.temperature}
    facts = {
        name: {
            "length": LENGTHS[name],
            "examples": EXAMPLES.get(name),
            "source": task(name).source,
            "writes": writes(task(name)),
            "plan": {field: getattr(planned(name), field) for field in WANTED},
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
            "most": settings.message_bytes,
        },
    }
