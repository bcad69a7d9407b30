"""The nouns of Cruxwatch: what the archive keeps, one frozen dataclass per kind of record.

Times are aware and in UTC. What a source claims (`*_raw`) and what we measured or read (`*_at`) are both kept.
`id` is None until the archive has given one.

    words      outcomes, health, kinds, levels: the closed sets
    asking     sources, runs, asks, fetches, captures
    reading    readings, documents, versions, lines
    finding    changes, matches, reviews, notes, digests
    watching   source health, looks, sightings
"""

from __future__ import annotations

from storage.records.asking import Ask, Capture, Fetch, Run, Source, Validators
from storage.records.finding import Change, Digest, Finding, Hunk, Judgement, Match, Note, Recorded, Review
from storage.records.form import record
from storage.records.reading import Document, History, Line, LineSeen, Reading, Variant, Version
from storage.records.watching import Look, Sighting, SourceHealth
from storage.records.words import (
    LOOKED,
    AskPurpose,
    Assertion,
    ChangeKind,
    Direction,
    Health,
    HunkKind,
    Level,
    Outcome,
    Part,
    Reason,
    Verdict,
)

__all__ = [
    "LOOKED",
    "Ask",
    "AskPurpose",
    "Assertion",
    "Capture",
    "Change",
    "ChangeKind",
    "Digest",
    "Direction",
    "Document",
    "Fetch",
    "Finding",
    "Health",
    "History",
    "Hunk",
    "HunkKind",
    "Judgement",
    "Level",
    "Line",
    "LineSeen",
    "Look",
    "Match",
    "Note",
    "Outcome",
    "Part",
    "Reading",
    "Reason",
    "Recorded",
    "Review",
    "Run",
    "Sighting",
    "Source",
    "SourceHealth",
    "Validators",
    "Variant",
    "Verdict",
    "Version",
    "record",
]
