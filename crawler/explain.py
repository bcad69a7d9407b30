"""Why a change has the level it has: significance, noise rules, evidence, ledger, variants, and the chain of proof.

Everything comes from the archive; the catalogue only lends titles and thresholds. Gives plain values, fit for JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from crawler.catalogue import Catalogue
from crawler.change import noise
from crawler.change.form import fold, line_id
from crawler.digest.group import grouped
from crawler.errors import UsageError
from storage.archive import Archive
from storage.records import ChangeKind, Finding, Hunk, HunkKind, Match, Part

PARTS: Mapping[str, str] = {
    "prose": "a sentence of prose came, went or was edited",
    "numbers": "a number changed",
    "names": "a name came that was not there",
    "a fact edited in place": "in a sentence that stayed, a figure, a name or a negation became another",
    "heading": "a heading changed",
    "title": "the title changed",
    "share of the text": "how much of the text it is",
    "in the main text": "it is in the main text, not around it",
    "document gone": "the document is not there any more",
    "document back": "a document that was gone is there again",
    "address moved": "the address leads where it never led before",
}
"""The parts of the significance (`crawler.change.significance`, `crawler.change.lifecycle`), in words."""


def change_of(archive: Archive, match_id: int) -> int:
    """The change that a match was met in."""
    change_id = archive.change_of_match(match_id)
    if change_id is None:
        raise UsageError(f"there is no match {match_id}; `cruxwatch explain CHANGE` shows the numbers of a change's")
    return change_id


def explain(archive: Archive, catalogue: Catalogue | None, change_id: int, match_id: int | None = None) -> dict:
    """All that the archive knows about why, for one change; `match_id`: of its evidence, that match alone."""
    found = archive.finding(change_id)
    change = found.change
    matches = [match for match in change.matches if match_id in (None, match.id)]
    return {
        "change": change.id,
        "kind": change.kind,
        "level": change.level,
        "why": list(change.reasons),
        "seen_at": _time(change.seen_at),
        "reprocessed": change.reprocessed,
        "outside_main": change.outside_main,
        "digest": archive.digest_of(change_id),
        "source": {
            "id": found.source.id,
            "title": found.source.title,
            "role": found.source.role,
            "tolerance_seconds": found.source.tolerance_seconds,
        },
        "document": _document(found),
        "significance": _significance(found),
        "evidence": [_match(match, catalogue, found) for match in matches],
        "differences": [_hunk(hunk, archive) for hunk in change.hunks] if match_id is None else [],
        "variants": _variants(archive, found) if match_id is None else [],
        "reviews": [
            {
                "review": review.id,
                "match": review.match_id,
                "verdict": review.verdict,
                "note": review.note,
                "reviewer": review.reviewer,
                "reviewed_at": _time(review.reviewed_at),
            }
            for review in found.reviews
        ],
        "notes": [
            {"note": note.note, "trigger": note.trigger_id, "made_at": _time(note.made_at)} for note in found.notes
        ],
        "also": _also(archive, found) if match_id is None else [],
        "proof": _proof(archive, found),
    }


def _document(found: Finding) -> dict:
    document = found.document
    return {
        "id": document.id,
        "key": document.key,
        "url": document.url,
        "title": (found.new.title if found.new else None) or document.title,
        "first_seen_at": _time(document.first_seen_at),
        "last_seen_at": _time(document.last_seen_at),
        "gone_at": _time(document.gone_at),
        "visits": document.visits,
        "learned": _learned(document.memory),
    }


def _learned(memory: str | None) -> dict:
    """What comparing has learned about this document, counted."""
    try:
        told = json.loads(memory or "{}")
    except ValueError:
        return {}
    if not isinstance(told, dict):
        return {}
    return {
        "looks_compared": told.get("looks", 0),
        "restless_places": len(told.get("slots") or ()),
        "lines_that_come_and_go": len(told.get("toggles") or ()),
        "returns": told.get("returns", 0),
        "alternates": bool(told.get("flapping")),
    }


def _significance(found: Finding) -> dict:
    change = found.change
    parts = [{"part": name, "weight": weight, "why": PARTS.get(name, name)} for name, weight in change.parts]
    return {"total": change.significance, "parts": parts}


def _also(archive: Archive, found: Finding) -> list[dict]:
    """Who else has the news in the digest that told it, and who repeats whom."""
    date = archive.digest_of(found.change.id)
    told = [each for each in archive.findings_of(date) if each.change.kind is not ChangeKind.FIRST] if date else []
    mine = next((n for n in grouped(told) if any(f.change.id == found.change.id for f in n.findings)), None)
    if mine is None:
        return []
    return [
        {
            "change": each.change.id,
            "source": each.source.id,
            "title": each.source.title,
            "url": each.document.url,
            "first": place == mine.first,
            "copy_of": mine.findings[mine.copies[place]].change.id if place in mine.copies else None,
        }
        for place, each in enumerate(mine.findings)
        if len(mine.findings) > 1
    ]


def _match(match: Match, catalogue: Catalogue | None, found: Finding) -> dict:
    trigger = None
    if catalogue is not None:
        trigger = next((t for t in catalogue.assessment.triggers if t.id == match.trigger_id), None)
    return {
        "match": match.id,
        "trigger": match.trigger_id,
        "title": trigger.title if trigger else None,
        "statement": trigger.statement if trigger else None,
        "direction": match.direction,
        "fired": match.fired,
        "score": match.score,
        "threshold": trigger.threshold if trigger else None,
        "assertion": match.assertion,
        "against": match.against,
        "known": match.known,
        "side": match.side,
        "part": match.part,
        "sentence": match.excerpt,
        "start": match.start,
        "end": match.end,
        "words": match.excerpt[match.start : match.end],
        "reasons": list(match.reasons),
        "opinions": [
            {
                "verdict": each.outcome,
                "quotation": each.quotation,
                "model": each.model,
                "asked_at": _time(each.asked_at),
            }
            for each in found.judgements
            if each.trigger_id == match.trigger_id and each.sentence == match.excerpt
        ],
    }


def _hunk(hunk: Hunk, archive: Archive) -> dict:
    seen = None
    if hunk.new is not None and hunk.kind is not HunkKind.REMOVED:
        seen = archive.line_seen(line_id(fold(hunk.new)))
    return {
        "position": hunk.position,
        "kind": hunk.kind,
        "part": hunk.part,
        "heading": hunk.heading,
        "before": hunk.before,
        "old": hunk.old,
        "new": hunk.new,
        "noise": {"rule": hunk.noise, "why": noise.WHY.get(hunk.noise, "a rule that is no more")}
        if hunk.noise
        else None,
        "first_seen_at": _time(hunk.first_seen_at),
        "ledger": seen,
        "told": hunk.noise is None and hunk.kind is not HunkKind.MOVED and hunk.part in (Part.MAIN, Part.TITLE),
    }


def _variants(archive: Archive, found: Finding) -> list[dict]:
    shown = {found.change.old_version_id: "before", found.change.new_version_id: "after"}
    return [
        {
            "version": variant.version_id,
            "sha256": variant.sha256,
            "first_seen_at": _time(variant.first_seen_at),
            "last_seen_at": _time(variant.last_seen_at),
            "seen": variant.seen,
            "side": shown.get(variant.version_id),
        }
        for variant in archive.variants(found.document.id)
    ]


def _proof(archive: Archive, found: Finding) -> dict:
    """The chain from what is told to the bytes: version, reading, capture, fetch."""
    proof: dict[str, Any] = {"version": None, "reading": None, "capture": None, "fetch": None}
    if found.new is not None:
        proof["version"] = {
            "id": found.new.id,
            "sha256": found.new.sha256,
            "extractor": found.new.extractor,
            "first_seen_at": _time(found.new.first_seen_at),
        }
    capture = found.capture
    if capture is None:
        return proof
    reading = archive.reading(capture.id)
    if reading is not None:
        proof["reading"] = {"reader": reading.reader, "health": reading.health, "detail": reading.detail}
    told = asdict(capture)
    told["fetched_at"] = _time(capture.fetched_at)
    told["headers"] = [list(pair) for pair in capture.headers]
    proof["capture"] = told
    fetch = archive.fetch_of(capture.id)
    if fetch is not None:
        proof["fetch"] = {
            "id": fetch.id,
            "run": fetch.run_id,
            "outcome": fetch.outcome,
            "started_at": _time(fetch.started_at),
            "finished_at": _time(fetch.finished_at),
            "address": fetch.address,
            "status": fetch.status,
            "redirects": [list(hop) for hop in fetch.redirects],
        }
    return proof


def _time(at) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None
