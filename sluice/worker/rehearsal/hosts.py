"""Names and numbers of hosts."""

from __future__ import annotations

import ipaddress


def is_numeric(host: str) -> bool:
    """Whether a host is given by its address."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    if is_numeric(host):
        address = ipaddress.ip_address(host.partition("%")[0])
        return address.is_loopback or address.is_unspecified
    return host in ("localhost", "localhost.localdomain", "ip6-localhost")
