"""A proxy such as some schools have: it passes everything on but WebSockets."""

import base64
import hashlib
import re
import socket
import threading
from contextlib import suppress
from typing import Literal
from urllib.parse import urlsplit

REFUSALS = {
    "403": b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    "502": b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
}
Sockets = Literal["silence", "403", "502", "close", "drop", "mute", "pass"]
"""What it does with a request for a WebSocket: never answer it, refuse it, close the connection,
open it and close it again, open it and let nothing through, pass it on."""
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Proxy:
    def __init__(self, url: str, sockets: Sockets, port: int = 0) -> None:
        self.sockets = sockets
        self.refused = 0
        """WebSockets that were asked for, and did not open."""
        self._behind = (urlsplit(url).hostname, urlsplit(url).port)
        self._closed = False
        self._open: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", port))
        self.port = self._listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}{urlsplit(url).path}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Be gone, for those that are connected and for those that come."""
        self._closed = True
        for each in (self._listening, *self._open):
            _shut(each)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=[client], daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            if not self._passed(client):
                _shut(client)
        except OSError:
            _shut(client)

    def _passed(self, client: socket.socket) -> bool:
        """Whether the connection stays open."""
        self._open.append(client)
        head = b""
        while b"\r\n\r\n" not in head:
            if not (piece := client.recv(65536)):
                return False
            head += piece
        if self.sockets != "pass" and b"upgrade: websocket" in head.lower():
            self.refused += 1
            if self.sockets in ("drop", "mute"):
                client.sendall(_opened(head))
            client.sendall(REFUSALS.get(self.sockets, b""))
            return self.sockets in ("silence", "mute")
        server = socket.create_connection(self._behind)
        self._open.append(server)
        if self._closed:
            _shut(server)
            return False
        server.sendall(head)
        threading.Thread(target=_pipe, args=[server, client], daemon=True).start()
        _pipe(client, server)
        return False


def _opened(head: bytes) -> bytes:
    """The answer that opens a WebSocket (RFC 6455, section 4.2.2)."""
    found = re.search(rb"(?i)^sec-websocket-key: *(\S+)", head, re.M)
    key = hashlib.sha1((found[1] if found else b"") + _GUID, usedforsecurity=False).digest()
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + base64.b64encode(key) + b"\r\n\r\n"
    )


def _pipe(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    _shut(source)
    _shut(target)


def _shut(each: socket.socket) -> None:
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()
