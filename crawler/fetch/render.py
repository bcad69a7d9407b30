"""Pages whose text is made by script: rendered by this machine's browser, one at a time, each in a browser of its own.

answer as captured ─▶ browser: the page itself is that answer, all else by the guarded proxy ─▶ DOM once it is quiet

The page is asked by the crawl as any other is (robots.txt, guard, pace, redirects, status), once; the browser is given
that answer and does not ask for it again. What is not needed for text (pictures, sound, fonts) is not asked for. A page
that never comes to rest is taken as it is after a while; one that eats time, memory or bytes is ended and is a failure.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urlsplit

from twisted.internet.defer import ensureDeferred

from crawler.fetch import browser, dom
from crawler.fetch.connect import GuardedEndpoint
from crawler.fetch.faults import Fault, Stopped
from crawler.fetch.guard import Address, Gate
from crawler.fetch.options import FetchOptions
from crawler.fetch.proxy import Proxy
from storage.records import Outcome, Reason

MOST_REQUESTS = 150
MOST_MOVES = 5
"""Documents that a page may lead its main frame to."""
MOST_MEMORY = 1536 * 1024 * 1024
SETTLE = 15.0
"""Seconds after which a page that still stirs is taken as it is."""
QUIET = 0.5
"""Seconds without a request and without a change of the DOM: the page has come to rest."""
LOOK = 0.25
TRIES = 4
"""Times that the DOM is asked for, where documents follow each other."""
START = 30.0
"""Seconds for the browser to start, on a busy machine."""
PASSED = ("PATH", "LANG", "LC_ALL", "TZ", "FONTCONFIG_PATH")
HOMES = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
LONGEST_PROFILE = 50
"""Characters of a profile's path that leave room for the sockets that Chromium makes in its temporary folder."""
UNNEEDED = frozenset({"image", "media", "font"})
DROPPED = frozenset(
    "connection content-encoding content-length keep-alive transfer-encoding alt-svc trailer upgrade".split()  # noqa: SIM905
)
"""Headers of the answer that do not hold for the body as we hand it on."""

MayAsk = Callable[[str], Awaitable[str | None]]
"""Says why a page's further document may not be asked (robots.txt); None: it may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An answer to be rendered."""

    url: str
    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    language: str
    """Accept-Language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What became of it."""

    url: str
    """Of the document that the main frame shows in the end."""
    status: int
    dom: bytes
    """UTF-8."""
    detail: str
    """For a person: what the page asked for, and what was refused."""


class Renderer:
    """Renders pages, one at a time."""

    def __init__(self) -> None:
        self._one = asyncio.Lock()
        self._driver: Any = None

    async def render(self, page: Page, options: FetchOptions, may_ask: MayAsk) -> Rendered:
        """Render one page. Raises Stopped with the fault."""
        if (why := browser.missing()) is not None:
            raise Stopped(no_browser(why))
        async with self._one:
            profile = browser.profile()
            try:
                return await self._render(page, options, may_ask, profile)
            finally:
                await asyncio.get_running_loop().run_in_executor(None, browser.end, profile)

    async def close(self) -> None:
        """Let the driver go."""
        driver, self._driver = self._driver, None
        if driver is not None:
            with suppress(Exception):
                await asyncio.wait_for(driver.stop(), 10)

    async def _render(self, page: Page, options: FetchOptions, may_ask: MayAsk, profile: str) -> Rendered:
        from playwright.async_api import Error

        gate = Gate.of(options.allow_hosts, options.hosts)
        async with Proxy(_admit(gate), most_bytes=options.max_bytes, allow_http=options.allow_http) as proxy:
            visit = Visit(page, options, may_ask, proxy, profile)
            watch = asyncio.ensure_future(visit.watch())
            context = None
            try:
                context = await self._launch(page, options, proxy, profile)
                return await asyncio.wait_for(visit.see(context), options.timeout.total_seconds())
            except (TimeoutError, Error) as error:
                raise Stopped(visit.fault(error)) from None
            finally:
                watch.cancel()
                proxy.end()
                if context is not None:
                    with suppress(Exception):
                        await asyncio.wait_for(context.close(), 2)

    async def _launch(self, page: Page, options: FetchOptions, proxy: Proxy, profile: str) -> Any:
        from playwright.async_api import Error, async_playwright

        sandboxed = browser.sandboxed()
        try:
            if self._driver is None:
                self._driver = await asyncio.wait_for(async_playwright().start(), START)
            return await self._driver.chromium.launch_persistent_context(
                profile,
                executable_path=browser.executable(),
                headless=True,
                chromium_sandbox=sandboxed,
                args=[*browser.FLAGS, *([] if sandboxed else ["--no-sandbox"])],
                proxy={"server": f"http://127.0.0.1:{proxy.port}", "bypass": "<-loopback>"},
                user_agent=options.agent,
                extra_http_headers={"Accept-Language": page.language},
                accept_downloads=False,
                service_workers="block",
                permissions=[],
                viewport={"width": 1280, "height": 2400},
                env=_environment(profile),
                timeout=START * 1000,
            )
        except (TimeoutError, Error, OSError) as error:
            await self.close()
            detail = f"the browser did not start: {_worded(error)}"
            raise Stopped(Fault(outcome=Outcome.FAILED, reason=Reason.NO_BROWSER, detail=detail[:300])) from None


class Visit:
    """One page in its browser."""

    def __init__(self, page: Page, options: FetchOptions, may_ask: MayAsk, proxy: Proxy, profile: str) -> None:
        self.page, self.options, self.may_ask, self.proxy, self.profile = page, options, may_ask, proxy, profile
        self.requests = 0
        self.moves = 0
        self.given = False
        """The answer has been handed to the browser."""
        self.came = self.shown = (page.url, page.status)
        """Address and status of the document that came last for the main frame, and of the one that it shows."""
        self.let: set[str] = {page.url}
        """Addresses of documents that may be asked."""
        self.pending: set[Any] = set()
        self.notes: list[str] = []
        self.bloated = self.crashed = False

    async def see(self, context: Any) -> Rendered:
        """Load the page, wait until it rests, take its DOM."""
        tab = context.pages[0] if context.pages else await context.new_page()
        self.tab = tab
        await context.route("**/*", self._route)
        context.on("page", lambda popup: _soon(_closed(popup)))
        context.on("request", lambda request: self.proxy.hear(request.url))
        tab.on("request", lambda request: self.pending.add(request))
        for end in ("requestfinished", "requestfailed"):
            tab.on(end, lambda request: self.pending.discard(request))
        tab.on("dialog", lambda dialog: _soon(_dismissed(dialog)))
        tab.on("crash", self._crash)
        tab.on("response", self._note_response)
        tab.on("domcontentloaded", self._note_shown)
        session = await context.new_cdp_session(tab)
        # Playwright tells of a socket when it is connected, which is too late here
        session.on("Network.webSocketCreated", lambda told: self.proxy.hear(told["url"]))
        await session.send("Network.enable")
        await self._begin(tab)
        await self._rest(session)
        return await self._taken(session)

    async def _begin(self, tab: Any) -> None:
        """Hand the page to the browser; script that leads on before we hear of it has had the page all the same."""
        from playwright.async_api import Error

        try:
            await tab.goto(self.page.url, wait_until="commit", timeout=self.options.timeout.total_seconds() * 1000)
        except Error as error:
            if not self.given or not re.search(r"interrupted by another navigation|ERR_ABORTED", str(error)):
                raise

    def _crash(self, _tab: Any) -> None:
        # nothing that is being waited for will come any more
        self.crashed = True
        browser.kill(self.profile)

    def _note_response(self, response: Any) -> None:
        with suppress(Exception):  # a request of a frame that is gone has no frame
            if self._is_move(response.request):
                self.came = (response.url, response.status)

    def _note_shown(self, _tab: Any) -> None:
        self.shown = self.came

    async def _route(self, route: Any) -> None:
        """Decide on one request of the page."""
        request = route.request
        with suppress(Exception):  # the page may be gone by the time of the decision
            if (why := await self._objection(request)) is not None:
                self._note(why)
                if self._is_move(request):
                    await route.fulfill(status=204)  # the frame stays where it is; an abort shows an error page
                else:
                    await route.abort("blockedbyclient")
            elif not self.given and self._is_move(request):
                self.given = True
                await route.fulfill(status=self.page.status, headers=_headers(self.page), body=self.page.body)
            else:
                await route.continue_()

    def _is_move(self, request: Any) -> bool:
        return request.is_navigation_request() and request.frame == self.tab.main_frame

    async def _objection(self, request: Any) -> str | None:
        """Why a request is not let out; '': for reasons not worth a word; None: it is."""
        self.requests += 1
        self.proxy.hear(request.url)
        if not self.given and request.is_navigation_request():
            return None
        scheme = urlsplit(request.url).scheme
        if scheme not in ("http", "https", "data", "blob"):
            return f"scheme {scheme} is not asked"
        if request.resource_type in UNNEEDED:
            return ""
        if self.requests > MOST_REQUESTS:
            return f"more than {MOST_REQUESTS} requests"
        if self.proxy.spent:
            return ""
        if not self._is_move(request):
            return await self._frame_objection(request)
        self.moves += 1
        if self.moves > MOST_MOVES:
            return f"script leads on more than {MOST_MOVES} times"
        if scheme not in ("http", "https"):
            return f"scheme {scheme} is not asked"
        if (why := await self.may_ask(request.url)) is not None:
            return why
        self.let.add(request.url)
        return None

    async def _frame_objection(self, request: Any) -> str | None:
        """Why a frame may not load; a document of this host is read with the page, and so robots.txt has its say."""
        if not request.is_navigation_request() or urlsplit(request.url).netloc != urlsplit(self.page.url).netloc:
            return None
        return await self.may_ask(request.url)

    def _note(self, why: str) -> None:
        if why and why not in self.notes and len(self.notes) < 5:
            self.notes.append(why)

    async def _rest(self, session: Any) -> None:
        """Wait until nothing is under way and the DOM stands still, or for as long as we are ready to."""
        loop = asyncio.get_running_loop()
        end = loop.time() + min(SETTLE, self.options.timeout.total_seconds() * 0.6)
        size, since = -1, loop.time()
        while loop.time() < end:
            await asyncio.sleep(LOOK)
            if self.requests > MOST_REQUESTS:
                return
            now = int(await self._evaluated(session, dom.STIRS) or 0)
            if now != size or self.pending:
                size, since = now, loop.time()
            elif loop.time() - since >= QUIET:
                return
        self._note("taken before it came to rest")

    async def _taken(self, session: Any) -> Rendered:
        most = self.options.max_bytes
        told = None
        for _ in range(TRIES):
            # None while one document gives way to another
            if (told := await self._evaluated(session, dom.taken(most))) is not None:
                break
            await asyncio.sleep(LOOK)
        length, markup = json.loads(told or '[0, ""]')
        body = b"<!DOCTYPE html>\n" + str(markup).encode("utf-8", "replace")
        await self._check_shown(session)
        if length > most or len(body) > most:
            raise Stopped(_too_large(f"the page made by script is larger than {most} bytes"))
        said = [f"rendered, requests: {self.requests}", *self.notes, *self.proxy.refused]
        url, status = self.shown
        return Rendered(url=urldefrag(url).url, status=status, dom=body, detail="; ".join(said)[:300])

    async def _check_shown(self, session: Any) -> None:
        """Raise Stopped when the frame shows what is not the page's: an error of the browser, a forbidden place."""
        if self.proxy.spent:
            raise Stopped(_too_large(f"the page took more than {self.options.max_bytes} bytes"))
        tree = await session.send("Page.getFrameTree")
        if (lost := tree["frameTree"]["frame"].get("unreachableUrl")) is not None:
            detail = f"script led to {lost[:120]}, which could not be reached"
            raise Stopped(Fault(outcome=Outcome.FAILED, reason=Reason.CONNECTION, detail=detail))
        url, _ = self.shown
        # a redirect on the way of a document that script led to
        if url not in self.let and (why := await self.may_ask(url)) is not None:
            raise Stopped(
                Fault(outcome=Outcome.DISALLOWED, reason=Reason.ROBOTS, detail=f"script led here: {why}"[:300])
            )

    async def _evaluated(self, session: Any, expression: str) -> Any:
        """Evaluate in a world of ours, where the page's script cannot reach; None while a document is being changed."""
        from playwright.async_api import Error

        try:
            tree = await session.send("Page.getFrameTree")
            frame = tree["frameTree"]["frame"]["id"]
            world = await session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "cruxwatch"})
            told = await session.send(
                "Runtime.evaluate",
                {"expression": expression, "contextId": world["executionContextId"], "returnByValue": True},
            )
        except Error as error:
            said = str(error).lower()
            if ("context" in said or "no frame" in said) and "closed" not in said:
                return None
            raise
        return told.get("result", {}).get("value")

    async def watch(self) -> None:
        """End the browser when it takes too much."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(0.5)
            if self.proxy.spent or await loop.run_in_executor(None, browser.memory, self.profile) > MOST_MEMORY:
                self.bloated = not self.proxy.spent
                browser.kill(self.profile)
                return

    def fault(self, error: Exception) -> Fault:
        """What it means that the page could not be rendered."""
        if self.proxy.spent:
            return _too_large(f"the page took more than {self.options.max_bytes} bytes")
        if self.bloated:
            return _too_large(f"the page took more than {MOST_MEMORY >> 20} MiB of memory")
        if isinstance(error, TimeoutError) or type(error).__name__ == "TimeoutError":
            detail = f"the page was not rendered within {self.options.timeout.total_seconds():g} seconds"
            return Fault(outcome=Outcome.FAILED, reason=Reason.TIMEOUT, detail=detail)
        what = "the browser crashed" if self.crashed or "closed" in str(error) else _worded(error)
        return Fault(outcome=Outcome.FAILED, reason=Reason.OTHER, detail=f"not rendered: {what}"[:300])


def no_browser(why: str) -> Fault:
    """The fault of a machine that cannot render."""
    return Fault(outcome=Outcome.FAILED, reason=Reason.NO_BROWSER, detail=why)


def _too_large(detail: str) -> Fault:
    return Fault(outcome=Outcome.FAILED, reason=Reason.TOO_LARGE, detail=detail)


def _admit(gate: Gate) -> Callable[[str, int], Awaitable[list[tuple[Address, int]]]]:
    """Resolve and judge exactly as the crawl does where it connects."""

    async def admit(host: str, port: int) -> list[tuple[Address, int]]:
        from twisted.internet import reactor

        endpoint = GuardedEndpoint(reactor, gate, host, port, 1.0)
        return await ensureDeferred(endpoint.admitted()).asFuture(asyncio.get_running_loop())

    return admit


def _headers(page: Page) -> dict[str, str]:
    """Headers of the answer for the browser; those that repeat are joined as the browser's protocol wants it."""
    out: dict[str, str] = {}
    for name, value in page.headers:
        key = name.lower()
        if key not in DROPPED:
            joint = "\n" if key == "set-cookie" else ", "
            out[key] = f"{out[key]}{joint}{value}" if key in out else value
    return out


def _environment(profile: str) -> dict[str, str]:
    """What the browser gets of ours: no keys; what it leaves behind goes with its profile."""
    temporary = profile if len(profile) <= LONGEST_PROFILE else tempfile.gettempdir()
    passed = {name: os.environ[name] for name in PASSED if name in os.environ}
    return passed | dict.fromkeys(HOMES, profile) | {"TMPDIR": temporary}


def _soon(task: Awaitable[None]) -> None:
    running = asyncio.ensure_future(task)
    _RUNNING.add(running)
    running.add_done_callback(_RUNNING.discard)


_RUNNING: set[asyncio.Future] = set()
"""Held so that they are not collected before they are done."""


async def _closed(popup: Any) -> None:
    with suppress(Exception):
        await popup.close()


async def _dismissed(dialog: Any) -> None:
    with suppress(Exception):
        await dialog.dismiss()


def _worded(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join((lines or [type(error).__name__])[0].split())
