"""What waits for a person's verdict, and recording it: the same whether asked in a terminal or by a script.

alerts and notable changes, newest first ─▶ items: one per trigger that fired, else the change as a whole
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from crawler.catalogue import Catalogue
from crawler.digest.account import Limits
from crawler.digest.redline import redline
from crawler.errors import UsageError
from crawler.match.model import Trigger
from storage.archive import Archive
from storage.records import Change, Finding, HunkKind, Match, Part, Review, Verdict

WORDS = {
    "relevant": Verdict.RELEVANT,
    "r": Verdict.RELEVANT,
    "noise": Verdict.NOISE,
    "n": Verdict.NOISE,
    "wrong": Verdict.WRONG,
    "wrong trigger": Verdict.WRONG,
    "w": Verdict.WRONG,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to judge: a trigger in a change, or the change as a whole."""

    finding: Finding
    match: Match | None = None
    """The best match of the trigger; None: the change as a whole."""
    trigger: Trigger | None = None
    """None: the change as a whole, or a trigger that is no more."""
    verdict: Review | None = None
    """The newest verdict on it; None: it waits for one."""


def waiting(
    archive: Archive,
    catalogue: Catalogue,
    *,
    every: bool = False,
    trigger: str | None = None,
    source: str | None = None,
    since: datetime | None = None,
) -> Iterator[Item]:
    """What waits for a verdict, newest first; `every`: what has one, too. Read one by one as they are asked for."""
    for change_id in archive.to_review(every=every, trigger=trigger, source=source, since=since):
        for item in items(archive.finding(change_id), catalogue):
            if (every or item.verdict is None) and trigger in (None, item.match and item.match.trigger_id):
                yield item


def items(found: Finding, catalogue: Catalogue) -> list[Item]:
    """What there is to judge in one change: every trigger that fired, best first; if none did, the whole."""
    triggers = {trigger.id: trigger for trigger in catalogue.assessment.triggers}
    best: dict[str, Match] = {}
    for match in found.change.matches:
        if _fired(match, triggers.get(match.trigger_id)):
            known = best.get(match.trigger_id)
            if known is None or match.score > known.score:
                best[match.trigger_id] = match
    if not best:
        return [Item(finding=found, verdict=_verdict(found, None))]
    return [
        Item(finding=found, match=match, trigger=triggers.get(match.trigger_id), verdict=_verdict(found, match))
        for match in sorted(best.values(), key=lambda m: (-m.score, m.trigger_id))
    ]


def _fired(match: Match, trigger: Trigger | None) -> bool:
    if match.fired is not None:
        return match.fired
    return not match.known and match.score >= (trigger.threshold if trigger else 0.5)


def _verdict(found: Finding, match: Match | None) -> Review | None:
    """The newest word on a trigger (by any of its matches) or on the whole change."""
    same = {m.id for m in found.change.matches if match is not None and m.trigger_id == match.trigger_id}
    said = [review for review in found.reviews if review.match_id is None or review.match_id in same]
    return said[-1] if said else None


def chosen(archive: Archive, catalogue: Catalogue, change_id: int, trigger: str | None) -> Item:
    """The thing of a change that a verdict is for: the trigger named; if none is, the only one that fired, or the
    whole."""
    found = archive.finding(change_id)
    if trigger is not None:
        met = [match for match in found.change.matches if match.trigger_id == trigger]
        if not met:
            others = sorted({match.trigger_id for match in found.change.matches})
            hint = f"it met {', '.join(others)}" if others else "it met none; leave --trigger out"
            raise UsageError(f"change {change_id} did not meet the trigger {trigger!r}; {hint}")
        best = max(met, key=lambda match: (not match.known, match.score))
        named = next((t for t in catalogue.assessment.triggers if t.id == trigger), None)
        return Item(finding=found, match=best, trigger=named, verdict=_verdict(found, best))
    there = items(found, catalogue)
    return there[0] if len(there) == 1 else Item(finding=found, verdict=_verdict(found, None))


def verdict_of(word: str) -> Verdict:
    """The verdict that a person's word means."""
    verdict = WORDS.get(" ".join(word.split()).casefold())
    if verdict is None:
        raise UsageError(f"--verdict {word!r}: say relevant, noise or wrong")
    return verdict


def record(
    archive: Archive, item: Item, verdict: Verdict, *, at: datetime, note: str | None, reviewer: str | None
) -> Review:
    """Keep a verdict; gives it with its number."""
    review = Review(
        change_id=item.finding.change.id,
        match_id=item.match.id if item.match else None,
        verdict=verdict,
        note=(note or "").strip() or None,
        reviewer=reviewer,
        reviewed_at=at,
    )
    archive.record_review(review)
    return archive.reviews(review.change_id)[-1]


def as_plain(item: Item) -> dict:
    """An item as plain values, fit for JSON."""
    found, match = item.finding, item.match
    change = found.change
    sentence = match.excerpt if match else _telling(change)
    return {
        "change": change.id,
        "match": match.id if match else None,
        "level": change.level,
        "kind": change.kind,
        "seen_at": change.seen_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "source": found.source.id,
        "source_title": found.source.title,
        "title": (found.new.title if found.new else None) or found.document.title,
        "url": found.document.url,
        "trigger": match.trigger_id if match else None,
        "statement": item.trigger.statement if item.trigger else None,
        "sentence": sentence,
        "score": match.score if match else None,
        "assertion": match.assertion if match else None,
        "reasons": list(match.reasons if match else change.reasons),
        "verdict": item.verdict.verdict if item.verdict else None,
        "note": item.verdict.note if item.verdict else None,
    }


def _telling(change: Change) -> str | None:
    """The sentence that says most about a change without evidence: the longest of the main text, else of the rest."""
    real = [hunk for hunk in change.hunks if hunk.noise is None and hunk.kind is not HunkKind.MOVED]
    main = [hunk for hunk in real if hunk.part is not Part.REST]
    return max((hunk.new or hunk.old or "" for hunk in main or real), key=len, default=None)


def context_of(item: Item) -> tuple[str | None, str | None]:
    """(heading, sentence before) of the sentence that matched; of a whole new text, from the text itself."""
    sentence = item.match.excerpt if item.match else None
    for hunk in item.finding.change.hunks:
        if sentence and sentence in (hunk.new or "") + "\n" + (hunk.old or ""):
            return hunk.heading, hunk.before
    if sentence is None or item.finding.new is None:
        return None, None
    heading = before = None
    for line in item.finding.new.full.splitlines():
        if sentence in line:
            return heading, before
        if line.startswith("# "):
            heading, before = line[2:], None
        else:
            before = line
    return None, None


def differences(item: Item, rows: int):
    """The redline of the change, at most so many rows (`crawler.digest.redline`)."""
    quoted = (item.match.excerpt,) if item.match else ()
    return redline(item.finding.change.hunks, Limits(rows=rows), quoted)
