"""Texts of a lesson as HTML: CommonMark without HTML or images, with formulas and marked claims.

HTML in the text is escaped. A link leads to a page of the site or to the web;
`[words](claim:name)` marks the words that claim a number.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from unrolled.app.runs.mathml import mathml

_ADDRESS = re.compile(r"^(https?://|/(?!/)|claim:[\w-]+$|term:\w+$)")
_CLAIM, _TERM = "claim:", "term:"
_EQUALS = re.compile(r"(?<=\b[a-zA-Z]) = (?=[\w−-])")
_CONDITION = re.compile(r"\{(?:([?!=])([\w-]+)|(@)(mouse|touch)|/)\}")
_POWER = re.compile(r"\b10\^(\d+)")
_CLOSES = "[.,;:?!，。；：？！、）》”’]"
_CLOSING = re.compile(f"{_CLOSES}*")
"""Matches anywhere: what closes a sentence, or nothing."""
_TERM_CLOSED = re.compile(
    rf'(<button type="button" class="explained"[^>]*>(?:(?!</button>).){{1,20}}</button>{_CLOSES}+)'
)
"""A term of one line's length at most, and what closes the sentence after it."""


class Words(NamedTuple):
    html: str
    claims: tuple[str, ...]
    """The names of the claims, in the order of their phrases."""
    conditions: tuple[str, ...]
    """The names of the claims that a part of the words is shown, or not shown, by."""


def words(text: str) -> Words:
    """Return a text as HTML; raises ``FormulaError`` on an invalid formula."""
    env = _noted()
    html = _together(_markdown().render(text, env))
    return Words(html, tuple(env["claims"]), tuple(env["conditions"]))


def line(text: str) -> str:
    """Return a line of text as HTML, without a paragraph element."""
    return _together(_markdown().renderInline(text, _noted()))


def _together(html: str) -> str:
    """Return HTML in which no line breaks between a term and the punctuation after it."""
    return _TERM_CLOSED.sub(r'<span class="together">\1</span>', html)


def phrases(text: str) -> dict[str, list[str]]:
    """Return the plain words of each claim in order."""
    found: dict[str, list[str]] = {}
    for block in _markdown().parse(text, _noted()):
        inside: str | None = None
        for token in block.children or ():
            if token.type == "link_open" and _claim(token):
                inside = _claim(token)
                found.setdefault(inside, []).append("")
            elif token.type == "link_close":
                inside = None
            elif inside:
                found[inside][-1] += token.content
    return found


def _noted() -> dict[str, Any]:
    """Return what notes the names of claims while a text is rendered."""
    return {"claims": [], "conditions": []}


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).disable(
        ["image", "html_block", "html_inline"]
    )
    parser.validateLink = lambda url: bool(_ADDRESS.match(url))  # type: ignore[method-assign]
    parser.inline.ruler.before("escape", "formula", _formula)
    parser.inline.ruler.before("escape", "condition", _condition)
    parser.add_render_rule("formula", _render_formula)
    parser.add_render_rule("condition", _render_condition)
    parser.add_render_rule("text", _render_text)
    parser.add_render_rule("link_open", _open_link)
    parser.add_render_rule("link_close", _close_link)
    return parser


def _formula(state: StateInline, silent: bool) -> bool:
    r"""Parse `$…$`; a single dollar sign, as in $5 or $6, is text, and so is `\$`."""
    start = state.pos
    if state.src[start] != "$":
        return False
    end = state.src.find("$", start + 1)
    latex = state.src[start + 1 : end]
    amount = state.src[end + 1 : end + 2].isdigit()
    if end < 0 or amount or not latex or latex != latex.strip():
        return False
    found = _CLOSING.match(state.src, end + 1)
    closing = found[0] if found else ""
    state.pos = end + 1 + len(closing)
    if not silent:
        token = state.push("formula", "math", 0)
        token.content, token.info = latex, closing
    return True


def _render_formula(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    """Render a formula with the punctuation after it, so no line breaks between them."""
    latex, closing = tokens[index].content, tokens[index].info
    math = mathml(latex)
    return f'<span class="together">{math}{escapeHtml(closing)}</span>' if closing else math


def _condition(state: StateInline, silent: bool) -> bool:
    """`{?name}…{/}` is shown while the claim holds, `{!name}…{/}` while it does not.

    `{=name}` draws the two states that the claim compares. `{@mouse}…{/}` is shown where there is
    a mouse, `{@touch}…{/}` where there is none.
    """
    found = _CONDITION.match(state.src, state.pos)
    if not found:
        return False
    state.pos = found.end()
    if not silent:
        token = state.push("condition", "span", 0)
        token.content, token.info = found[2] or found[4] or "", found[1] or found[3] or ""
    return True


def _render_condition(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    """Open as the words do: a claim that is asked for with `?` holds then."""
    name, kind = tokens[index].content, tokens[index].info
    if not name:
        return "</span>"
    if kind == "@":
        return f'<span class="by-{name}">'
    env["conditions"].append(name)
    if kind == "=":
        return f'<span class="state-pair" data-pair="{name}"></span>'
    return f'<span data-if="{name}">' if kind == "?" else f'<span data-unless="{name}" hidden>'


def _render_text(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    """Render text without line breaks inside `t = 1`, and with powers as in `10^13`."""
    return raised(
        escapeHtml(_EQUALS.sub("\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}", tokens[index].content))
    )


def raised(text: str) -> str:
    """Return a text with its powers of ten as marks."""
    return _POWER.sub(r"10<sup>\1</sup>", text)


def _open_link(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    token = tokens[index]
    if name := _claim(token):
        env["claims"].append(name)
        return f'<mark class="claim" data-claim="{name}">'
    href = str(token.attrGet("href"))
    if href.startswith(_TERM):
        name = href.removeprefix(_TERM)
        return f'<button type="button" class="explained" popovertarget="term-{name}">'
    if not href.startswith("/"):
        token.attrSet("rel", "noopener noreferrer")
        token.attrSet("target", "_blank")
    return self.renderToken(tokens, index, options, env)


def _close_link(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any
) -> str:
    opened = next(each for each in reversed(tokens[:index]) if each.type == "link_open")
    if str(opened.attrGet("href")).startswith(_TERM):
        return "</button>"
    return "</mark>" if _claim(opened) else "</a>"


def _claim(token: Token) -> str:
    href = str(token.attrGet("href") or "")
    return href.removeprefix(_CLAIM) if href.startswith(_CLAIM) else ""
