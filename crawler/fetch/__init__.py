"""How sources are asked: one Scrapy crawl; each attempt ends as a Fetch, each answer as a Capture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from crawler.fetch.backoff import next_ask
from crawler.fetch.errand import Errand
from crawler.fetch.options import FetchOptions
from crawler.fetch.trust import settle
from storage.records import Ask, Capture, Fetch

Sink = Callable[[Fetch, Capture | None, bytes | None, Ask], None]
"""Takes one attempt, its capture and body if there is one, and the ask as it is now."""
Progress = Callable[[int, int, str, str], None]
"""Told (done, total, source id, outcome) after each attempt."""


def crawl(
    errands: Sequence[Errand],
    *,
    sink: Sink,
    clock: Callable[[], datetime],
    progress: Progress | None = None,
) -> None:
    """Ask every errand once; each attempt ends in one call of `sink`.

    Starts Twisted's reactor, which a process can do once: call it in a process of its own. On SIGTERM and SIGINT it
    ends at once; what was in flight is not recorded and stays due. What `sink` raises ends the crawl and is raised.
    """
    # Scrapy takes most of a second to import, and most commands do not crawl
    from crawler.fetch.engine import run

    settle()
    run(errands, sink=sink, clock=clock, progress=progress)


__all__ = ["Errand", "FetchOptions", "Progress", "Sink", "crawl", "next_ask"]
