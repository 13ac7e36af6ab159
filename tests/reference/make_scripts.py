"""Runs every exported script in PyTorch, and writes what it computed to ``scripts.json``.

Run after `make test-frameworks`: .venv/frameworks/bin/python -m tests.reference.make_scripts
"""

import contextlib
import io
import json
from math import inf
from typing import Any

from tests.reference.scripts import FILE, digest, runs
from unrolled.app.exports.code import pytorch_layers
from unrolled.app.exports.code.essay import cells_of


def main() -> None:
    found: dict[str, dict[str, Any]] = {}
    for name, make in runs().items():
        experiment = make()
        names: dict[str, Any] = {}
        with contextlib.redirect_stdout(io.StringIO()):
            exec(pytorch_layers.script(experiment).decode(), names)
        framework = pytorch_layers.framework_of(experiment)
        found[name] = {"sha256": digest(cells_of(framework, experiment, "en"))}
        if "loss" in names:
            columns = {
                each: [None if norm == -inf else norm for norm in norms]
                for each, norms in names["columns"].items()
            }
            loss, weights = names["loss"].item(), names["d_W_norm"]
            found[name] |= {"loss": loss, "d_W_norm": weights, "columns": columns}
    lines = [f"{json.dumps(name)}: {json.dumps(told)}" for name, told in found.items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
