"""`status --triggers`: where each trigger stands, and what its silence is worth."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from rich.cells import cell_len
from rich.markup import escape
from rich.text import Text

from crawler.cli.common import load, out


def show(
    archive: Path, sources: Path | None, triggers: Path | None, at: datetime, days: int | None, as_json: bool
) -> None:
    """Print the board of the `days` before `at`; None: its usual period."""
    from crawler import coverage, standings
    from storage.archive import Archive

    loaded = load(sources, triggers)
    with Archive.open(archive, create=False, read_only=True) as opened:
        board = standings.board(opened, loaded, at + timedelta(seconds=1), days=days or coverage.DAYS)
    if as_json:
        print(json.dumps(asdict(board), ensure_ascii=False, indent=1, default=lambda value: value.isoformat()))
    else:
        _print(board, loaded.settings.timezone)


def _print(board, timezone: str) -> None:
    from crawler.digest import board as told

    board = told.clean(board)
    styles = {"evidence for": "bold green", "evidence against": "bold red", "cannot say": "yellow"}
    wide = max((cell_len(row.title) for row in board.rows), default=0)
    for row in board.rows:
        share = f"{told.bar(row.all.coverage)} {told.percent(row.all.coverage)}" if row.all.sources else ""
        title = Text(f"{told.SYMBOLS[row.standing]} {row.title}", styles.get(row.standing, "bold"))
        title.append(" " * (wide - cell_len(row.title) + 2))
        out.print(title.append(share, "none"), soft_wrap=True)
        for line in told.lines(row, board, timezone):
            out.print(f"  [dim]{escape(line)}[/]", soft_wrap=True)
    for line in (told.silence(board), *(f"{told.UNSHOWN}: {said}" for said, _ in board.beyond)):
        if line:
            out.print(escape(line), soft_wrap=True)
