"""The nouns of Cruxwatch: what the archive keeps, one frozen dataclass per kind of record.

Times are aware and in UTC. What a source claims (`*_raw`) and what we measured or read (`*_at`) are both kept.
`id` is None until the archive has given one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

record = dataclass(frozen=True, slots=True, kw_only=True)


class Outcome(StrEnum):
    """What became of one attempt to fetch."""

    CAPTURED = "captured"
    """A response with a body to read; its capture is recorded."""
    UNCHANGED = "unchanged"
    """304: the server vouches for the capture we hold."""
    GONE = "gone"
    """404 or 410."""
    DISALLOWED = "disallowed"
    """robots.txt says no, or could not be reached (RFC 9309, 2.3.1.4)."""
    BLOCKED = "blocked"
    """The server refuses us: 401, 403, 407, 451."""
    REFUSED = "refused"
    """We refuse: the address is not public, the scheme is not http(s), too many redirects."""
    CHALLENGED = "challenged"
    """A bot challenge told by its status and headers; one told only by its body is a `Health`."""
    LIMITED = "limited"
    """Asked to come later: 429, or 503 with Retry-After."""
    FAILED = "failed"
    """No usable answer: name, connection, certificate, time, size, any other status."""


LOOKED = frozenset({Outcome.CAPTURED, Outcome.UNCHANGED, Outcome.GONE})
"""Outcomes after which we know what the source says."""


class Reason(StrEnum):
    """Why a fetch had an outcome other than captured or unchanged; never a substring of a message."""

    STATUS = "status"
    ROBOTS = "robots"
    ROBOTS_UNREACHABLE = "robots unreachable"
    NOT_PUBLIC = "address not public"
    SCHEME = "scheme not allowed"
    REDIRECTS = "too many redirects"
    NAME = "name not resolved"
    CONNECTION = "connection failed"
    CERTIFICATE = "certificate not valid"
    TIMEOUT = "timed out"
    TOO_LARGE = "too large"
    ENCODING = "content encoding broken"
    RETRY_AFTER = "asked to come later"
    CHALLENGE = "bot challenge"
    NO_BROWSER = "no browser installed"
    NO_KEY = "no key in the environment"
    INTERRUPTED = "interrupted"
    OTHER = "other"


class Health(StrEnum):
    """What a capture turned out to be when it was read. Only OK yields versions."""

    OK = "ok"
    CHALLENGE = "bot challenge"
    CONSENT = "consent wall"
    LOGIN = "login wall"
    SOFT_404 = "soft 404"
    PARKED = "parked or replaced"
    SHELL = "empty script shell"
    MAINTENANCE = "maintenance page"
    HOME = "redirected to the home page"
    TRUNCATED = "truncated"
    SHRUNK = "much shorter than before"
    LANGUAGE = "another language"
    EMPTY = "no text"
    MALFORMED = "not what this kind expects"
    UNSUPPORTED = "media type not readable"
    ERROR = "could not be read"
    """A defect of ours: recorded with its message, read again by `reprocess`."""


class ChangeKind(StrEnum):
    FIRST = "first"
    """The baseline of a new source: recorded, not news."""
    NEW = "new"
    """A document that appeared after the baseline."""
    CHANGED = "changed"
    RETURNED = "returned"
    """The document shows a text it has shown before: a variant, not news."""
    GONE = "gone"
    BACK = "back"
    """A document that was gone is there again."""
    MOVED = "moved"


class Level(StrEnum):
    ALERT = "alert"
    NOTABLE = "notable"
    ROUTINE = "routine"
    NOISE = "noise"


class Part(StrEnum):
    """Which text of a version a sentence stands in."""

    MAIN = "main"
    REST = "rest"
    """Visible, but outside the main text."""
    TITLE = "title"


class HunkKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    EDITED = "edited"
    """A sentence and what became of it: `old` and `new` are both there."""
    MOVED = "moved"


class Assertion(StrEnum):
    """How a text says that something happened."""

    ASSERTED = "asserted"
    DECIDED = "decided"
    """Will happen, by a decision taken."""
    REPORTED = "reported"
    NEGATED = "negated"
    PLANNED = "planned"
    PROPOSED = "proposed"
    CONDITIONAL = "conditional"
    ASKED = "asked"
    HISTORICAL = "historical"


class Direction(StrEnum):
    """Where evidence moves the assessment."""

    UPWARD = "upward"
    DOWNWARD = "downward"
    ABSENCE = "absence-broken"
    """Something the assessment says is absent is there."""
    ASSUMPTION = "assumption"
    """Bears on an assumption that the assessment names."""


class Verdict(StrEnum):
    """A person's word on a change or a match."""

    RELEVANT = "relevant"
    NOISE = "noise"
    WRONG = "wrong trigger"


class AskPurpose(StrEnum):
    SEED = "seed"
    """An address of the catalogue, asked again and again."""
    ITEM = "item"
    """An item that a listing or a feed named."""
    MORE = "more"
    """A further page of a listing."""


@record
class Source:
    """A row of the catalogue as the archive knew it."""

    id: str
    title: str
    kind: str
    url: str
    role: str
    """primary, secondary, newsletter or query."""
    language: str | None = None
    """BCP 47, as declared; None: not declared, read from the text."""
    publisher: str | None = None
    citation: int | None = None
    """Number of the citation in the assessment; None: not a cited source."""
    tolerance_seconds: int
    """How late we may learn of news here."""
    observable: bool = True
    """False: declared not observable in the catalogue; `why_not` says why."""
    why_not: str | None = None
    added_at: datetime
    retired_at: datetime | None = None
    """When the source left the catalogue; None: still in it."""


@record
class Run:
    id: int | None = None
    started_at: datetime
    finished_at: datetime | None = None
    """None: still running, or killed; closed as interrupted when the next run starts."""
    state: str = "running"
    """running, done, interrupted, failed."""
    command: str = "run"
    version: str
    """Of Cruxwatch."""
    note: str | None = None


@record
class Ask:
    """One address to be asked: the frontier. What is due lives here and nowhere else."""

    id: int | None = None
    source_id: str
    url: str
    key: str | None = None
    """Key of the document that the answer is; None: the reading finds the keys (feeds, listings)."""
    purpose: AskPurpose = AskPurpose.SEED
    title: str | None = None
    """As the listing or feed named it."""
    published_raw: str | None = None
    """As the listing or feed dated it."""
    summary: str | None = None
    """What the feed itself said of it: read in its place while its page cannot be."""
    baseline: bool = False
    """Named by the first reading of its source: dated history, not news."""
    found_at: datetime
    due_at: datetime | None = None
    """When to ask next; None: never again."""
    failures: int = 0
    """Attempts since the last success."""
    misses: int = 0
    """404 or 410 in a row; the second confirms that the document is gone."""
    revisit_seconds: int | None = None
    """Ask again so long after a good look; None: a seed by its source's tolerance, an item never."""
    changed_at: datetime | None = None
    """When it changed last, as what named it says (a sitemap's lastmod): a later time makes it due. None: not said."""


@record
class Fetch:
    """One attempt and its outcome, recorded even when nothing came."""

    id: int | None = None
    run_id: int | None = None
    ask_id: int | None = None
    source_id: str
    url: str
    """As asked."""
    final_url: str | None = None
    """Where redirects led; None: no response."""
    redirects: tuple[tuple[int, str], ...] = ()
    """(status, target) of each hop, in order."""
    started_at: datetime
    finished_at: datetime
    outcome: Outcome
    reason: Reason | None = None
    """None when captured or unchanged."""
    detail: str | None = None
    """For a person: the status line, the address refused, the rule of robots.txt."""
    status: int | None = None
    """HTTP status of the final response; None: no response."""
    address: str | None = None
    """IP address that answered; None: unknown or no connection."""
    retry_at: datetime | None = None
    """Not before, by the server's word or by back-off; None: at the source's own pace."""
    capture_id: int | None = None
    """The capture made, or for `unchanged` the one vouched for; None: neither."""


@record
class Capture:
    """A response as it was received."""

    id: int | None = None
    source_id: str
    ask_id: int | None = None
    url: str
    """As asked."""
    final_url: str
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    """In the order received; names as received; cookies left out."""
    media_type: str | None = None
    """type/subtype in lower case, from Content-Type; None: not said."""
    charset: str | None = None
    """As Content-Type declares it; None: not declared."""
    sha256: str
    """Of the body after transfer and content decoding, hex."""
    size: int
    """Bytes of that body."""
    etag: str | None = None
    last_modified: str | None = None
    """The server's own words, sent back as they are; None: not sent."""
    rendered: bool = False
    """True: the DOM a browser made of the page."""
    by_hand: bool = False
    """True: given to `cruxwatch capture`."""


@record
class Reading:
    """What reading one capture came to. A capture without a reading is unread."""

    capture_id: int
    health: Health
    detail: str | None = None
    """The sign by which a bad page was known, or the error."""
    reader: str
    """Name and version of what read it, e.g. 'page/1 trafilatura/2.3.1'."""
    read_at: datetime


@record
class Document:
    """The thing that has versions."""

    id: int | None = None
    source_id: str
    key: str
    """Stable inside its source: canonical URL, guid, arXiv id, tag; never a title."""
    url: str
    title: str | None = None
    """Of the newest version."""
    first_seen_at: datetime
    last_seen_at: datetime
    version_id: int | None = None
    """The version shown now; None: nothing read yet."""
    gone_at: datetime | None = None
    """Confirmed gone; None: there."""
    visits: int = 0
    """Good looks so far."""
    memory: str | None = None
    """JSON of what comparing learned about this document; None: nothing yet."""


@record
class Version:
    """Normalised text of a document, recorded only when different."""

    id: int | None = None
    document_id: int | None = None
    capture_id: int | None = None
    """The capture it was first read from."""
    sha256: str
    """Of `main` in comparison form: the identity of a variant."""
    title: str | None = None
    author: str | None = None
    published_raw: str | None = None
    published_at: datetime | None = None
    """None: not given, or not understood."""
    language: str | None = None
    """BCP 47 primary tag as read: en, zh-Hans, zh-Hant …; None: undecided."""
    main: str
    """Main text in the one text form: NFC, one sentence, row or bullet a line; headings start with '# '."""
    full: str
    """All visible text in the same form; holds every line of `main`."""
    extractor: str
    first_seen_at: datetime
    last_seen_at: datetime
    seen: int = 1
    """Number of visits that showed it."""


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
class Line:
    """A line of a text, as the sentence ledger keeps it."""

    fold: str
    """First 16 hex digits of the SHA-256 of the line in comparison form."""
    text: str
    part: Part


@record
class LineSeen:
    """What the ledger knows of a line."""

    first_seen_at: datetime
    """First in the archive, anywhere."""
    first_document_id: int
    here: bool
    """This document has shown it before."""
    here_last_seen_at: datetime | None = None
    here_seen: int = 0
    """Visits of this document that showed it."""


@record
class Variant:
    """A text that a document is known to have shown."""

    version_id: int
    sha256: str
    first_seen_at: datetime
    last_seen_at: datetime
    seen: int


@record
class History:
    """All that comparing a new text of a document needs to know of the past."""

    document: Document | None = None
    """None: never seen."""
    current: Version | None = None
    """What the document showed at the last good look."""
    variants: tuple[Variant, ...] = ()
    """Every text it has shown, newest first."""
    ledger: dict[str, LineSeen] = field(default_factory=dict)
    """By fold, for those lines of the new text that the archive has seen anywhere."""
    visits: int = 0
    """Good looks at this document so far."""
    memory: str | None = None
    """JSON that comparing wrote last time (learned noise); None: nothing yet. Rebuilt by `reprocess`."""


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
class SourceHealth:
    """How well a source could be watched, as of a moment."""

    source: Source
    asked: int
    """Attempts in the period."""
    looked: int
    """Attempts in the period after which we knew what the source says (captured and readable, unchanged, gone)."""
    last_asked_at: datetime | None = None
    last_looked_at: datetime | None = None
    """None: never reached."""
    failing_since: datetime | None = None
    """First of the failures since the last good look; None: not failing."""
    outcome: str | None = None
    """Outcome of the newest attempt, or the health of its reading when that was bad."""
    detail: str | None = None
    last_news_at: datetime | None = None
    """Newest change of kind new or changed that is not noise; None: none since the baseline."""
    usual_gap_seconds: float | None = None
    """Median time between its news; None: too few to say."""
    quiet: bool = False
    """Silent for more than three times its usual gap."""
    due_at: datetime | None = None


@record
class Validators:
    """What a conditional request sends back: the server's own words about the capture we hold."""

    capture_id: int
    etag: str | None = None
    last_modified: str | None = None


@record
class Look:
    """One attempt at an address of the catalogue, and whether it showed what stands there."""

    source_id: str
    url: str
    at: datetime
    good: bool
    """Captured and readable, or unchanged. Not: an address that has gone, for nothing would be seen there."""
    outcome: str
    """Outcome of the attempt, or the health of its reading when that was bad."""
    detail: str | None = None


@record
class Sighting:
    """A match with what decides whether it is evidence."""

    match_id: int
    change_id: int
    trigger_id: str
    source_id: str
    at: datetime
    """When the change was seen."""
    kind: ChangeKind
    level: Level
    assertion: Assertion
    score: float
    against: bool = False
    known: bool = False
    verdict: Verdict | None = None
    """A person's newest word on the match or its change; None: not reviewed."""


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
