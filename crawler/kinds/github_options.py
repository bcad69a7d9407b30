"""What a catalogue may say about an organisation or a repository at GitHub."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import re2

from crawler.kinds.github_addresses import usable_path
from crawler.request import VARIABLE

WILD = re.compile(r"[*?\[]")
LONGEST_PATTERN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is followed of a repository, or of the repositories of an organisation."""

    commits: bool = field(
        default=True, metadata={"description": "Whether each commit on the default branch is a document (repository)."}
    )
    releases: bool = field(
        default=True, metadata={"description": "Whether each release is a document (repository); one request a look."}
    )
    tags: bool = field(default=False, metadata={"description": "Whether the list of tags is a document (repository)."})
    readme: bool = field(default=True, metadata={"description": "Whether the README is a document (repository)."})
    tree: bool = field(
        default=False,
        metadata={
            "description": "Whether the list of all files is a document, so that a new file is news (repository)."
        },
    )
    files: tuple[str, ...] = field(
        default=(),
        metadata={
            "description": "Files that are documents of their own (repository): paths, or patterns in which * stands "
            "for anything but a slash, ** for anything, ? for one character; a folder ends with a slash."
        },
    )
    follow: bool = field(
        default=False,
        metadata={"description": "Whether the README of each repository is a document, too (organisation)."},
    )
    limit: int = field(default=30, metadata={"description": "Most commits, and most releases, taken from one look."})
    max_files: int = field(
        default=20, metadata={"description": "Most files that the patterns under 'files' may find, in order of path."}
    )
    max_pages: int = field(
        default=3, metadata={"description": "Most pages of a hundred repositories read of an organisation."}
    )
    token_env: str | None = field(
        default=None,
        metadata={
            "description": "Name of the environment variable that holds a token; null: GITHUB_TOKEN at github.com, "
            "none elsewhere. Without one, 60 requests an hour are allowed."
        },
    )

    @property
    def complete(self) -> bool:
        """Whether answers are lists that leave out what is gone: a second look confirms it, a 304 being one, too."""
        return True

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield (relative path, sentence) for each value that cannot be used."""
        for position, text in enumerate(self.files):
            if problem := file_problem(text):
                yield f"files[{position}]", problem
        for name, most in (("limit", 100), ("max_files", 200), ("max_pages", 10)):
            if not 1 <= getattr(self, name) <= most:
                yield name, f"{getattr(self, name)} is not between 1 and {most}"
        if self.token_env is not None and not VARIABLE.fullmatch(self.token_env):
            yield "token_env", "is no name of an environment variable; write its name in capitals, never its value"

    @property
    def exact(self) -> tuple[str, ...]:
        """The files that are named by their whole path."""
        return tuple(text for text in self.files if not is_pattern(text))

    @property
    def patterns(self) -> tuple[str, ...]:
        """The files that are found through the tree."""
        return tuple(text for text in self.files if is_pattern(text))

    def wants(self, path: str) -> bool:
        """Whether a pattern finds a path."""
        return any(compiled(text).fullmatch(path) for text in self.patterns)


def is_pattern(text: str) -> bool:
    """Whether a text under 'files' takes the tree to be understood."""
    return bool(WILD.search(text)) or text.endswith("/")


def file_problem(text: str) -> str | None:
    """Say what is wrong with a path or pattern; None: nothing."""
    if len(text) > LONGEST_PATTERN:
        return f"is {len(text)} characters long; {LONGEST_PATTERN} are allowed"
    if text.startswith("/"):
        return "begins with a slash; paths begin at the top of the repository"
    if not usable_path(text.rstrip("/")):
        return f"{text!r} is no path inside a repository"
    if "[" in text:
        return "has a bracket; patterns know *, ** and ? only"
    return None


@lru_cache(maxsize=1024)
def compiled(text: str):
    """Compile a pattern: RE2, so that none can take long."""
    if text.endswith("/"):
        text += "**"
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", text)
    rule = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re2.compile("".join(rule.get(piece) or re2.escape(piece) for piece in pieces))
