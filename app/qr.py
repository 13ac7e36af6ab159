"""The address of a page as others in the room can open it, and its QR code."""

import io
import ipaddress
import re
import socket
from urllib.parse import urlsplit

import segno

from app.messages import MessageError
from app.settings import Settings

MOST_BYTES = 2000
"""A longer address makes a code that a phone cannot read off a screen."""
_ELSEWHERE = ("192.0.2.1", 9)
"""An address for documentation (RFC 5737): asking for the way to it sends nothing."""
_PATH = re.compile(r"/(?![/\\])[!-~]*")


def reachable(base: str, settings: Settings) -> str:
    """The address of this server for others: `http://192.168.1.20:8000`.

    ``base`` is the one that it was asked by. Raises ``MessageError`` where no other can reach it.
    """
    asked = urlsplit(base)
    if not _is_loopback(asked.hostname or ""):
        return f"{asked.scheme}://{asked.netloc}"
    if _is_loopback(settings.host):
        raise MessageError("qr_local", host=settings.host)
    everywhere = settings.host in ("0.0.0.0", "::", "")
    host = local_address() if everywhere else settings.host
    if host is None:
        raise MessageError("qr_offline")
    shown = f"[{host}]" if ":" in host else host
    return f"{asked.scheme}://{shown}:{asked.port or 80}"


def local_address() -> str | None:
    """The address of this machine in its network, or None where it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if _is_loopback(address) else address


def page_address(base: str, path: str, settings: Settings) -> str:
    """The whole address of one of our pages; raises ``MessageError`` for any other."""
    if not _PATH.fullmatch(path):
        raise MessageError("qr_path", value=ascii(path)[:60])
    address = reachable(base, settings) + path
    if len(address) > MOST_BYTES:
        raise MessageError("qr_long", count=len(address), limit=MOST_BYTES)
    return address


def picture(address: str, title: str) -> bytes:
    """The code as SVG, dark on white in any theme, with the quiet border that a reader needs."""
    code = segno.make(address, micro=False, error="l", boost_error=True)
    svg = io.BytesIO()
    code.save(svg, "svg", border=4, light="#fff", xmldecl=False, omitsize=True, title=title)
    return svg.getvalue()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
