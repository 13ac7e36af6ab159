"""The addresses of this machine, and which of them comes first."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from unrolled.app.web.interfaces import Interface, interfaces, ranked

HOTSPOT = "unrolled-test"
COMMANDS = (
    "netns add {0}",
    "-n {0} link set lo up",
    "-n {0} link add wlan0 type veth peer name phone",
    "-n {0} addr add 10.42.0.1/24 dev wlan0",
    "-n {0} link set wlan0 up",
)
ASK = """
from unrolled.app.web import interfaces as n
print(n.default_address(), *n.ranked(n.interfaces()))
"""


def ip(command):
    return subprocess.run(["ip", *command.format(HOTSPOT).split()], capture_output=True)


@pytest.fixture
def hotspot():
    """A network namespace whose only network has no way out, as that of a hotspot."""
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("ip"):
        pytest.skip("a network of its own needs root and ip: on Debian, apt-get install iproute2")
    for command in COMMANDS:
        if (ran := ip(command)).returncode:
            ip("netns del {0}")
            pytest.skip(f"no network of its own here: {ran.stderr.decode().strip()}")
    yield HOTSPOT
    ip("netns del {0}")


def test_on_a_hotspot_without_a_way_out_the_address_is_found(hotspot):
    ran = subprocess.run(
        ["ip", "netns", "exec", hotspot, sys.executable, "-c", ASK],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert ran.stdout.split() == ["None", "10.42.0.1"], ran.stderr


@pytest.mark.parametrize(
    ("found", "default", "first"),
    [
        (["eth0 192.168.1.7", "wlan0 10.0.0.3"], "10.0.0.3", "10.0.0.3"),
        (["docker0 172.17.0.1", "wlan0 192.168.1.7"], "192.168.1.7", "192.168.1.7"),
        (["docker0 172.17.0.1", "wlan0 10.42.0.1"], None, "10.42.0.1"),
        (["tun0 10.8.0.2", "wlan0 192.168.1.7"], "10.8.0.2", "192.168.1.7"),
        (["eth0 8.8.4.4", "wlan0 10.42.0.1"], "8.8.4.4", "10.42.0.1"),
        (["eth0 8.8.8.8"], "8.8.8.8", "8.8.8.8"),
        (["eth0 169.254.7.7", "wlan0 192.168.1.7"], None, "192.168.1.7"),
        (["en0 fd00::7", "en0 192.168.1.7"], None, "192.168.1.7"),
        (["bridge100 192.168.2.1", "utun3 100.64.0.9"], None, "192.168.2.1"),
        (
            [
                "Hyper-V Virtual Ethernet Adapter 172.20.0.1",
                "Microsoft Wi-Fi Direct Virtual Adapter 192.168.137.1",
            ],
            None,
            "192.168.137.1",
        ),
    ],
)
def test_the_first_address_is_the_likeliest_to_be_reached(found, default, first):
    listed = ranked((Interface(*each.rsplit(" ", 1)) for each in found), default)
    assert listed[0] == first
    assert len(listed) == len(found)


def test_interfaces_without_another_machine_are_left_out():
    found = ["127.0.0.1", "::1", "0.0.0.0", "224.0.0.1", "fe80::1", "192.168.1.7", "192.168.1.7"]
    assert ranked(Interface("x", each) for each in found) == ["192.168.1.7"]


def test_every_interface_of_this_machine_has_an_address_that_can_be_ranked():
    found = interfaces()
    assert any(each.address.startswith("127.") for each in found)
    ranked(found)
