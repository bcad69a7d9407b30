"""Which addresses may be asked: decided purely here, put to use at the moment of connecting (`connect`).

Everything that IANA does not list as globally reachable is refused, in every form that carries an IPv4 address inside
an IPv6 one. Python's `ipaddress.is_global` is not enough: it differs between releases and passes NAT64, 6to4 and
multicast. Sources: IANA special-purpose registries (RFC 6890), RFC 6052 (NAT64), RFC 3056 (6to4), RFC 4380 (Teredo).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

NOT_PUBLIC_4 = tuple(
    (IPv4Network(network), why)
    for network, why in (
        ("0.0.0.0/8", "this network, unspecified"),
        ("10.0.0.0/8", "private network"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local, cloud metadata"),
        ("172.16.0.0/12", "private network"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "AS112"),
        ("192.52.193.0/24", "AMT"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private network"),
        ("192.175.48.0/24", "AS112"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved, broadcast"),
    )
)
# in order: the first network that holds the address names the reason
NOT_PUBLIC_6 = tuple(
    (IPv6Network(network), why)
    for network, why in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("64:ff9b:1::/48", "local NAT64"),
        ("100::/64", "discard only"),
        ("2001::/32", "Teredo"),
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("2620:4f:8000::/48", "AS112"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "private network"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All that IANA has given out; the rest is refused as reserved."""
MAPPED = IPv6Network("::ffff:0:0/96")
TRANSLATED = IPv6Network("::ffff:0:0:0/96")
NAT64 = IPv6Network("64:ff9b::/96")
NUMBER = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+")


class Refused(Exception):
    """We do not connect there; the text names the host, the address and why."""


def why_not(address: Address) -> str | None:
    """Say why an address is not public; None: it is."""
    if isinstance(address, IPv4Address):
        return next((why for network, why in NOT_PUBLIC_4 if address in network), None)
    for network in (MAPPED, TRANSLATED, NAT64):
        if address in network:
            # on a network with NAT64 every IPv4 site has such an address: what counts is the one inside
            return why_not(IPv4Address(int(address) & 0xFFFFFFFF))
    why = next((why for network, why in NOT_PUBLIC_6 if address in network), None)
    if why is None and address not in GLOBAL_UNICAST:
        why = "reserved"
    if why is None and (int(address) >> 32) & 0xFFFFFFFF in (0x5EFE, 0x2005EFE):
        inside = why_not(IPv4Address(int(address) & 0xFFFFFFFF))
        why = inside and f"ISATAP of {inside}"
    return why


def literal(host: str) -> Address | None:
    """Read a host that is an address, in any form that resolvers take; None: it is a name.

    [::1], 127.0.0.1, 127.1, 2130706433, 0x7f000001, 0177.0.0.1; as inet_aton(3) reads them.
    """
    bare = host.strip("[]").rstrip(".").split("%", 1)[0]
    try:
        return ip_address(bare)
    except ValueError:
        pass
    parts = bare.split(".")
    if not 1 <= len(parts) <= 4 or not all(NUMBER.fullmatch(part) for part in parts):
        return None
    try:
        numbers = [_number(part) for part in parts]
    except ValueError:
        return None
    *heads, tail = numbers
    room = 256 ** (5 - len(parts))
    if any(head > 255 for head in heads) or tail >= room:
        return None
    value = tail
    for position, head in enumerate(heads):
        value |= head << (24 - 8 * position)
    return IPv4Address(value)


def _number(part: str) -> int:
    if part[:2] in ("0x", "0X"):
        return int(part[2:] or "0", 16)
    return int(part, 8) if len(part) > 1 and part[0] == "0" else int(part, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """The guard as one source's options set it; hashable, so that connections opened under it are kept apart."""

    allowed: frozenset[str] = frozenset()
    """host or host:port that may have an address that is not public."""
    places: tuple[tuple[str, str], ...] = field(default=())
    """(host or host:port, address or address:port) in place of the DNS; for tests and the demo."""

    @classmethod
    def of(cls, allow_hosts: tuple[str, ...], hosts: Mapping[str, str]) -> Gate:
        """Build a gate from what the catalogue says."""
        return cls(
            allowed=frozenset(host.lower() for host in allow_hosts),
            places=tuple(sorted((host.lower(), place) for host, place in hosts.items())),
        )

    def place(self, host: str, port: int) -> tuple[Address, int] | None:
        """Say where a host lives without asking the DNS: by `places`, or because it is an address; None: ask."""
        for name, place in self.places:
            if name in (host, f"{host}:{port}"):
                where, _, its_port = place.rpartition(":") if _has_port(place) else (place, "", "")
                return ip_address(where.strip("[]")), int(its_port or port)
        address = literal(host)
        return None if address is None else (address, port)

    def check(self, host: str, port: int, address: Address) -> None:
        """Raise Refused unless a connection to this address, for this host and port, is allowed."""
        why = why_not(address)
        if why and host not in self.allowed and f"{host}:{port}" not in self.allowed:
            shown = str(address) if literal(host) == address else f"{host} ({address})"
            raise Refused(f"{shown} is not public: {why}")


def _has_port(place: str) -> bool:
    return "]:" in place if place.startswith("[") else place.count(":") == 1
