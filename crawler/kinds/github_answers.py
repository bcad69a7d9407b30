"""Answers of GitHub's API as documents: repositories, releases, commits, tags; wrong types tolerated or MALFORMED."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawler.errors import ReadingError
from crawler.extract import Text, meta
from crawler.extract.lines import fold_space, normalise
from crawler.extract.plain import markdown
from crawler.kinds import answer
from crawler.kinds import json_values as values
from crawler.kinds.github_addresses import Place, is_full_name, of_repository
from crawler.kinds.github_options import Options
from crawler.kinds.result import NewAsk, Result
from storage.records import Ask, AskPurpose, Capture, Health

VERSION = "github/1"
AGAIN = timedelta(days=6, hours=18)
"""How long after reading what a push may change it is asked again all the same: weekly, by a daily run."""
PAGES_AGAIN = timedelta(hours=18)
LONGEST_LINE, LONGEST_BODY = 2_000, 100_000
MOST_TOPICS, MOST_ASSETS = 50, 50
SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
REWRITTEN = (
    "no longer in the history of the default branch: it was rewritten (force-push), "
    "or another branch has become the default"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """An answer and what it answers."""

    capture: Capture
    ask: Ask
    place: Place
    options: Options
    language: str | None

    def text(self, key: str, url: str, title: str | None, main: str, **more: Any) -> Text:
        """Make a document."""
        language = meta.language(main, self.language)
        return Text(key=key, url=url, title=title, language=language, main=main, full=main, extractor=VERSION, **more)

    def dated(self, raw: Any) -> tuple[str | None, datetime | None]:
        """Read a time of the API."""
        told = said(raw)
        return told, answer.believed(meta.parse_date(told), self.capture)

    @property
    def more_pages(self) -> bool:
        """Whether a Link header (RFC 8288) names a next page."""
        links = ", ".join(value for name, value in self.capture.headers if name.lower() == "link")
        return bool(re.search(r';\s*rel\s*=\s*"?next\b', links[:10_000], re.I))

    def result(self, texts: Sequence[Text], skipped: int = 0, *, what: str = "items", **more: Any) -> Result:
        """A good answer; says what of it was left out."""
        detail = f"{skipped} {what} without what the API documents" if skipped else None
        return Result(health=Health.OK, detail=detail, texts=tuple(texts), reader=VERSION, **more)


def said(value: Any, most: int = LONGEST_LINE) -> str | None:
    """A text of an answer in one line; None: it is none, or empty."""
    return fold_space(value[:most]) or None if isinstance(value, str) else None


def listed(data: Any, what: str) -> list[dict[str, Any]]:
    """The objects of a list. Raises ReadingError where the answer is none."""
    if not isinstance(data, list):
        raise ReadingError(Health.MALFORMED, f"no list of {what}: {values.quoted(data)}")
    return [each if isinstance(each, dict) else {} for each in data]


def none_left(data: list[Any], texts: Sequence[Text], what: str) -> None:
    """Raise ReadingError when a list holds things, and nothing that could be read."""
    if data and not texts:
        raise ReadingError(Health.MALFORMED, f"a list without {what}: {values.quoted(data[0])}")


def repositories(look: Look, data: Any) -> Result:
    """The repositories of an organisation: each a document, and a line of the list."""
    items = [each for each in listed(data, "repositories") if _is_repository(each)]
    texts = [described(look, each, f"repository:{each['id']}") for each in items]
    none_left(data, texts, "repositories")
    page = _page(look)
    asks = []
    if look.options.follow:
        asks = [readme(look, each, f"readme:{each['id']}") for each in items if said(each.get("pushed_at"))]
    if look.more_pages and page < look.options.max_pages:
        asks.append(_next(look, page + 1))
    if page == 1:
        texts.insert(0, _list(look, items))
    whole = page == 1 and not look.more_pages and len(items) == len(data)
    return look.result(texts, len(data) - len(items), what="repositories", asks=tuple(asks), complete=whole)


def _page(look: Look) -> int:
    number = dict(parse_qsl(urlsplit(look.ask.url).query)).get("page", "1")
    return int(number) if number.isdigit() and len(number) < 4 else look.options.max_pages


def _next(look: Look, number: int) -> NewAsk:
    """The next page, by our own address: what the Link header says stands on no other host."""
    parts = urlsplit(look.ask.url)
    query = dict(parse_qsl(parts.query)) | {"page": str(number)}
    return NewAsk(
        url=urlunsplit(parts._replace(query=urlencode(query))),
        key=None,
        purpose=AskPurpose.MORE,
        title=f"page {number}",
        revisit=PAGES_AGAIN,
    )


def _list(look: Look, items: Sequence[dict[str, Any]]) -> Text:
    lines = []
    for each in sorted(items, key=lambda each: each["full_name"].lower()):
        cells = [each["full_name"], said(each.get("description"))]
        cells += [f"topics: {topics}" if (topics := _topics(each)) else None]
        cells += ["archived" if each.get("archived") is True else None, "fork" if each.get("fork") is True else None]
        lines.append(" | ".join(cell.replace("|", "¦") for cell in cells if cell))
    title = f"Repositories of {look.place.owner}"
    main = normalise("\n".join(lines)) or "No public repository."
    return look.text("repositories", f"{look.place.web}/{look.place.owner}", title, main)


def _is_repository(item: dict[str, Any]) -> bool:
    return type(item.get("id")) is int and is_full_name(item.get("full_name"))


def _topics(item: dict[str, Any]) -> str:
    topics = item.get("topics")
    told = [said(each, 100) for each in topics[:MOST_TOPICS]] if isinstance(topics, list) else []
    return ", ".join(sorted(each for each in told if each))


def described(look: Look, item: dict[str, Any], key: str) -> Text:
    """A repository as a document: what its owner says of it, one thing a line."""
    licence = item.get("license")
    licence = said(licence.get("spdx_id") or licence.get("name")) if isinstance(licence, dict) else None
    parent = item.get("parent")
    lines = [
        f"# {item['full_name']}",
        *_given("Description", said(item.get("description"))),
        *_given("Homepage", said(item.get("homepage"))),
        *_given("Topics", _topics(item)),
        *_given("Licence", licence),
        *_given("Default branch", said(item.get("default_branch"))),
        *_given("Created", (said(item.get("created_at")) or "")[:10]),
        *_given("Repository id", str(item["id"])),
    ]
    if item.get("fork") is True:
        origin = parent.get("full_name") if isinstance(parent, dict) else None
        lines.append(
            f"This repository is a fork of {origin}." if is_full_name(origin) else "This repository is a fork."
        )
    if item.get("archived") is True:
        lines.append("This repository has been archived by its owner and is read-only.")
    if item.get("disabled") is True:
        lines.append("This repository has been disabled.")
    main = normalise("\n".join(lines))
    raw, at = look.dated(item.get("created_at"))
    url = f"{look.place.web}/{item['full_name']}"
    return look.text(key, url, item["full_name"], main, published_raw=raw, published_at=at)


def _given(name: str, value: str | None) -> list[str]:
    return [f"{name}: {value}"] if value else []


def repository(look: Look, data: Any) -> Result:
    """A repository: a document, and what a push to it may have changed."""
    if not isinstance(data, dict) or not _is_repository(data):
        raise ReadingError(Health.MALFORMED, f"no repository: {values.quoted(data)}")
    text = described(look, data, look.ask.key or "repository")
    asks = tuple(_pushed(look, data)) if said(data.get("pushed_at")) else ()
    return look.result([text], asks=asks)


def _pushed(look: Look, item: dict[str, Any]) -> Iterator[NewAsk]:
    options = look.options
    # more than one repository in a source: their documents are told apart by the id
    own = "" if look.ask.key == "repository" else f":{item['id']}"
    if options.commits:
        yield about(look, item, None, "commits", query=f"per_page={options.limit}")
    if options.tags:
        yield about(look, item, f"tags{own}", "tags", query="per_page=100")
    if options.readme and not any(path.lower() == "readme.md" for path in options.exact):
        yield readme(look, item, f"readme{own}")
    for path in options.exact:
        yield about(look, item, f"file{own}:{path}", "contents", path)
    if options.tree or options.patterns:
        branch = said(item.get("default_branch"), 250) or "HEAD"
        yield about(look, item, f"tree{own}", "git", "trees", branch, query="recursive=1")


def readme(look: Look, item: dict[str, Any], key: str) -> NewAsk:
    """Ask for the README of a repository."""
    return about(look, item, key, "readme")


def about(look: Look, item: dict[str, Any], key: str | None, *rest: str, query: str = "") -> NewAsk:
    """Ask for something of a repository: now if it was pushed to since, and once a week."""
    return NewAsk(
        url=of_repository(look.place.base, item["full_name"], *rest, query=query),
        key=key,
        title=f"{item['full_name']} {rest[-1] if rest[0] != 'git' else 'files'}",
        revisit=AGAIN,
        changed_at=meta.parse_date(said(item.get("pushed_at"))),
    )


def releases(look: Look, data: Any) -> Result:
    """Releases: each a document; one that is left out while older ones are shown is gone."""
    items = listed(data, "releases")
    texts = [text for each in items if (text := _release(look, each))]
    none_left(data, texts, "releases")
    return look.result(
        texts,
        len(items) - len(texts),
        what="releases",
        complete=len(texts) == len(items),
        since=_since(look, texts),
    )


def _release(look: Look, item: dict[str, Any]) -> Text | None:
    tag = said(item.get("tag_name"), 250)
    if type(item.get("id")) is not int or tag is None:
        return None
    name = said(item.get("name")) or tag
    body = item.get("body")
    body = markdown(body[:LONGEST_BODY]) if isinstance(body, str) else []
    assets = item.get("assets")
    names = (
        [said(each.get("name")) for each in assets[:MOST_ASSETS] if isinstance(each, dict)]
        if isinstance(assets, list)
        else []
    )
    lines = [
        f"# {name}",
        f"Release {tag} of {look.place.owner}/{look.place.name}",
        *(["This is a pre-release."] if item.get("prerelease") is True else []),
        *body,
        *(f"File: {name}" for name in names if name),
    ]
    author = item.get("author")
    raw, at = look.dated(item.get("published_at") or item.get("created_at"))
    return look.text(
        f"release:{item['id']}",
        f"{look.place.web}/{look.place.owner}/{look.place.name}/releases/tag/{tag}",
        name,
        normalise("\n".join(lines)),
        author=said(author.get("login")) if isinstance(author, dict) else None,
        published_raw=raw,
        published_at=at,
    )


def _since(look: Look, texts: Sequence[Text]) -> datetime | None:
    """From when on the answer holds everything; None: it holds all there is.

    The newest of the older half, not the oldest: such lists are not strictly in the order of their dates.
    """
    if not look.more_pages:
        return None
    dates = [text.published_at for text in texts[len(texts) // 2 :] if text.published_at]
    return max(dates, default=look.capture.fetched_at)


def commits(look: Look, data: Any) -> Result:
    """Commits on the default branch: each a document; its text never changes, its place in history may."""
    items = listed(data, "commits")
    texts = [text for each in items if (text := _commit(look, each))]
    none_left(data, texts, "commits")
    return look.result(
        texts,
        len(items) - len(texts),
        what="commits",
        complete=bool(texts) and len(texts) == len(items),
        since=_since(look, texts),
        together=REWRITTEN,
    )


def _commit(look: Look, item: dict[str, Any]) -> Text | None:
    sha, commit = item.get("sha"), item.get("commit")
    if not isinstance(sha, str) or not SHA.fullmatch(sha) or not isinstance(commit, dict):
        return None
    message = commit.get("message")
    main = normalise(message[:LONGEST_BODY]) if isinstance(message, str) else ""
    author, committer = (
        each if isinstance(each, dict) else {} for each in (commit.get("author"), commit.get("committer"))
    )
    raw, at = look.dated(committer.get("date") or author.get("date"))
    title = main.split("\n", 1)[0][:200] or f"Commit {sha[:10]} without a message"
    return look.text(
        f"commit:{sha}",
        f"{look.place.web}/{look.place.owner}/{look.place.name}/commit/{sha}",
        title,
        main or title,
        author=said(author.get("name"), 200),
        published_raw=raw,
        published_at=at,
    )


def tags(look: Look, data: Any) -> Result:
    """The tags as one document: a tag that moves to another commit is an edited line."""
    lines, skipped = [], 0
    for each in listed(data, "tags"):
        name, commit = said(each.get("name"), 250), each.get("commit")
        sha = commit.get("sha") if isinstance(commit, dict) else None
        if name is None or not isinstance(sha, str) or not SHA.fullmatch(sha):
            skipped += 1
            continue
        lines.append(f"{name.replace('|', '¦')} | commit {sha[:12]}")
    if data and not lines:
        raise ReadingError(Health.MALFORMED, f"a list without tags: {values.quoted(data[0])}")
    main = normalise("\n".join(sorted(lines))) or "No tag."
    url = f"{look.place.web}/{look.place.owner}/{look.place.name}/tags"
    text = look.text(look.ask.key or "tags", url, f"Tags of {look.place.owner}/{look.place.name}", main)
    return look.result([text], skipped, what="tags")
