"""The invented website: what each host answers on each of the five days; pure, but for the count of visits.

A page is a file: `pages/HOST/PATH.html` is `http://HOST.localhost/PATH`, an index.html stands for its folder. Above
the first empty line it says what it is::

    site: Harbour Institute for Machine Prudence (invented)
    title: Leadership
    lang: en                # which frame it gets: frames/en.html, frames/zh.html, frames/zh-Hant.html
    days: 1,4-              # on which days it is there, else 404; left out: always
    challenge: 3-           # on which days a bot challenge is answered instead
    validators: yes         # ETag and Last-Modified, and 304 to who sends them back
    charset: gb18030        # left out: utf-8

Below it, a line that begins with `[3-]`, `[1,3,5]` or `[1-2]` is there on those days only, so that one file tells the
whole history of its page. `{{views}}`, `{{nonce}}`, `{{teaser}}` and the like change at every request: noise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from random import Random

DAYS = (1, 2, 3, 4, 5)
HOSTS = ("finance", "gazette", "institute", "lantern", "network", "notes", "registry", "shore", "tide")
"""Each is served as HOST.localhost: a name that RFC 6761 keeps for the machine itself."""
DOMAIN = ".localhost"
MARK = re.compile(r"^\[([0-9,-]+)\] ?")
PLACEHOLDER = re.compile(r"{{([a-z ]+)}}")
MEDIA = {
    ".html": "text/html",
    ".xml": "application/rss+xml",
    ".json": "application/feed+json",
    ".txt": "text/plain",
}
TEASERS = {
    "en": (
        "Ten walks along the invented coast",
        "Why the tide clock runs slow",
        "A short history of the third pier",
        "Recipes from the fish market",
        "The cat of the signal tower, in pictures",
        "What fog sounds like",
    ),
    "zh": ("海岸十条步道", "潮汐钟为什么走得慢", "第三码头小史", "鱼市食谱", "信号塔的猫", "雾的声音"),
}
CHALLENGE = """<!doctype html><html lang="en"><head><title>Just a moment...</title></head><body>
<p>Invented for the demonstration.</p><h1>Checking that you are human</h1><p>Enable JavaScript to continue.</p>
<script>window.token = "{nonce}";</script></body></html>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the site answers to one request."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Site:
    """The website on one of its days; `port` is part of the addresses it writes into its feeds."""

    port: int = 80
    day: int = 1
    visits: int = 0
    log: list[tuple[int, str, str, int]] = field(default_factory=list)
    """(day, host, path, status) of every request."""

    def answer(self, host: str, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Answer a request for a path of a host; header names in lower case."""
        self.visits += 1
        name = host.split(":")[0].removesuffix(DOMAIN)
        answer = self._answer(name, path.split("?")[0], headers or {})
        self.log.append((self.day, name, path, answer.status))
        return answer

    def _answer(self, host: str, path: str, headers: Mapping[str, str]) -> Answer:
        source, ending = self._source(host, path)
        if source is None:
            return _plain(404, "There is no such page on this invented site.\n")
        if ending != ".html":
            return Answer(status=200, body=self._filled(source, host, {}).encode(), headers=_typed(ending, "utf-8"))
        head, body = read_head(source)
        if not on(head.get("days", "1-"), self.day):
            return _plain(404, "This invented page is not here today.\n")
        if on(head.get("challenge", ""), self.day):
            page = CHALLENGE.format(nonce=self._noise()["nonce"])
            return Answer(status=403, body=page.encode(), headers=(*_typed(".html", "utf-8"), CHALLENGE_SIGN))
        if head.get("validators"):
            return self._validated(head, body, host, headers)
        return self._page(head, body, host)

    def _page(self, head: Mapping[str, str], body: str, host: str) -> Answer:
        charset = head.get("charset", "utf-8")
        frame = _file("frames", head["lang"] + ".html")
        assert frame is not None
        body = self._filled(body, host, head)
        page = self._filled(frame, host, {**head, "charset": charset, "body": body})
        return Answer(status=200, body=page.encode(charset), headers=_typed(".html", charset))

    def _validated(self, head: Mapping[str, str], body: str, host: str, headers: Mapping[str, str]) -> Answer:
        """A page that says by ETag whether it is still the same: its noise is no part of that."""
        etag = f'"{sha256(self._filled(body, host, head).encode()).hexdigest()[:16]}"'
        said = (("ETag", etag), ("Last-Modified", "Fri, 01 May 2026 08:00:00 GMT"))
        if etag in headers.get("if-none-match", ""):
            return Answer(status=304, headers=said)
        answer = self._page(head, body, host)
        return Answer(status=200, body=answer.body, headers=(*answer.headers, *said))

    def _source(self, host: str, path: str) -> tuple[str | None, str]:
        """The text of the file behind an address, and its ending; None: there is none."""
        parts = [part for part in path.split("/") if part]
        if host not in HOSTS or any(not re.fullmatch(r"[A-Za-z0-9-]+(\.[a-z]+)?", part) for part in parts):
            return None, ""
        if parts and "." in parts[-1]:
            return _file(host, *parts), "." + parts[-1].rpartition(".")[2]
        page = _file(host, *parts[:-1], parts[-1] + ".html") if parts else None
        return page or _file(host, *parts, "index.html"), ".html"

    def _filled(self, text: str, host: str, values: Mapping[str, str]) -> str:
        """The lines of today, with their placeholders filled."""
        lines = []
        for line in text.splitlines():
            mark = MARK.match(line)
            if mark is None or on(mark[1], self.day):
                lines.append(line[mark.end() :] if mark else line)
        known = {**self._noise(values.get("lang", "en")), "root": f"http://{host}{DOMAIN}:{self.port}", **values}
        return PLACEHOLDER.sub(lambda found: known[found[1]], "\n".join(lines)) + "\n"

    def _noise(self, language: str = "en") -> dict[str, str]:
        """What changes at every request, and means nothing."""
        chance = Random(self.visits)  # noqa: S311 - noise, not a secret
        one, other = chance.sample(TEASERS[language[:2]], 2)
        return {
            "nonce": f"{chance.getrandbits(64):016x}",
            "counter": str(10_000 + self.visits),
            "views": f"{18_200 + 37 * self.visits:,}",
            "minutes": str(chance.randint(2, 58)),
            "stamp": f"Mon, 11 May 2026 04:{self.visits % 60:02d}:{chance.randint(0, 59):02d} +0000",
            "teaser": one,
            "another teaser": other,
        }


CHALLENGE_SIGN = ("cf-mitigated", "challenge")


def on(days: str, day: int) -> bool:
    """Whether a day is among those said: '3', '1,3,5', '1-2', '3-'; '' is no day."""
    for part in filter(None, days.split(",")):
        first, dash, last = part.partition("-")
        if int(first) <= day <= (int(last) if last else day if dash else int(first)):
            return True
    return False


def read_head(source: str) -> tuple[dict[str, str], str]:
    """Split a page's file at its first empty line: what it says of itself, and its body."""
    head, _, body = source.partition("\n\n")
    return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in head.splitlines())}, body


def pages() -> list[tuple[str, str]]:
    """Every (host, path) that has a file, robots.txt left out."""
    found: list[tuple[str, str]] = []

    def walk(host: str, folder, path: str) -> None:
        for entry in sorted(folder.iterdir(), key=lambda one: one.name):
            if entry.is_dir():
                walk(host, entry, f"{path}/{entry.name}")
            elif entry.name != "robots.txt":
                found.append((host, f"{path}/{entry.name}".removesuffix(".html").removesuffix("index")))

    for host in HOSTS:
        walk(host, files("crawler.demo") / "pages" / host, "")
    return found


def _file(*parts: str) -> str | None:
    place = files("crawler.demo").joinpath("pages", *parts)
    return place.read_text(encoding="utf-8") if place.is_file() else None


def _plain(status: int, text: str) -> Answer:
    return Answer(status=status, body=text.encode(), headers=_typed(".txt", "utf-8"))


def _typed(ending: str, charset: str) -> tuple[tuple[str, str], ...]:
    return (("Content-Type", f"{MEDIA[ending]}; charset={charset}"),)
