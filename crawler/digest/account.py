"""What a digest is made of: the Day that goes in and the Account that comes out.

An Account holds display-ready text (cleaned by `safe.plain`, cut to `Limits`) and turns into JSON and back without
loss (`as_json`). Whatever a limit left out is counted and named by its change ids in a `More`; nothing is dropped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from crawler.coverage import Board
from storage.records import Direction, Finding, SourceHealth

MEMORY = timedelta(days=7)
"""How far back a digest knows what was told: a weekly that repeats the week is no news."""

part = dataclass(frozen=True, slots=True, kw_only=True)


@part
class DayTrigger:
    """A trigger of the assessment, as far as a digest names it."""

    id: str
    title: str
    direction: Direction
    priority: int = 2
    """1 comes first."""
    statement: str = ""
    threshold: float = 0.5
    """Score from which a match is evidence; below it, a hint."""
    not_observable: str | None = None
    """Why nobody can observe it; None: it can be."""


@part
class Limits:
    """How much of a day one digest shows; the rest is counted and named by change id."""

    evidence: int = 40
    """News under one heading of one trigger, as long as all headings together stay below `entries`."""
    entries: int = 300
    redlines: int = 160
    """Entries that show what changed; further ones name the change."""
    quotes: int = 3
    """Sentences quoted of one piece of news under one trigger."""
    mentions: int = 8
    notable: int = 60
    routine: int = 300
    history: int = 40
    """Quotes out of first readings."""
    rows: int = 10
    """Differences shown of one change."""
    changed: int = 3200
    """Characters of one redline."""
    sentence: int = 480
    """Characters of one sentence."""
    title: int = 240
    missed: int = 40
    """Sources out of sight named under one trigger."""


@part
class Day:
    """All that a digest is built from."""

    date: str
    """YYYY-MM-DD in `timezone`."""
    timezone: str
    """IANA name."""
    from_at: datetime
    to_at: datetime
    """The account covers [from_at, to_at)."""
    assessment: str
    """Its title."""
    assessment_id: str = "assessment"
    triggers: Sequence[DayTrigger] = ()
    findings: Sequence[Finding] = ()
    earlier: Sequence[Finding] = ()
    """What digests of the days before told: it is not told again, but named where it is the same news."""
    health: Sequence[SourceHealth] = ()
    health_before: Sequence[SourceHealth] = ()
    """As of the end of the period before; tells which sources recovered."""
    captures: int | None = None
    """Bodies received in the period; None: not counted."""
    board: Board | None = None
    """The standing of each trigger at the end of the period; None: not told."""
    generator: str = ""
    """Name and version of what made it."""
    limits: Limits = field(default_factory=Limits)


@part
class More:
    """What a limit left out."""

    count: int = 0
    changes: tuple[int, ...] = ()
    """Change ids, to be looked up in the archive."""


@part
class Piece:
    """A run of text in a redline."""

    mark: str
    """same, ins, del, or fold (unchanged text left out; `text` is '…')."""
    text: str


@part
class Row:
    """One difference: a sentence that went, one that came, or the pair."""

    kind: str
    """added, removed, edited or moved."""
    old: tuple[Piece, ...] = ()
    new: tuple[Piece, ...] = ()
    heading: str | None = None
    before: str | None = None
    """The sentence before it, shortened."""
    where: str = "main"
    """main, rest (outside the main text) or title."""
    is_heading: bool = False


@part
class Redline:
    """The differences of one change."""

    rows: tuple[Row, ...] = ()
    more: int = 0
    """Differences beyond the limit."""
    outside: int = 0
    """Differences outside the main text, left out because the main text changed too."""
    noise: tuple[tuple[str, int], ...] = ()
    """Differences left out as noise, by rule."""
    at: str | None = None
    """Anchor where this redline is shown already; None: shown here."""


@part
class Opinion:
    """What the optional judge, a language model, thinks of a sentence; for a person to check."""

    verdict: str
    """yes, no or unclear: whether it tells what the trigger states."""
    quotation: str
    """The words it rests on; '': none."""
    model: str


@part
class Quote:
    """A sentence that met a trigger; the decisive words stand between `before` and `after`."""

    before: str
    words: str
    after: str
    language: str | None
    assertion: str
    """In words."""
    against: bool
    side: str
    """added, removed, edited or moved."""
    where: str
    """main, rest or title."""
    reasons: str
    """One line."""
    score: float
    opinions: tuple[Opinion, ...] = ()


@part
class Said:
    """A person's note on a capture given by hand."""

    note: str
    """'': nothing was said."""
    trigger: str | None = None
    """Title of the trigger that the person holds it to be evidence for; None: none was named."""


@part
class Proof:
    """From the line in the digest down to the bytes."""

    change: int | None
    capture: int | None
    sha256: str | None
    """Of the body, hex; None: told by fetches alone."""
    old_version: int | None
    new_version: int | None
    fetched_at: datetime | None


@part
class Mention:
    """The same news at another place."""

    title: str
    url: str
    source: str
    publisher: str
    seen_at: datetime
    own: int
    """Sentences that only this mention has."""
    proof: Proof
    copy: bool = True
    """It repeats what another had told; False: in words of its own."""
    origin: bool = False
    """The entry repeats it."""
    quote: Quote | None = None
    """Its own sentence under this heading; None: it has none, or that of the entry."""
    published: str | None = None
    """As the source dates it."""
    notes: tuple[Said, ...] = ()


@part
class First:
    """Who told a piece of news first, of those in this digest."""

    title: str
    url: str
    source: str
    at: datetime
    """As the source dates it where that can be believed, else as we saw it."""
    dated: bool
    """By the source's own date."""
    day_only: bool = False
    """The source says the day alone."""
    change: int | None
    here: bool = False
    """It is the entry itself."""


@part
class Spread:
    """How far a piece of news has gone; copies and reprints confirm nothing."""

    sources: int = 0
    """Other sources that have it."""
    own_words: int = 0
    """Publishers that tell it in words of their own: neither those of the entry nor those of another."""
    first: First | None = None
    """None: nobody else has it."""
    before: tuple[First, ...] = ()
    """Told in digests of the days before, the earliest first."""
    repeats: bool = False
    """The entry is a copy of one of those."""


@part
class Entry:
    """One piece of news: where it stands, what it says, what changed, who else has it, and the proof."""

    anchor: str
    """Unique in the digest."""
    title: str
    url: str
    source_id: str
    source: str
    publisher: str
    role: str
    language: str | None
    kind: str
    """Of the change: new, changed, gone …"""
    level: str
    reasons: str
    """Why this level, one line."""
    seen_at: datetime
    published: str | None
    """As the source dates it."""
    quotes: tuple[Quote, ...] = ()
    quotes_more: int = 0
    verdict: str | None = None
    """A person's word on it; None: not reviewed."""
    redline: Redline = field(default_factory=Redline)
    mentions: tuple[Mention, ...] = ()
    mentions_more: More = field(default_factory=More)
    spread: Spread = field(default_factory=Spread)
    notes: tuple[Said, ...] = ()
    proof: Proof


@part
class Shelf:
    """Entries under one heading, and what did not fit."""

    entries: tuple[Entry, ...] = ()
    more: More = field(default_factory=More)

    @property
    def count(self) -> int:
        return len(self.entries) + self.more.count


@part
class TriggerSection:
    """What the day holds on one trigger."""

    id: str
    title: str
    direction: str
    priority: int
    statement: str
    evidence: Shelf = field(default_factory=Shelf)
    against: Shelf = field(default_factory=Shelf)
    unsettled: Shelf = field(default_factory=Shelf)
    """Not a fact yet: planned, proposed, conditional or asked."""
    hints: Shelf = field(default_factory=Shelf)
    """Below the trigger's threshold, or met in changes that are only routine."""
    known: Shelf = field(default_factory=Shelf)
    """Repeats what the assessment holds already."""

    @property
    def tells(self) -> bool:
        """There is more than weak hints and repeats."""
        return bool(self.evidence.count or self.against.count or self.unsettled.count)


@part
class Brief:
    """A routine change in one line."""

    title: str
    url: str
    source: str
    language: str | None
    kind: str
    gist: str
    """What changed, in words: '+2 −1 sentences'."""
    seen_at: datetime
    change: int | None
    also: tuple[int, ...] = ()
    """Changes that say the same elsewhere."""
    also_in: tuple[str, ...] = ()
    """Other sources that have it, by title."""
    notes: tuple[Said, ...] = ()


@part
class Noise:
    """Changes that are counted only."""

    count: int = 0
    returned: int = 0
    """Of them, documents back at a text they showed before."""
    with_match: int = 0
    """Of them, those whose text met a trigger."""
    rules: tuple[tuple[str, int], ...] = ()
    """(name of the rule, differences it explains), most frequent first."""


@part
class History:
    """First readings: dated history, not news."""

    sources: int = 0
    documents: int = 0
    met: int = 0
    """Quotes in them that met a trigger."""
    quotes: tuple[tuple[str, Quote, str, str], ...] = ()
    """(trigger id, quote, document title, url)."""
    more: More = field(default_factory=More)


@part
class SourceLine:
    """A source whose health has something to say."""

    id: str
    title: str
    url: str
    publisher: str
    role: str
    language: str | None
    why: str
    """In words."""
    detail: str | None = None
    since_at: datetime | None = None
    last_looked_at: datetime | None = None


@part
class SourceHealths:
    """Sources by what is wrong with them; a source stands in one list, `quiet` and `recovered` apart."""

    not_reached: tuple[SourceLine, ...] = ()
    broken: tuple[SourceLine, ...] = ()
    """Reached, but not readable."""
    unsteady: tuple[SourceLine, ...] = ()
    """Looked at in the period, failing at one of its addresses or at the newest attempt."""
    not_asked: tuple[SourceLine, ...] = ()
    """Never asked yet."""
    quiet: tuple[SourceLine, ...] = ()
    recovered: tuple[SourceLine, ...] = ()
    not_observable: tuple[SourceLine, ...] = ()


@part
class Looked:
    """What was looked at, so that silence is worth something."""

    sources: int = 0
    """Sources that can be watched."""
    reached: int = 0
    """Of them, those whose present text is known: looked at in the period, or not due and well."""
    today: int = 0
    """Of them, those looked at in the period."""
    primary_chinese: int = 0
    primary_chinese_reached: int = 0
    asked: int = 0
    """Attempts in the period."""
    answered: int = 0
    """Attempts after which we knew what the source says."""
    captures: int | None = None
    languages: tuple[tuple[str, int], ...] = ()
    """(name, sources reached), most frequent first."""


@part
class Counts:
    """Pieces of news, each counted once."""

    upward: int = 0
    downward: int = 0
    absence_broken: int = 0
    assumption: int = 0
    against: int = 0
    unsettled: int = 0
    known: int = 0
    hints: int = 0
    notable: int = 0
    routine: int = 0
    noise: int = 0


@part
class Account:
    """A day, told."""

    date: str
    timezone: str
    from_at: datetime
    to_at: datetime
    assessment: str
    assessment_id: str
    generator: str
    headline: str
    worth: str
    """What the day's silence is worth, in one or two sentences."""
    counts: Counts
    triggers: tuple[TriggerSection, ...] = ()
    """Those with evidence, by direction, then priority."""
    silent: tuple[DayTrigger, ...] = ()
    """Those without any."""
    notable: Shelf = field(default_factory=Shelf)
    routine: tuple[Brief, ...] = ()
    routine_more: More = field(default_factory=More)
    noise: Noise = field(default_factory=Noise)
    history: History = field(default_factory=History)
    looked: Looked = field(default_factory=Looked)
    health: SourceHealths = field(default_factory=SourceHealths)
    board: Board | None = None
    """The standing of each trigger; None: not told."""

    @property
    def sha256(self) -> str:
        """Of the JSON form, hex."""
        from crawler.digest.as_json import as_json

        return hashlib.sha256(as_json(self).encode()).hexdigest()
