"""The record of a crawl: each attempt becomes a fetch, a capture where there is one, and its ask as it is now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from scrapy.http import Response

from crawler.fetch import Progress, Sink
from crawler.fetch.attempt import Attempt
from crawler.fetch.backoff import ONCE, next_ask
from crawler.fetch.conditional import usable
from crawler.fetch.errand import Errand
from crawler.fetch.verdict import Verdict, charset, kept, media_type
from storage.records import Capture, Fetch, Outcome, Reason


class Ledger:
    """What is to be asked, and how each attempt is recorded."""

    def __init__(
        self,
        errands: Sequence[Errand],
        *,
        sink: Sink,
        clock: Callable[[], datetime],
        progress: Progress | None,
    ) -> None:
        self.errands, self.clock = tuple(errands), clock
        self._sink, self._progress = sink, progress
        self.done = 0
        self.broken: Exception | None = None
        """What the sink raised; nothing is recorded after it."""
        self.stop: Callable[[], None] = lambda: None
        """Ends the crawl."""

    @property
    def stopped(self) -> bool:
        """Whether nothing more is to be asked."""
        return self.broken is not None

    def record(
        self,
        attempt: Attempt,
        verdict: Verdict,
        response: Response | None = None,
        body: bytes | None = None,
        *,
        rendered: bool = False,
    ) -> None:
        """Record one attempt; the crawl ends when that fails. `rendered`: the body is what a browser made."""
        if self.stopped:
            return
        try:
            self._record(attempt, verdict, response, body, rendered)
        except Exception as error:  # raised again where the crawl was called from
            self.broken = error
            self.stop()

    def _record(
        self, attempt: Attempt, verdict: Verdict, response: Response | None, body: bytes | None, rendered: bool
    ) -> None:
        at = self.clock()
        errand, ask = attempt.errand, attempt.errand.ask
        after = next_ask(ask, verdict.outcome, errand.interval, at, verdict.retry_at)
        if verdict.reason in (Reason.NO_KEY, Reason.NO_BROWSER):
            # nobody was asked, so nobody is to be spared: key or browser may be there tomorrow
            after = replace(after, due_at=at + (errand.interval or ONCE))
        capture = None if body is None or response is None else _capture(attempt, response, body, at, rendered)
        validators = errand.validators
        fetch = Fetch(
            ask_id=ask.id,
            source_id=ask.source_id,
            url=ask.url,
            final_url=None if response is None else attempt.final_url(response.url),
            redirects=tuple(attempt.redirects),
            started_at=attempt.started_at or at,
            finished_at=at,
            outcome=verdict.outcome,
            reason=verdict.reason,
            detail=attempt.hide(verdict.detail or (attempt.told if response is not None else None)),
            status=None if response is None else response.status,
            address=None if response is None or response.ip_address is None else str(response.ip_address),
            retry_at=verdict.retry_at if after.failures == 0 else after.due_at,
            capture_id=validators.capture_id if validators and verdict.outcome is Outcome.UNCHANGED else None,
        )
        self._sink(fetch, capture, body, after)
        self.done += 1
        if self._progress is not None:
            self._progress(self.done, len(self.errands), ask.source_id, verdict.outcome)


def _capture(attempt: Attempt, response: Response, body: bytes, at: datetime, rendered: bool) -> Capture:
    raw = response.meta.get("received_headers") or []
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)
    said = {name.lower(): value for name, value in headers}
    content_type = said.get("content-type")
    etag, modified = said.get("etag"), said.get("last-modified")
    ask = attempt.errand.ask
    return Capture(
        source_id=ask.source_id,
        ask_id=ask.id,
        url=ask.url,
        final_url=attempt.final_url(response.url),
        fetched_at=at,
        status=response.status,
        headers=kept(headers),
        # the headers are those of the page as it came; the DOM is ours, in UTF-8, and no server vouches for it
        media_type="text/html" if rendered else media_type(content_type),
        charset="utf-8" if rendered else charset(content_type),
        sha256=sha256(body).hexdigest(),
        size=len(body),
        etag=etag if usable(etag) and not rendered else None,
        last_modified=modified if usable(modified) and not rendered else None,
        rendered=rendered,
    )
