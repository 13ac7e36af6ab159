"""The address of a page for other devices, and its QR code."""

import io
import re
from urllib.parse import SplitResult, urlsplit

import segno

from unrolled.app.errors import MessageError
from unrolled.app.settings import Settings
from unrolled.app.web.interfaces import contained, default_address, interfaces, is_loopback, ranked
from unrolled.engine.validation import quote

MOST_BYTES = 2000
"""A longer address makes a code that a phone cannot read off a screen."""
_PATH = re.compile(r"/(?![/\\])[!-~]*")
_EVERYWHERE = ("", "0.0.0.0", "::")


def reachable(base: str, settings: Settings) -> list[str]:
    """Return the lab's addresses for other devices, the most likely first.

    ``base`` is the requested address, with the prefix of a proxy. Raises ``MessageError`` if no
    other device can reach the lab.
    """
    if settings.public_address:
        return [settings.public_address]
    asked = urlsplit(base.rstrip("/"))
    host = asked.hostname or ""
    own = ranked(interfaces(), default_address())
    if not is_loopback(host) and (host not in own or settings.host not in _EVERYWHERE):
        return [asked.geturl()]
    if is_loopback(settings.host):
        raise MessageError("qr_local", host=settings.host)
    if settings.host not in _EVERYWHERE:
        return [_at(asked, settings.host)]
    if contained() and host not in own:
        raise MessageError("qr_contained")
    if settings.host != "::":
        own = [each for each in own if ":" not in each]
    if not own:
        raise MessageError("qr_offline")
    first = [host] if host in own else []
    return [_at(asked, each) for each in dict.fromkeys((*first, *own))]


def lab_addresses(settings: Settings, port: int) -> list[str]:
    """Return the lab's address on this machine, and the one for others if there is another."""
    host = "127.0.0.1" if settings.host in _EVERYWHERE else settings.host
    here = _at(urlsplit(f"http://_:{port}"), host)
    try:
        return list(dict.fromkeys((here, reachable(here, settings)[0])))
    except MessageError:
        return [here]


def page_address(base: str, path: str, settings: Settings, host: str = "") -> str:
    """Return the full address of a page at a host of ``reachable``, by default the first.

    Raises ``MessageError`` for any other page, and for any other host.
    """
    if not _PATH.fullmatch(path):
        raise MessageError("qr_path", value=quote(path))
    found = reachable(base, settings)
    chosen = next((each for each in found if host in ("", urlsplit(each).hostname)), None)
    if chosen is None:
        hosts = ", ".join(str(urlsplit(each).hostname) for each in found)
        raise MessageError("qr_host", value=quote(host), choices=hosts)
    if len(address := chosen + path) > MOST_BYTES:
        raise MessageError("qr_long", count=len(address), limit=MOST_BYTES)
    return address


def picture(address: str, title: str) -> bytes:
    """Return the code as SVG, dark on white in any theme, with a quiet zone for scanners."""
    code = segno.make(address, micro=False, error="l", boost_error=True)
    svg = io.BytesIO()
    code.save(svg, "svg", border=4, light="#fff", xmldecl=False, omitsize=True, title=title)
    return svg.getvalue()


def _at(asked: SplitResult, host: str) -> str:
    """Return the requested address with another host."""
    shown = f"[{host}]" if ":" in host else host
    port = f":{asked.port}" if asked.port else ""
    return asked._replace(netloc=f"{shown}{port}").geturl()
