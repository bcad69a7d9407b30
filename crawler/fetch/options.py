"""How politely and how patiently a source is asked; the catalogue fills this in, for all sources and for one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address

from crawler import __version__

MIN_DELAY = timedelta(milliseconds=1)
MAX_DELAY = timedelta(minutes=10)
MAX_BODY = 256 * 1024 * 1024
ALLOWED_HOST = re.compile(r"^(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:[0-9]{1,5})?$")
LIVES_AT = re.compile(r"^(?:\[([0-9a-f:.]+)\]|([0-9.]+))(?::[0-9]{1,5})?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOptions:
    """How one source is asked."""

    delay: timedelta = field(
        default=timedelta(seconds=2),
        metadata={
            "description": (
                "Least time between two requests to one host; more is taken when the host is slow or its "
                "robots.txt asks for it. Above zero always."
            )
        },
    )
    timeout: timedelta = field(
        default=timedelta(seconds=45),
        metadata={"description": "Longest time for one request, from its start to its last byte."},
    )
    max_bytes: int = field(
        default=20 * 1024 * 1024, metadata={"description": "Largest body, in bytes, also after decompression."}
    )
    max_redirects: int = field(default=8, metadata={"description": "Most redirects followed for one address."})
    concurrency_per_host: int = field(default=1, metadata={"description": "Most requests at once to one host."})
    user_agent: str | None = field(
        default=None,
        metadata={
            "description": (
                "What the crawl calls itself; null: cruxwatch, its version and the contact. The name before the "
                "first slash or blank is the one looked up in robots.txt."
            )
        },
    )
    contact: str | None = field(
        default=None,
        metadata={
            "description": "Address of a page or a mailbox where a webmaster reaches you, sent with every request."
        },
    )
    allow_hosts: tuple[str, ...] = field(
        default=(),
        metadata={
            "description": (
                "Hosts, as host or host:port, that may have an address that is not public (loopback, private "
                "networks); everything else of that sort is refused."
            )
        },
    )
    allow_http: bool = field(
        default=True, metadata={"description": "Whether plain http is asked, too; false: https only."}
    )
    render: bool = field(
        default=False,
        metadata={
            "description": "Whether a browser makes the page first, for pages whose text is made by script. Needs "
            "Chromium and the extra `cruxwatch[browser]`; without them the source counts as not reached."
        },
    )
    hosts: dict[str, str] = field(
        default_factory=dict,
        metadata={
            "description": "For tests and the demo: where named hosts live, as host: address or address:port, in place "
            "of a question to the DNS. The address guard is asked all the same, so allow_hosts must name the host."
        },
    )

    @property
    def agent(self) -> str:
        """The User-Agent sent."""
        if self.user_agent:
            return self.user_agent
        return f"cruxwatch/{__version__}" + (f" (+{self.contact})" if self.contact else "")

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield (relative path, sentence) for each value that cannot be used."""
        if not MIN_DELAY <= self.delay <= MAX_DELAY:
            yield "delay", "must be more than zero and at most 10m; a pause between requests is never left out"
        if not timedelta(0) < self.timeout <= timedelta(minutes=10):
            yield "timeout", "must be more than zero and at most 10m"
        if not 0 < self.max_bytes <= MAX_BODY:
            yield "max_bytes", f"must be between 1 and {MAX_BODY}"
        if not 0 <= self.max_redirects <= 20:
            yield "max_redirects", "must be between 0 and 20"
        if not 1 <= self.concurrency_per_host <= 8:
            yield "concurrency_per_host", "must be between 1 and 8; one is polite"
        for name in ("user_agent", "contact"):
            if (value := getattr(self, name)) is not None and (not value.strip() or not _header_safe(value)):
                yield name, "must be printable ASCII in one line; it is sent in a header"
        for position, host in enumerate(self.allow_hosts):
            if not ALLOWED_HOST.match(host):
                yield (
                    f"allow_hosts[{position}]",
                    f"{host!r} is no host or host:port; write it in lower case, without a scheme",
                )
        for host, place in self.hosts.items():
            if not ALLOWED_HOST.match(host):
                yield f"hosts.{host}", "is no host or host:port; write it in lower case, without a scheme"
            if not _is_place(place):
                yield f"hosts.{host}", f"{place!r} is no address or address:port"


def _is_place(text: str) -> bool:
    found = LIVES_AT.match(text)
    try:
        return bool(found and ip_address(found.group(1) or found.group(2)))
    except ValueError:
        return False


def _header_safe(value: str) -> bool:
    return value.isascii() and value.isprintable()
