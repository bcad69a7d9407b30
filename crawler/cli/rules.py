"""How the rules fare: `backtest`."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape
from rich.table import Table

from crawler.cli.common import (
    ARCHIVE,
    ArchiveOption,
    JsonOption,
    SourcesOption,
    TriggersOption,
    app,
    err,
    load,
    out,
    progress_bars,
)


def of_day(day: datetime | None, zone: str) -> datetime | None:
    """The moment a day begins in the catalogue's time zone."""
    return day.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) if day else None


@app.command()
def backtest(
    archive: ArchiveOption = ARCHIVE,
    sources: SourcesOption = None,
    triggers: TriggersOption = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Changes seen from this day.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="… and before this day.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Processes; else one per processor.")] = None,
    most: Annotated[int, typer.Option(help="Differences to print of either sort; 0: all.")] = 30,
    as_json: JsonOption = False,
) -> None:
    """Run today's rules over the whole archive: what would have been flagged, newly and no longer; alert nobody.

    Compares with what was flagged in its day and with the verdicts given in `cruxwatch review`: precision and recall of
    each trigger, before and after. The archive is only read. --triggers FILE tries other rules.
    """
    from crawler.backtest import backtest as run_backtest

    loaded = load(sources, triggers)
    zone = loaded.settings.timezone
    with progress_bars(as_json) as progress:
        report = run_backtest(
            loaded, archive, from_at=of_day(since, zone), to_at=of_day(until, zone), workers=workers, progress=progress
        )
    if as_json:
        print(json.dumps(_as_json(report), ensure_ascii=False, indent=1))
    else:
        _print_report(report, most)
    for fault in report.faults[:5]:
        err.print(f"[red]fault[/] {escape(fault)}", soft_wrap=True)
    if report.faults:
        err.print(f"[red]{len(report.faults)} change(s) could not be judged[/]")
        raise typer.Exit(1)


def _figures(each) -> dict:
    return asdict(each) | {"unjudged": each.unjudged, "precision": each.precision, "recall": each.recall}


def _as_json(report) -> dict:
    sides = {"then": report.then, "now": report.now}
    return {
        "changes": report.changes,
        "levels": {"then": dict(report.levels_then), "now": dict(report.levels_now)},
        "overall": {side: _figures(report.overall(figures)) for side, figures in sides.items()},
        "triggers": {
            trigger: {side: _figures(figures[trigger]) for side, figures in sides.items()} for trigger in report.now
        },
        "newly": [asdict(each) for each in report.newly],
        "no_longer": [asdict(each) for each in report.no_longer],
        "relevant_without_a_trigger": report.unexplained,
        "faults": report.faults,
    }


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _moved(then: str, now: str) -> str:
    return now if then == now else f"{then} → {now}"


def _print_report(report, most: int) -> None:
    table = Table("trigger", box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("flagged", "right", "wrong", "missed", "precision", "recall"):
        table.add_column(name, justify="right")
    silent = 0
    for trigger in [*report.now, None]:
        then = report.overall(report.then) if trigger is None else report.then[trigger]
        now = report.overall(report.now) if trigger is None else report.now[trigger]
        if trigger and not (then.flagged or now.flagged or now.missed):
            silent += 1
            continue
        counts = [_moved(str(getattr(then, n)), str(getattr(now, n))) for n in ("flagged", "right", "wrong", "missed")]
        shares = [_moved(_share(getattr(then, n)), _share(getattr(now, n))) for n in ("precision", "recall")]
        name = escape(trigger) if trigger else "[bold]all[/]"
        table.add_row(name, *counts, *shares)
    out.print(table)
    if silent:
        out.print(f"[dim]{silent} trigger(s) flagged nothing, then or now[/]")
    out.print("[dim]then → now; right, wrong, missed: by the verdicts of `cruxwatch review`, where there are any[/]")
    _print_differences("flagged now, not then", report.newly, most)
    _print_differences("flagged then, no longer", report.no_longer, most)
    if report.unexplained:
        ids = ", ".join(map(str, report.unexplained[:20]))
        out.print(f"\n[yellow]![/] {len(report.unexplained)} change(s) called relevant meet no trigger: {ids}")
    levels = " · ".join(
        f"{_moved(str(report.levels_then[level]), str(report.levels_now[level]))} {level}"
        for level in ("alert", "notable", "routine", "noise")
    )
    out.print(f"\n{report.changes} changes judged again: {levels}. Nothing was written; nobody was alerted.")


def _print_differences(title: str, differences: list, most: int) -> None:
    out.print(f"\n[bold]{title}: {len(differences)}[/]")
    shown = differences[-most:] if most else differences
    date = None
    for each in shown:
        if each.date != date:
            date = each.date
            out.print(f"[bold]{date}[/]")
        said = {True: " [green]relevant[/]", False: " [red]not relevant[/]", None: ""}[each.relevant]
        other = "not met" if each.score_otherwise is None else f"{each.score_otherwise:.2f}"
        out.print(
            f"  {each.trigger_id}  [dim]change {each.change_id} · {escape(each.source_id)} · "
            f"score {each.score:.2f}, otherwise {other}[/]{said}",
            soft_wrap=True,
        )
        out.print(f"    {escape(each.excerpt)}", soft_wrap=True)
    if len(shown) < len(differences):
        out.print(f"  [dim]… {len(differences) - len(shown)} earlier ones; --most 0 shows all[/]")
