"""The same news at several places is one piece of news with mentions.

Thin on purpose: the same decisive sentence, the same added text, or the same page known through two sources.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from storage.records import ChangeKind, Finding, HunkKind, Level

_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|spm|from|share_token")
LEVELS = (Level.ALERT, Level.NOTABLE, Level.ROUTINE, Level.NOISE)


@dataclass(slots=True)
class News:
    """Findings that say the same; the first one leads."""

    findings: list[Finding] = field(default_factory=list)

    @property
    def lead(self) -> Finding:
        return self.findings[0]


def grouped(findings: Sequence[Finding]) -> list[News]:
    """Findings gathered into news, the weightiest finding of each in front, the weightiest news first."""
    groups: list[News] = []
    by_sentence: dict[str, News] = {}
    by_page: dict[str, News] = {}
    for finding in sorted(findings, key=weight):
        sentences, page = tuple(_sentences(finding)), canonical(finding.document.url)
        news = next((by_sentence[s] for s in sentences if s in by_sentence), None)
        if news is None and page in by_page and not _holds(by_page[page], finding):
            news = by_page[page]
        if news is None:
            news = News()
            groups.append(news)
        news.findings.append(finding)
        for sentence in sentences:
            by_sentence.setdefault(sentence, news)
        by_page.setdefault(page, news)
    return groups


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


def new_sentences(finding: Finding) -> list[str]:
    """Folds of the sentences that a change brought, noise left out."""
    return [
        fold(hunk.new) for hunk in finding.change.hunks if hunk.new and not hunk.noise and hunk.kind != HunkKind.MOVED
    ]


def _sentences(finding: Finding) -> Iterator[str]:
    """What makes two findings the same news: each decisive sentence, or else all that was added."""
    change = finding.change
    for match in change.matches:
        folded = fold(match.excerpt)
        if _tells(folded):
            yield f"{match.side == HunkKind.REMOVED}:{folded}"
    if not change.matches and change.kind in (ChangeKind.NEW, ChangeKind.CHANGED):
        added = "|".join(new_sentences(finding))
        if _tells(added):
            yield f"all:{added}"


def _tells(folded: str) -> bool:
    """Long enough not to be the same by chance."""
    wide = sum(character > "\u2e7f" for character in folded)
    return wide >= 10 or len(folded) >= 24


def _holds(news: News, finding: Finding) -> bool:
    """One source names one address for many items at times, and changes a page twice a day: these are news apart."""
    return any(held.source.id == finding.source.id for held in news.findings)
