"""What can go wrong, and what the run does about each.

CruxwatchError
├── CatalogueError      every problem of sources.yml and triggers.yml at once; exit 2, nothing was done
├── UsageError          a command was given something it cannot use; exit 2, nothing was done
├── ArchiveError        the archive cannot be opened, is locked or broken; exit 5, the only fault that stops a run
└── ReadingError        one capture could not be read; recorded as its reading's health, the run goes on

Faults of fetching are no exceptions here: they are outcomes (`storage.records.Outcome`) and are recorded.
"""

from __future__ import annotations

from storage.records import Health


class CruxwatchError(Exception):
    """Base of everything Cruxwatch raises on purpose; its text names the thing, the value and the remedy."""

    exit_code = 1


class CatalogueError(CruxwatchError):
    """The catalogue has problems; `problems` holds every one, worded as file:line:column: path: sentence."""

    exit_code = 2

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class UsageError(CruxwatchError):
    exit_code = 2


class ReadingError(CruxwatchError):
    """A capture is not what its kind expects; `health` says what it is instead."""

    def __init__(self, health: Health, detail: str) -> None:
        super().__init__(detail)
        self.health = health
        self.detail = detail
