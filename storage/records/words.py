"""The closed sets of words: outcomes, health, kinds and levels, in what they mean."""

from __future__ import annotations

from enum import StrEnum


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
