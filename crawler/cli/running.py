"""The main job and its parts: `run`, `digest`, `reprocess`, `schedule`, `demo`."""

from __future__ import annotations

import json
from datetime import date as Date
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from crawler.cli.common import (
    ARCHIVE,
    ArchiveOption,
    DigestsOption,
    JsonOption,
    NowOption,
    SourcesOption,
    TriggersOption,
    app,
    digests_folder,
    err,
    known,
    load,
    out,
    progress_bars,
    utc,
)

WHYS = 5
"""Reasons of failures shown after a run."""


@app.command("run")
def run_command(
    only: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Ask these, due or not.")] = None,
    archive: ArchiveOption = ARCHIVE,
    digests: DigestsOption = None,
    sources: SourcesOption = None,
    triggers: TriggersOption = None,
    no_digest: Annotated[bool, typer.Option("--no-digest", help="Crawl and process only.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no summary.")] = False,
    as_json: JsonOption = False,
    now: NowOption = None,
) -> None:
    """Crawl what is due, read it, and write today's digest.

    A source that cannot be reached is recorded and reported; it never stops the run.
    """
    from crawler.run import run

    loaded = load(sources, triggers)
    known(loaded, only)
    with progress_bars(quiet or as_json) as progress:
        came = run(
            loaded,
            archive,
            now=utc(now),
            only=only or None,
            digest_folder=None if no_digest else digests_folder(digests, archive),
            progress=progress,
        )
    if as_json:
        print(json.dumps(_summary_json(came), ensure_ascii=False, indent=1))
    elif not quiet:
        _print_summary(came)
    raise typer.Exit(came.exit_code)


def _summary_json(came) -> dict:
    return {
        "fetched": dict(came.fetched),
        "read": dict(came.processed.healths),
        "changes": dict(came.processed.changes),
        "levels": dict(came.processed.levels),
        "faults": came.faults,
        "digest": [str(p) for p in came.files],
        "exit_code": came.exit_code,
    }


def _print_summary(came) -> None:
    from crawler import digest
    from crawler.digest.safe import plain

    def counted(counter) -> str:
        return " · ".join(f"{n} {escape(str(name))}" for name, n in counter.most_common()) or "none"

    out.print(f"[bold]asked[/]    {came.fetched.total()}: {counted(came.fetched)}")
    for outcome, why, times in came.failures[:WHYS]:
        out.print(f"         [dim]{times} × {escape(outcome)}: {escape(plain(why)[:300])}[/]", soft_wrap=True)
    if not came.fetched.total() and came.next_due:
        at, source = came.next_due
        told = f"nothing is due before {at:%Y-%m-%d %H:%M} UTC ({escape(source)}); `cruxwatch run {escape(source)}`"
        out.print(f"         [dim]{told} asks at once[/]", soft_wrap=True)
    out.print(f"[bold]read[/]     {came.processed.captures}: {counted(came.processed.healths)}")
    out.print(f"[bold]changes[/]  {came.processed.changes.total()}: {counted(came.processed.levels)}")
    if came.judged:
        out.print(f"[bold]judge[/]    {came.judged.total()}: {counted(came.judged)}")
    for fault in came.faults:
        err.print(f"[red]fault[/]    {escape(fault)}", soft_wrap=True)
    if came.account is not None:
        out.print()
        for line in digest.summary(came.account):
            out.print(escape(line), soft_wrap=True)
        for path in came.files:
            out.print(f"[dim]{escape(str(path))}[/]", soft_wrap=True)
    if came.exit_code == 3:
        told = "Nothing could be reached. Each is asked again when it is due, and at once by name: cruxwatch run SOURCE"
        err.print(f"[yellow]{told}[/]", soft_wrap=True)


@app.command("digest")
def digest_command(
    day: Annotated[datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="The day; else today.")] = None,
    archive: ArchiveOption = ARCHIVE,
    digests: DigestsOption = None,
    sources: SourcesOption = None,
    triggers: TriggersOption = None,
    now: NowOption = None,
) -> None:
    """Build a day's digest again: the same archive gives the same bytes."""
    from crawler import digest
    from crawler.clock import starting_at
    from crawler.run import alone, write_digest
    from storage.archive import Archive

    loaded = load(sources, triggers)
    wanted: Date | None = day.date() if day else None
    with alone(archive), Archive.open(archive, create=False) as opened:
        came = write_digest(opened, loaded, digests_folder(digests, archive), starting_at(utc(now)), day=wanted)
    for line in digest.summary(came.account):
        out.print(escape(line), soft_wrap=True)
    for path in came.files:
        out.print(f"[dim]{escape(str(path))}[/]", soft_wrap=True)


@app.command()
def reprocess(
    only: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...", help="These sources; else all.")] = None,
    archive: ArchiveOption = ARCHIVE,
    sources: SourcesOption = None,
    triggers: TriggersOption = None,
    failed: Annotated[bool, typer.Option("--failed", help="Only captures that a defect kept from being read.")] = False,
) -> None:
    """Read the archive again with today's extractors and rules; alert nobody.

    Reviews and delivered digests are kept. Nothing is fetched.
    """
    from crawler.run import reprocess as read_again

    loaded = load(sources, triggers)
    known(loaded, only)
    with progress_bars(False) as progress:
        came = read_again(loaded, archive, only=only or None, failed=failed, progress=progress)
    out.print(f"read {came.captures} captures again; " + ", ".join(f"{n} {h}" for h, n in came.healths.most_common()))
    for fault in came.faults:
        err.print(f"[red]fault[/] {escape(fault)}", soft_wrap=True)


@app.command()
def schedule(
    archive: ArchiveOption = ARCHIVE,
    digests: DigestsOption = None,
    sources: SourcesOption = None,
    triggers: TriggersOption = None,
    tick: Annotated[int, typer.Option(help="Seconds between looks at what is due.")] = 300,
) -> None:
    """Run what is due for ever, and write the digest at its hour; for a container."""
    from crawler import catalogue as cat
    from crawler.schedule import serve

    paths = cat.find(sources, triggers)
    raise typer.Exit(serve(archive, digests_folder(digests, archive), *paths, tick=timedelta(seconds=tick)))


@app.command()
def demo(
    folder: Annotated[
        Path | None, typer.Option("--dir", help="Keep archive and digests here; else a new folder.")
    ] = None,
    serve: Annotated[bool, typer.Option("--serve", help="Keep the invented website up afterwards.")] = False,
) -> None:
    """Show the whole product without a network: an invented website, five invented days, in seconds."""
    from crawler.demo import demo as show

    raise typer.Exit(show(folder, serve=serve, console=out))
