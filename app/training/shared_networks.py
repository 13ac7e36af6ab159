"""Trained networks in a folder that several processes share."""

import io
import logging
import math
import os
import re
import secrets
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

import numpy as np

from unrolled.engine import Checkpoint
from unrolled.engine.weights.npz import packed
from unrolled.engine.weights.own_network import OwnNetwork

_NAME = re.compile(r"[0-9a-f]{32}-[0-9]{1,9}")
"""Of a network: its run and its step."""
_LOOKS = 16
"""How often the files are counted while as many bytes are written as there may be."""
log = logging.getLogger("unrolled")


class SharedNetworks:
    """Files of networks, with a limit in bytes over all processes.

    Beyond the limit the least recently used files of the largest run are deleted.
    """

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder, self._most = folder, most_bytes
        self._unseen = most_bytes
        """Bytes that were written since the files were counted."""
        self._warned = False

    def write(self, name: str, checkpoint: Checkpoint | OwnNetwork) -> None:
        """Write a network, so that others find it whole or not at all."""
        content, beside = packed(checkpoint.arrays()), self._folder / f".{secrets.token_hex(8)}"
        try:
            beside.write_bytes(content)
            beside.replace(self._folder / name)
        except OSError as error:
            if not self._warned:
                log.warning("other processes do not know a trained network: %s", error)
            self._warned = True
            beside.unlink(missing_ok=True)
            return
        self._unseen += len(content)
        if self._unseen > self._most / _LOOKS:
            self._unseen = 0
            self._evict()

    def read(self, name: str, seconds: float = math.inf) -> Checkpoint | OwnNetwork | None:
        """Return a network; None if none has that name, or it was not used for so many seconds."""
        if not _NAME.fullmatch(name):
            return None
        path = self._folder / name
        try:
            if path.stat().st_mtime < time.time() - seconds:
                return None
            content = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            if "own" in file:
                return OwnNetwork.from_arrays({each: file[each] for each in file})
        return Checkpoint.read(content, name)

    def erase(self, name: str) -> None:
        (self._folder / name).unlink(missing_ok=True)

    def expire(self, seconds: float) -> None:
        """Delete the files that were not used for so many seconds."""
        for path in self._folder.iterdir():
            with suppress(FileNotFoundError):
                if _NAME.fullmatch(path.name) and path.stat().st_mtime < time.time() - seconds:
                    path.unlink()

    def _evict(self) -> None:
        """Delete files until they are within the limit."""
        runs: defaultdict[str, list[tuple[float, int, Path]]] = defaultdict(list)
        for path in self._folder.iterdir():
            if path.is_socket():
                continue
            with suppress(FileNotFoundError):
                found = path.stat()
                runs[path.name.partition("-")[0]].append((found.st_mtime, found.st_size, path))
        sizes = {run: sum(size for _, size, _ in files) for run, files in runs.items()}
        for files in runs.values():
            files.sort(reverse=True)
        while sum(sizes.values()) > self._most:
            largest = max(sizes, key=lambda run: sizes[run])
            _, size, path = runs[largest].pop()
            sizes[largest] -= size
            path.unlink(missing_ok=True)
