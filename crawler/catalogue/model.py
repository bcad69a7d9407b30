"""What a catalogue holds once it has been read: the schema of `sources.yml`, one frozen dataclass per part.

A `sources.yml`, with every key that a source may have (only id, title, kind, url, role and tolerance must be there)::

    # yaml-language-server: $schema=crawler/catalogue/sources.schema.json
    settings:
      timezone: Europe/London           # days of the digest
      contact: mailto:you@example.org   # sent with every request
      digest_hour: "07:00"
      fetch: {delay: 3s, timeout: 45s}  # crawler.fetch.options.FetchOptions; for all sources
    sources:
      - id: carnegie-2025
        title: "Carnegie: How some of China's top AI thinkers built their own institute"
        kind: page                      # page, listing, feed, sitemap; json, arxiv, mediawiki, github
        url: https://carnegieendowment.org/research/2025/06/…
        more: [https://…]               # further addresses of the same source
        citation: 3
        publisher: Carnegie Endowment for International Peace
        language: en
        role: secondary                 # primary, secondary, newsletter, query
        tolerance: 1d                   # 90s, 30m, 12h, 1d, 2w, 1d12h
        owner: bjaisi                   # an entity of triggers.yml
        tags: [think-tank]
        notes: Its recommendation boxes change daily.
        address: {confidence: high, evidence: seed 002, confirmed: 2026-11-21, placeholder: false}
        observable: true                # false: never asked, and `why_not` says why
        why_not: null
        fetch: {delay: 10s}             # what differs from settings.fetch
        text: {select: [article], ignore: [.related]}   # crawler.extract.options.TextOptions
        options: {}                     # Options of the kind, e.g. crawler.kinds.listing.Options

Keys at the top that begin with `x-` are left alone: a place for YAML anchors. Dates, times and durations are text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from crawler.catalogue import address as addresses
from crawler.catalogue.values import as_duration
from crawler.extract.options import TextOptions
from crawler.fetch.options import FetchOptions
from crawler.judge.options import JudgeOptions
from crawler.kinds import KINDS
from crawler.match.model import Assessment
from storage.records import Capture

spec = dataclass(frozen=True, slots=True, kw_only=True)

BY_HAND = "by-hand"
"""Id of the source of what is captured by hand and belongs to no other; in no file, and always there."""
Problem = tuple[str, str]
"""Path relative to the dataclass, and a sentence that names the remedy."""


def said(description: str, **rest: Any) -> Any:
    """A dataclass field whose description the generated reference and the JSON Schema show."""
    return field(metadata={"description": description}, **rest)


class Role(StrEnum):
    """What kind of witness a source is."""

    PRIMARY = "primary"
    """The body that acts, or whose deed it is."""
    SECONDARY = "secondary"
    NEWSLETTER = "newsletter"
    QUERY = "query"
    """A question to a catalogue of others, such as OpenAlex; often for something said to be absent."""


class Confidence(StrEnum):
    """How sure the address is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    """A guess: resolve it by hand once."""


@spec
class Address:
    """How far the address of a source is confirmed."""

    confidence: Confidence = said(
        "high: expected to be right; medium: probably right; low: a guess, to be resolved by hand.",
        default=Confidence.MEDIUM,
    )
    evidence: str | None = said("Where the address comes from.", default=None)
    confirmed: date | None = said("Day on which it was last seen to work, YYYY-MM-DD; null: never.", default=None)
    placeholder: bool = said(
        "true: no usable address yet; it may hold {braces}, and the source is not asked.", default=False
    )


@spec
class Settings:
    """What holds for the whole catalogue."""

    timezone: str = said("Time zone of the digest's days, such as Europe/London or Asia/Shanghai.", default="UTC")
    contact: str = said("Mail address or page where a webmaster reaches you; it is sent with every request.")
    user_agent: str | None = said(
        "What the crawl calls itself; null: cruxwatch, its version and the contact.", default=None
    )
    digest_hour: time = said("Local time at which the digest is written, HH:MM.", default=time(7))
    fetch: FetchOptions = said("How sources are asked, unless a source says otherwise.", default_factory=FetchOptions)
    judge: JudgeOptions = said(
        "The optional judge of candidates; off unless it has a url.", default_factory=JudgeOptions
    )

    def problems(self) -> Iterator[Problem]:
        """Yield what cannot be used."""
        if sentence := addresses.zone_problem(self.timezone):
            yield "timezone", sentence
        if sentence := addresses.contact_problem(self.contact):
            yield "contact", sentence
        if self.user_agent is not None and not (self.user_agent.strip() and _header_safe(self.user_agent)):
            yield "user_agent", "must be printable ASCII in one line; it is sent in a header"


@spec
class SourceEntry:
    """A source: what is watched, how late we may learn of news there, and how to ask and read it."""

    id: str = said("Stable id: small letters, digits, hyphens. The archive remembers the source by it.")
    title: str = said("The name shown in digests, in the language of the source or of the reader.")
    kind: str = said(
        "How to ask and read it: page, listing, feed, sitemap; or by a service's API: json, arxiv, mediawiki, github."
    )
    url: str = said("The address: http or https.")
    more: tuple[str, ...] = said("Further addresses of the same source.", default=())
    citation: int | None = said(
        "Number of the citation in the assessment; several sources may serve one.", default=None
    )
    publisher: str | None = said("Who answers for what stands there.", default=None)
    language: str | None = said("BCP 47 tag such as en, zh, zh-Hans; null: read from the text.", default=None)
    role: Role = said("primary, secondary, newsletter, or query (a question to a catalogue of others).")
    tolerance: timedelta = said("How late we may learn of news here: 12h, 1d, 2w. It sets how often it is asked.")
    owner: str | None = said("Id of the entity (triggers.yml) whose own page this is.", default=None)
    tags: tuple[str, ...] = said("Words to group sources by; a trigger may expect its evidence from a tag.", default=())
    notes: str | None = said("What a successor should know.", default=None)
    address: Address = said("How far the address is confirmed.", default_factory=Address)
    observable: bool = said("false: never asked, since it forbids robots or needs an account.", default=True)
    why_not: str | None = said("Why it is not observable; must be there when observable is false.", default=None)
    fetch: FetchOptions = said("How it is asked, where that differs from settings.fetch.", default_factory=FetchOptions)
    text: TextOptions = said("How its pages are read; usually nothing needs to be said.", default_factory=TextOptions)
    options: Any = said("Options of its kind.", default=None)

    @property
    def askable(self) -> bool:
        """It can be asked: it is observable, and its address is more than a placeholder."""
        return self.observable and not self.address.placeholder

    @property
    def why(self) -> str | None:
        """Why it is not asked, for a reader; None: it is."""
        if not self.observable:
            return self.why_not
        return "its address is a placeholder" if self.address.placeholder else None

    def seeds(self) -> tuple[tuple[str, str | None], ...]:
        """What to ask again and again: (address, key of the document there or None)."""
        return tuple(KINDS[self.kind].seeds(self.url, self.more, self.options)) if self.askable else ()

    def problems(self) -> Iterator[Problem]:
        """Yield what cannot be used, whatever else stands in the catalogue."""
        if not addresses.is_id(self.id):
            yield (
                "id",
                f"{self.id!r} is no id; write small letters, digits and hyphens, beginning with a letter or digit",
            )
        for name in ("title", "publisher", "notes", "why_not"):
            if (value := getattr(self, name)) is not None and not value.strip():
                yield name, "is empty; say it, or leave the key out"
        if self.kind not in KINDS:
            yield "kind", addresses.unknown("a kind of source", self.kind, list(KINDS))
        for path, url in (("url", self.url), *((f"more[{n}]", url) for n, url in enumerate(self.more))):
            if sentence := addresses.url_problem(url, placeholder=self.address.placeholder) or self._unfit(url):
                yield path, sentence
        if self.citation is not None and not 1 <= self.citation <= 9999:
            yield "citation", f"{self.citation} is no number of a citation; they begin at 1"
        if sentence := addresses.language_problem(self.language):
            yield "language", sentence
        if not timedelta(minutes=1) <= self.tolerance <= timedelta(days=366):
            yield "tolerance", f"{as_duration(self.tolerance)} is not between 1m and 366d"
        if not self.observable and not (self.why_not or "").strip():
            yield "observable", "is false and nothing says why; add why_not"
        if self.observable and self.why_not:
            yield "why_not", "is given for a source that is observable; set observable: false, or delete it"

    def _unfit(self, url: str) -> str | None:
        """What the source's kind has against an address; None: nothing, or it takes any."""
        check = getattr(KINDS.get(self.kind), "url_problem", None)
        return None if check is None or self.address.placeholder else check(url)


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """What we watch and why."""

    settings: Settings
    sources: tuple[SourceEntry, ...]
    assessment: Assessment
    warnings: tuple[str, ...] = ()
    """What is odd but usable, worded as file:line:column: path: sentence."""

    @cached_property
    def _by_id(self) -> dict[str, SourceEntry]:
        return {entry.id: entry for entry in self.sources}

    def source(self, source_id: str) -> SourceEntry | None:
        """The source of that id; None: not in the catalogue."""
        return self._by_id.get(source_id) or (self._by_hand if source_id == BY_HAND else None)

    @cached_property
    def _by_hand(self) -> SourceEntry:
        entry = page_entry(id=BY_HAND, url="https://by-hand.invalid/")
        unasked = Address(placeholder=True, evidence="each address is given with its capture")
        return replace(entry, title="Captured by hand", fetch=self.settings.fetch, address=unasked)

    def entry_of(self, capture: Capture) -> SourceEntry | None:
        """The source of a capture; one given by hand is read as a page, whatever the kind of its source."""
        entry = self.source(capture.source_id)
        if entry is None or not capture.by_hand:
            return entry
        return replace(entry, kind="page", options=KINDS["page"].Options(), text=TextOptions())

    def fetch_options(self, entry: SourceEntry) -> FetchOptions:
        """How to ask that source: its own options over those of the settings, under our name and contact."""
        return replace(entry.fetch, contact=self.settings.contact, user_agent=self.settings.user_agent)


def page_entry(*, id: str, url: str, language: str | None = None, more: Sequence[str] = ()) -> SourceEntry:
    """A source of kind page without a catalogue around it: for `evaluate` and `try`."""
    return SourceEntry(
        id=id,
        title=url,
        kind="page",
        url=url,
        more=tuple(more),
        language=language,
        role=Role.SECONDARY,
        tolerance=timedelta(days=1),
        options=KINDS["page"].Options(),
    )


def _header_safe(value: str) -> bool:
    return value.isascii() and value.isprintable()
