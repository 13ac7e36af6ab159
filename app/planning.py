"""What the page of training offers: its tasks, its cells, and the plan that it starts with."""

from dataclasses import asdict
from typing import Any

from app.catalog import catalog
from app.settings import Settings
from engine import CELLS, EXAMPLES, LENGTHS, TASKS, Training, task
from engine.training import CHOICES, RANGES

PLAN = Training(initialization="uniform")
"""With PyTorch's own random weights a tanh RNN does not learn to recall, whatever the seed."""
BESIDE = ("rnn", "lstm")


def training_page(settings: Settings, language: str) -> dict[str, Any]:
    """The values that the template fills in, and what the page's modules need to know."""
    plan = {name: value for name, value in asdict(PLAN).items() if name != "cell"}
    facts = {
        name: {
            "length": LENGTHS[name],
            "examples": EXAMPLES.get(name),
            "source": task(name).source,
        }
        for name in TASKS
    }
    return {
        "choices": {**CHOICES, "cells": tuple(CELLS)},
        "ranges": RANGES,
        "defaults": {**plan, "cells": BESIDE},
        "config": {
            "catalog": dict(catalog(language)),
            "defaults": {**plan, "cells": ",".join(BESIDE)},
            "cells": list(CELLS),
            "tasks": facts,
            "train": "/api/train",
            "most": settings.message_bytes,
        },
    }
