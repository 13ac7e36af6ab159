"""A client that requests like a browser: HTTP/1.1 over at most six persistent connections.

It parses only what it needs, to leave processor time for a server on the same machine.
"""

import asyncio
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import brotli
import httptools

CONNECTIONS = 6
"""To one host, at most."""
TRIES = 5
"""Of ``static/js/net/request.js``."""
_HEADERS = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/156.0.0.0 Safari/537.36\r\nAccept: */*\r\nAccept-Language: en-US,en;q=0.9\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\nSec-Fetch-Site: same-origin\r\n"
)
_REFERENCE = re.compile(r'(?:src|href)="([^"]+\.(?:js|css)[^"]*)"')


def source(number: int) -> tuple[str, int] | None:
    """Return a source address for a student, where the loopback has more than one."""
    if sys.platform != "linux":
        return None
    return f"127.1.{number // 250}.{1 + number % 250}", 0


@dataclass
class Answer:
    status: int = 0
    body: bytes = b""
    encoding: bytes = b""

    @property
    def text(self) -> str:
        return (brotli.decompress(self.body) if self.encoding == b"br" else self.body).decode()


class Connection(asyncio.Protocol):
    """A connection with one request at a time, as in browsers."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._answer, self._whole = Answer(), asyncio.get_running_loop().create_future()

    async def ask(self, request: bytes) -> Answer:
        self._answer, self._whole = Answer(), asyncio.get_running_loop().create_future()
        self._pieces: list[bytes] = []
        self._transport.write(request)
        await self._whole
        return self._answer

    def close(self) -> None:
        self._transport.close()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    @property
    def closed(self) -> bool:
        return bool(self._transport.is_closing())

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._whole.done():
            self._whole.set_exception(exc or ConnectionError("closed before the answer"))

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"content-encoding":
            self._answer.encoding = value

    def on_body(self, body: bytes) -> None:
        self._pieces.append(body)

    def on_message_complete(self) -> None:
        self._answer.status = self._parser.get_status_code()
        self._answer.body = b"".join(self._pieces)
        if not self._whole.done():  # still awaited
            self._whole.set_result(None)


@dataclass
class Browser:
    """The browser of one student, whose address is ``source``."""

    url: str
    """Of the server, without a slash at the end."""
    source: tuple[str, int] | None = None
    _connections: dict[int, Connection] = field(default_factory=dict)

    async def open(self, path: str) -> str:
        """Fetch a page, and then its style sheets and modules, in order."""
        (page,) = await self.fetch([path])
        here = urljoin(self.url, path)
        names = (urljoin(here, name) for name in _REFERENCE.findall(page.text))
        await self.fetch(dict.fromkeys(urlsplit(name).path for name in names))
        return page.text

    async def fetch(self, paths: Iterable[str]) -> list[Answer]:
        answers = await self._ask([self._request("GET", path) for path in paths])
        if wrong := {answer.status for answer in answers} - {200}:
            raise ConnectionError(f"answered {wrong}")
        return answers

    async def post(self, path: str, body: bytes) -> Answer:
        """Send a POST; retry after a second while the server is busy."""
        for _ in range(TRIES):
            (answer,) = await self._ask([self._request("POST", path, body)])
            if answer.status == 200:
                return answer
            if answer.status != 503:
                break
            await asyncio.sleep(1)
        raise ConnectionError(f"{answer.status} to {path}")

    def close(self) -> None:
        for connection in self._connections.values():
            connection.close()

    async def _ask(self, requests: list[bytes]) -> list[Answer]:
        answers = [Answer()] * len(requests)
        left = iter(enumerate(requests))

        async def one_after_another(number: int) -> None:
            connection = await self._connection(number)
            for i, request in left:
                try:
                    answers[i] = await connection.ask(request)
                except ConnectionError:  # an idle connection was closed by the server
                    connection = await self._connection(number)
                    answers[i] = await connection.ask(request)

        width = min(CONNECTIONS, len(requests))
        await asyncio.gather(*(one_after_another(number) for number in range(width)))
        return answers

    async def _connection(self, number: int) -> Connection:
        """Return an open connection: the server closes idle ones."""
        found = self._connections.get(number)
        if found is None or found.closed:
            address, loop = urlsplit(self.url), asyncio.get_running_loop()
            _, found = await loop.create_connection(
                Connection, address.hostname, address.port, local_addr=self.source
            )
            self._connections[number] = found
        return found

    def _request(self, method: str, path: str, body: bytes = b"") -> bytes:
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        host = f"Host: {urlsplit(self.url).netloc}\r\nReferer: {self.url}/\r\n"
        return f"{method} {path} HTTP/1.1\r\n{host}{_HEADERS}{length}\r\n".encode() + body
