"""arXiv by its API: every paper is a document of its own, keyed by its number without the version.

A new version, another title or list of authors, a withdrawal are changes of that document. The API answers with Atom
(info.arxiv.org/help/api/user-manual.html), errors included; it wants one request in three seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from urllib.parse import urlencode

from crawler.errors import ReadingError
from crawler.extract import Text, TextOptions, meta, xml
from crawler.extract.lines import normalise
from crawler.kinds import answer
from crawler.kinds.result import Result
from crawler.request import Request
from storage.records import Ask, Capture, Health

VERSION = "arxiv/1"
ATOM = "http://www.w3.org/2005/Atom"
NUMBER = re.compile(r"\d{4}\.\d{4,5}|[a-z][a-z-]+(?:\.[A-Z]{2})?/\d{7}")
IN_ID = re.compile(r"/abs/(?P<number>[^\s]{1,60}?)(?:v(?P<version>\d{1,4}))?$")
ERROR = "/api/errors"
WITHDRAWN = re.compile(
    r"\bwithdrawn\b(?!\s+from\s+consideration)"
    r"|^this\s+(?:paper|article|submission|manuscript|work)\s+(?:has\s+been|is|was)\s+(?:withdrawn|retracted)",
    re.IGNORECASE,
)
MOST_AUTHORS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Which papers: by number, by a query, or by their authors. None of these: the address is asked as it stands."""

    ids: tuple[str, ...] = field(
        default=(), metadata={"description": "Numbers of papers, without a version: 2504.17404."}
    )
    query: str | None = field(
        default=None,
        metadata={"description": "A query of the API: all:, ti:, au:, abs:, co:, cat: … It knows no affiliations."},
    )
    authors: tuple[str, ...] = field(
        default=(), metadata={"description": "Names of authors, one of which a paper must have; besides the query."}
    )
    max_results: int = field(default=100, metadata={"description": "Most papers taken from one answer."})
    sort_by: Literal["submittedDate", "lastUpdatedDate", "relevance"] = field(
        default="submittedDate", metadata={"description": "Which papers come first."}
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield (relative path, sentence) for each value that cannot be used."""
        for position, number in enumerate(self.ids):
            if not NUMBER.fullmatch(number):
                said = "has a version; leave it out, new versions are what is watched"
                yield (
                    f"ids[{position}]",
                    said if re.search(r"v\d+$", number) else f"{number!r} is no number of arXiv such as 2504.17404",
                )
        if len(self.ids) > 100:
            yield "ids", f"has {len(self.ids)} numbers; 100 are asked at once, make it two sources"
        if self.ids and (self.query or self.authors):
            yield "ids", "cannot stand beside 'query' or 'authors'; make it two sources"
        if self.query is not None and not 0 < len(self.query.strip()) <= 2000:
            yield "query", "must have 1 to 2000 characters"
        for position, name in enumerate(self.authors):
            if not name.strip() or '"' in name:
                yield f"authors[{position}]", f"{name!r} is no name; write it as arXiv does, without quotation marks"
        if not 1 <= self.max_results <= 2000:
            yield "max_results", f"{self.max_results} is not between 1 and 2000"

    @property
    def search(self) -> str | None:
        """The query that is sent; None: there is none."""
        names = " OR ".join(f'au:"{name}"' for name in self.authors)
        if self.query and names:
            return f"({self.query}) AND ({names})"
        return self.query or names or None


def seeds(url: str, more: Sequence[str], options: Options) -> tuple[tuple[str, str | None], ...]:
    """Give the addresses to ask; an answer is no document, its papers are."""
    return tuple((each, None) for each in dict.fromkeys((url, *more)))


def request(ask: Ask, options: Options, now: datetime) -> Request:
    """Ask the API, at the address's host and path, for the papers of the options."""
    told: dict[str, str | int] = {}
    if options.ids:
        told = {"id_list": ",".join(options.ids), "max_results": len(options.ids)}
    elif options.search:
        told = {
            "search_query": options.search,
            "sortBy": options.sort_by,
            "sortOrder": "descending",
            "max_results": options.max_results,
        }
    url = f"{ask.url.partition('?')[0]}?{urlencode(told)}" if told else ask.url
    return Request(url=url, headers=(("Accept", "application/atom+xml"),), robots=False)


def read(
    capture: Capture, body: bytes, ask: Ask, options: Options, text_options: TextOptions, language: str | None
) -> Result:
    """Read an answer to its papers.

    No result is an answer. An error, or fewer entries than the answer itself counts, is MALFORMED: the API is known to
    send empty pages now and then.
    """
    try:
        feed = xml.read(body, charset=capture.charset, what="Atom")
        if feed.name != "feed" or feed.namespace != ATOM:
            raise ReadingError(Health.MALFORMED, f"<{feed.name}> in place of an Atom feed"[:200])
        entries = [entry for _, entry in zip(range(2000), feed.children("entry"), strict=False)]
        for entry in entries:
            if ERROR in (entry.text("id") or ""):
                raise ReadingError(Health.MALFORMED, f"an error: “{entry.text('summary') or 'not said'}”"[:300])
        texts = {text.key: text for entry in entries if (text := _text(entry, capture)) is not None}
        total = feed.text("totalResults") or "0"
        if not texts and (options.ids or total != "0"):
            raise ReadingError(Health.MALFORMED, f"no paper in an answer that counts {total[:20]}")
    except ReadingError as bad:
        return Result(health=bad.health, detail=bad.detail, reader=VERSION)
    missing = [number for number in options.ids if number not in texts]
    detail = f"not in the answer: {', '.join(missing)}"[:300] if missing else None
    return Result(health=Health.OK, detail=detail, texts=tuple(texts.values()), reader=VERSION)


def _text(entry: xml.Element, capture: Capture) -> Text | None:
    """The document of a paper; None: an entry without a number or a title, as the API sends for unknown numbers."""
    found = IN_ID.search(entry.text("id") or "")
    title = entry.text("title")
    if found is None or title is None:
        return None
    authors = [line for author in entry.children("author") if (line := _author(author))][:MOST_AUTHORS]
    raw = entry.text("published")
    abstract = normalise(entry.text("summary") or "")
    lines = [
        normalise(title),
        "# Authors",
        *authors,
        "# Record",
        *_record(entry, found["number"], found["version"] or "1", abstract),
        "# Abstract",
        abstract,
    ]
    main = "\n".join(line for line in lines if line)
    return Text(
        key=found["number"],
        url=f"https://arxiv.org/abs/{found['number']}",
        title=title,
        author=", ".join(authors)[:300] or None,
        published_raw=raw,
        published_at=answer.believed(meta.parse_date(raw), capture),
        language=meta.language(f"{title}\n{abstract}", "en"),
        main=main,
        full=main,
        extractor=VERSION,
    )


def _author(author: xml.Element) -> str:
    name, place = author.text("name") or "", author.text("affiliation")
    return f"{name} ({place})" if name and place else name


def _record(entry: xml.Element, number: str, version: str, abstract: str) -> Iterator[str]:
    comment = entry.text("comment") or ""
    if WITHDRAWN.search(comment) or WITHDRAWN.match(abstract):
        yield "This paper has been withdrawn."
    updated, published = ((entry.text(name) or "")[:10] for name in ("updated", "published"))
    yield f"Version {version} of {updated or 'an unknown day'}; first submitted {published or 'on an unknown day'}."
    for name, label in (("comment", "Comment"), ("journal_ref", "Journal reference"), ("doi", "DOI")):
        if value := entry.text(name):
            yield f"{label}: {value}"[:2000]
    terms = [category.get("term") or "" for category in entry.children("category")][:20]
    yield f"arXiv:{number} | {', '.join(term for term in terms if term)}".rstrip(" |")
