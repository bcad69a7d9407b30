"""Two files to one catalogue, or every problem of both.

bytes ─ located.read ─▶ tree ─ fill ─▶ dataclasses ─ crossing ─▶ references hold ─▶ Catalogue
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from crawler.catalogue import crossing, located
from crawler.catalogue.examples import failing
from crawler.catalogue.fill import MOST_PER_FILE, Flaw, fill, fill_some
from crawler.catalogue.model import Catalogue, Settings, SourceEntry
from crawler.catalogue.tree import Node, Position
from crawler.catalogue.tree import Path as Steps
from crawler.errors import CatalogueError
from crawler.fetch.options import FetchOptions
from crawler.kinds import KINDS
from crawler.match.model import Assessment
from crawler.unswept import unswept

HIDDEN = frozenset({(FetchOptions, "user_agent"), (FetchOptions, "contact")})
"""Filled from the settings, once for all sources."""
TOP = ("settings", "sources")


@dataclass(slots=True)
class File:
    """One of the two files while it is read."""

    name: str
    """As messages show it."""
    tree: Node | None = None
    problems: list[tuple[Position, str]] = field(default_factory=list)
    warnings: list[tuple[Position, str]] = field(default_factory=list)

    def tell(self, flaw: Flaw, base: Steps = (), *, warning: bool = False) -> None:
        """Note what is wrong at a path of this file's tree."""
        path = (*base, *flaw.path)
        place = self.tree.at(path, key=flaw.at_key) if self.tree else Position(1, 1)
        (self.warnings if warning else self.problems).append((place, f"{self.spelled(path)}: {flaw.sentence}"))

    def spelled(self, path: Steps) -> str:
        """A path in words: sources.carnegie-2025.more[1]; an item of a list goes by its id where it has one."""
        out = ""
        node = self.tree
        for step in path:
            node = node.child(step) if node else None
            name = node.child("id") if node is not None and isinstance(step, int) else None
            if name is not None and isinstance(name.value, str) and name.value:
                out += f".{name.value[:80]}"
            else:
                out += f"[{step}]" if isinstance(step, int) else f".{step[:80]}"
        return out.removeprefix(".") or "file"

    def lines(self, what: list[tuple[Position, str]]) -> list[str]:
        """What was told, in the order of the file, each once."""
        ordered = dict.fromkeys(sorted(what, key=lambda told: told[0]))
        out = [f"{self.name}:{place.line}:{place.column}: {_one_line(text)}" for place, text in ordered]
        if len(out) > MOST_PER_FILE:
            more = len(out) - MOST_PER_FILE
            out[MOST_PER_FILE:] = [f"{self.name}:1:1: file: has {more} problems more; correct these first"]
        return out


def _one_line(text: str) -> str:
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in text)


def load(sources_path: Path | str, triggers_path: Path | str, *, examples: bool = False) -> Catalogue:
    """Read both files; raises CatalogueError with every problem of both at once.

    `examples`: run each trigger's examples too, as `cruxwatch check` does; no other command stops for one that fails.
    """
    with unswept():
        return _load(Path(sources_path), Path(triggers_path), examples)


def _load(sources_path: Path, triggers_path: Path, examples: bool) -> Catalogue:
    sources, triggers = _read(sources_path), _read(triggers_path)
    settings, entries = _sources(sources)
    assessment = _assessment(triggers)
    crossing.check(sources, triggers, settings, entries, assessment)
    if examples and assessment is not None and not triggers.problems:
        for flaw in failing(assessment):
            triggers.tell(flaw)
    problems = [*sources.lines(sources.problems), *triggers.lines(triggers.problems)]
    if problems:
        raise CatalogueError(problems)
    warnings = (*sources.lines(sources.warnings), *triggers.lines(triggers.warnings))
    return Catalogue(settings=settings, sources=tuple(entries), assessment=assessment, warnings=warnings)


def find(sources: Path | str | None = None, triggers: Path | str | None = None) -> tuple[Path, Path]:
    """The two files to use: those named; beside the one that is named; in the working directory; else ours."""
    if sources is not None or triggers is not None:
        folder = Path(sources or triggers).parent  # type: ignore[arg-type]
        return Path(sources or folder / "sources.yml"), Path(triggers or folder / "triggers.yml")
    here = Path("sources.yml"), Path("triggers.yml")
    if any(path.exists() for path in here):
        return here
    shipped = Path(str(files("crawler.catalogue") / "shipped"))
    if not shipped.is_dir():  # a checkout: the files at its top are what a wheel ships
        shipped = Path(__file__).resolve().parents[2]
    return shipped / "sources.yml", shipped / "triggers.yml"


def _read(path: Path) -> File:
    file = File(str(path))
    try:
        with path.open("rb") as opened:
            data = opened.read(located.LARGEST + 1)
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            said = "there is no such file; name the right one, or copy the shipped one here"
        else:
            said = f"{(error.strerror or 'unreadable').lower()}; check its path and permissions"
        file.problems.append((Position(1, 1), f"file: cannot be read: {said}"))
        return file
    file.tree, faults = located.read(data)
    file.problems += [(fault.position, f"{fault.path}: {fault.sentence}") for fault in faults]
    if file.tree is not None and file.tree.kind != "map":
        file.problems.append((file.tree.position, "file: must be a map of keys at its top; see the reference"))
        file.tree = None
    if file.tree is not None:
        file.tree = file.tree.without(*(key for key in file.tree.entries if key.startswith("x-")))
    return file


def _sources(file: File) -> tuple[Settings | None, list[SourceEntry]]:
    if file.tree is None:
        return None, []
    for key in file.tree.entries:
        if key not in TOP:
            near = crossing.nearest(key, TOP) or "; known are settings and sources, and x-… for your own"
            file.tell(Flaw((key,), f"is not a key here{near}", at_key=True))
    settings = _settings(file)
    listed = file.tree.child("sources")
    if listed is None:
        file.tell(Flaw(("sources",), "is missing; add it, with a list of sources"))
    elif listed.kind != "list":
        file.tell(Flaw(("sources",), "must be a list; begin each source with '- id: …'"))
    elif not listed.items:
        file.tell(Flaw(("sources",), "is empty; add a source"))
    else:
        return settings, [_entry(file, n, node, settings) for n, node in enumerate(listed.items)]
    return settings, []


def _settings(file: File) -> Settings:
    node = file.tree.child("settings")
    if node is None:
        file.tell(Flaw(("settings",), "is missing; add it, with at least contact: you@your.domain"))
        return Settings(contact="")
    settings, flaws = fill(Settings, node, HIDDEN)
    for flaw in flaws:
        file.tell(flaw, ("settings",))
    return settings


def _entry(file: File, number: int, node: Node, settings: Settings) -> SourceEntry:
    """One source: its own keys, then what overrides the settings, then the options of its kind."""
    base = ("sources", number)
    entry, flaws = fill(SourceEntry, node.without("fetch", "options"), HIDDEN)
    for flaw in flaws:
        file.tell(flaw, base)
    if node.kind != "map":
        return entry
    made: dict[str, Any] = {"fetch": settings.fetch}
    if (fetch := node.child("fetch")) is not None and not _empty(fetch):
        made["fetch"], flaws = fill_some(FetchOptions, fetch, settings.fetch, HIDDEN)
        for flaw in flaws:
            file.tell(flaw, (*base, "fetch"))
    made["options"] = _options(file, base, entry, node.child("options"))
    return dataclasses.replace(entry, **made)


def _options(file: File, base: Steps, entry: SourceEntry, node: Node | None) -> Any:
    if entry.kind not in KINDS:
        return None
    where = file.tree.at(base)
    given = node if node is not None and not _empty(node) else Node(kind="map", position=where)
    options, flaws = fill(KINDS[entry.kind].Options, given)
    for flaw in flaws:
        file.tell(flaw, (*base, "options"))
    return options


def _empty(node: Node) -> bool:
    """Nothing was written after the colon, or null."""
    return node.kind == "scalar" and node.value is None


def _assessment(file: File) -> Assessment | None:
    if file.tree is None:
        return None
    assessment, flaws = fill(Assessment, file.tree)
    for flaw in flaws:
        file.tell(flaw)
    return assessment
