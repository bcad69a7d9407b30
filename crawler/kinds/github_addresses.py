"""Addresses of GitHub: from the pages that a catalogue names to the endpoints of its REST API, and back.

    https://github.com/NAME            an organisation    https://api.github.com/orgs/NAME/repos
    https://github.com/OWNER/NAME      a repository       https://api.github.com/repos/OWNER/NAME

Another host is GitHub Enterprise Server, whose API is below /api/v3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

OWNER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,99}")
NAME = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")
PUBLIC = "https://api.github.com"
ENTERPRISE = "/api/v3"
LONGEST_PATH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What an address of the API is about."""

    base: str
    """Of the API, without a slash at its end."""
    owner: str
    name: str | None = None
    """None: an organisation."""
    noun: str
    """repositories, repository, releases, commits, tags, readme, contents or trees."""
    path: str | None = None
    """Of a file in the repository."""

    @property
    def web(self) -> str:
        """Where people look: the site that belongs to the API."""
        return "https://github.com" if self.base == PUBLIC else self.base.removesuffix(ENTERPRISE)

    @property
    def public(self) -> bool:
        """Whether it is GitHub's own API."""
        return self.base == PUBLIC


def owner_and_name(url: str) -> tuple[str, str | None] | None:
    """Read the address of an organisation (name None) or of a repository; None: it is neither."""
    parts = [unquote(part) for part in urlsplit(url).path.split("/") if part]
    if parts and parts[0] == "orgs":
        parts = parts[1:2]
    if len(parts) not in (1, 2) or not OWNER.fullmatch(parts[0]):
        return None
    name = parts[1].removesuffix(".git") if len(parts) == 2 else None
    return None if name is not None and not NAME.fullmatch(name) else (parts[0], name)


def base_of(url: str) -> str:
    """The API that belongs to the site of an address."""
    parts = urlsplit(url)
    host = parts.netloc.lower()
    if host in ("github.com", "www.github.com"):
        return PUBLIC
    return f"{parts.scheme.lower()}://{host}{ENTERPRISE}"


def of_repository(base: str, full_name: str, *rest: str, query: str = "") -> str:
    """Make an address of the API about a repository."""
    below = "".join(f"/{quote(each, safe='/')}" for each in rest)
    return f"{base}/repos/{full_name}{below}" + (f"?{query}" if query else "")


def is_full_name(text: object) -> bool:
    """Whether what an answer calls owner/name can be put into an address."""
    if not isinstance(text, str):
        return False
    owner, slash, name = text.partition("/")
    return bool(slash and OWNER.fullmatch(owner) and NAME.fullmatch(name))


def usable_path(path: object) -> bool:
    """Whether a path of a tree can be put into an address, and stays inside the repository."""
    if not isinstance(path, str) or not 0 < len(path) <= LONGEST_PATH or any(ord(sign) < 0x20 for sign in path):
        return False
    return not any(part in ("", ".", "..") for part in path.split("/"))


def place_of(url: str) -> Place | None:
    """Read an address of the API as this kind makes them; None: it is none."""
    parts = urlsplit(url)
    root = ENTERPRISE if parts.path.startswith(f"{ENTERPRISE}/") else ""
    base = f"{parts.scheme}://{parts.netloc}{root}"
    told = parts.path[len(root) :].split("/")[1:]
    if len(told) == 3 and told[0] == "orgs" and told[2] == "repos":
        return Place(base=base, owner=told[1], noun="repositories")
    if len(told) < 3 or told[0] != "repos":
        return None
    owner, name, rest = told[1], told[2], told[3:]
    if not rest:
        return Place(base=base, owner=owner, name=name, noun="repository")
    if rest[0] == "contents" and len(rest) > 1:
        path = unquote("/".join(rest[1:]))
        return Place(base=base, owner=owner, name=name, noun="contents", path=path)
    noun = "trees" if rest[:2] == ["git", "trees"] else rest[0]
    if noun not in ("releases", "commits", "tags", "readme", "trees"):
        return None
    return Place(base=base, owner=owner, name=name, noun=noun)
