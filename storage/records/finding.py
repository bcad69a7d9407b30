"""What was found, judged and told: changes with their hunks and matches, verdicts, digests."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from storage.records.asking import Capture, Source
from storage.records.form import record
from storage.records.reading import Document, Version
from storage.records.words import Assertion, ChangeKind, Direction, HunkKind, Level, Part, Verdict


@record
class Hunk:
    """One difference between two versions, at the grain of a sentence."""

    id: int | None = None
    change_id: int | None = None
    position: int
    """Order in the text."""
    kind: HunkKind
    part: Part = Part.MAIN
    old: str | None = None
    """None for an addition."""
    new: str | None = None
    """None for a removal."""
    heading: str | None = None
    """The nearest heading above, of the new text where there is one."""
    before: str | None = None
    """The sentence before it."""
    noise: str | None = None
    """Name of the rule that calls it noise; None: not noise."""
    first_seen_at: datetime | None = None
    """When the archive first saw the new sentence, anywhere; None: here and now."""


@record
class Match:
    """A trigger met in a change."""

    id: int | None = None
    change_id: int | None = None
    trigger_id: str
    direction: Direction
    side: HunkKind
    """Added or removed text."""
    part: Part
    excerpt: str
    """The sentence, as it stands in the text."""
    start: int
    """Offset of the decisive words in `excerpt`, in characters."""
    end: int
    score: float
    """0 to 1."""
    assertion: Assertion
    against: bool = False
    """True: the text speaks against what the trigger states (a denial)."""
    known: bool = False
    """True: repeats what the assessment already holds."""
    reasons: tuple[str, ...] = ()
    """In words, most decisive first."""
    language: str | None = None
    fired: bool | None = None
    """It was evidence by the rules of its day: sure enough, and not known already. None: not recorded."""


@record
class Change:
    """What happened to a document between two looks."""

    id: int | None = None
    document_id: int | None = None
    capture_id: int | None = None
    """The capture that showed it; None: told by fetches alone (gone)."""
    kind: ChangeKind
    old_version_id: int | None = None
    new_version_id: int | None = None
    seen_at: datetime
    """Time of the fetch that showed it, never of the processing."""
    significance: float = 0.0
    """0 to 1, the bounded sum of `parts`."""
    parts: tuple[tuple[str, float], ...] = ()
    """Named parts of the significance."""
    level: Level = Level.ROUTINE
    reasons: tuple[str, ...] = ()
    """Why this level, in words."""
    outside_main: bool = False
    """Only text outside the main text changed."""
    reprocessed: bool = False
    """Found by reading the archive again: alerts nobody."""
    hunks: tuple[Hunk, ...] = field(default=())
    matches: tuple[Match, ...] = field(default=())


@record
class Review:
    id: int | None = None
    change_id: int
    match_id: int | None = None
    """None: the verdict is on the whole change."""
    verdict: Verdict
    note: str | None = None
    reviewer: str | None = None
    reviewed_at: datetime


@record
class Note:
    """What a person said of a capture given by hand."""

    id: int | None = None
    capture_id: int
    part_of_id: int | None = None
    """The capture of the page whose image this is; None: it stands for itself."""
    trigger_id: str | None = None
    """The trigger it is evidence for; None: none was named."""
    note: str | None = None
    made_at: datetime


@record
class Judgement:
    """What the optional judge said of a candidate; the same question is never asked twice."""

    key: str
    """SHA-256 of the question: the trigger's definition, the sentence and what stands around it, the model."""
    trigger_id: str
    model: str
    sentence: str
    outcome: str
    """yes, no, unclear; discarded: an answer that does not count; failed: none came."""
    quotation: str | None = None
    """The words it rests on; they stand in the sentence. None: no opinion."""
    detail: str | None = None
    """Why it was discarded or failed; None: it was neither."""
    attempts: int = 1
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float = 0.0
    """In the currency of the prices in the settings."""
    asked_at: datetime


@record
class Digest:
    """The account of a day, and what period it covers."""

    date: str
    """YYYY-MM-DD in the catalogue's time zone."""
    from_at: datetime
    to_at: datetime
    """Changes seen in [from_at, to_at) are in it; each change is in one digest."""
    sha256: str | None = None
    """Of the JSON form; None: not written yet."""
    delivered_at: datetime | None = None


@record
class Finding:
    """A change with what a reader needs beside it."""

    change: Change
    document: Document
    source: Source
    old: Version | None = None
    new: Version | None = None
    capture: Capture | None = None
    reviews: tuple[Review, ...] = ()
    notes: tuple[Note, ...] = ()
    """What a person said of its capture, where that was given by hand."""
    judgements: tuple[Judgement, ...] = ()
    """What the optional judge said of its matches: yes, no or unclear."""


@record
class Recorded:
    """A change as it was recorded, with what judging it again needs."""

    change: Change
    source_id: str
    url: str
    title: str | None = None
    """Of the text that the change led to; of the document where there is none."""
    language: str | None = None
    main: str | None = None
    """The text, where the whole of it was new; None: the hunks say it."""
    full: str | None = None
    current: bool = True
    """False: replaced when the archive was read again, and kept since it was told or judged."""
