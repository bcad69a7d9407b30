"""Each source asked now, once or twice, and judged: is it there, can it be read, is it what the catalogue says it is.

sources ─ run into an archive that is thrown away ─▶ first readings
        └ pages that could be read, again ─▶ second readings ─ compare ─▶ judgements ─▶ table · JSON · edits

The machinery is that of a run, with its guard, its politeness and its records; only the archive is another one.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from crawler.catalogue import Catalogue, Confidence, SourceEntry, confirming
from crawler.change import compare, lines_of
from crawler.change.form import fold
from crawler.change.tokens import words
from crawler.crawling import Progress
from crawler.run import quiet, run
from storage.archive import Archive
from storage.records import LOOKED, Fetch, Health, Outcome, Reading, Reason

APART = 10.0
"""Seconds between the two readings of a page, at least."""
SHORTEST = 200
"""Characters of main text of a page that is worth watching; a Chinese one says as much in fewer."""
PER_HAN = 2.5
ALIKE = 0.6
"""Share of the shorter title's words that the other must have for the two to be of the same thing."""
PERMANENT = (301, 308)
LISTS = ("listing", "feed", "sitemap")
MOST_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What became of one source."""

    source: str
    title: str
    kind: str
    url: str
    admitted: bool
    standing: str
    """In a word or two: well, robots forbid it, needs a browser, not reached, not readable, …"""
    asked: bool = True
    """False: nothing was sent, since the catalogue says not to."""
    reached: bool = False
    detail: str | None = None
    """Why, and the remedy."""
    characters: int | None = None
    """Of main text; None: no page was read."""
    items: int | None = None
    """Found in a listing, feed or sitemap; None: not one of these."""
    agree: bool | None = None
    """Two readings show the same text, noise aside; None: it was read once."""
    differences: tuple[str, ...] = ()
    """What the second reading shows otherwise, with the name of the noise rule where one knows it."""
    page_title: str | None = None
    likeness: float | None = None
    """Of the page's title and the catalogue's, 0 to 1; None: no page was read."""
    moved_to: str | None = None
    """Where permanent redirects lead: the address to write into the catalogue."""
    confirmed: bool = False
    """The address may be written down as confirmed."""


@dataclass(frozen=True, slots=True)
class Checked:
    """All judgements, in the order of the catalogue."""

    judgements: tuple[Judgement, ...]
    faults: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0: all that was asked is admitted; 3: nothing could be reached; 2: the catalogue wants work."""
        asked = [each for each in self.judgements if each.asked]
        if all(each.admitted for each in asked):
            return 0
        return 2 if any(each.reached for each in asked) else 3

    def news(self, on: date) -> dict[str, confirming.Confirmed]:
        """What to write into sources.yml."""
        return {
            each.source: confirming.Confirmed(on=on, url=each.moved_to) for each in self.judgements if each.confirmed
        }


def check(
    catalogue: Catalogue,
    *,
    only: Sequence[str] | None = None,
    progress: Progress = quiet,
    apart: float = APART,
    sleep: Callable[[float], None] = time.sleep,
) -> Checked:
    """Ask each source and judge it; nothing is kept.

    `only`: ids; None: all. `apart`: seconds between the readings of a page.
    """
    entries = [entry for entry in catalogue.sources if only is None or entry.id in only]
    asked = [entry for entry in entries if entry.askable]
    with tempfile.TemporaryDirectory(prefix="cruxwatch-check-") as folder:
        first, second = Path(folder) / "first.db", Path(folder) / "second.db"
        faults = list(run(replace(catalogue, sources=tuple(asked)), first, rounds=1, progress=progress).faults)
        with Archive.open(first, create=False) as archive:
            pages = [entry for entry in asked if entry.kind == "page" and archive.documents_of(entry.id)]
        if pages:
            sleep(apart)
            faults += run(replace(catalogue, sources=tuple(pages)), second, rounds=1, progress=progress).faults
        with Archive.open(first, create=False) as one, Archive.open(second if pages else ":memory:") as two:
            judged = tuple(_judged(entry, one, two) if entry.askable else _not_asked(entry) for entry in entries)
    return Checked(judged, tuple(faults))


def _not_asked(entry: SourceEntry) -> Judgement:
    return Judgement(**_named(entry), admitted=False, standing="not asked", asked=False, detail=entry.why)


def _named(entry: SourceEntry) -> dict[str, str]:
    return {"source": entry.id, "title": entry.title, "kind": entry.kind, "url": entry.url}


def _judged(entry: SourceEntry, one: Archive, two: Archive) -> Judgement:
    """Judge by what is worst among the source's addresses; its first one is the one that may have moved."""
    attempts = list(reversed(one.fetches_of(entry.id)))
    judged = Judgement(
        **_named(entry),
        admitted=False,
        standing="not reached",
        reached=any(fetch.outcome in LOOKED for fetch, _ in attempts),
        detail="nothing came of it" if not attempts else None,
    )
    if attempts:
        judged = replace(judged, moved_to=_moved(attempts[0][0]) if _good(*attempts[0]) else None)
    bad = next(((fetch, reading) for fetch, reading in attempts if not _good(fetch, reading)), None)
    if bad is not None or not attempts:
        return replace(judged, **_trouble(entry, *bad)) if bad else judged
    return _page(judged, entry, one, two) if entry.kind == "page" else _list(judged, entry, one)


def _good(fetch: Fetch, reading: Reading | None) -> bool:
    return fetch.outcome is Outcome.CAPTURED and reading is not None and reading.health is Health.OK


REMEDIES = {
    Health.SHELL: "write fetch: {render: true}",
    Health.CHALLENGE: "set observable: false and why_not, or follow another source",
    Health.LOGIN: "it is behind a login: follow another source, or give what you see to `cruxwatch capture --file`",
    Health.CONSENT: "write fetch: {render: true}, or follow another source",
    Health.SOFT_404: "the page is not there any more: correct the address",
    Health.HOME: "the page is not there any more: correct the address",
    Health.PARKED: "correct the address, or follow another source",
}
"""What to do about an answer that is no page."""


def _trouble(entry: SourceEntry, fetch: Fetch, reading: Reading | None) -> dict[str, str | None]:
    """Name what keeps an address from being read, with the remedy."""
    where = "" if fetch.url == entry.url else f"{fetch.url}: "
    unmade = reading is not None and reading.health is Health.SHELL and not entry.fetch.render
    if fetch.reason is Reason.NO_BROWSER or unmade:
        told = fetch.detail if fetch.reason is Reason.NO_BROWSER else remedy(entry, reading.health)
        return {"standing": "needs a browser", "detail": f"{where}{told}"}
    if fetch.outcome is Outcome.DISALLOWED:
        unreachable = fetch.reason is Reason.ROBOTS_UNREACHABLE
        told = "" if unreachable else f"; {REMEDIES[Health.CHALLENGE]}"
        standing = "robots.txt not reached" if unreachable else "robots forbid it"
        return {"standing": standing, "detail": f"{where}{fetch.detail}{told}"}
    if fetch.outcome is not Outcome.CAPTURED:
        said = " · ".join(dict.fromkeys(str(part) for part in (fetch.reason, fetch.detail) if part))
        return {"standing": str(fetch.outcome), "detail": f"{where}{said}"}
    if reading is None:
        return {"standing": "not readable", "detail": f"{where}it was not read"}
    standing = "no items" if entry.kind in LISTS and reading.health is Health.EMPTY else str(reading.health)
    told = remedy(entry, reading.health) or f"see `cruxwatch try {entry.id}`"
    return {"standing": standing, "detail": f"{where}{_last_line(reading.detail)}; {told}"}


def remedy(entry: SourceEntry, health: Health | None) -> str | None:
    """What to do about an answer that is not what it should be; None: nothing in general."""
    if health is Health.SHELL and entry.fetch.render:
        return "a browser did not fill it either: look at it by hand, or follow another source"
    return REMEDIES.get(health)


def _last_line(text: str | None) -> str:
    return (text or "no text was found in it").strip().splitlines()[-1]


def _moved(fetch: Fetch) -> str | None:
    """Where permanent redirects lead; None: nowhere else, or one on the way is for now only."""
    if not fetch.redirects or any(status not in PERMANENT for status, _ in fetch.redirects):
        return None
    return fetch.final_url if fetch.final_url != fetch.url else None


def _page(judged: Judgement, entry: SourceEntry, one: Archive, two: Archive) -> Judgement:
    shown = one.documents_of(entry.id)
    version = shown[0][1]
    agree, differences = _agreement(entry, one, two)
    weight = min(_weight(each.main) for _, each in shown)
    likeness = alike(entry.title, version.title or "")
    judged = replace(
        judged,
        characters=sum(len(each.main) for _, each in shown),
        agree=agree,
        differences=differences,
        page_title=version.title,
        likeness=likeness,
    )
    if weight < SHORTEST:
        detail = f"only {len(version.main)} characters of text; see `cruxwatch try {entry.id}`, then text.select"
        return replace(judged, standing="too little text", detail=detail)
    if agree is None:
        return replace(judged, standing="read once only", detail="the second reading failed; try again later")
    if not agree:
        detail = "two readings differ: " + "; ".join(differences) + " (leave it out by text.ignore)"
        return replace(judged, standing="unsteady", detail=detail)
    if entry.address.confidence is Confidence.LOW and not entry.address.confirmed and likeness < ALIKE:
        detail = f"the page is called {version.title!r}: the right one? Correct the address, or set address.confirmed"
        return replace(judged, standing="another title", detail=detail)
    return _well(judged)


def _list(judged: Judgement, entry: SourceEntry, one: Archive) -> Judgement:
    items = len(one.pending(entry.id)) + len(one.documents_of(entry.id))
    judged = replace(judged, items=items if entry.kind in LISTS else None)
    if entry.kind in LISTS and not items:
        remedy = "look at its rules with `cruxwatch try`" if entry.kind == "listing" else "is it the right one?"
        return replace(judged, standing="no items", detail=f"a {entry.kind} without a single item; {remedy}")
    return _well(judged)


def _well(judged: Judgement) -> Judgement:
    said = []
    if judged.moved_to:
        said.append(f"moved for good; write url: {judged.moved_to}")
    if judged.differences:
        said.append("noise: " + "; ".join(judged.differences))
    return replace(judged, admitted=True, confirmed=True, standing="well", detail=" · ".join(said) or None)


def _agreement(entry: SourceEntry, one: Archive, two: Archive) -> tuple[bool | None, tuple[str, ...]]:
    """Whether the second reading shows the same, by the rules by which a run compares; and what differs."""
    again = {document.key: version for document, version in two.documents_of(entry.id)}
    agree, differences = True, []
    for document, _ in one.documents_of(entry.id):
        version = again.get(document.key)
        if version is None:
            return None, ()
        history = one.history(entry.id, document.key, lines_of(version.main, version.full, version.title))
        found = compare(version, history, seen_at=version.first_seen_at, capture_id=None, baseline=False)
        for hunk in found.change.hunks if found.change else ():
            text = hunk.new if hunk.new is not None else hunk.old
            agree = agree and hunk.noise is not None
            differences.append(f"{hunk.noise or hunk.kind}: {(text or '')[:120]}")
        if found.health is not Health.OK:
            agree = False
            differences.append(f"{found.health}: {found.detail or ''}")
    return agree, tuple(dict.fromkeys(differences))[:MOST_SHOWN]


def _weight(text: str) -> float:
    """Characters, a Chinese one counting as the letters it stands for."""
    han = sum("\u3400" <= sign <= "\u9fff" for sign in text)
    return len(text) + han * (PER_HAN - 1)


def alike(ours: str, theirs: str) -> float:
    """Say how alike two titles are, 0 to 1: the share of the shorter one's words that the other has.

    What stands around a colon or a bar (the name of the site, of the author) may be left out on either side.
    """
    pairs = ((set(words(fold(a))), set(words(fold(b)))) for a in _parts(ours) for b in _parts(theirs))
    return max((len(a & b) / min(len(a), len(b)) for a, b in pairs if min(len(a), len(b)) >= 2), default=0.0)


def _parts(title: str) -> list[str]:
    cut = title
    for sign in (" | ", " - ", " – ", " — ", "：", "_", "·", "("):
        cut = cut.replace(sign, ": ")
    parts = [part for part in cut.split(": ") if len(words(fold(part))) >= 3]
    return [title, *parts]
