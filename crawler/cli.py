"""The command line: parse, call one function, print."""

from __future__ import annotations

import json
import signal
import sys
import tempfile
from contextlib import contextmanager
from datetime import date as Date
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from crawler import __version__
from crawler.errors import CatalogueError, CruxwatchError, UsageError

INTERRUPTED = 4

out = Console(highlight=False)
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
evaluate_app = typer.Typer(
    no_args_is_help=True, help="Run the process stage over a labelled corpus; write predictions."
)
app.add_typer(evaluate_app, name="evaluate")

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


def _catalogue(sources: Path | None, triggers: Path | None, *, examples: bool = False):
    from crawler import catalogue

    return catalogue.load(*catalogue.find(sources, triggers), examples=examples)


def _digests(folder: Path | None, archive: Path) -> Path:
    return folder or archive.parent / "digests"


def _utc(at: datetime | None) -> datetime | None:
    from datetime import UTC

    return at.replace(tzinfo=UTC) if at and at.tzinfo is None else at


@contextmanager
def _progress(quiet: bool):
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


@app.command()
def check(sources: SourcesOption = None, triggers: TriggersOption = None, as_json: JsonOption = False) -> None:
    """Validate sources.yml and triggers.yml: every problem at once, and each trigger's own examples.

    Problems are printed as file:line:column: path: sentence, with the remedy. Exit code 2 when there is one.
    """
    from crawler import catalogue as cat

    try:
        loaded = _catalogue(sources, triggers, examples=True)
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

    loaded = _catalogue(sources, triggers)
    _known(loaded, only)
    with _progress(quiet or as_json) as progress:
        came = run(
            loaded,
            archive,
            now=_utc(now),
            only=only or None,
            digest_folder=None if no_digest else _digests(digests, archive),
            progress=progress,
        )
    if as_json:
        print(json.dumps(_summary_json(came), ensure_ascii=False, indent=1))
    elif not quiet:
        _print_summary(came)
    raise typer.Exit(came.exit_code)


def _known(loaded, ids) -> None:
    from difflib import get_close_matches

    for wanted in ids or ():
        if loaded.source(wanted) is None:
            near = get_close_matches(wanted, [s.id for s in loaded.sources], 1)
            hint = f"did you mean {near[0]!r}?" if near else "`cruxwatch status` lists them"
            raise UsageError(f"no source has the id {wanted!r}; {hint}")


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

    def counted(counter) -> str:
        return " · ".join(f"{n} {escape(str(name))}" for name, n in counter.most_common()) or "none"

    out.print(f"[bold]asked[/]    {came.fetched.total()}: {counted(came.fetched)}")
    out.print(f"[bold]read[/]     {came.processed.captures}: {counted(came.processed.healths)}")
    out.print(f"[bold]changes[/]  {came.processed.changes.total()}: {counted(came.processed.levels)}")
    for fault in came.faults:
        err.print(f"[red]fault[/]    {escape(fault)}", soft_wrap=True)
    if came.account is not None:
        out.print()
        for line in digest.summary(came.account):
            out.print(escape(line), soft_wrap=True)
        for path in came.files:
            out.print(f"[dim]{escape(str(path))}[/]", soft_wrap=True)
    if came.exit_code == 3:
        err.print("[yellow]Nothing could be reached; what was due stays due.[/]")


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

    loaded = _catalogue(sources, triggers)
    wanted: Date | None = day.date() if day else None
    with alone(archive), Archive.open(archive, create=False) as opened:
        came = write_digest(opened, loaded, _digests(digests, archive), starting_at(_utc(now)), day=wanted)
    for line in digest.summary(came.account):
        out.print(escape(line), soft_wrap=True)
    for path in came.files:
        out.print(f"[dim]{escape(str(path))}[/]", soft_wrap=True)


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

    loaded = _catalogue(sources, triggers)
    _known(loaded, [source])
    with tempfile.TemporaryDirectory(prefix="cruxwatch-try-") as folder:
        path = Path(folder) / "archive.db"
        with _progress(as_json) as progress:
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


@app.command()
def status(
    archive: ArchiveOption = ARCHIVE,
    as_json: JsonOption = False,
    health: Annotated[bool, typer.Option("--health", help="Exit 0 when the scheduler is alive, 1 when not.")] = False,
    days: Annotated[int, typer.Option(help="Period of the counts, in days.")] = 14,
    every: Annotated[bool, typer.Option("--all", help="Show the healthy sources too.")] = False,
    now: NowOption = None,
) -> None:
    """Say how well each source could be watched."""
    from crawler import clock
    from storage.archive import Archive

    at = clock.starting_at(_utc(now))()
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
    shown = rows if every else bad
    if shown:
        table = Table("source", "state", "since", "last look", f"looks/{days}d", "why", box=None, padding=(0, 2, 0, 0))
        for row in shown:
            table.add_row(*_status_row(row))
        out.print(table)
    good = len(rows) - len(bad)
    out.print(f"{good} of {len(rows)} sources are well" + ("" if every or not good else "; --all shows them"))
    out.print(f"{waiting['due']} asks are due, {waiting['unread']} captures unread")


def _status_row(row) -> tuple[str, ...]:
    def day(at) -> str:
        return at.strftime("%Y-%m-%d %H:%M") if at else "never"

    if not row.source.observable:
        state = "[dim]not observable[/]"
    elif row.failing_since or row.last_looked_at is None:
        state = f"[red]{escape(row.outcome or 'not asked yet')}[/]"
    elif row.quiet:
        state = "[yellow]quiet[/]"
    else:
        state = "[green]well[/]"
    since = day(row.failing_since) if row.failing_since else ""
    why = escape((row.detail or row.source.why_not or "")[:80])
    return (escape(row.source.id), state, since, day(row.last_looked_at), f"{row.looked}/{row.asked}", why)


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

    loaded = _catalogue(sources, triggers)
    _known(loaded, only)
    with _progress(False) as progress:
        came = read_again(loaded, archive, only=only or None, failed=failed, progress=progress)
    out.print(f"read {came.captures} captures again; " + ", ".join(f"{n} {h}" for h, n in came.healths.most_common()))
    for fault in came.faults:
        err.print(f"[red]fault[/] {escape(fault)}", soft_wrap=True)


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
    raise typer.Exit(serve(archive, _digests(digests, archive), *paths, tick=timedelta(seconds=tick)))


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


@evaluate_app.command("changes")
def evaluate_changes(sources: SourcesOption = None, triggers: TriggersOption = None) -> None:
    """Pairs of visits as JSON lines on stdin; what changed, as JSON lines on stdout.

    In: {"id","page","seq","url","lang","old","new","encoding"} where old and new are paths.
    Out: {"id","changed","added","removed","status","ms"}.
    """
    from crawler.evaluate import changes

    for prediction in changes(sys.stdin, _catalogue(sources, triggers)):
        print(json.dumps(prediction, ensure_ascii=False))


@evaluate_app.command("triggers")
def evaluate_triggers(
    items: Annotated[Path, typer.Option(help="Labelled items, a JSON object a line.")],
    to: Annotated[Path, typer.Option("--out", help="Predictions, a JSON object a line.")],
    sources: SourcesOption = None,
    triggers: TriggersOption = None,
) -> None:
    """Labelled items in, the triggers that fire out: {"id","triggers","scores"} a line."""
    from crawler.evaluate import triggers as predict

    loaded = _catalogue(sources, triggers)
    if not items.is_file():
        raise UsageError(f"--items {items}: no such file")
    with items.open(encoding="utf-8") as lines, to.open("w", encoding="utf-8") as predictions:
        count = 0
        for prediction in predict(lines, loaded):
            predictions.write(json.dumps(prediction, ensure_ascii=False) + "\n")
            count += 1
    out.print(f"{count} predictions in {escape(str(to))}")


@app.command("crawl-asks", hidden=True)
def crawl_asks_command() -> None:
    """The child of `run`: errands on stdin, one line per attempt on stdout."""
    from crawler.crawling import crawl_asks

    crawl_asks(sys.stdin, sys.stdout)


def _version(value: bool) -> None:
    if value:
        out.print(f"cruxwatch {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; every fault of ours ends in one clear line and its exit code."""
    from storage.archive import ArchiveError

    # a stop by the system is a stop by hand: both end in the same clean way
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app()
    except CatalogueError as bad:
        for problem in bad.problems:
            err.print(problem, markup=False, soft_wrap=True)
        err.print("`cruxwatch check` says the same; nothing was done.")
        sys.exit(bad.exit_code)
    except (CruxwatchError, ArchiveError) as fault:
        err.print(f"cruxwatch: {fault}", markup=False, soft_wrap=True)
        sys.exit(fault.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        err.print("cruxwatch: interrupted; nothing recorded is lost, and what was due stays due")
        sys.exit(INTERRUPTED)
