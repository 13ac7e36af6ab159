"""A run as code. ``tests.reference.make_scripts`` has run each script in PyTorch."""

import ast
import json
from math import inf
from typing import Any

import httpx
import numpy as np
import pytest
from typer.testing import CliRunner

from tests.engine.cells.one_gate import OneGate
from tests.reference.scripts import FILE, agree, digest, runs
from unrolled import engine
from unrolled.app.cli.commands import cli
from unrolled.app.exports.code import pytorch_layers
from unrolled.app.exports.code.cells import literal
from unrolled.app.exports.code.essay import cells_of
from unrolled.app.exports.code.pytorch import PYTORCH
from unrolled.app.main import create_app
from unrolled.app.runs.cancellation import any_trace_of
from unrolled.engine.cells import CELLS

AGAIN = "run python -m tests.reference.make_scripts (its docstring says how)"
FOUND = json.loads(FILE.read_text(encoding="utf-8"))
RUNS = runs()
each = pytest.mark.parametrize("name", RUNS)


def values_in(content: bytes) -> dict[str, Any]:
    """The values that a script or a notebook names without computing them."""
    script = content.decode()
    if script.startswith("{"):
        cells = [each for each in json.loads(script)["cells"] if each["cell_type"] == "code"]
        script = "\n".join("".join(each["source"]) for each in cells)
    return {
        ast.unparse(node.targets[0]): eval(
            compile(ast.Expression(node.value), "", "eval"), {"inf": inf}
        )
        for node in ast.parse(script).body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Constant | ast.Dict | ast.List | ast.UnaryOp)
        and not any(isinstance(part, ast.Call) for part in ast.walk(node.value))
    }


def cells_in_pytorch(experiment):
    return cells_of(pytorch_layers.framework_of(experiment), experiment, "en")


@each
def test_pytorch_has_run_this_very_script_and_agrees_with_the_numbers_in_it(name):
    script, told = pytorch_layers.script(RUNS[name]()), FOUND[name]
    assert told["sha256"] == digest(cells_in_pytorch(RUNS[name]())), AGAIN
    compile(script, name, "exec")
    values = values_in(script)
    assert ("loss" in told) == ("loss_in_unrolled" in values)
    if "loss" in told:
        agree([told["loss"]], [values["loss_in_unrolled"]])
        agree([told["d_W_norm"]], [values["d_W_norm_in_unrolled"]])
        assert told["columns"].keys() == values["in_unrolled"].keys()
        for column, norms in told["columns"].items():
            reached = values["in_unrolled"][column][: len(norms)]
            agree([-inf if norm is None else norm for norm in norms], reached)


@each
def test_the_numbers_in_a_script_are_those_of_the_trace(name):
    trace = any_trace_of(RUNS[name]())
    values = values_in(pytorch_layers.script(RUNS[name]()))
    assert values["tokens"] == [*trace.problem.tokens]
    if trace.chosen_loss is None:
        return
    assert values["loss_in_unrolled"] == np.nansum(trace.losses)
    suffix = "" if isinstance(trace, engine.Trace) else "_l0"
    (level, *_) = trace.levels
    assert values["in_unrolled"][f"dL/dh{suffix}"] == level.log10_gradient_norm.tolist()
    own = values["in_unrolled"].get(f"dL_{trace.chosen_loss}/dh{suffix}")
    several = np.isfinite(trace.losses).sum() > 1 and trace.chosen_loss != "all"
    assert (own is not None) == several


@pytest.mark.parametrize("name", ["usual", "no-loss", "vectors-lstm", "letters"])
def test_a_notebook_has_the_cells_of_the_script(name):
    experiment = RUNS[name]()
    notebook = json.loads(pytorch_layers.notebook(experiment))
    told = ["".join(cell["source"]) for cell in notebook["cells"]]
    assert told == [source for _, source in cells_in_pytorch(experiment)]
    assert notebook["metadata"]["made_by"] == experiment.made_by()
    assert len({cell["id"] for cell in notebook["cells"]}) == len(told)
    assert values_in(pytorch_layers.notebook(experiment)) == values_in(
        pytorch_layers.script(experiment)
    )


def test_a_script_is_in_the_language_of_the_page():
    told = cells_of(PYTORCH, engine.Experiment("abc"), "zh-CN")
    assert "沿时间的循环" in "".join(source for kind, source in told if kind == "text")
    codes = [each for each in told if each.kind != "text"]
    assert codes == [
        cell for cell in cells_of(PYTORCH, engine.Experiment("abc"), "en") if cell.kind != "text"
    ]


@pytest.mark.parametrize(
    "value",
    [
        {"a": [[1.5] * 90, [-inf] * 3], "b": {"c": "'\"\\\n\u2028云" * 60}},
        [None, 1, [2.5] * 40, None],
        ["x" * 60] * 9,
        [list(range(3))] * 50,
    ],
)
def test_a_value_is_read_back_and_its_lines_are_short(value):
    said = literal(value, "value = ")
    names = {"inf": inf}
    exec(said, names)
    assert names["value"] == value
    assert max(map(len, said.splitlines())) <= 200


@pytest.fixture
def no_code(monkeypatch):
    """A cell that has no code."""
    monkeypatch.setitem(CELLS, "one-gate", type("NoCode", (OneGate,), {"code": ()}))


SAID = "cell one-gate has no code here: choose one of rnn, lstm, gru"


def test_the_command_refuses_a_cell_without_code_in_one_line(no_code, tmp_path):
    out = tmp_path / "run.py"
    ran = CliRunner().invoke(cli, ["trace", "abc", "--cell", "one-gate", "--out", str(out)])
    assert ran.exit_code == 2
    assert SAID in ran.output
    assert not out.exists()


@pytest.mark.anyio
async def test_the_server_refuses_it_too(no_code):
    app = create_app()
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://lab") as client,
    ):
        answer = await client.get("/api/export/py", params={"cell": "one-gate", "sequence": "abc"})
        assert answer.status_code == 422
        assert SAID in answer.text
        answer = await client.get("/api/export/ipynb", params={"sequence": "abc"})
        assert answer.headers["content-type"] == "application/x-ipynb+json"
        assert 'filename="unrolled-rnn-abc.ipynb"' in answer.headers["content-disposition"]
