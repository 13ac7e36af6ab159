"""Names for invisible tokens, the same as in `static/js/text/token-signs.js`."""

from collections.abc import Iterator

import regex

from unrolled.app.i18n.catalog import Translate, catalog

_BLANK = regex.compile(
    r"[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{C}\p{M}"
    r"\u2800\uFFFC\U0001D159\U00013441\U00013442]*"
)
_SEEN_OVER_SPACE = regex.compile(r"\p{Zs}.*(?!\p{Default_Ignorable_Code_Point})\p{M}", regex.DOTALL)
"""A mark over a space is seen."""
_LINE_END = regex.compile(r"\r\n|.", regex.DOTALL)
_KINDS = {
    "control": regex.compile(r"\p{Cc}"),
    "private": regex.compile(r"\p{Co}"),
    "unassigned": regex.compile(r"\p{Cn}"),
    "mark": regex.compile(r"(?!\p{Default_Ignorable_Code_Point})\p{M}"),
    "other": regex.compile(r"."),
}
"""Characters that have one name for all, the first that fits."""
_SELECTORS = {range(0xFE00, 0xFE10): 1, range(0xE0100, 0xE01F0): 17}
"""The variation selectors, and the number of the first of each range."""


def is_unseen(token: str) -> bool:
    """Return whether a token is invisible; an empty one is."""
    return bool(_BLANK.fullmatch(token)) and not _SEEN_OVER_SPACE.match(token)


def name_of(token: str, t: Translate) -> str:
    """Return the name of an invisible token."""
    return " + ".join(_names(token, t)) or t("sign.nothing")


def _names(token: str, t: Translate) -> Iterator[str]:
    for character in _LINE_END.findall(token):
        code = ".".join(f"{ord(each):04X}" for each in character)
        numbers = [
            n + ord(character) - among[0]
            for among, n in _SELECTORS.items()
            if len(character) == 1 and ord(character) in among
        ]
        if f"sign.{code}" in catalog():
            yield t(f"sign.{code}")
        elif numbers:
            yield t("sign.selector", n=numbers[0])
        else:
            kind = next(kind for kind, of in _KINDS.items() if of.match(character))
            yield t(f"sign.{kind}", code=f"U+{code}")
