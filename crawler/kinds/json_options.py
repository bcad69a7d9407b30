"""How a JSON endpoint is asked, and where in its answer things stand: the options of kind json."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from crawler.kinds import filled
from crawler.kinds import json_values as values
from crawler.request import SecretOptions, header_problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """How further pages of an answer are asked; bounded, and one after the other."""

    by: Literal["page", "offset", "cursor"] = field(
        metadata={"description": "What the service counts by; {page}, {offset} or {cursor} must stand in the request."}
    )
    size: int = field(
        default=0, metadata={"description": "Items of a full page; a shorter one is the last. For page and offset."}
    )
    next: str | None = field(
        default=None, metadata={"description": "JMESPath of the next cursor in the answer; none there: the last page."}
    )
    first: str | None = field(
        default=None,
        metadata={"description": "The first page, offset or cursor, where it is not 1, 0 or none ('*' at OpenAlex)."},
    )
    max_pages: int = field(default=5, metadata={"description": "Most pages read, the first included."})

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield (relative path, sentence) for each value that cannot be used."""
        if not 2 <= self.max_pages <= 50:
            yield "max_pages", f"{self.max_pages} is not between 2 and 50"
        if self.by == "cursor":
            if self.next is None:
                yield "by", "a cursor needs 'next', the path of the next one"
            elif problem := values.path_problem(self.next):
                yield "next", problem
        elif not 1 <= self.size <= 1000:
            yield "size", "must say how many items a full page has, 1 to 1000"
        elif self.first is not None and not self.first.isdigit():
            yield "first", f"{self.first!r} is no number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Something that is said to be absent: its first appearance above the baseline is the event."""

    what: str = field(metadata={"description": "What is looked for, in words; the answer's text says it."})
    baseline: int = field(default=0, metadata={"description": "How many are known; more of them are news."})
    count: str | None = field(
        default=None, metadata={"description": "JMESPath of the number found; null: the number of items."}
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield (relative path, sentence) for each value that cannot be used."""
        if not self.what.strip():
            yield "what", "is empty; say what is looked for"
        if self.baseline < 0:
            yield "baseline", f"{self.baseline} is less than nothing"
        if self.count is not None and (problem := values.path_problem(self.count)):
            yield "count", problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the endpoint is asked, and where in its answer things stand. Paths are JMESPath."""

    items: str = field(default="@", metadata={"description": "The list of items; '@': the whole answer."})
    key: str | None = field(
        default=None, metadata={"description": "What tells an item from all others, for ever: an id, never a title."}
    )
    title: str | None = field(default=None, metadata={"description": "The title of an item."})
    text: tuple[str, ...] = field(default=(), metadata={"description": "The texts of an item, in this order."})
    text_is: Literal["plain", "html"] = field(default="plain", metadata={"description": "What the texts are."})
    author: str | None = field(default=None, metadata={"description": "Who wrote an item."})
    time: str | None = field(default=None, metadata={"description": "When an item was published."})
    url: str | None = field(
        default=None,
        metadata={
            "description": "The address of an item: a path, or an address with paths in braces such as "
            "https://example.org/posts/{slug}."
        },
    )
    limit: int = field(default=200, metadata={"description": "Most items taken from one answer, in its order."})
    complete: bool = field(
        default=False,
        metadata={"description": "Whether the answer lists all there is, so that an item not in it any more is gone."},
    )
    nothing: str | None = field(
        default=None,
        metadata={"description": "What is true of an answer without a list that means: nothing found (GDELT's {})."},
    )
    refusals: dict[str, tuple[str, ...]] = field(
        default_factory=dict,
        metadata={"description": "Values by which an answer says that it is a refusal, as path: [value, …]."},
    )
    method: Literal["GET", "POST"] = field(default="GET", metadata={"description": "How it is asked."})
    query: dict[str, str] = field(
        default_factory=dict,
        metadata={
            "description": "Parameters added to the address. What is filled in, here and in form and body: {since} and "
            "{today} (days), {each}, {page}, {offset}, {cursor}."
        },
    )
    form: dict[str, str] = field(default_factory=dict, metadata={"description": "A form to post."})
    body: str | dict[str, Any] | None = field(
        default=None, metadata={"description": "A body to post: text, or a map that is sent as JSON (GraphQL: query)."}
    )
    headers: dict[str, str] = field(
        default_factory=dict, metadata={"description": "Headers to send. No keys: those go under secret."}
    )
    secret: SecretOptions | None = field(
        default=None, metadata={"description": "A key or token, by the name of its environment variable."}
    )
    contact_parameter: str | None = field(
        default=None, metadata={"description": "The query parameter that takes settings.contact (Crossref's mailto)."}
    )
    since: timedelta = field(default=timedelta(weeks=2), metadata={"description": "How far back {since} reaches."})
    each: tuple[str, ...] = field(
        default=(), metadata={"description": "Values of {each}; it is asked once with each of them."}
    )
    paging: Paging | None = field(default=None, metadata={"description": "How further pages are asked."})
    absence: Absence | None = field(
        default=None, metadata={"description": "Watch for something absent: the answer itself is the document."}
    )
    fetch_items: bool = field(
        default=False, metadata={"description": "Whether the addresses of the items are fetched and read as pages."}
    )
    revisit: timedelta | None = field(
        default=timedelta(weeks=4),
        metadata={"description": "How long after reading the page of an item it is asked again; null: never."},
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield (relative path, sentence) for each value that cannot be used."""
        yield from self._path_problems()
        yield from self._request_problems()
        if self.absence is None and self.key is None:
            yield "key", "is missing: an item needs a key that stays when its title changes"
        if not 1 <= self.limit <= 1000:
            yield "limit", f"{self.limit} is not between 1 and 1000"
        if self.fetch_items and self.url is None:
            yield "fetch_items", "needs 'url', the address of an item"
        if self.complete and self.paging is not None:
            yield "complete", "cannot be told of an answer in pages"
        if self.absence is not None and self.paging is not None:
            yield "absence", "looks at one answer; take 'count' for how many there are in all, not 'paging'"
        if self.revisit is not None and self.revisit < timedelta(hours=1):
            yield "revisit", "must be at least 1h, or null"
        if self.since < timedelta(days=1):
            yield "since", "must be at least 1d, since {since} is a day"

    def _path_problems(self) -> Iterator[tuple[str, str]]:
        paths = {name: getattr(self, name) for name in ("items", "key", "title", "author", "time", "nothing")}
        paths |= {f"text[{number}]": path for number, path in enumerate(self.text)}
        paths |= {f"refusals.{path}": path for path in self.refusals}
        for name, path in paths.items():
            if path is not None and (problem := values.path_problem(path)):
                yield name, problem
        if self.url is not None and (problem := values.template_problem(self.url)):
            yield "url", problem

    def _request_problems(self) -> Iterator[tuple[str, str]]:
        if self.method == "GET" and (self.form or self.body is not None):
            yield "method", "is GET, which has no form and no body; write method: POST"
        if self.form and self.body is not None:
            yield "body", "cannot stand beside 'form'"
        for name, value in self.headers.items():
            if problem := header_problem(name, value):
                yield f"headers.{name}", problem
        holes = filled.holes([self.query, self.form, self.body])
        if bool(self.each) != ("each" in holes):
            yield "each", "and {each} in query, form or body need one another"
        if self.paging is not None and self.paging.by not in holes:
            yield "paging", f"needs {{{self.paging.by}}} in query, form or body"
        for name in ("page", "offset", "cursor"):
            if name in holes and (self.paging is None or self.paging.by != name):
                yield "paging", f"by: {name} must say how {{{name}}} goes on"
