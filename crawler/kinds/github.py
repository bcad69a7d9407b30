"""An organisation or a repository at GitHub, by its REST API (docs.github.com/rest, version 2022-11-28).

What is a document, and what asks for it:

    organisation   each repository; the list of them                    every look
      follow       the README of each                                    when the list says that it was pushed to
    repository     name, description, topics, licence, state             every look
      releases     each release                                          every look
      commits, tags, readme, tree, files                                 when it was pushed to, and once a week

So a quiet look at an organisation is one request, at a repository two (one without releases), and a push costs one
more for every noun that is followed and for each file. With a token a 304 is free. Without one 60 requests an hour are
allowed: enough for a quiet day of the shipped catalogue; what is over waits until GitHub says that it may be asked.
Stars, forks, watchers, open issues, sizes, downloads and the times of changes are no text of any document.

A repository or release that a complete list leaves out twice is gone. A commit that is left out while older ones are
shown was taken out of history: one event, told of the newest such commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from crawler.errors import ReadingError
from crawler.extract import TextOptions
from crawler.kinds import github_answers, github_files
from crawler.kinds import json_values as values
from crawler.kinds.github_addresses import base_of, of_repository, owner_and_name, place_of
from crawler.kinds.github_options import Options
from crawler.kinds.result import Result
from crawler.request import Request, Secret
from storage.records import Ask, Capture, Health

VERSION = github_answers.VERSION
API_VERSION = "2022-11-28"
JSON = "application/vnd.github+json"
RAW = "application/vnd.github.raw+json"
TOKEN = "GITHUB_TOKEN"  # noqa: S105 - the name of a variable

__all__ = ["Options", "read", "request", "seeds", "url_problem"]


def url_problem(url: str) -> str | None:
    """Say what is wrong with the address of a source of this kind; None: nothing."""
    if owner_and_name(url) is None:
        return "is neither an organisation (https://github.com/NAME) nor a repository (https://github.com/OWNER/NAME)"
    return None


def seeds(url: str, more: Sequence[str], options: Options) -> tuple[tuple[str, str | None], ...]:
    """Give the endpoints to ask at every look, each with its document's key."""
    out: dict[str, str | None] = {}
    for each in dict.fromkeys((url, *more)):
        found = owner_and_name(each)
        if found is None:
            continue
        base, (owner, name) = base_of(each), found
        if name is None:
            out[f"{base}/orgs/{owner}/repos?type=public&sort=created&direction=desc&per_page=100"] = None
            continue
        full = f"{owner}/{name}"
        # the address goes into the keys of further repositories only: a source that has one survives its renaming
        out[of_repository(base, full)] = "repository" if each == url else f"repository {full.lower()}"
        if options.releases:
            out[of_repository(base, full, "releases", query=f"per_page={options.limit}")] = None
    return tuple(out.items())


def request(ask: Ask, options: Options, now: datetime) -> Request:
    """Ask the API: its media types, its version, its token; robots.txt is about the pages of the site."""
    place = place_of(ask.url)
    raw = place is not None and place.noun in ("readme", "contents")
    env = options.token_env or (TOKEN if place is not None and place.public else None)
    host = urlsplit(ask.url).netloc.lower()
    secret = Secret(env=env, host=host, header="Authorization", prefix="Bearer ", required=False) if env else None
    return Request(
        url=ask.url,
        headers=(("Accept", RAW if raw else JSON), ("X-GitHub-Api-Version", API_VERSION)),
        secret=secret,
        robots=False,
    )


def read(
    capture: Capture, body: bytes, ask: Ask, options: Options, text_options: TextOptions, language: str | None
) -> Result:
    """Read one answer; what is not of the form that the API documents is MALFORMED, and quoted."""
    place = place_of(ask.url)
    look = github_answers.Look(capture=capture, ask=ask, place=place, options=options, language=language)
    try:
        if place is None:
            raise ReadingError(Health.MALFORMED, "no address that this kind asks")
        if place.noun in ("readme", "contents"):
            return github_files.content(look, body, text_options)
        data = values.load(body, capture.charset)
        if isinstance(data, dict) and isinstance(data.get("message"), str) and "documentation_url" in data:
            raise ReadingError(Health.MALFORMED, f"an error in place of an answer: {values.quoted(data['message'])}")
        return {
            "repositories": github_answers.repositories,
            "repository": github_answers.repository,
            "releases": github_answers.releases,
            "commits": github_answers.commits,
            "tags": github_answers.tags,
            "trees": github_files.tree,
        }[place.noun](look, data)
    except ReadingError as bad:
        return Result(health=bad.health, detail=bad.detail, reader=VERSION)
