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
from crawler.errors import CatalogueError


@app.command()
def check(sources: SourcesOption = None, triggers: TriggersOption = None, as_json: JsonOption = False) -> None:
    """Validate sources.yml and triggers.yml: every problem at once, and each trigger's own examples.

    Problems are printed as file:line:column: path: sentence, with the remedy. Exit code 2 when there is one.
    """
    from crawler import catalogue as cat

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
    report = cat.report(loaded)
    if as_json:
        print(
            json.dumps(
                {"ok": True, "warnings": list(loaded.warnings), "report": report},
                ensure_ascii=False,
                indent=1,
                default=str,
            )
        )
        return
    _print_check(loaded, report)


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
            shown = _tried(archive, source, lines)
    if as_json:
        print(json.dumps(shown, ensure_ascii=False, indent=1))
    else:
        _print_tried(shown)
    for fault in came.faults:
        err.print(f"[red]fault[/] {escape(fault)}", soft_wrap=True)
    raise typer.Exit(came.exit_code)


def _tried(archive, source: str, lines: int) -> dict:
    fetches = [
        {
            "url": fetch.url,
            "final_url": fetch.final_url,
            "outcome": fetch.outcome,
            "status": fetch.status,
            "why": " · ".join(str(part) for part in (fetch.reason, fetch.detail) if part) or None,
            "read": reading.health if reading else None,
            "detail": reading.detail if reading else None,
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
        for key in ("final_url", "why", "read", "detail"):
            if fetch[key] and fetch[key] != fetch["url"]:
                out.print(f"  [dim]{key.replace('_', ' '):10}[/] {escape(str(fetch[key]))}", soft_wrap=True)
    for document in shown["documents"]:
        out.print(f"\n[bold]{escape(document['title'] or document['key'])}[/]", soft_wrap=True)
        facts = [document[k] for k in ("published", "author", "language") if document[k]]
        facts.append(f"{document['lines']} lines, {document['lines_in_full']} with all that is visible")
        out.print(f"[dim]{escape(' · '.join(facts))}[/]", soft_wrap=True)
        for line in document["text"]:
            out.print(f"  {escape(line)}", soft_wrap=True)
        if document["lines"] > len(document["text"]):
            out.print(f"  [dim]… {document['lines'] - len(document['text'])} more lines[/]")
    if shown["would_ask"]:
        out.print(f"\n[bold]would ask {len(shown['would_ask'])} item(s)[/]")
        for ask in shown["would_ask"][:20]:
            out.print(f"  {escape(ask['title'] or '')}  [dim]{escape(ask['url'])}[/]", soft_wrap=True)
