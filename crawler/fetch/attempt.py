"""One ask on its way: the requests that an attempt is made of."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode, urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response
from scrapy.http.cookies import CookieJar

from crawler.fetch.conditional import conditions
from crawler.fetch.encoding import ACCEPTED
from crawler.fetch.errand import Errand
from crawler.fetch.faults import Fault, Stopped
from crawler.fetch.guard import Gate
from crawler.fetch.robots import site_of
from crawler.fetch.seal import Seal
from crawler.fetch.verdict import status_line
from crawler.request import Request as Asked
from storage.records import Outcome, Reason

ACCEPT = (
    "text/html,application/xhtml+xml,application/atom+xml,application/rss+xml,application/feed+json;q=0.9,"
    "application/xml;q=0.9,application/json;q=0.8,*/*;q=0.7"
)
LANGUAGES = {
    "zh": "zh-CN,zh;q=0.9,en;q=0.5",
    "zh-hans": "zh-CN,zh;q=0.9,en;q=0.5",
    "zh-hant": "zh-TW,zh;q=0.9,en;q=0.5",
    "en": "en,zh;q=0.5",
}
NO_PREFERENCE = "en,zh-CN;q=0.9,zh;q=0.8,*;q=0.5"
LONGEST_URL = 4000
LONGEST_TOLD = 600
"""Characters of a request in the record of an attempt."""


class Attempt:
    """State of one errand while it is being asked."""

    __slots__ = (
        *("again", "errand", "gate", "home", "jar", "method", "redirects", "seal", "seen", "site", "started_at", "url"),
    )

    def __init__(self, errand: Errand) -> None:
        self.errand = errand
        self.gate = Gate.of(errand.options.allow_hosts, errand.options.hosts)
        self.home = home_of(errand.asked.url)
        """Host asked, in the form in which requests name it."""
        self.site: str | None = None
        """Scheme, host and port asked first."""
        self.seal: Seal | None = None
        self.started_at: datetime | None = None
        self.again = False
        self.begin()

    def begin(self) -> None:
        """Start from the address asked, with nothing remembered."""
        self.url: str | None = _with_contact(self.errand.asked, self.errand.options.contact)
        self.method = self.errand.asked.method
        self.redirects: list[tuple[int, str]] = []
        self.jar: CookieJar | None = None
        self.seen: set[tuple[str, str]] = set()

    @property
    def conditional(self) -> bool:
        """Whether validators go with the request."""
        return bool(self._conditions())

    def _conditions(self) -> dict[str, str]:
        asked = self.errand.asked
        # the page that script fills may be the same for ever: its validators say nothing of the text
        may = asked.method == "GET" and asked.conditional and not self.errand.options.render
        return conditions(self.errand.validators) if may else {}

    def request(self) -> Request:
        """Make the next request. Raises Stopped when its address is none that we ask, or its key is missing."""
        assert self.url is not None
        options, asked = self.errand.options, self.errand.asked
        body = asked.body if self.method == asked.method else None
        url = _checked(self.url, allow_http=options.allow_http)
        request = Request(url, method=self.method, body=body or "", dont_filter=True)
        request.headers.update(
            {
                "User-Agent": options.agent,
                "Accept": ACCEPT,
                "Accept-Encoding": ACCEPTED,
                "Accept-Language": accept_language(self.errand.language),
                **self._conditions(),
            }
        )
        if not self.redirects:
            self.site = site_of(request.url)
        at_home = site_of(request.url) == self.site
        if at_home:
            request.headers.update(dict(asked.headers))
        self.seal = Seal.of(asked.secret, options)
        if self.jar is not None:
            self.jar.add_cookie_header(request)
        request.meta.update(
            {
                "attempt": self,
                "gate": self.gate,
                "seal": self.seal,
                "by_terms": at_home and not asked.robots,
                "again": self.again,
                "download_timeout": options.timeout.total_seconds(),
                "download_maxsize": options.max_bytes,
                "download_slot": host_of(request.url),
            }
        )
        circle = (f"{self.method} {request.url}", request.headers.get("Cookie", b"").decode("latin-1"))
        if circle in self.seen:
            raise Stopped(_refusal(Reason.REDIRECTS, "redirects in a circle"))
        self.seen.add(circle)
        return request

    def redirected(self, response: Response) -> None:
        """Take a redirect: `url` is its target. Raises Stopped where it leads nowhere, or one too many."""
        location = _text(response.headers["Location"]).strip()
        try:
            target = urljoin(response.url, location)
        except ValueError:
            target = location
        self.redirects.append((response.status, target[:LONGEST_URL]))
        if len(self.redirects) > self.errand.options.max_redirects:
            raise Stopped(_refusal(Reason.REDIRECTS, f"more than {self.errand.options.max_redirects} redirects"))
        if response.headers.getlist("Set-Cookie"):
            # gatekeepers set a cookie and redirect to see it come back; it lives as long as this chain
            self.jar = self.jar or CookieJar()
            self.jar.extract_cookies(response, response.request)
        if self.method == "POST" and response.status not in (307, 308):
            self.method = "GET"  # as every browser does (RFC 9110, 15.4)
        self.url = target

    def hide(self, text: str | None) -> str | None:
        """Give a text for a record: without the key that went with the request."""
        return self.seal.hide(text) if self.seal is not None and text is not None else text

    def final_url(self, url: str) -> str:
        """Give the address of an answer for its record.

        A request that fills in a day goes to another address each time, which is no move of the document.
        """
        asked, ask = self.errand.asked, self.errand.ask
        return ask.url if (asked.contact or asked.url != ask.url) and not self.redirects else url

    @property
    def told(self) -> str | None:
        """What was asked, for a person, where the address of the ask does not say it."""
        asked, ask = self.errand.asked, self.errand.ask
        if asked.method == "GET" and asked.url == ask.url:
            return None
        return (f"asked by {asked.method} {asked.url}" + (f" with {asked.body}" if asked.body else ""))[:LONGEST_TOLD]

    @property
    def led(self) -> str:
        """How a redirect led here, for a person; '' when none did."""
        if not self.redirects:
            return ""
        return f"after {status_line(self.redirects[-1][0])}: "


def _with_contact(asked: Asked, contact: str | None) -> str:
    """Give the address to ask, with our contact in it where it has a place for it."""
    if not asked.contact or not contact:
        return asked.url
    return f"{asked.url}{'&' if '?' in asked.url else '?'}{urlencode({asked.contact: contact})}"


def host_of(url: str) -> str:
    """Name the host of an address; '' when it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def home_of(url: str) -> str:
    """Name the host of an address as its request will: names in other scripts in their ASCII form."""
    try:
        return host_of(Request(url).url)
    except ValueError:
        return ""


def _text(raw: bytes) -> str:
    """Read a Location: UTF-8 where it is, else with its bytes escaped as they are (GB18030 happens)."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in raw)


def accept_language(language: str | None) -> str:
    """Give an Accept-Language for a source declared to be in this language."""
    if language is None:
        return NO_PREFERENCE
    tag = language.lower()
    return LANGUAGES.get(tag) or LANGUAGES.get(tag.split("-", 1)[0]) or f"{language},en;q=0.5"


def _checked(url: str, *, allow_http: bool) -> str:
    """Give the address back if it is one that we ask; raises Stopped."""
    shown = "".join(sign if sign.isprintable() else "�" for sign in url[:200])
    # RFC 3986 has no backslash; some parsers read it as a slash, so that two of them see two hosts
    if "\\" in url or len(url) > LONGEST_URL:
        raise Stopped(_refusal(Reason.SCHEME, f"no usable address: {shown}"))
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.scheme not in ("http", "https"):
        raise Stopped(_refusal(Reason.SCHEME, f"not an http or https address: {shown}"))
    if parts.scheme == "http" and not allow_http:
        raise Stopped(_refusal(Reason.SCHEME, f"plain http is not allowed here: {shown}"))
    if "@" in parts.netloc:
        raise Stopped(_refusal(Reason.SCHEME, f"an address with a user name in it: {parts.hostname}"))
    return url


def _refusal(reason: Reason, detail: str) -> Fault:
    return Fault(outcome=Outcome.REFUSED, reason=reason, detail=detail)
