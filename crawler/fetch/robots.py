"""robots.txt per RFC 9309: asked once per crawl and site, by the same guarded downloader as everything else.

| what came of /robots.txt                    | what becomes of the site's asks                        |
|---------------------------------------------|--------------------------------------------------------|
| 2xx                                         | its rules hold: longest match, our product token or *  |
| 4xx, more than five redirects               | unavailable: everything may be asked (2.3.1.3)         |
| 5xx, 429, broken off, too slow, undecodable | unreachable: nothing may be asked (2.3.1.4)            |
| no name, no connection, bad certificate     | they failed for that reason: it says more than "no"    |
| an address that is not public               | they are refused                                       |
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.fetch.encoding import ACCEPTED, decoded
from crawler.fetch.faults import Fault, Stopped, fault_of
from crawler.fetch.guard import Gate
from storage.records import Outcome, Reason

READ = 500 * 1024
"""Bytes of robots.txt that count (2.5: at least 500 KiB)."""
MOST = 5 * 1024 * 1024
HOPS = 5
"""Redirects followed (2.3.1.2)."""
LONGEST_DELAY = 60.0
"""Seconds; a Crawl-delay beyond this is taken for this."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a site lets robots do."""

    parsed: Protego | None = None
    """None: everything may be asked, or `fault` says why nothing."""
    fault: Fault | None = None


EVERYTHING = Rules()


def site_of(url: str) -> str:
    """Name the site that a robots.txt speaks for: scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def product(agent: str) -> str:
    """Give the product token of a User-Agent: what groups of robots.txt are named by."""
    return agent.split("/", 1)[0].split(maxsplit=1)[0].lower()


def unreachable(detail: str, *, passing: bool = True) -> Rules:
    """RFC 9309, 2.3.1.4: what cannot be reached must be taken for a complete disallow."""
    fault = Fault(
        outcome=Outcome.DISALLOWED,
        reason=Reason.ROBOTS_UNREACHABLE,
        detail=f"robots.txt: {detail}",
        passing=passing,
    )
    return Rules(fault=fault)


class Robots:
    """Downloader middleware: lets a request pass, or raises Stopped."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.sites: dict[tuple[str, Gate], asyncio.Future[Rules]] = {}
        self.again: set[tuple[str, Gate]] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Robots:
        """Build it for a crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Hold a request until its site's rules are known."""
        if request.meta.get("is_robots") or request.meta.get("by_terms"):
            return
        site, agent = site_of(request.url), request.headers["User-Agent"].decode()
        key = (site, request.meta["gate"])
        if request.meta.get("again") and key not in self.again and _passed(self.sites.get(key)):
            # the second try of an ask is a second try of its robots.txt, once
            self.again.add(key)
            del self.sites[key]
        if key not in self.sites:
            # asks of one site wait for the same answer
            self.sites[key] = asyncio.ensure_future(self._ask(site, request))
        rules = await asyncio.shield(self.sites[key])
        if rules.fault is not None:
            raise Stopped(rules.fault)
        if rules.parsed is None:
            return
        token = product(agent)
        delay = rules.parsed.crawl_delay(token)
        if delay:
            slower: Callable[[str, float], None] = request.meta["slower"]
            slower(urlsplit(request.url).hostname or "", min(float(delay), LONGEST_DELAY))
        if not rules.parsed.can_fetch(request.url, token):
            detail = f"{site}/robots.txt does not let {token} ask {urlsplit(request.url).path or '/'}"[:300]
            raise Stopped(Fault(outcome=Outcome.DISALLOWED, reason=Reason.ROBOTS, detail=detail))

    async def _ask(self, site: str, behalf: Request) -> Rules:
        url = f"{site}/robots.txt"
        for _ in range(HOPS + 1):
            meta = {name: behalf.meta[name] for name in ("gate", "download_timeout", "slower")}
            meta |= {"is_robots": True, "download_maxsize": MOST, "download_slot": urlsplit(url).hostname or ""}
            headers = {"User-Agent": behalf.headers["User-Agent"], "Accept-Encoding": ACCEPTED}
            try:
                response = await self.crawler.engine.download_async(Request(url, headers=headers, meta=meta))
            except Exception as error:  # whatever it was, the asks that wait for it must hear of it
                fault = fault_of(error)
                if fault.unreached or fault.outcome is Outcome.REFUSED:
                    return Rules(fault=fault)
                return unreachable(fault.detail)
            if response.status not in (301, 302, 303, 307, 308) or "Location" not in response.headers:
                return _rules(response)
            url = urljoin(url, response.headers["Location"].decode("latin-1").strip())
            if urlsplit(url).scheme not in ("http", "https") or "\\" in url:
                return EVERYTHING
        return EVERYTHING


def _passed(asked: asyncio.Future[Rules] | None) -> bool:
    """Whether an answer is there, and is a fault that may have passed by now."""
    if asked is None or not asked.done() or asked.cancelled() or asked.exception() is not None:
        return False
    fault = asked.result().fault
    return fault is not None and fault.passing


def _rules(response: Response) -> Rules:
    if 200 <= response.status < 300:
        encodings = b",".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        try:
            body = decoded(response.body, encodings, MOST)
        except ValueError as error:
            return unreachable(str(error))
        return Rules(parsed=Protego.parse(body[:READ].decode("utf-8-sig", "replace")))
    # 429 is a 4xx by number, but a server too busy for robots.txt is too busy for us; asked to wait, we do not retry
    if 400 <= response.status < 500 and response.status != 429:
        return EVERYTHING
    wait = response.status == 429 or "Retry-After" in response.headers
    return unreachable(f"status {response.status}", passing=not wait)
