"""A client of the server, written from `docs/protocol.md` alone."""

import json
import struct
from collections.abc import Iterator
from typing import Any
from urllib.request import Request, urlopen

import numpy as np
from websockets.sync.client import ClientConnection, connect

LENGTH = struct.Struct("<I")
ENDS = ("end", "error")


class Frame:
    """The header of a frame, and its arrays by name."""

    def __init__(self, data: bytes) -> None:
        (n,) = LENGTH.unpack_from(data)
        start = LENGTH.size + n
        self.header: dict[str, Any] = json.loads(data[LENGTH.size : start])
        self.arrays: dict[str, np.ndarray] = {}
        self.size = start
        for each in self.header["arrays"]:
            count, offset = int(np.prod(each["shape"])), start + each["offset"]
            array = np.frombuffer(data, each["dtype"], count, offset)
            self.arrays[each["name"]] = array.reshape(each["shape"])
            self.size = max(self.size, offset + array.nbytes)

    @property
    def type(self) -> str:
        return str(self.header["type"])


def frames(data: bytes) -> Iterator[Frame]:
    """Read the frames that stand one after another."""
    while data:
        frame = Frame(data)
        yield frame
        data = data[frame.size :]


class Channel:
    """A WebSocket of the server's."""

    def __init__(self, url: str) -> None:
        self._opening = connect(url.replace("http", "ws", 1), max_size=None)

    def __enter__(self) -> "Channel":
        self._socket: ClientConnection = self._opening.__enter__()
        return self

    def __exit__(self, *exception: Any) -> None:
        self._opening.__exit__(*exception)

    def send(self, number: int, **message: Any) -> None:
        self._socket.send(json.dumps({"id": number, **message}))

    def receive(self, seconds: float = 30) -> Frame:
        return Frame(self._socket.recv(timeout=seconds, decode=False))

    def answer(self, number: int) -> list[Frame]:
        """Return the frames of a request, up to its last one; those of older ones are dropped."""
        found: list[Frame] = []
        while not (found and found[-1].type in ENDS):
            frame = self.receive()
            if frame.header["id"] == number:
                found.append(frame)
        return found


class Client:
    """The lab at an address such as ``http://127.0.0.1:8000``."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def runs(self) -> Channel:
        return Channel(f"{self._url}/api/stream")

    def trainings(self) -> Channel:
        return Channel(f"{self._url}/api/train")

    def post(self, path: str, message: dict[str, Any]) -> bytes:
        body, headers = json.dumps(message).encode(), {"Content-Type": "application/json"}
        with urlopen(Request(self._url + path, body, headers), timeout=30) as response:
            answer: bytes = response.read()
        return answer

    def limits(self) -> dict[str, Any]:
        """Return what the server lets an experiment, a training and a message be."""
        with urlopen(f"{self._url}/api/limits", timeout=30) as response:
            found: dict[str, Any] = json.load(response)
        return found

    def run(self, **experiment: Any) -> list[Frame]:
        """Return the frames of one run, without a socket."""
        return [*frames(self.post("/api/stream", {"id": 1, "experiment": experiment}))]

    def sweep(self, scales: list[float], seeds: int, **experiment: Any) -> dict[str, Any]:
        """Return the last line of a sweep."""
        message = {"experiment": experiment, "recurrent_scale": scales, "seeds": seeds}
        found: dict[str, Any] = json.loads(self.post("/api/sweep", message).splitlines()[-1])
        return found
