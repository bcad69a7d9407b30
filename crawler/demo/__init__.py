"""The whole product without a network: an invented website, its own catalogue, five invented days.

pages/ ─ site.Site ─ serve.served ─▶ loopback ◀─ run.run, once a day, with the day's clock ─▶ archive, digests
story.toml ─ story.story ─────────────────────▶ what the digests are to say ─ shown ─▶ the terminal
"""

from __future__ import annotations

import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from rich.console import Console

from crawler import catalogue as catalogues
from crawler.catalogue import Catalogue
from crawler.demo import shown
from crawler.demo.serve import served
from crawler.demo.site import DAYS, Site
from crawler.demo.story import Day, amiss, said, story
from crawler.digest import Account
from crawler.digest.as_json import read as read_digest
from crawler.errors import UsageError
from crawler.run import Summary, run

WRITTEN_PORT = ":8765"
"""The port that the shipped catalogue is written for; the copy of a demonstration has the one it was given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One day of the demonstration, and what came of it."""

    day: Day
    came: Summary
    account: Account
    """Read from the digest's file."""
    words: dict[str, frozenset[str]]
    """What the digest says of each source (`story.said`)."""
    amiss: tuple[str, ...]
    """Where that is not what the story tells; empty: all as told."""


def demo(folder: Path | None = None, *, serve: bool = False, console: Console | None = None) -> int:
    """Play the five days, tell what the digests said, and where everything lies.

    `folder`: where archive, digests and catalogue go, kept afterwards; None: a new temporary one.
    `serve`: keep the website up afterwards, to play with. Returns 0; 1: a digest said other than the story.
    """
    console = console or Console(highlight=False)
    folder = _room(folder)
    with served(Site()) as site:
        loaded = prepare(folder, site.port)
        shown.opening(console, site, loaded)
        days = []
        for day in story():
            with console.status(f"day {day.number} of {len(DAYS)}: {day.title}"):
                played = play(day, site, loaded, folder)
            shown.day(console, played.day, played.account, played.words, loaded)
            days.append(played)
        shown.board(console, [(one.day, one.account) for one in days], loaded)
        wrong = [sentence for one in days for sentence in one.amiss]
        shown.closing(console, folder, wrong)
        if serve:
            _keep_up(console, site, folder)
    return 1 if wrong else 0


def prepare(folder: Path, port: int) -> Catalogue:
    """Write the demonstration's catalogue for a website at `port` into the folder, and load it."""
    written = []
    for name in ("sources.yml", "triggers.yml"):
        text = (files("crawler.demo") / name).read_text(encoding="utf-8")
        # the first line names a schema beside the package, not beside the copy
        text = text.partition("\n")[2].replace(WRITTEN_PORT, f":{port}")
        path = folder / name
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return catalogues.load(*written)


def play(
    day: Day,
    site: Site,
    loaded: Catalogue,
    folder: Path,
    progress: Callable[[str, int, int, str], None] = lambda stage, done, total, note: None,
) -> Played:
    """Turn the website to a day, run what is due at that time, and read the digest that came of it."""
    site.day = day.number
    came = run(loaded, folder / "archive.db", now=day.now, digest_folder=folder / "digests", progress=progress)
    told = folder / "digests" / f"{day.now.date()}.json"
    account = read_digest(told.read_text(encoding="utf-8"))
    words = said(account, {entry.title: entry.id for entry in loaded.sources})
    return Played(day=day, came=came, account=account, words=words, amiss=(*amiss(day, words), *came.faults))


def _room(folder: Path | None) -> Path:
    """An empty place to work in."""
    if folder is None:
        return Path(tempfile.mkdtemp(prefix="cruxwatch-demo-"))
    if (folder / "archive.db").exists():
        raise UsageError(f"--dir {folder}: holds an archive already; name a new folder, the five days begin anew")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _keep_up(console: Console, site: Site, folder: Path) -> None:
    """Serve until told to end; a number turns the website to that day."""
    shown.serving(console, site, folder)
    with suppress(KeyboardInterrupt, EOFError):
        if not sys.stdin.isatty():
            threading.Event().wait()
        while (word := console.input(f"day {site.day}> ").strip()) not in ("q", "quit", "exit"):
            if word.isdigit() and int(word) in DAYS:
                site.day = int(word)
            else:
                console.print(f"a day from {DAYS[0]} to {DAYS[-1]}, or q to end")
