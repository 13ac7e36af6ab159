import re

import numpy as np
import pytest
import zxingcpp

from tests.app.routes.test_lab import opened
from unrolled.app.errors import MessageError
from unrolled.app.settings import Settings
from unrolled.app.web import qr
from unrolled.app.web.interfaces import Interface

pytestmark = pytest.mark.anyio
LAN = Settings(host="0.0.0.0")


def decoded(svg):
    """Return the SVG's strokes, one row of modules each, as pixels for a reader."""
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


@pytest.fixture
def networks(monkeypatch):
    """Put this machine into networks: its interfaces, and the address of its default route."""

    def put(*addresses, default=None, container=False):
        monkeypatch.setattr(qr, "interfaces", lambda: [Interface("wlan0", a) for a in addresses])
        monkeypatch.setattr(qr, "default_address", lambda: default)
        monkeypatch.setattr(qr, "contained", lambda: container)

    return put


async def test_a_phone_reads_the_address_of_the_page_off_the_screen(networks):
    networks("192.168.1.20", default="192.168.1.20")
    path = "/lessons/gates?step=carry&recurrent_scale=1.5"
    async with opened(host="0.0.0.0") as client:
        response = await client.get(
            "/api/qr", params={"path": path}, headers={"Host": "localhost:8000"}
        )
    assert response.status_code == 200
    assert response.headers["content-type"] == "image/svg+xml"
    assert response.headers["Content-Location"] == f"http://192.168.1.20:8000{path}"
    assert decoded(response.text) == f"http://192.168.1.20:8000{path}"


def test_the_server_tells_its_address_here_and_the_one_for_others(networks):
    networks("192.168.1.20")
    here, there = "http://127.0.0.1:9000", "http://192.168.1.20:9000"
    assert qr.lab_addresses(LAN, 9000) == [here, there]
    assert qr.lab_addresses(Settings(), 9000) == [here]
    assert qr.lab_addresses(Settings(host="192.168.1.20"), 9000) == [there]
    assert qr.lab_addresses(Settings(host="::1"), 9000) == ["http://[::1]:9000"]
    networks("192.168.1.20", container=True)
    assert qr.lab_addresses(LAN, 9000) == [here]


async def test_of_several_networks_a_person_chooses(networks):
    networks("10.42.0.1", "192.168.1.20", default="192.168.1.20")
    base = {"base": "http://localhost:8000/course/rnn/"}
    async with opened(host="0.0.0.0") as client:
        client.headers["Host"] = "localhost:8000"
        listed = (await client.get("/api/addresses", params=base)).json()["addresses"]
        told = [
            (await client.get("/api/qr", params=base | {"path": "/train", "host": host})).headers
            for host in ("", "10.42.0.1")
        ]
        refused = await client.get("/api/qr", params=base | {"host": "192.0.2.9"})
    assert listed == ["http://192.168.1.20:8000/course/rnn", "http://10.42.0.1:8000/course/rnn"]
    assert [each["Content-Location"] for each in told] == [f"{each}/train" for each in listed]
    assert refused.status_code == 422
    assert refused.json()["code"] == "qr_host"


async def test_a_server_on_the_loopback_says_how_to_make_it_reachable():
    async with opened(host="127.0.0.1") as client:
        response = await client.get(
            "/api/qr", params={"path": "/lessons"}, headers={"Host": "127.0.0.1:8000"}
        )
    assert response.status_code == 409
    assert "HOST=0.0.0.0" in response.json()["message"]


@pytest.mark.parametrize(
    "base",
    [
        *("http://evil.example/", "javascript://lab/", "http://lab@evil.example/", "http://[::1/"),
        *("http://lab/a b/", "http://lab/?x", "lab", "//lab/"),
    ],
)
async def test_no_code_leads_to_another_host(base):
    async with opened() as client:
        for path in ("/api/qr", "/api/addresses"):
            answer = await client.get(path, params={"base": base})
            assert (answer.status_code, answer.json()["code"]) == (422, "qr_elsewhere")


async def test_the_code_holds_the_scheme_that_the_browser_knows_and_the_proxy_does_not_tell():
    async with opened() as client:
        params = {"base": "https://lab/course/rnn/", "path": "/train"}
        answer = await client.get("/api/qr", params=params)
    assert answer.headers["Content-Location"] == "https://lab/course/rnn/train"


def test_without_a_network_there_is_no_address_to_give(networks):
    networks("127.0.0.1", "fe80::1")
    with pytest.raises(MessageError, match="in no network"):
        qr.reachable("http://127.0.0.1:8000/", LAN)


def test_in_a_container_the_operator_names_the_address(networks):
    networks("172.17.0.2", default="172.17.0.2", container=True)
    with pytest.raises(MessageError, match="UNROLLED_PUBLIC_ADDRESS"):
        qr.reachable("http://localhost:8000/", LAN)
    public = Settings(host="0.0.0.0", public_address="http://192.168.1.20:9000/")
    assert qr.page_address("http://localhost:8000/", "/train", public) == (
        "http://192.168.1.20:9000/train"
    )


@pytest.mark.parametrize(
    ("base", "settings", "addresses"),
    [
        (
            "http://192.168.1.7:8000/",
            LAN,
            ["http://192.168.1.7:8000", "http://10.42.0.1:8000"],
        ),
        ("http://localhost:8000/", LAN, ["http://10.42.0.1:8000", "http://192.168.1.7:8000"]),
        ("http://localhost/a/", LAN, ["http://10.42.0.1/a", "http://192.168.1.7/a"]),
        (
            "http://[::1]:8000/",
            Settings(host="::"),
            ["http://10.42.0.1:8000", "http://192.168.1.7:8000", "http://[fd00::7]:8000"],
        ),
        ("http://192.168.1.7/", Settings(), ["http://192.168.1.7"]),
        ("https://lab.school.example/", Settings(), ["https://lab.school.example"]),
        ("https://lab.school.example/", LAN, ["https://lab.school.example"]),
        ("http://localhost:8000/", Settings(host="10.0.0.5"), ["http://10.0.0.5:8000"]),
        ("http://[::1]:8000/", Settings(host="fd00::1"), ["http://[fd00::1]:8000"]),
        (
            "http://127.0.0.1:8000/",
            Settings(public_address="https://school.example/rnn"),
            ["https://school.example/rnn"],
        ),
    ],
)
def test_the_addresses_are_those_by_which_others_come(networks, base, settings, addresses):
    networks("127.0.0.1", "10.42.0.1", "192.168.1.7", "fd00::7")
    assert qr.reachable(base, settings) == addresses


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
