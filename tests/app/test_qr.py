import re

import numpy as np
import pytest
import zxingcpp

from app import qr
from app.messages import MessageError
from app.settings import Settings
from tests.app.test_api import opened

pytestmark = pytest.mark.anyio
LAN = Settings(host="0.0.0.0")


def decoded(svg):
    """What a phone reads: the SVG's strokes, one row of modules each, as pixels."""
    size = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])
    pixels = np.full((size, size), 255, np.uint8)
    strokes = re.search(r'class="qrline"[^>]* d="([^"]+)"', svg)[1]
    x = y = 0.0
    for kind, numbers in re.findall(r"([Mmh])([-\d. ]+)", strokes):
        values = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if kind == "M":
            x, y = values
        elif kind == "m":
            x, y = x + values[0], y + values[1]
        else:
            pixels[int(y), int(x) : int(x + values[0])] = 0
            x += values[0]
    found = zxingcpp.read_barcode(np.kron(pixels, np.ones((6, 6), np.uint8)))
    return found and found.text


async def test_a_phone_reads_the_address_of_the_page_off_the_screen(monkeypatch):
    monkeypatch.setattr(qr, "local_address", lambda: "192.168.1.20")
    path = "/lessons/gates?step=carry&recurrent_scale=1.5"
    async with opened(host="0.0.0.0") as client:
        response = await client.get(
            "/api/qr", params={"path": path}, headers={"Host": "localhost:8000"}
        )
    assert response.status_code == 200
    assert response.headers["content-type"] == "image/svg+xml"
    assert response.headers["Content-Location"] == f"http://192.168.1.20:8000{path}"
    assert decoded(response.text) == f"http://192.168.1.20:8000{path}"


async def test_a_server_that_nobody_else_can_reach_says_how_to_be_reached():
    async with opened(host="127.0.0.1") as client:
        response = await client.get(
            "/api/qr", params={"path": "/lessons"}, headers={"Host": "127.0.0.1:8000"}
        )
    assert response.status_code == 409
    assert "HOST=0.0.0.0 make" in response.json()["message"]


def test_without_a_network_there_is_no_address_to_give(monkeypatch):
    monkeypatch.setattr(qr, "local_address", lambda: None)
    with pytest.raises(MessageError, match="in no network"):
        qr.reachable("http://127.0.0.1:8000/", LAN)


@pytest.mark.parametrize(
    ("base", "settings", "address"),
    [
        ("http://192.168.1.7:8000/", LAN, "http://192.168.1.7:8000"),
        ("https://lab.school.example/", Settings(), "https://lab.school.example"),
        ("http://localhost:8000/", Settings(host="10.0.0.5"), "http://10.0.0.5:8000"),
        ("http://[::1]:8000/", Settings(host="fd00::1"), "http://[fd00::1]:8000"),
    ],
)
def test_the_address_is_the_one_by_which_others_come(base, settings, address):
    assert qr.reachable(base, settings) == address


@pytest.mark.parametrize(
    "path",
    ["", "lessons", "//elsewhere/x", "/\\elsewhere", "http://elsewhere", "/a b", "/a\nb", "/é"],
)
def test_only_pages_of_this_lab_are_coded(path):
    with pytest.raises(MessageError) as caught:
        qr.page_address("http://192.168.1.7:8000/", path, LAN)
    assert caught.value.code == "qr_path"


def test_an_address_too_long_to_scan_is_refused():
    with pytest.raises(MessageError) as caught:
        qr.page_address("http://192.168.1.7:8000/", "/lessons/own#" + "x" * 3000, LAN)
    assert caught.value.code == "qr_long"


def test_a_machine_in_a_network_knows_its_address_there():
    address = qr.local_address()
    assert address is None or not address.startswith("127.")
