"""What the commands share: the application, its consoles, its options, the catalogue and the bars of progress."""

from __future__ import annotations

import codecs
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from crawler.errors import UsageError
from crawler.unswept import unswept

# a pipe has no width: there a line stays a line, whatever its length
out = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
err = Console(stderr=True, highlight=False)

app = typer.Typer(
    name="cruxwatch",
    help="Watch the sources behind an assessment; say every morning which of its cruxes have happened.",
    epilog="Exit codes: 0 well · 1 a defect · 2 wrong use or a bad catalogue · 3 nothing could be reached · "
    "4 interrupted, nothing lost · 5 the archive cannot be used.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
ArchiveOption = Annotated[
    Path, typer.Option("--archive", envvar="CRUXWATCH_ARCHIVE", help="The SQLite archive.", show_default=True)
]
SourcesOption = Annotated[
    Path | None,
    typer.Option("--sources", envvar="CRUXWATCH_SOURCES", help="sources.yml; else the one here, else the shipped one."),
]
TriggersOption = Annotated[
    Path | None,
    typer.Option("--triggers", envvar="CRUXWATCH_TRIGGERS", help="triggers.yml; else the one beside sources.yml."),
]
DigestsOption = Annotated[
    Path | None,
    typer.Option(
        "--digests", envvar="CRUXWATCH_DIGESTS", help="Folder of the digests; else digests/ beside the archive."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")]
NowOption = Annotated[
    datetime | None,
    typer.Option("--now", hidden=True, help="The time it is meant to be (UTC), for demonstrations and tests."),
]
ARCHIVE = Path("data/archive.db")


def any_encoding() -> None:
    """Let output that cannot show a character show its escape, as JSON writes it: `海` is \\u6d77 in Latin-1."""
    codecs.register_error("json", _escaped)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a test may stand in for it
            stream.reconfigure(errors="json")


def _escaped(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    units = fault.object[fault.start : fault.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{high:02x}{low:02x}" for high, low in zip(units[::2], units[1::2], strict=True)), fault.end


def load(sources: Path | None, triggers: Path | None, *, examples: bool = False):
    """The catalogue at these paths, or at the usual ones."""
    from crawler import catalogue

    with unswept():
        loaded = catalogue.load(*catalogue.find(sources, triggers), examples=examples)
        gc.freeze()  # it stays until the command ends, and so do all modules: no search need look at them again
    return loaded


def digests_folder(folder: Path | None, archive: Path) -> Path:
    return folder or archive.parent / "digests"


def utc(at: datetime | None) -> datetime | None:
    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at


@contextmanager
def progress_bars(quiet: bool) -> Iterator:
    """A bar per stage on a terminal; nothing where nobody watches."""
    if quiet or not err.is_terminal:
        yield lambda stage, done, total, note: None
        return
    columns = (
        TextColumn("[bold]{task.description:8}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[note]}"),
    )
    with Progress(*columns, console=err, transient=True) as bars:
        tasks: dict[str, object] = {}

        def tell(stage: str, done: int, total: int, note: str) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total, note="")
            bars.update(tasks[stage], completed=done, total=total, note=escape(note[: max(20, err.width - 60)]))

        yield tell


def known(loaded, ids) -> None:
    from difflib import get_close_matches

    for wanted in ids or ():
        if loaded.source(wanted) is None:
            near = get_close_matches(wanted, [s.id for s in loaded.sources], 1)
            hint = f"did you mean {near[0]!r}?" if near else "`cruxwatch status` lists them"
            raise UsageError(f"no source has the id {wanted!r}; {hint}")
