"""One crawl from start to end: Scrapy's process around one spider."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from crawler.fetch import Progress, Sink
from crawler.fetch.errand import Errand
from crawler.fetch.ledger import Ledger
from crawler.fetch.seal import quiet
from crawler.fetch.settings import settings
from crawler.fetch.spider import AskSpider


def run(
    errands: Sequence[Errand], *, sink: Sink, clock: Callable[[], datetime], progress: Progress | None = None
) -> None:
    """Ask every errand; see `crawler.fetch.crawl`."""
    if not errands:
        return
    quiet(errands)
    ledger = Ledger(errands, sink=sink, clock=clock, progress=progress)
    slowest = max(errand.options.delay for errand in errands).total_seconds()
    process = AsyncCrawlerProcess(Settings(settings(slowest)))
    from twisted.internet import reactor

    # a name that is being looked up when we are told to stop must not hold up our end
    reactor.getThreadPool().threadFactory = partial(threading.Thread, daemon=True)
    # crash: the loop ends now; a graceful stop would wait for answers that nobody records any more
    ledger.stop = lambda: reactor.callLater(0, reactor.crash)
    told: list[int] = []

    def stop(number: int, _frame: object) -> None:
        told.append(number)
        reactor.callFromThread(reactor.crash)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        process.crawl(AskSpider, ledger=ledger)
        process.start(install_signal_handlers=False)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if ledger.broken is not None:
        raise ledger.broken
    if told:
        raise SystemExit(128 + told[0])
    if ledger.done != len(errands):
        raise RuntimeError(
            f"{len(errands) - ledger.done} of {len(errands)} asks came to nothing: a defect of the crawl"
        )
