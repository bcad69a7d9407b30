"""The one spider: every host has its queue, every ask ends in one record.

queue of a host ─ next ask ─▶ robots · guard · request ─▶ answer ─ redirect? ─▶ request …
                                                        └ verdict ─▶ ledger ─▶ sink, then the next ask

A host's asks go one after the other, so that what is learned on the way (it does not answer, it asks to come later)
holds for the rest of its queue at once, without a packet and without waiting.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.fetch import browser
from crawler.fetch.attempt import Attempt, accept_language, host_of
from crawler.fetch.encoding import decoded
from crawler.fetch.faults import Fault, Stopped, fault_of
from crawler.fetch.ledger import Ledger
from crawler.fetch.pace import Pace
from crawler.fetch.render import Page, Renderer, no_browser
from crawler.fetch.robots import Robots, site_of
from crawler.fetch.verdict import LONGEST_REFUSAL, REDIRECTS, Verdict, judge, media_type
from storage.records import Outcome, Reason

logger = logging.getLogger(__name__)

MOST_TROUBLE = 3
"""Asks of one host in a row that broke off or timed out before the rest of its queue is given up."""

WHOLE_HOST = ""


@dataclass(slots=True)
class Queue:
    """The asks of one host."""

    waiting: deque[Attempt] = field(default_factory=deque)
    trouble: int = 0
    """Asks in a row that broke off or timed out."""
    closed: dict[str, Verdict] = field(default_factory=dict)
    """What became of a site (scheme, host and port) in this crawl, or of the whole host under WHOLE_HOST."""

    def verdict(self, attempt: Attempt) -> Verdict | None:
        """What an ask comes to without being asked; None: it may be asked."""
        return self.closed.get(WHOLE_HOST) or self.closed.get(site_of(attempt.errand.asked.url))


class AskSpider(Spider):
    """Asks what the ledger holds."""

    name = "asks"

    def __init__(self, ledger: Ledger, **more: Any) -> None:
        super().__init__(**more)
        self.ledger = ledger
        self.renderer = Renderer()
        self.queues: dict[str, Queue] = {}
        self.pace = Pace(max(errand.options.delay for errand in ledger.errands).total_seconds())
        for errand in ledger.errands:
            attempt = Attempt(errand)
            self.queues.setdefault(attempt.home, Queue()).waiting.append(attempt)
            self.pace.declare(attempt.home, errand.options.delay.total_seconds(), errand.options.concurrency_per_host)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **more: Any) -> AskSpider:
        """Build it for a crawl."""
        spider = super().from_crawler(crawler, *args, **more)
        spider.pace.attach(crawler)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Begin with as many asks of each host as it may be asked at once."""
        for host in list(self.queues):
            for _ in range(self.pace.of(host).concurrency):
                for request in self._next(host):
                    yield request

    def _next(self, host: str) -> Iterator[Request]:
        """Take the next ask of a host that needs a request; those that need none end here."""
        queue = self.queues[host]
        while queue.waiting and not self.ledger.stopped:
            attempt = queue.waiting.popleft()
            attempt.started_at = attempt.started_at or self.ledger.clock()
            if (verdict := queue.verdict(attempt)) is not None:
                self.ledger.record(attempt, verdict)
                continue
            try:
                yield self._request(attempt)
            except Stopped as stopped:
                self.ledger.record(attempt, Verdict.of(stopped.fault))
                continue
            return

    def _request(self, attempt: Attempt) -> Request:
        if attempt.errand.options.render and (why := browser.missing()) is not None:
            raise Stopped(no_browser(why))
        request = attempt.request()
        request.meta["slower"] = self.pace.slower
        return request.replace(callback=self.answered, errback=self.unanswered)

    async def answered(self, response: Response) -> AsyncIterator[Request]:
        """Take an answer: follow a redirect, or record and go on; a page made by script is rendered first."""
        attempt: Attempt = response.meta["attempt"]
        home, queue = attempt.home, self.queues[attempt.home]
        if host_of(response.url) == home:
            queue.trouble = 0
        try:
            if response.status in REDIRECTS and "Location" in response.headers:
                attempt.redirected(response)
                yield self._request(attempt)
                return
            verdict, body = self._judged(attempt, response)
            rendered = body is not None and attempt.errand.options.render and _is_html(response)
            if rendered:
                verdict, response, body = await self._rendered(attempt, response, body)
                rendered = body is not None
        except Exception as error:  # a defect costs one ask, not the queue behind it
            for request in self._failed(attempt, fault_of(error), response.url):
                yield request
            return
        if verdict.outcome is Outcome.LIMITED and host_of(response.url) == home:
            queue.closed[WHOLE_HOST] = replace(verdict, detail=f"not asked, as its host said: {verdict.detail}")
        if not (verdict.passing and self._once_more(attempt, queue, last=True)):
            self.ledger.record(attempt, verdict, response, body, rendered=rendered)
        for request in self._next(home):
            yield request

    async def _rendered(
        self, attempt: Attempt, response: Response, body: bytes
    ) -> tuple[Verdict, Response, bytes | None]:
        """Have the browser make the page; raises Stopped."""
        page = Page(
            url=response.url,
            status=response.status,
            headers=received(response),
            body=body,
            language=accept_language(attempt.errand.language),
        )
        robots = self.crawler.get_downloader_middleware(Robots)

        async def may_ask(url: str) -> str | None:
            behalf = response.request.replace(url=url)
            try:
                await robots.process_request(behalf)
            except Stopped as stopped:
                return stopped.fault.detail
            return None

        made = await self.renderer.render(page, attempt.errand.options, may_ask)
        response = response.replace(url=made.url, status=made.status)
        verdict = judge(made.status, (), conditional=False, now=self.ledger.clock())
        if verdict.outcome is not Outcome.CAPTURED:  # script led on to a document that is not there
            return replace(verdict, passing=False), response, None
        dom = made.dom if attempt.seal is None else attempt.seal.hide_in(made.dom)
        return replace(verdict, detail=made.detail), response, dom

    async def closed(self, reason: str) -> None:
        """Let the browser's driver go."""
        await self.renderer.close()

    def _judged(self, attempt: Attempt, response: Response) -> tuple[Verdict, bytes | None]:
        headers = received(response)
        encodings = ",".join(value for name, value in headers if name.lower() == "content-encoding")
        verdict = judge(
            response.status,
            headers,
            conditional=attempt.conditional,
            now=self.ledger.clock(),
            body=_refusal(response, encodings),
        )
        if verdict.outcome is not Outcome.CAPTURED:
            return verdict, None
        body = decoded(response.body, encodings, attempt.errand.options.max_bytes)
        return verdict, body if attempt.seal is None else attempt.seal.hide_in(body)

    def unanswered(self, failure: Failure) -> Iterator[Request]:
        """Take the failure of a request."""
        request: Request = failure.request
        yield from self._failed(request.meta["attempt"], fault_of(failure.value), request.url)

    def _failed(self, attempt: Attempt, fault: Fault, url: str) -> Iterator[Request]:
        queue = self.queues[attempt.home]
        if fault.reason is Reason.OTHER:
            logger.warning("asking %s: %s", url, attempt.hide(fault.detail))
        if host_of(url) == attempt.home:
            self._close(queue, attempt, fault, site_of(url))
        if fault.passing and self._once_more(attempt, queue, last=not fault.unreached):
            yield from self._next(attempt.home)
            return
        if fault.outcome in (Outcome.REFUSED, Outcome.FAILED):
            fault = replace(fault, detail=attempt.led + fault.detail)
        self.ledger.record(attempt, Verdict.of(fault))
        yield from self._next(attempt.home)

    def _close(self, queue: Queue, attempt: Attempt, fault: Fault, site: str) -> None:
        """Close a host whose name leads nowhere, or a site that cannot be reached or keeps breaking off."""
        queue.trouble += fault.outcome is Outcome.FAILED and fault.passing and not fault.unreached
        unreached = fault.unreached and (attempt.again or not fault.passing)
        if fault.reason is Reason.NAME:
            site = WHOLE_HOST
        elif not unreached and queue.trouble < MOST_TROUBLE:
            return
        queue.closed[site] = replace(Verdict.of(fault), detail=f"not asked, as before at this host: {fault.detail}")

    def _once_more(self, attempt: Attempt, queue: Queue, *, last: bool) -> bool:
        """Put an attempt back for its second try; False: it has had it."""
        if attempt.again or queue.verdict(attempt) is not None:
            return False
        attempt.again = True
        attempt.begin()
        # a host that could not be reached is tried again before its other asks are, and speaks for them
        (queue.waiting.append if last else queue.waiting.appendleft)(attempt)
        return True


def _refusal(response: Response, encodings: str) -> bytes:
    """The words of a 403; b'' where there are none to be read."""
    try:
        return decoded(response.body, encodings, LONGEST_REFUSAL) if response.status == 403 else b""
    except ValueError:
        return b""


def _is_html(response: Response) -> bool:
    """Whether an answer is a page that a browser can make more of; feeds, files and data are taken as they are."""
    said = media_type({name.lower(): value for name, value in received(response)}.get("content-type"))
    return said in (None, "text/html", "application/xhtml+xml")


def received(response: Response) -> tuple[tuple[str, str], ...]:
    """Give the headers of an answer as they came."""
    raw = response.meta.get("received_headers") or []
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)
