"""Is the catalogue good, and what would a source yield: `check`, `try`."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from crawler.cli.common import (
    JsonOption,
    SourcesOption,
    TriggersOption,
    app,
    err,
    known,
    load,
    out,
    progress_bars,
)
from crawler.errors import CatalogueError, UsageError


@app.command()
def check(
    only: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE]...", help="With --live: these.")] = None,
    sources: SourcesOption = None,
    triggers: TriggersOption = None,
    live: Annotated[bool, typer.Option("--live", help="Ask each source now, and judge it.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="With --live: write confirmed addresses and today's date into sources.yml.")
    ] = False,
    as_json: JsonOption = False,
    apart: Annotated[
        float, typer.Option(hidden=True, envvar="CRUXWATCH_APART", help="Seconds between two readings of a page.")
    ] = 10.0,
) -> None:
    """Validate sources.yml and triggers.yml: every problem at once, and each trigger's own examples.

    Problems are printed as file:line:column: path: sentence, with the remedy. Exit code 2 when there is one.
    With --live each source is asked, too, a page twice: reachable, let in by robots.txt, readable without a browser,
    long enough, the same twice, with items where it lists some, and still at its address. Nothing is kept.
    Exit code 2 when a source is not admitted, 3 when none could be reached.
    """
    from crawler import catalogue as cat

    if (write or only) and not live:
        raise UsageError(f"{'--write' if write else 'a SOURCE'} goes with --live; add it")
    try:
        loaded = load(sources, triggers, examples=True)
    except CatalogueError as bad:
        if as_json:
            print(json.dumps({"ok": False, "problems": bad.problems}, ensure_ascii=False, indent=1))
        else:
            for problem in bad.problems:
                err.print(problem, markup=False, soft_wrap=True)
            err.print(f"\n[bold red]{len(bad.problems)} problem(s).[/] Nothing was done.")
        raise typer.Exit(bad.exit_code) from None
    if live:
        _check_live(loaded, only, cat.find(sources, triggers)[0] if write else None, as_json, apart)
    report = cat.report(loaded)
    if as_json:
        told = {"ok": True, "warnings": list(loaded.warnings), "report": report}
        print(json.dumps(told, ensure_ascii=False, indent=1, default=str))
        return
    _print_check(loaded, report)


def _check_live(loaded, only, write_to: Path | None, as_json: bool, apart: float) -> None:
    """Ask, print, write where wanted, and leave with the exit code."""
    from dataclasses import asdict

    from crawler import clock
    from crawler import live as asking
    from crawler.catalogue import confirming

    known(loaded, only)
    with progress_bars(as_json) as progress:
        came = asking.check(loaded, only=only or None, progress=progress, apart=apart)
    edited = confirming.write(write_to, came.news(clock.system().date())) if write_to else None
    if as_json:
        told = {"ok": came.exit_code == 0, "sources": [asdict(each) for each in came.judgements]}
        told |= {"faults": came.faults} if came.faults else {}
        told |= {"written": edited.done, "not_written": edited.left} if edited else {}
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _print_live(came, edited, write_to)
    raise typer.Exit(came.exit_code)


def _print_live(came, edited, write_to: Path | None) -> None:
    table = Table("source", "standing", "text", "twice", "title alike", "why", box=None, padding=(0, 2, 0, 0))
    for each in came.judgements:
        colour = "green" if each.admitted else "red" if each.asked else "dim"
        size = f"{each.characters}" if each.characters is not None else ""
        size = f"{each.items} items" if each.items is not None else size
        twice = {None: "", True: "same", False: "[red]differs[/]"}[each.agree]
        likeness = "" if each.likeness is None else f"{each.likeness:.0%}"
        table.add_row(
            escape(each.source),
            f"[{colour}]{escape(each.standing)}[/]",
            size,
            twice,
            likeness,
            escape(each.detail or ""),
        )
    out.print(table)
    asked = [each for each in came.judgements if each.asked]
    out.print(f"{sum(each.admitted for each in asked)} of {len(asked)} sources asked are admitted")
    for fault in came.faults:
        err.print(f"[red]fault[/] {escape(fault)}", soft_wrap=True)
    if edited is not None:
        out.print(f"written into {escape(str(write_to))}: {len(edited.done)} confirmed", soft_wrap=True)
        for why in edited.left:
            out.print(f"[yellow]![/] {escape(why)}", soft_wrap=True)


def _print_check(loaded, report) -> None:
    table = Table("", "", box=None, show_header=False, padding=(0, 2, 0, 0))
    for label, value in report:
        table.add_row(escape(str(label)), escape(str(value)))
    out.print(table)
    for warning in loaded.warnings:
        out.print(f"[yellow]![/] {escape(warning)}", soft_wrap=True)
    out.print("[bold green]The catalogue is good.[/]")


@app.command("try")
def try_command(
    source: Annotated[str, typer.Argument(help="Id of a source.")],
    sources: SourcesOption = None,
    triggers: TriggersOption = None,
    as_json: JsonOption = False,
    lines: Annotated[int, typer.Option(help="Lines of text to show per document.")] = 12,
) -> None:
    """Fetch one source once and show what it would yield; record nothing."""
    from crawler.run import run
    from storage.archive import Archive

    loaded = load(sources, triggers)
    known(loaded, [source])
    with tempfile.TemporaryDirectory(prefix="cruxwatch-try-") as folder:
        path = Path(folder) / "archive.db"
        with progress_bars(as_json) as progress:
            came = run(loaded, path, only=[source], progress=progress, rounds=1)
        with Archive.open(path, create=False) as archive:
            shown = _tried(archive, loaded.source(source), lines)
    if as_json:
        print(json.dumps(shown, ensure_ascii=False, indent=1))
    else:
        _print_tried(shown)
    for fault in came.faults:
        err.print(f"[red]fault[/] {escape(fault)}", soft_wrap=True)
    raise typer.Exit(came.exit_code)


def _tried(archive, entry, lines: int) -> dict:
    from crawler.live import remedy

    source = entry.id
    fetches = [
        {
            "url": fetch.url,
            "final_url": fetch.final_url,
            "outcome": fetch.outcome,
            "status": fetch.status,
            "why": " · ".join(str(part) for part in (fetch.reason, fetch.detail) if part) or None,
            "read": reading.health if reading else None,
            "detail": reading.detail if reading else None,
            "remedy": remedy(entry, reading.health) if reading else None,
        }
        for fetch, reading in archive.fetches_of(source)
    ]
    documents = []
    for document, version in archive.documents_of(source):
        text = version.main.splitlines()
        documents.append(
            {
                "key": document.key,
                "title": version.title,
                "author": version.author,
                "published": version.published_raw,
                "language": version.language,
                "lines": len(text),
                "lines_in_full": len(version.full.splitlines()),
                "text": text[:lines],
            }
        )
    asks = [{"url": ask.url, "title": ask.title, "published": ask.published_raw} for ask in archive.pending(source)]
    return {"source": source, "fetches": fetches, "documents": documents, "would_ask": asks}


def _print_tried(shown: dict) -> None:
    for fetch in shown["fetches"]:
        out.print(f"[bold]{escape(fetch['outcome'])}[/]  {escape(fetch['url'])}", soft_wrap=True)
        for key in ("final_url", "why", "read", "detail", "remedy"):
            if fetch[key] and fetch[key] != fetch["url"]:
                out.print(f"  [dim]{key.replace('_', ' '):10}[/] {escape(str(fetch[key]))}", soft_wrap=True)
    for document in shown["documents"]:
        out.print(f"\n[bold]{escape(document['title'] or document['key'])}[/]", soft_wrap=True)
        facts = [document[k] for k in ("published", "author", "language") if document[k]]
        count = document["lines"]
        facts.append(f"{count} line{'s' * (count != 1)}, {document['lines_in_full']} with all that is visible")
        out.print(f"[dim]{escape(' · '.join(facts))}[/]", soft_wrap=True)
        for line in document["text"]:
            out.print(f"  {escape(line)}", soft_wrap=True)
        if document["lines"] > len(document["text"]):
            out.print(f"  [dim]… {document['lines'] - len(document['text'])} more lines[/]")
    if shown["would_ask"]:
        out.print(f"\n[bold]would ask {len(shown['would_ask'])} more[/]")
        for ask in shown["would_ask"][:20]:
            out.print(f"  {escape(ask['title'] or '')}  [dim]{escape(ask['url'])}[/]", soft_wrap=True)
