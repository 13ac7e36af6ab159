"""The import graph of the page's modules, in load order or as one file."""

import posixpath
import re
from collections.abc import Callable
from urllib.parse import quote, unquote

Source = Callable[[str], str]
"""Returns the text of a module by its path in static/."""
_IMPORT = re.compile(r'(\b(?:from|import)\s+)"(\.[^"]+)"')
_PLAIN = " !$()*+,-./:;=?@[]^_`{|}~"
"""Characters that stand for themselves in a data: URL and in JSON inside a page."""
_INDENT = re.compile(r"\n\s+")
_GOES_ON = re.compile(r"^((?:(?!//).)*[{(\[,;])\n", re.MULTILINE)
"""A line without a comment after which code may go on in the same line."""
_COMMENT = re.compile(r"^ */\*\*(?:(?!\*/).)*\*/\n", re.MULTILINE | re.DOTALL)


def needed(first: str, source: Source) -> list[str]:
    """Return the paths of ``first`` and all modules that it imports, the nearest first."""
    found = [first]
    for path in found:
        for _, target in _IMPORT.findall(source(path)):
            if (other := _joined(path, target)) not in found:
                found.append(other)
    return found


def embedded(first: str, source: Source) -> dict[str, str]:
    """Return ``first`` and all its imports as data: URLs by name, without comments and indents.

    A line that may go on does: nothing is lost but its end.

    A module in a data: URL cannot import by a relative path, so each imports names, which an import
    map resolves.
    """
    return {name_of(path): _url(path, source(path)) for path in needed(first, source)}


def text_of(url: str) -> str:
    """Return the text of a module from its data: URL."""
    return unquote(url.partition(",")[2])


def name_of(path: str) -> str:
    """Return the name of a module in an import map."""
    return f"unrolled/{path}"


def _url(path: str, source: str) -> str:
    def renamed(match: re.Match[str]) -> str:
        return f'{match[1]}"{name_of(_joined(path, match[2]))}"'

    code = _INDENT.sub("\n", _COMMENT.sub("", source))
    text = _IMPORT.sub(renamed, _GOES_ON.sub(r"\1", code))
    return f"data:text/javascript;charset=utf-8,{quote(text, safe=_PLAIN)}"


def _joined(path: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
