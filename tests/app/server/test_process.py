"""The server process: its addresses, its memory, and the types of its files on any machine."""

import gc
import mimetypes
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from unrolled.app.folders import root
from unrolled.app.server.process import AddressError, listen, stay_prompt
from unrolled.app.web.assets import MEDIA_TYPES, Assets, Vendored


def test_the_type_of_a_file_is_ours_and_not_the_machines() -> None:
    try:
        for ending in MEDIA_TYPES:
            mimetypes.add_type("text/plain", ending)
        for files in (Assets(root() / "static").files, Vendored().files):
            for name, asset in files.items():
                assert asset.media_type == MEDIA_TYPES[Path(name).suffix]
    finally:
        mimetypes.init()


def test_an_address_is_listened_on_exclusively() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(AddressError, match=f"127.0.0.1:{port}: another program has that port"):
            listen("127.0.0.1", port)


def test_where_the_system_can_lock_an_address_it_is_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    with listen("127.0.0.1", 0) as usual:
        assert usual.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)
    # Only Windows has it; another option in its place shows that it would be set.
    monkeypatch.setattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_KEEPALIVE, raising=False)
    with listen("127.0.0.1", 0) as locked:
        assert locked.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        assert not locked.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)


@pytest.fixture
def prompt() -> Iterator[None]:
    turn = sys.getswitchinterval()
    yield
    gc.unfreeze()
    sys.setswitchinterval(turn)


@pytest.mark.usefixtures("prompt")
def test_a_garbage_collection_looks_at_nothing_that_was_loaded() -> None:
    loaded = len(gc.get_objects())
    stay_prompt()
    assert len(gc.get_objects()) < loaded / 10


@pytest.mark.usefixtures("prompt")
def test_a_thread_that_computes_hands_over_sooner_than_it_would_of_itself() -> None:
    of_itself = sys.getswitchinterval()
    stay_prompt()
    assert sys.getswitchinterval() < of_itself
