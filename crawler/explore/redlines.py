"""The page of one change: what it is evidence of, what went and came, who else has it, and the way to the bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crawler.change import noise
from crawler.change.whole import as_added
from crawler.digest.account import Limits, Redline
from crawler.digest.as_html import notes_html, quote_html, redline_html
from crawler.digest.entry import language_of, line, notes, opinions, quote, title
from crawler.digest.group import grouped
from crawler.digest.redline import redline
from crawler.digest.safe import link
from crawler.digest.words import KINDS, utc
from storage.archive import Archive
from storage.records import ChangeKind, Finding, Hunk, Part

LIMITS = Limits(rows=200, changed=60_000, sentence=1_200)
MOST_MATCHES = 40
MOST_FINDINGS = 200
"""Of a digest, for telling who else has the news; a fuller one is told by itself."""
WHOLE = (ChangeKind.FIRST, ChangeKind.NEW)


def page(archive: Archive, change_id: int) -> dict[str, Any]:
    """All that the template `change.html` shows of a change; ArchiveError when there is none."""
    found = archive.finding(change_id)
    change, language = found.change, language_of(found)
    hunks = _hunks(found)
    told = [hunk for hunk in hunks if not hunk.noise]
    main = [hunk for hunk in told if hunk.part is not Part.REST]
    rest = [hunk for hunk in told if hunk.part is Part.REST]
    return {
        "found": found,
        "title": title(found, 240),
        "kind": KINDS[change.kind],
        "reasons": line(change.reasons),
        "url": link(found.document.url),
        "seen_at": utc(change.seen_at),
        "language": language,
        "whole": change.kind in WHOLE and not change.hunks,
        "matches": [_match(found, match) for match in change.matches[:MOST_MATCHES]],
        "matches_more": max(0, len(change.matches) - MOST_MATCHES),
        "redline": redline_html(redline(main or rest, LIMITS), language=language),
        "differences": len(main or rest),
        "outside": redline_html(redline(rest, LIMITS), language=language) if main and rest else None,
        "outside_count": len(rest),
        "noise": [(rule, why, redline_html(told, language=language)) for rule, why, told in _noise(hunks)],
        "notes": notes_html(notes(found, {})),
        "others": _others(archive, found),
        "neighbours": _neighbours(archive, found),
        "body": f"/-/body/{found.capture.id}" if found.capture else None,
    }


def _hunks(found: Finding) -> tuple[Hunk, ...]:
    """The differences; of a document that is new as a whole, all of its text."""
    change, shown = found.change, found.new
    if change.hunks or change.kind not in WHOLE or shown is None:
        return change.hunks
    return as_added(shown.main[: LIMITS.changed], shown.main[: LIMITS.changed], shown.title)


def _match(found: Finding, match: Any) -> dict[str, Any]:
    state = {True: "fired", False: "did not fire", None: "firing not recorded"}[match.fired]
    return {
        "match": match,
        "state": f"{state}, known already" if match.known else state,
        "html": quote_html(quote(match, language_of(found), LIMITS, opinions(found, match))),
    }


def _noise(hunks: tuple[Hunk, ...]) -> list[tuple[str, str, Redline]]:
    """What was left out as noise, by rule, with the rule's reason."""
    rules = sorted({hunk.noise for hunk in hunks if hunk.noise})
    return [
        (
            rule,
            noise.WHY.get(rule, "a rule that is no more"),
            redline([replace(hunk, noise=None) for hunk in hunks if hunk.noise == rule], LIMITS),
        )
        for rule in rules
    ]


def _others(archive: Archive, found: Finding) -> list[tuple[Finding, str]]:
    """Who else has the news, in the digest that told it, and whether in words of its own."""
    date = archive.digest_of(found.change.id)
    told = archive.findings_of(date) if date else []
    news = [each for each in told if each.change.kind is not ChangeKind.FIRST]
    if len(news) > MOST_FINDINGS:
        return []
    mine = next((n for n in grouped(news) if any(f.change.id == found.change.id for f in n.findings)), None)
    if mine is None:
        return []
    return [
        (each, ("a copy" if place in mine.copies else "own words") + (", told first" if place == mine.first else ""))
        for place, each in enumerate(mine.findings)
        if each.change.id != found.change.id
    ]


def _neighbours(archive: Archive, found: Finding) -> Mapping[str, int | None]:
    """The changes of the document before and after this one."""
    row = archive.db.one(
        """
        SELECT max(CASE WHEN id < :id THEN id END) AS earlier, min(CASE WHEN id > :id THEN id END) AS later
        FROM changes WHERE document_id = :document AND forgotten_at IS NULL
        """,
        {"id": found.change.id, "document": found.document.id},
    )
    return dict(row)
