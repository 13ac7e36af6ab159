"""The templates of the pages."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from unrolled.app.folders import root
from unrolled.app.i18n.markup import marked


def environment(reload: bool = False) -> Environment:
    return _environment(root() / "templates", reload)


@cache
def _environment(folder: Path, reload: bool) -> Environment:
    """Return the templates, with undefined variables as errors and values escaped.

    All are read now, like catalogs and code: files of a later version, installed while the server
    runs, would not match them.
    """
    made = Environment(
        loader=FileSystemLoader(folder),
        auto_reload=reload,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["marked"] = marked
    for name in made.list_templates():
        made.get_template(name)
    return made
