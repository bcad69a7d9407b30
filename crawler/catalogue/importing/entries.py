"""Watched addresses to entries of sources.yml: ids that stay, kinds, selectors that work, nothing twice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import unquote, urlsplit

import yaml

from crawler.catalogue import located
from crawler.catalogue.address import is_id, url_problem
from crawler.catalogue.importing.watched import MOST, Unreadable, Watched, clean
from crawler.catalogue.values import as_duration
from crawler.extract.options import SelectorProblem, compile_selector
from crawler.kinds import KINDS

LONGEST_ID = 60
LEAST, MOST_OFTEN = timedelta(minutes=30), timedelta(days=28)
"""Tolerances given; a daily look is what most want."""
MOST_REPORT = 2000
_FEED = re.compile(r"(?:^|[/._=-])(?:feeds?|rss2?|atom|rdf)(?:$|[/._?&=-])|\.(?:rss|atom|rdf)$", re.IGNORECASE)
_TEMPLATE = re.compile(r"\{\{|\{%|\$\{|<<")
HEAD = """\
settings:
  contact: you@example.org   # replace it: webmasters must be able to reach you

sources:

"""


class Entries:
    """Entries as they are made."""

    def __init__(self, sources: tuple[str, bytes] | None = None) -> None:
        self.made: list[dict] = []
        self.report: list[str] = []
        self.ids: set[str] = set()
        self.urls: dict[tuple[str, str], str] = {}
        for entry in _known(*sources) if sources else ():
            self.ids.add(str(entry.get("id")))
            self.urls[str(entry.get("kind")), _same(str(entry.get("url")))] = f"{entry.get('id')} of the catalogue"

    def add(self, name: str, form: str, watched: Watched) -> None:
        """Make an entry, or say why there is none."""
        if len(self.made) >= MOST:
            raise Unreadable(f"holds more than {MOST} addresses; split it")
        title = clean(watched.title) or clean(watched.url)
        # an address that is left out may hold a password
        shown = clean(watched.title, 60) or _host(watched.url or "")
        where = f"{name}: {watched.place}{f' ({shown})' if shown else ''}"
        url = (watched.url or "").strip()
        problem = None if watched.url is None else _problem(url)
        if watched.url is None or problem:
            self._tell(
                where, "; ".join([*([f"its address {problem}"] if problem else []), *watched.lost]) + "; left out"
            )
            return
        kind = watched.kind if watched.kind in KINDS else "feed" if _is_feed(url) else "page"
        known = self.urls.get((kind, _same(url)))
        if known:
            self._tell(where, f"is watched already as {known}; left out")
            return
        entry = {"id": self._id(title if watched.title else "", url), "title": title or url, "kind": kind, "url": url}
        entry |= {"role": "secondary", "tolerance": _tolerance(watched.seconds)}
        self.urls[kind, _same(url)] = entry["id"]
        if tags := list(dict.fromkeys(filter(None, (clean(tag, 60) for tag in watched.tags))))[:20]:
            entry["tags"] = tags
        entry |= self._options(where, watched)
        if watched.off:
            entry |= {"observable": False, "why_not": watched.off}
        entry["address"] = {"confidence": "medium", "evidence": clean(f"Imported from {name} ({form}).", 200)}
        if notes := clean(watched.notes, 500):
            entry["notes"] = notes
        self.made.append(entry)
        for sentence in watched.lost:
            self._tell(f"{where} as {entry['id']}", sentence)

    def _options(self, where: str, watched: Watched) -> dict:
        made: dict = {"fetch": {"render": True}} if watched.render else {}
        text: dict = {}
        for name, given in (("select", watched.select), ("ignore", watched.ignore)):
            for selector in given[:50]:
                try:
                    compile_selector(selector)
                except SelectorProblem as problem:
                    self._tell(where, f"the selector {clean(str(problem), 200)}; not carried over")
                else:
                    text.setdefault(name, []).append(selector.strip())
        return made | ({"text": text} if text else {})

    def _id(self, title: str, url: str) -> str:
        parts = urlsplit(url)
        path = unquote(parts.path).rsplit(".", 1)[0] if "." in parts.path.rpartition("/")[2] else unquote(parts.path)
        address = f"{(parts.hostname or '').removeprefix('www.')} {path}"
        base = next(filter(None, (_slug(title), _slug(address), _slug(parts.hostname or ""))), "source")
        made, number = base, 2
        while made in self.ids:
            made, number = f"{base}-{number}", number + 1
        self.ids.add(made)
        return made

    def _tell(self, where: str, sentence: str) -> None:
        if len(self.report) < MOST_REPORT:
            self.report.append(clean(f"{where}: {sentence}", 600))

    @staticmethod
    def written(entries: Iterable[dict], *, whole: bool) -> str:
        """The entries as YAML; `whole`: with settings before them."""
        parts = [
            yaml.dump([entry], Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110, default_flow_style=None)
            for entry in entries
        ]
        return (HEAD if whole else "") + "\n".join(parts)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


def _problem(url: str) -> str | None:
    """What is wrong with an address; it may hold a password, so that only the sentence is shown."""
    if _TEMPLATE.search(url):
        return "is a template, which is not filled in"
    return url_problem(url)


def _host(url: str) -> str:
    try:
        return clean(urlsplit(url.strip()).hostname or "", 60)
    except ValueError:
        return ""


def _same(url: str) -> str:
    return url.split("#", 1)[0].rstrip("/")


def _is_feed(url: str) -> bool:
    parts = urlsplit(url)
    return _FEED.search(f"{parts.path}?{parts.query}".rstrip("?")) is not None


def _tolerance(seconds: float | None) -> str:
    if not seconds or not 0 < seconds < 1e9:
        return "1d"
    return as_duration(min(max(timedelta(minutes=round(seconds / 60)), LEAST), MOST_OFTEN))


def _slug(text: str) -> str:
    """Small letters, digits and hyphens of a text; '' where too little of it can be written so."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(slug) > LONGEST_ID:
        slug = slug[: LONGEST_ID + 1].rpartition("-")[0] or slug[:LONGEST_ID]
    letters = sum(sign.isalpha() for sign in text)
    kept = sum(sign.isalpha() for sign in slug)
    return slug if slug and is_id(slug) and kept * 2 >= letters else ""


def _known(name: str, data: bytes) -> list[dict]:
    tree, faults = located.read(data)
    plain = tree.plain() if tree is not None and not faults else None
    if not isinstance(plain, dict):
        raise Unreadable(f"{name} is no sources.yml")
    return [entry for entry in plain.get("sources") or [] if isinstance(entry, dict)]
