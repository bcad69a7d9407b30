"""A small GitHub on loopback for tests: its REST API over a Website, as docs.github.com describes it.

    hub = Hub(world.site)                                # answers below http://github.test/api/v3/
    reef = hub.add("harbour/reef", files={"README.md": "# Reef"})
    reef.commit("First words", {"README.md": "# Reef\nNew."})
    hub.rename(reef, "harbour/atoll"); hub.delete(reef); hub.remaining = 0

Every answer has an ETag; a 304 costs nothing only with a token; lists have Link headers; what was renamed answers 301,
what was deleted or made private 404; who has no request left gets a 403 that says until when.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha1, sha256
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.website import Answer, Asked, Website, redirect

HOST = "github.test"
ROOT = "/api/v3"


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Repository:
    hub: Hub
    id: int
    full_name: str
    created: datetime
    pushed: datetime
    description: str | None = None
    topics: list[str] = field(default_factory=list)
    archived: bool = False
    fork: bool = False
    stars: int = 3
    files: dict[str, bytes] = field(default_factory=dict)
    commits: list[dict[str, Any]] = field(default_factory=list)
    releases: list[dict[str, Any]] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)

    def commit(self, message: str, files: dict[str, str | bytes | None] | None = None, **more: str) -> str:
        """Commit and push; None deletes a file. Gives the sha."""
        for path, body in (files or {}).items():
            if body is None:
                self.files.pop(path, None)
            else:
                self.files[path] = body.encode() if isinstance(body, str) else body
        at = more.get("date") or stamp(self.hub.now)
        sha = more.get("sha") or sha1(f"{self.full_name}{len(self.commits)}{message}{at}".encode()).hexdigest()
        person = {"name": more.get("author", "A. Diver (invented)"), "email": "diver@harbour.example", "date": at}
        commit = {"author": person, "committer": person, "message": message, "comment_count": 0}
        self.commits.insert(0, {"sha": sha, "node_id": "C_x", "commit": commit, "author": None, "parents": []})
        self.pushed = self.hub.now
        return sha

    def rewrite(self, keep: int) -> None:
        """Force-push: only the oldest `keep` commits stay."""
        self.commits = self.commits[len(self.commits) - keep :]
        self.pushed = self.hub.now

    def release(self, tag: str, name: str | None, body: str | None) -> dict[str, Any]:
        told = {"id": 900 + len(self.releases), "tag_name": tag, "name": name, "body": body, "draft": False}
        told |= {"prerelease": False, "published_at": stamp(self.hub.now), "author": {"login": "diver"}}
        told |= {"assets": [{"name": f"reef-{tag}.zip", "download_count": 0}]}
        self.releases.insert(0, told)
        return told

    def shown(self) -> dict[str, Any]:
        """As the API shows it: counts and times of changes among the rest."""
        owner, name = self.full_name.split("/")
        return {
            "id": self.id,
            "node_id": f"R_{self.id}",
            "name": name,
            "full_name": self.full_name,
            "private": False,
            "owner": {"login": owner, "type": "Organization"},
            "html_url": f"http://{HOST}/{self.full_name}",
            "description": self.description,
            "fork": self.fork,
            "created_at": stamp(self.created),
            "updated_at": stamp(self.created + timedelta(seconds=self.stars)),
            "pushed_at": stamp(self.pushed),
            "homepage": None,
            "size": sum(map(len, self.files.values())) // 1024,
            "stargazers_count": self.stars,
            "watchers_count": self.stars,
            "forks_count": self.stars // 2,
            "open_issues_count": self.stars // 3,
            "license": {"key": "mit", "name": "MIT License", "spdx_id": "MIT"},
            "topics": self.topics,
            "archived": self.archived,
            "disabled": False,
            "visibility": "public",
            "default_branch": "main",
        }


class Hub:
    """The API; `log` has what it was asked and how it answered."""

    def __init__(self, site: Website, now: datetime, token: str | None = None) -> None:
        self.site, self.now, self.token = site, now, token
        self.repositories: list[Repository] = []
        self.former: dict[str, Repository] = {}
        self.said: dict[str, Answer] = {}
        """Answers in place of the right ones, by the end of the path."""
        self.remaining, self.limit = 60, 60
        self.reset: datetime = now
        self.log: list[tuple[str, int]] = []
        site.pages = _Pages(self, site.pages)
        site.put(f"http://{HOST}/", "GitHub (invented)")

    def add(self, full_name: str, **more: Any) -> Repository:
        """Open a repository with a first commit."""
        files = more.pop("files", {"README.md": f"# {full_name}\n"})
        repository = Repository(
            self, 4000 + len(self.former) + len(self.repositories), full_name, self.now, self.now, **more
        )
        self.repositories.append(repository)
        if files:
            repository.commit("Begin", files)
        return repository

    def rename(self, repository: Repository, full_name: str) -> None:
        """The old name leads to the new one."""
        self.former[repository.full_name] = repository
        repository.full_name = full_name

    def delete(self, repository: Repository) -> None:
        """Delete it, or make it private: the API tells no difference."""
        self.repositories.remove(repository)

    def answer(self, visit: int, asked: Asked) -> Answer:
        """Answer one request and count it."""
        authorised = self.token is not None and asked.headers.get("authorization") == f"Bearer {self.token}"
        answer = self._answer(asked, authorised)
        etag = answer.etag
        status = 304 if etag and asked.headers.get("if-none-match") == etag else answer.status
        if not (status == 304 and authorised):
            self.remaining = max(0, self.remaining - 1)
        self.log.append((asked.path.removeprefix(ROOT), status))
        return answer

    def _answer(self, asked: Asked, authorised: bool) -> Answer:
        path = asked.path.removeprefix(ROOT)
        limits = [("X-RateLimit-Limit", str(self.limit)), ("X-RateLimit-Reset", str(int(self.reset.timestamp())))]
        if self.remaining <= 0:
            limits.append(("X-RateLimit-Remaining", "0"))
            return _json({"message": "API rate limit exceeded.", "documentation_url": "…"}, limits, 403)
        limits.append(("X-RateLimit-Remaining", str(self.remaining - 1)))
        if "authorization" in asked.headers and not authorised:
            return _json({"message": "Bad credentials", "documentation_url": "…"}, limits, 401)
        for end, answer in self.said.items():
            if urlsplit(path).path.endswith(end):
                return answer
        raw = "raw" in asked.headers.get("accept", "")
        assert asked.headers["x-github-api-version"] == "2022-11-28"
        assert "application/vnd.github" in asked.headers["accept"]
        return self._routed(path, limits, raw)

    def _routed(self, path: str, limits: list[tuple[str, str]], raw: bool) -> Answer:
        parts = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        words = [unquote(word) for word in parts.path.split("/")[1:]]
        gone = _json({"message": "Not Found", "documentation_url": "…", "status": "404"}, limits, 404)
        if words[0] == "orgs":
            found = [each for each in self.repositories if each.full_name.startswith(f"{words[1]}/")]
            found.sort(key=lambda each: (each.created, each.id), reverse=True)
            return self._list([each.shown() for each in found], parts.path, query, limits)
        if words[0] == "repositories":
            repository = next((each for each in self.repositories if str(each.id) == words[1]), None)
            rest = words[2:]
        else:
            full, rest = "/".join(words[1:3]), words[3:]
            repository = next((each for each in self.repositories if each.full_name == full), None)
            if repository is None and full in self.former and self.former[full] in self.repositories:
                further = parts.path.split("/", 4)[4:]
                target = "/".join([f"http://{HOST}{ROOT}/repositories/{self.former[full].id}", *further])
                return redirect(target + (f"?{parts.query}" if parts.query else ""), 301, limits)
        if repository is None:
            return gone
        return self._about(repository, rest, parts.path, query, limits, raw) or gone

    def _about(self, repository, rest, path, query, limits, raw) -> Answer | None:
        lists: dict[str, Callable[[], list[Any]]] = {
            "releases": lambda: repository.releases,
            "commits": lambda: repository.commits,
            "tags": lambda: [{"name": n, "commit": {"sha": sha}} for n, sha in repository.tags.items()],
        }
        if not rest:
            return _json(repository.shown(), limits)
        if rest[0] in lists:
            return self._list(lists[rest[0]](), path, query, limits)
        if rest[:2] == ["git", "trees"]:
            entries = [
                {"path": each, "mode": "100644", "type": "blob", "sha": sha1(body).hexdigest(), "size": len(body)}
                for each, body in sorted(repository.files.items())
            ]
            return _json({"sha": "x" * 40, "tree": entries, "truncated": False}, limits)
        name = "README.md" if rest == ["readme"] else "/".join(rest[1:])
        body = repository.files.get(name)
        assert raw, "files are asked for as they are"
        return (
            None if body is None else _answer(body, limits, media_type="application/vnd.github.raw+json; charset=utf-8")
        )

    def _list(self, items: list[Any], path: str, query: dict[str, str], limits: list[tuple[str, str]]) -> Answer:
        size, page = int(query.get("per_page", 30)), int(query.get("page", 1))
        taken = items[(page - 1) * size : page * size]
        if len(items) > page * size:
            limits = [*limits, ("Link", f'<http://{HOST}{ROOT}{path}?page={page + 1}>; rel="next", <x>; rel="last"')]
        return _json(taken, limits)


class _Pages(dict):
    """The pages of a website, and behind them the API."""

    def __init__(self, hub: Hub, pages: dict) -> None:
        super().__init__(pages)
        self.hub = hub

    def get(self, key, default=None):
        host, path = key
        return self.hub.answer if host == HOST and path.startswith(f"{ROOT}/") else super().get(key, default)


def _json(data: Any, headers: list[tuple[str, str]], status: int = 200) -> Answer:
    return _answer(json.dumps(data, ensure_ascii=False).encode(), headers, status=status)


def _answer(
    body: bytes, headers: list[tuple[str, str]], status: int = 200, media_type: str = "application/json; charset=utf-8"
) -> Answer:
    etag = f'W/"{sha256(body).hexdigest()}"' if status == 200 else None
    return Answer(body, status, headers, media_type=media_type, etag=etag)
