"""The language of a response: named in the query, chosen before, or preferred by the browser."""

from fastapi import Request, Response

from unrolled.app.addresses import home
from unrolled.app.i18n.catalog import DEFAULT, languages

NAME = "lang"
"""Of the parameter in an address."""
COOKIE = "unrolled_lang"
"""Cookies are shared by every server of a host, whatever its port."""
_YEAR = 365 * 24 * 3600


def language_of(request: Request) -> str:
    """Return the language of ``?lang=``, else of the cookie or Accept-Language, else English."""
    preferred = _preferred(request.headers.get("accept-language", ""))
    for tag in (request.query_params.get(NAME), request.cookies.get(COOKIE), *preferred):
        if found := _spoken(tag or ""):
            return found
    return DEFAULT


def remembered(request: Request, response: Response) -> Response:
    """Add Vary headers to a page's response, and a cookie for a language named in the query."""
    response.headers.append("Vary", "Accept-Language, Cookie")
    if found := _spoken(request.query_params.get(NAME, "")):
        path = home(request.scope["root_path"])
        response.set_cookie(COOKIE, found, max_age=_YEAR, path=path, samesite="lax", httponly=True)
    return response


def _spoken(tag: str) -> str | None:
    """Return the language for a tag, such as zh-CN for zh, zh-Hans or zh-TW."""
    wanted = tag.strip().lower()
    for each in languages():
        if wanted == each.lower():
            return each
    primary = wanted.partition("-")[0]
    return next((each for each in languages() if each.partition("-")[0] == primary), None)


def _preferred(header: str) -> list[str]:
    """Return the tags of an Accept-Language header in order of preference (RFC 9110)."""
    weighed = []
    for i, part in enumerate(header.split(",")):
        tag, _, weight = part.partition(";q=")
        try:
            q = float(weight or 1)
        except ValueError:
            q = 0.0
        if q > 0:
            weighed.append((-q, i, tag))
    return [tag for _, _, tag in sorted(weighed)]
