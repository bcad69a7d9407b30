"""What the archive holds and how well: `status`, `verify`, `browse`."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from crawler.cli.common import (
    ARCHIVE,
    ArchiveOption,
    JsonOption,
    NowOption,
    SourcesOption,
    app,
    err,
    out,
    utc,
)
from crawler.cli.standing import show


@app.command()
def status(
    archive: ArchiveOption = ARCHIVE,
    as_json: JsonOption = False,
    health: Annotated[bool, typer.Option("--health", help="Exit 0 when the scheduler is alive, 1 when not.")] = False,
    standing: Annotated[
        bool, typer.Option("--triggers", help="The standing of each trigger: evidence, or what its silence is worth.")
    ] = False,
    days: Annotated[
        int | None, typer.Option(min=1, max=3660, help="Period in days; else 14, and 30 for --triggers.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Show the healthy sources too.")] = False,
    sources: SourcesOption = None,
    triggers: Annotated[
        Path | None,
        typer.Option(
            "--triggers-file", envvar="CRUXWATCH_TRIGGERS", help="triggers.yml; else the one beside sources.yml."
        ),
    ] = None,
    now: NowOption = None,
) -> None:
    """Say how well each source could be watched, or where each trigger stands."""
    from crawler import clock
    from storage.archive import Archive

    at = clock.starting_at(utc(now))()
    if standing and not health:
        show(archive, sources, triggers, at, days, as_json)
        return
    days = days or 14
    with Archive.open(archive, create=False, read_only=True) as opened:
        if health:
            from crawler.schedule import healthy

            alive, why = healthy(opened, at)
            out.print(escape(why))
            raise typer.Exit(0 if alive else 1)
        rows = opened.source_health(at - timedelta(days=days), at + timedelta(seconds=1))
        waiting = opened.waiting(at)
    if as_json:
        print(json.dumps([_health_json(row) for row in rows], ensure_ascii=False, indent=1))
    else:
        _print_status(rows, waiting, days, every)


def _health_json(row) -> dict:
    from dataclasses import asdict

    flat = asdict(row)
    flat["source"] = row.source.id
    return json.loads(json.dumps(flat, default=lambda value: value.isoformat()))


def _print_status(rows, waiting: dict, days: int, every: bool) -> None:
    bad = [row for row in rows if row.failing_since or row.quiet or row.last_looked_at is None]
    told = [(row, *_state(row, days)) for row in (rows if every else bad)]
    wide = max((len(state) for _, state, _, _ in told), default=0)
    for row, state, style, facts in told:
        out.print(
            f"[{style}]{state:{wide}}[/] [bold]{escape(row.source.id)}[/]  [dim]{escape(facts)}[/]", soft_wrap=True
        )
    good = len(rows) - len(bad)
    out.print(f"{good} of {len(rows)} sources are well" + ("" if every or not good else "; --all shows them"))
    out.print(f"{waiting['due']} asks are due, {waiting['unread']} captures unread")


def _state(row, days: int) -> tuple[str, str, str]:
    """State, its colour, and what is known, on one line."""

    def day(at) -> str:
        return at.strftime("%Y-%m-%d %H:%M")

    if not row.source.observable:
        return "not observable", "dim", row.source.why_not or ""
    if row.failing_since:
        state, style = row.outcome or "failing", "red"
    elif row.last_looked_at is None:
        state, style = "not asked", "dim"
    else:
        state, style = ("quiet", "yellow") if row.quiet else ("well", "green")
    facts = [f"since {day(row.failing_since)}"] if row.failing_since else []
    facts.append(f"last read {day(row.last_looked_at)}" if row.last_looked_at else "never read")
    if row.asked:
        facts.append(f"{row.looked} of {row.asked} looks in {days} days")
    facts += [row.detail] if row.detail else []
    return state, style, " · ".join(facts)


@app.command()
def verify(archive: ArchiveOption = ARCHIVE) -> None:
    """Recompute every hash and check the archive's own consistency."""
    from storage.archive import Archive

    with Archive.open(archive, create=False) as opened:
        problems = opened.check()
    for problem in problems:
        err.print(f"[red]![/] {escape(problem)}", soft_wrap=True)
    if problems:
        raise typer.Exit(5)
    out.print("[green]Every body has the hash it was recorded with; the archive is consistent.[/]")


@app.command()
def browse(
    archive: ArchiveOption = ARCHIVE,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8001,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open a browser.")] = False,
) -> None:
    """Open the archive in Datasette: search, questions, every record; read-only."""
    from crawler.explore import browse as serve

    serve(archive, host=host, port=port, open_browser=open_browser)
