"""How fast each host is asked: never faster than declared, slower when it is slow or asks for it.

Scrapy keeps a slot per host and ignores its concurrency limit at a delay of zero (2.14 to 2.19), so the delay is above
zero always. Its AutoThrottle is not used because it starts from one delay for all hosts and may go below ours.
"""

from __future__ import annotations

from dataclasses import dataclass

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

SLOWEST = 30.0
"""Seconds between requests that slowness alone may lead to."""


@dataclass(slots=True)
class HostPace:
    """The pace of one host."""

    floor: float
    """Seconds; what the catalogue and robots.txt ask for."""
    delay: float
    concurrency: int


class Pace:
    """Sets the delay and the concurrency of Scrapy's slots."""

    def __init__(self, default: float) -> None:
        self.default = default
        self.hosts: dict[str, HostPace] = {}

    def declare(self, host: str, delay: float, concurrency: int) -> None:
        """Note what a source asks for; where several share a host the slowest counts."""
        known = self.hosts.get(host)
        if known is None:
            self.hosts[host] = HostPace(floor=delay, delay=delay, concurrency=concurrency)
        else:
            self.slower(host, delay)
            known.concurrency = min(known.concurrency, concurrency)

    def slower(self, host: str, delay: float) -> None:
        """Let at least `delay` seconds pass between requests to this host."""
        pace = self.of(host)
        pace.floor = max(pace.floor, delay)
        pace.delay = max(pace.delay, delay)

    def of(self, host: str) -> HostPace:
        """The pace of a host; one reached by redirects alone gets the default."""
        if host not in self.hosts:
            self.hosts[host] = HostPace(floor=self.default, delay=self.default, concurrency=1)
        return self.hosts[host]

    def attach(self, crawler: Crawler) -> None:
        """Follow a crawl."""
        self._crawler = crawler
        crawler.signals.connect(self._before, signals.request_reached_downloader)
        crawler.signals.connect(self._after, signals.response_downloaded)

    def _before(self, request: Request) -> None:
        # slots are forgotten after a minute of idleness, so they are told anew each time
        slot = self._crawler.engine.downloader.slots.get(request.meta["download_slot"])
        if slot is not None:
            pace = self.of(request.meta["download_slot"])
            slot.delay, slot.concurrency, slot.jitter = pace.delay, pace.concurrency, 0.0

    def _after(self, request: Request, response: Response) -> None:
        pace = self.of(request.meta["download_slot"])
        latency = request.meta.get("download_latency", 0.0) / pace.concurrency
        # as AutoThrottle: towards as many in flight as allowed; errors come fast and must not speed us up
        wanted = (pace.delay + latency) / 2 if response.status == 200 else max(pace.delay, latency)
        pace.delay = max(pace.floor, min(wanted, SLOWEST))
        self._before(request)
