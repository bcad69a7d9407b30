"""What is asked and what came: sources, asks, fetches, captures."""

from __future__ import annotations

from datetime import datetime

from storage.records.form import record
from storage.records.words import AskPurpose, Outcome, Reason


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
class Validators:
    """What a conditional request sends back: the server's own words about the capture we hold."""

    capture_id: int
    etag: str | None = None
    last_modified: str | None = None


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
