"""Texts with ``<sub>`` and ``<sup>``, such as ``h<sub>t</sub>``, as HTML.

The page's modules do the same (``static/js/text/marked.js``); Plotly knows the marks itself.
"""

import re

from markupsafe import Markup, escape

_MARK = re.compile(r"&lt;(/?su[bp])&gt;")
_NORM = re.compile(r"\|\|(.+?)\|\|")


def marked(text: str) -> Markup:
    """Return the text as HTML, with no line break inside a norm."""
    html = _MARK.sub(r"<\1>", str(escape(text)))
    return Markup(_NORM.sub(r'<span class="norm"><span>||</span>\1<span>||</span></span>', html))
