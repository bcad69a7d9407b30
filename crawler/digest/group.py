"""The same news at several places is one piece of news with mentions: findings ─ tellings ─ cluster ─▶ news."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from crawler.change.cluster import Event, Point, Telling, bare, cluster
from crawler.change.likewise import names
from storage.records import Assertion, ChangeKind, Finding, HunkKind, Level, Match

_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|spm|from|share_token")
LEVELS = (Level.ALERT, Level.NOTABLE, Level.ROUTINE, Level.NOISE)
UNSETTLED = (Assertion.PLANNED, Assertion.PROPOSED, Assertion.CONDITIONAL, Assertion.ASKED)
LONGEST = 4_000
"""Characters of a text that are compared."""
_AGE = timedelta(days=3)
"""A date this old may be of something else than the news, where the source is asked more often."""


@dataclass(frozen=True, slots=True)
class News:
    """Findings that say the same; the first one leads."""

    findings: tuple[Finding, ...]
    copies: Mapping[int, int] = field(default_factory=dict)
    """By the place of a finding that repeats an earlier telling: the place of that one."""
    first: int = 0
    """Place of the one told earliest."""
    before: tuple[Finding, ...] = ()
    """The same news in digests of the days before, the earliest first."""
    old: frozenset[int] = frozenset()
    """Places of those that repeat what was told in the days before."""

    @property
    def lead(self) -> Finding:
        return self.findings[0]


def grouped(findings: Sequence[Finding], earlier: Sequence[Finding] = ()) -> list[News]:
    """Findings gathered into news, the weightiest finding of each in front, the weightiest news first.

    `earlier`: told in the days before; they lead nothing, and are named where the same is told again.
    """
    ranked = sorted(findings, key=weight)
    today = len(ranked)
    ranked += sorted(earlier, key=weight)
    events = cluster(telling(found, rank) for rank, found in enumerate(ranked))
    return [_news(event, ranked, today) for event in events if event.told[0].telling.rank < today]


def events(findings: Sequence[Finding]) -> dict[int, int]:
    """The event that each change tells of: change id to the id of the change that leads it."""
    return {found.change.id or 0: news.lead.change.id or 0 for news in grouped(findings) for found in news.findings}


def _news(event: Event, ranked: Sequence[Finding], today: int) -> News:
    """`today`: the rank from which findings are of the days before."""
    told = [each for each in event.told if each.telling.rank < today]
    place = {each.telling.rank: n for n, each in enumerate(told)}
    before = sorted((each.telling for each in event.told[len(told) :]), key=lambda each: (each.told_at, each.rank))
    copy_of = {n: each.copy_of.rank for n, each in enumerate(told) if each.copy_of}
    return News(
        findings=tuple(ranked[each.telling.rank] for each in told),
        copies={n: place[rank] for n, rank in copy_of.items() if rank in place},
        first=place[min((each.telling for each in told), key=lambda each: (each.told_at, each.rank)).rank],
        before=tuple(ranked[each.rank] for each in before),
        old=frozenset(n for n, rank in copy_of.items() if rank not in place),
    )


def telling(finding: Finding, rank: int) -> Telling:
    """A finding, as far as being the same news goes."""
    came, went = _texts(finding)
    return Telling(
        rank=rank,
        source=finding.source.id,
        party=party(finding),
        title=_form(finding.new.title or "" if finding.new else ""),
        page=canonical(finding.document.url),
        text=_form(came or went),
        removed=not came,
        points=tuple(
            Point(
                topic=match.trigger_id,
                stance=_stance(match),
                text=_form(match.excerpt),
                gone=match.side is HunkKind.REMOVED,
                names=names(match.excerpt),
            )
            for match in finding.change.matches
        ),
        told_at=told_at(finding),
    )


def party(finding: Finding) -> str:
    """Who speaks: the publisher, else the source; two sources of one publisher do not confirm each other."""
    return fold(finding.source.publisher or "") or finding.source.id


def told_at(finding: Finding) -> datetime:
    """By when it was told at the latest: as the source dates it (a bare day: its end), else as we saw it."""
    at = dated(finding) or finding.change.seen_at
    return min(at + timedelta(days=1) if day_only(finding) else at, finding.change.seen_at)


def day_only(finding: Finding) -> bool:
    """The source's own date says no time."""
    at = dated(finding)
    if at is None or finding.new is None:
        return False
    return at.hour == at.minute == at.second == 0 and not re.search(r"\d:\d\d", finding.new.published_raw or "")


def dated(finding: Finding) -> datetime | None:
    """The source's own date of the news; None: it has none, or one not to be believed.

    A page that changed is dated before its change. And what is dated long before we last asked would have been seen
    then: who wants to be first can write any date.
    """
    change, shown = finding.change, finding.new
    if change.kind is not ChangeKind.NEW or shown is None or shown.published_at is None:
        return None
    at = shown.published_at
    window = max(_AGE, 2 * timedelta(seconds=finding.source.tolerance_seconds))
    return at if change.seen_at - window <= at <= change.seen_at else None


def weight(finding: Finding) -> tuple:
    """Sort key: level, primary sources first, strength of the matches, significance; then the order of the archive."""
    change = finding.change
    return (
        LEVELS.index(change.level),
        finding.source.role != "primary",
        -max((match.score for match in change.matches if not match.known), default=0.0),
        -change.significance,
        change.seen_at,
        finding.source.id,
        finding.document.key,
        change.id or 0,
    )


def fold(sentence: str) -> str:
    """A sentence without what reprints alter: case, width, blanks, punctuation."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", sentence).casefold())


def canonical(url: str) -> str:
    """A page's address without what does not tell pages apart: scheme, www., tracking, fragment, last slash."""
    try:
        parts = urlsplit(url.strip())
        query = urlencode(sorted(pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0])))
    except ValueError:
        return url
    return f"{parts.netloc.lower().removeprefix('www.')}{parts.path.rstrip('/')}?{query}"


def new_sentences(finding: Finding) -> set[str]:
    """The sentences that a change brought, noise left out, in a form that reprints share."""
    return {folded for line in _form("\n".join(_came(finding))).splitlines() if (folded := bare(line))}


def same(sentence: str) -> str:
    """A sentence in the form that its reprints share, in whatever script."""
    return bare(_form(sentence))


def _came(finding: Finding) -> list[str]:
    """What a change brought: of a new page its text, which has no hunks; else the new sentences."""
    change = finding.change
    came = [h.new for h in change.hunks if h.new and not h.noise and h.kind is not HunkKind.MOVED]
    if not came and change.kind is ChangeKind.NEW and finding.new is not None:
        return finding.new.main[:LONGEST].splitlines()
    return came


def _texts(finding: Finding) -> tuple[str, str]:
    """What came, and what went."""
    hunks = finding.change.hunks
    went = [h.old for h in hunks if h.old and not h.noise and h.kind is HunkKind.REMOVED]
    came = "\n".join(_came(finding)) or "\n".join(m.excerpt for m in finding.change.matches if m.side == HunkKind.ADDED)
    return came, "\n".join(went)


def _stance(match: Match) -> str:
    """How a match bears on its trigger, as far as two of them can be the same news."""
    if match.known:
        return "known"
    settled = "not a fact yet" if match.assertion in UNSETTLED else "a fact"
    gone = "gone" if match.side is HunkKind.REMOVED else "there"
    return f"{'against' if match.against else 'for'}, {settled}, {gone}"


def _form(text: str) -> str:
    """In comparison form, in one script: a reprint in Taiwan is the same news."""
    from crawler.match.fold import fold_text  # loads its dictionaries; who only reads digests does without

    return fold_text(text[:LONGEST])
