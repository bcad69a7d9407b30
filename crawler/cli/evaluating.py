"""Predictions over labelled corpora: `evaluate changes`, `evaluate triggers`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from crawler.cli.common import (
    SourcesOption,
    TriggersOption,
    app,
    load,
    out,
)
from crawler.errors import UsageError

evaluate_app = typer.Typer(
    no_args_is_help=True, help="Run the process stage over a labelled corpus; write predictions."
)
app.add_typer(evaluate_app, name="evaluate")


@evaluate_app.command("changes")
def evaluate_changes(sources: SourcesOption = None, triggers: TriggersOption = None) -> None:
    """Pairs of visits as JSON lines on stdin; what changed, as JSON lines on stdout.

    In: {"id","page","seq","url","lang","old","new","encoding"} where old and new are paths.
    Out: {"id","changed","added","removed","status","ms"}.
    """
    from crawler.evaluate import changes

    for prediction in changes(sys.stdin, load(sources, triggers)):
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

    loaded = load(sources, triggers)
    if not items.is_file():
        raise UsageError(f"--items {items}: no such file")
    with items.open(encoding="utf-8") as lines, to.open("w", encoding="utf-8") as predictions:
        count = 0
        for prediction in predict(lines, loaded):
            predictions.write(json.dumps(prediction, ensure_ascii=False) + "\n")
            count += 1
    out.print(f"{count} predictions in {escape(str(to))}")
