"""The page's modules and what each imports: in the order to load them, and all in one file."""

import base64
import posixpath
import re
from collections.abc import Callable

Source = Callable[[str], str]
"""Returns the text of a module by its path in static/."""
_IMPORT = re.compile(r'(\b(?:from|import)\s+)"(\.[^"]+)"')
_COMMENT = re.compile(r"^ */\*\*(?:(?!\*/).)*\*/\n", re.MULTILINE | re.DOTALL)


def needed(first: str, source: Source) -> list[str]:
    """Return the paths of all modules that ``first`` imports, itself among them, nearest first."""
    found = [first]
    for path in found:
        for _, target in _IMPORT.findall(source(path)):
            if (other := _joined(path, target)) not in found:
                found.append(other)
    return found


def embedded(first: str, source: Source) -> dict[str, str]:
    """Return ``first`` and all it imports as data: URLs, by name, without their comments.

    A module in a data: URL cannot import its neighbour by a path, so each imports names, which an
    import map leads to the URLs.
    """
    return {name_of(path): _url(path, source(path)) for path in needed(first, source)}


def name_of(path: str) -> str:
    """Return the name in an import map of a module."""
    return f"unrolled/{path}"


def _url(path: str, source: str) -> str:
    def renamed(match: re.Match[str]) -> str:
        return f'{match[1]}"{name_of(_joined(path, match[2]))}"'

    text = _IMPORT.sub(renamed, _COMMENT.sub("", source))
    return f"data:text/javascript;base64,{base64.b64encode(text.encode()).decode()}"


def _joined(path: str, target: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
