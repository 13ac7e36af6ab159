"""The network addresses of this machine, those that a phone nearby can reach first."""

import ipaddress
import re
import socket
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

_ELSEWHERE = ("192.0.2.1", 9)
"""An address for documentation (RFC 5737): asking for the way to it sends nothing."""
_VIRTUAL = re.compile(
    r"docker|br-|veth|virbr|cni|flannel|lxc|lxd|podman|tun|tap|utun|wg|tailscale|zt|ppp"
    r"|vmnet|vboxnet|vethernet|.*(hyper-v|virtualbox|vmware|wsl)",
    re.IGNORECASE,
)
"""Names of interfaces that lead to containers, virtual machines and tunnels: to no phone."""
_CONTAINER = (Path("/.dockerenv"), Path("/run/.containerenv"))


class Interface(NamedTuple):
    """An interface's name and one of its addresses."""

    name: str
    address: str


def interfaces() -> list[Interface]:
    """Return every interface that is up, with each of its addresses."""
    import ifaddr

    return [
        Interface(adapter.nice_name, ip.ip if isinstance(ip.ip, str) else ip.ip[0])
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
    ]


def ranked(found: Iterable[Interface], default: str | None = None) -> list[str]:
    """Return the addresses that other devices may reach, the most likely first.

    Private addresses of real interfaces come before public ones, IPv4 before IPv6, and the one of
    the ``default`` route before its equals. A hotspot has no default route.
    """

    def unlikeliness(interface: Interface) -> tuple[bool, ...]:
        ip = ipaddress.ip_address(interface.address)
        return (
            _VIRTUAL.match(interface.name) is not None,
            ip.is_link_local,
            ip.version == 6,
            not ip.is_private,
            interface.address != default,
        )

    others = (each for each in found if _leads_here(each.address))
    return list(dict.fromkeys(each.address for each in sorted(others, key=unlikeliness)))


def default_address() -> str | None:
    """Return the source address of the default route, or None without one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError:
            return None
        return str(probe.getsockname()[0])


def contained() -> bool:
    """Return whether this is a container, whose addresses no phone can reach."""
    return any(path.exists() for path in _CONTAINER)


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _leads_here(address: str) -> bool:
    ip = ipaddress.ip_address(address)
    scoped = ip.version == 6 and ip.is_link_local
    return not (ip.is_loopback or ip.is_unspecified or ip.is_multicast or scoped)
