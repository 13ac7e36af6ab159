"""The layout of the code: no import circle, and nothing too long to read."""

import ast
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from unrolled.engine import CELLS

ROOT = Path(__file__).parents[1]
PYTHON = sorted(path for top in ("app", "engine") for path in (ROOT / top).rglob("*.py"))
MOST_FILES, MOST_LINES, MOST_LINES_OF_FUNCTION = 16, 250, 40

LATE_IMPORTS = {
    "app/cli/commands.py": "the command answers --version and --help before NumPy is loaded",
    "app/cli/opened.py": "the command takes Ctrl+C before Plotly is loaded",
    "app/cli/serve.py": "the command takes Ctrl+C before the server is loaded",
    "app/cli/trace.py": "the command takes Ctrl+C before Plotly is loaded",
    "app/cli/train.py": "the command takes Ctrl+C before Plotly is loaded",
    "app/exports/tables.py": "most commands write tables, and need no page with its templates",
    "app/main.py": "redis is only for several processes",
    "app/server/process.py": "resource is not there on Windows",
    "app/web/interfaces.py": "ifaddr is only for those who show a QR code",
    "engine/weights/arrays.py": "safetensors is only for those who have weights in its files",
}
"""Files whose functions import, and why."""
NAMED_BY_ID = {
    "static/js/ui/dom.js": "the page's data have an id, as no lab has them",
    "static/js/ui/unique-ids.js": "it is what gives a second lab other ids",
}
"""Scripts that name an id, and why."""
KNOW_CELLS = {
    "app/lessons/networks.py": "the networks of the lessons have cells of their own",
    "app/runs/cell_facts.py": "the cells that are compared are a choice of lessons",
    "app/training/presets.py": "the cells that are first trained side by side",
    "static/css/lesson/lab.css": "a step about memory offers the two cells that differ by it alone",
}
"""Files that name a cell, and why."""
TRANSPORT = ("restart", "back", "play", "forward", "end")
"""Parts that a template names in a loop."""


def name_of(path: Path) -> str:
    """The dotted name of a module: ``app.runs.step``, and of a folder ``app.runs``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in PYTHON}


def imports(tree: ast.AST, late: bool) -> list[ast.Import | ast.ImportFrom]:
    """The imports of a module, those inside functions or the others."""
    found: list[ast.Import | ast.ImportFrom] = []

    def walk(node: ast.AST, inside: bool) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import | ast.ImportFrom):
                if inside == late:
                    found.append(child)
            else:
                function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
                walk(child, inside or function)

    walk(tree, False)
    return found


def targets(statement: ast.Import | ast.ImportFrom) -> list[str]:
    """The modules of ours that a statement imports."""
    if isinstance(statement, ast.Import):
        names = [alias.name for alias in statement.names]
    else:
        module = statement.module or ""
        names = [
            inner if (inner := f"{module}.{alias.name}").removeprefix("unrolled.") in MODULES
            else module
            for alias in statement.names
        ]  # fmt: skip
    ours = [name.removeprefix("unrolled.") for name in names if name.startswith("unrolled.")]
    return [name for name in ours if name in MODULES]


def graph() -> dict[str, set[str]]:
    """Return the imports of each module when it is loaded."""
    return {
        name: {
            target
            for statement in imports(ast.parse(path.read_text()), late=False)
            for target in targets(statement)
            if target != name
        }
        for name, path in MODULES.items()
    }


def circle(edges: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_modules_import_each_other():
    assert circle(graph()) == []


def test_no_folders_of_the_server_import_each_other():
    def place(name: str) -> str:
        return ".".join(name.split(".")[:2])

    edges: dict[str, set[str]] = {}
    for name, imported in graph().items():
        if name.startswith("app."):
            own = edges.setdefault(place(name), set())
            own |= {place(each) for each in imported if each.startswith("app.")} - {place(name)}
    assert circle(edges) == []


def test_the_engine_imports_nothing_of_the_server():
    assert not [
        (name, each)
        for name, imported in graph().items()
        if name.startswith("engine")
        for each in imported
        if each.startswith("app")
    ]


LONG_FILES: dict[str, str] = {}
"""Files of more lines, and why."""
LONG_FUNCTIONS: dict[str, str] = {}
"""Functions of more lines, and why."""
FULL_FOLDERS: dict[str, str] = {}
"""Folders of more files, and why."""
SOURCES = [*PYTHON, *sorted((ROOT / "static/js").rglob("*.js"))]
PAGES = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static/css").rglob("*.css")]


def within(found: dict[str, int], most: int, excepted: dict[str, str]) -> None:
    """Nothing is larger but what is excepted, and nothing is excepted that need not be."""
    assert {name: n for name, n in found.items() if n > most and name not in excepted} == {}
    assert [name for name in excepted if found.get(name, 0) <= most] == []


def lines_in(path: Path) -> int:
    """The lines of a file; those of docstrings, of attributes too, are not counted."""
    text = path.read_text()
    if path.suffix != ".py":
        return len(text.splitlines())
    told = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ]
    docstrings = sum((node.end_lineno or 0) - node.lineno + 1 for node in told)
    return len(text.splitlines()) - docstrings


def test_a_file_is_short_enough_to_read():
    lengths = {str(path.relative_to(ROOT)): lines_in(path) for path in SOURCES}
    within(lengths, MOST_LINES, LONG_FILES)


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Its lines, without those of its docstring."""
    first = function.body[0]
    told = ast.get_docstring(function, clean=False) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if told else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def test_a_function_is_short_enough_to_read():
    lengths = {
        f"{path.relative_to(ROOT)}:{node.name}": lines_of(node)
        for path in PYTHON
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    within(lengths, MOST_LINES_OF_FUNCTION, LONG_FUNCTIONS)


def test_a_folder_has_few_enough_files_to_look_through():
    folders: dict[str, int] = {}
    for path in [*SOURCES, *PAGES]:
        folder = str(path.parent.relative_to(ROOT))
        folders[folder] = folders.get(folder, 0) + 1
    within(folders, MOST_FILES, FULL_FOLDERS)


def test_a_function_imports_only_where_that_has_a_reason():
    late = {
        str(path.relative_to(ROOT))
        for path in PYTHON
        if imports(ast.parse(path.read_text()), late=True)
    }
    assert late == set(LATE_IMPORTS)


def test_nothing_is_imported_for_the_type_checker_alone():
    assert [path for path in PYTHON if "TYPE_CHECKING" in path.read_text()] == []


def test_few_files_outside_the_engine_know_a_cell_by_name():
    name = re.compile(rf"""["'`]({"|".join(CELLS)})["'`]""")
    found = {
        str(path.relative_to(ROOT))
        for path in (*SOURCES, *PAGES)
        if name.search(path.read_text(encoding="utf-8"))
        and not path.is_relative_to(ROOT / "engine")
    }
    assert found == set(KNOW_CELLS)


def test_styles_and_scripts_find_parts_by_name_and_not_by_an_id_that_a_page_has_once() -> None:
    rule = re.compile(r"#[a-z][\w-]*(?=[^;{}]*\{)")
    script = re.compile(r"""(?:querySelector\w*|closest|matches|part)\(["'`][^"'`]*#|ElementById""")
    found = {
        str(path.relative_to(ROOT)): names
        for kind, pattern in (("css", rule), ("js", script))
        for path in (ROOT / "static" / kind).rglob(f"*.{kind}")
        if (names := pattern.findall(path.read_text(encoding="utf-8")))
    }
    assert found.keys() - NAMED_BY_ID.keys() == set(), found


def test_tests_name_only_ids_that_a_label_a_description_or_a_link_needs() -> None:
    pages = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html")
    )
    parts = set(re.findall(r'data-part="([a-z-]+)"', pages)) | set(TRANSPORT)
    ids = set(re.findall(r'\bid="([a-z_-]+)"', pages))
    found = {
        f"{path.relative_to(ROOT)}: #{name}, which is [data-part={name}]"
        for path in (ROOT / "tests" / "browser").glob("*.py")
        for name in re.findall(r"""["'`\s,(>]#([a-z][\w-]*)""", path.read_text(encoding="utf-8"))
        if name in parts - ids
    }
    assert found == set()
