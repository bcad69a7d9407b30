"""A person's word, and why the archive says what it says: `review`, `explain`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from crawler.cli.common import (
    ARCHIVE,
    ArchiveOption,
    JsonOption,
    NowOption,
    SourcesOption,
    TriggersOption,
    app,
    known,
    load,
    out,
    progress_bars,
    utc,
)
from crawler.errors import UsageError


@app.command()
def review(
    change: Annotated[int | None, typer.Argument(help="Number of a change: judge it at once; needs --verdict.")] = None,
    verdict: Annotated[str | None, typer.Option(help="relevant, noise or wrong (trigger).")] = None,
    note: Annotated[str | None, typer.Option(help="Why.")] = None,
    trigger: Annotated[str | None, typer.Option(help="This trigger only.")] = None,
    source: Annotated[str | None, typer.Option(help="This source only.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Seen on this day or later.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Those with a verdict, too.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take back the verdict given last.")] = False,
    reviewer: Annotated[str | None, typer.Option(envvar="CRUXWATCH_REVIEWER", help="Who says so.")] = None,
    thresholds: Annotated[
        bool, typer.Option("--thresholds", help="Propose a threshold for each trigger from the verdicts.")
    ] = False,
    write: Annotated[bool, typer.Option("--write", help="With --thresholds: write them into triggers.yml.")] = False,
    archive: ArchiveOption = ARCHIVE,
    sources: SourcesOption = None,
    triggers: TriggersOption = None,
    as_json: JsonOption = False,
    now: NowOption = None,
) -> None:
    """Judge alerts and notable changes, newest first: relevant, noise, wrong trigger; nothing leaves this machine.

    One key each in a terminal. Without one: `cruxwatch review 123 --verdict noise --note "a re-layout"`, and --json
    lists what waits. Verdicts show in the digest's figures, in `cruxwatch backtest`, and teach thresholds.
    """
    from crawler import clock
    from storage.archive import Archive

    loaded = load(sources, triggers)
    known(loaded, [source] if source else [])
    at = clock.starting_at(utc(now))
    if thresholds or write:
        _thresholds(loaded, archive, sources, triggers, write, as_json)
        return
    only_read = as_json and change is None and not undo
    with Archive.open(archive, create=False, read_only=only_read) as opened:
        if undo:
            _undo(opened, as_json)
        elif change is not None:
            _judge_one(opened, loaded, change, trigger, verdict, note, reviewer, at(), as_json)
        elif verdict:
            raise UsageError("--verdict needs the number of the change it is for: cruxwatch review 123 --verdict …")
        else:
            _walk(opened, loaded, (every, trigger, source, since), reviewer, at, as_json)


def _judge_one(opened, loaded, change, trigger, verdict, note, reviewer, at, as_json) -> None:
    from crawler import review as reviews
    from crawler.cli.pieces import say

    item = reviews.chosen(opened, loaded, change, trigger)
    if verdict is None:
        raise UsageError(
            f"change {change}: say --verdict relevant, noise or wrong; `cruxwatch explain {change}` shows it"
        )
    said = reviews.record(opened, item, reviews.verdict_of(verdict), at=at, note=note, reviewer=reviewer)
    if as_json:
        print(json.dumps(asdict(said), ensure_ascii=False, default=str))
    else:
        what = f"trigger {item.match.trigger_id} in change {change}" if item.match else f"change {change}"
        say(f"{what}: {said.verdict} (review {said.id}; `cruxwatch review --undo` takes it back)")


def _undo(opened, as_json: bool) -> None:
    from crawler.cli.pieces import say

    taken = opened.take_back_review()
    if taken is None:
        raise UsageError("there is no verdict to take back")
    if as_json:
        print(json.dumps(asdict(taken), ensure_ascii=False, default=str))
    else:
        say(f"taken back: {taken.verdict} on change {taken.change_id}")


def _walk(opened, loaded, which, reviewer, at, as_json: bool) -> None:
    from crawler import review as reviews
    from crawler.cli.rules import of_day

    every, trigger, source, since = which
    items = reviews.waiting(
        opened,
        loaded,
        every=every,
        trigger=trigger,
        source=source,
        since=of_day(since, loaded.settings.timezone),
    )
    if as_json:
        print(json.dumps([reviews.as_plain(item) for item in items], ensure_ascii=False, indent=1))
    elif sys.stdin.isatty() and out.is_terminal:
        from crawler.cli.cards import deal

        deal(opened, items, reviewer, at)
    else:
        _list(items)


def _list(items) -> None:
    from crawler.cli.pieces import say
    from crawler.review import as_plain

    count = 0
    for item in items:
        count += 1
        told = as_plain(item)
        what = told["trigger"] or told["kind"]
        said = f" · {told['verdict']}" if told["verdict"] else ""
        say(
            (f"{told['change']:>6}", "bold"),
            f" {told['seen_at'][:10]} {told['level']} · {what} · {told['source']}{said}",
        )
        if told["sentence"]:
            say(told["sentence"][:400], indent="       ")
    say(f"{count} to judge: cruxwatch review NUMBER --verdict relevant|noise|wrong" if count else "Nothing waits.")


def _thresholds(loaded, archive, sources, triggers, write: bool, as_json: bool) -> None:
    from crawler import catalogue as cat
    from crawler.backtest import propose
    from crawler.cli.cards import show_proposals

    with progress_bars(as_json) as progress:
        proposals = propose(loaded, archive, progress=progress)
    chosen = {each.trigger_id: each.proposed for each in proposals if each.proposed is not None}
    written = None
    if write and chosen:
        _, written = cat.find(sources, triggers)
        cat.write_thresholds(written, chosen)
    if as_json:
        told = {"proposals": [asdict(each) for each in proposals], "written": str(written) if written else None}
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        show_proposals(proposals, written)


@app.command()
def explain(
    what: Annotated[list[str], typer.Argument(metavar="CHANGE | match MATCH", help="12, or: match 45.")],
    archive: ArchiveOption = ARCHIVE,
    sources: SourcesOption = None,
    triggers: TriggersOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why a change has its level: evidence, significance, noise by rule, first sight, and the chain of proof.

    `cruxwatch explain 12` for a change, `cruxwatch explain match 45` for one match of it.
    """
    from crawler import explain as why
    from crawler.cli.explained import show
    from storage.archive import Archive

    word, number = ("change", what[0]) if len(what) == 1 else (what[0], what[1])
    if len(what) > 2 or word not in ("change", "match") or not number.isdecimal():
        raise UsageError(f"explain {' '.join(what)!r}: give the number of a change, or `match` and its number")
    loaded = load(sources, triggers)
    with Archive.open(Path(archive), create=False, read_only=True) as opened:
        match = int(number) if word == "match" else None
        told = why.explain(opened, loaded, why.change_of(opened, match) if match else int(number), match)
    if as_json:
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        show(told)
