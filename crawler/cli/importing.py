"""What people already watch with other tools: `import`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from crawler.cli.common import JsonOption, app, err, out
from crawler.errors import UsageError


@app.command("import")
def import_command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files of other tools.")],
    form: Annotated[
        str | None,
        typer.Option("--format", help="opml, urlwatch, webchanges, changedetection or list; else by content."),
    ] = None,
    write: Annotated[
        Path | None, typer.Option("--write", help="Write a new sources.yml here, with the settings it needs.")
    ] = None,
    sources: Annotated[
        Path | None,
        typer.Option("--sources", help="The sources.yml that is to take them: nothing of it is given again."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Read watch lists of other tools: OPML, urlwatch, webchanges, changedetection.io, lists of addresses.

    Entries for sources.yml go to standard output, what could not be carried over to standard error. Nothing in the
    files is executed. Look at ids, roles and tolerances, then run `cruxwatch check --live`.
    """
    from crawler.catalogue import importing

    if write is not None and write.exists():
        raise UsageError(f"--write {write}: is there already; name a new file, or add the entries by hand")
    given = [(path.name, _read(path)) for path in files]
    came = importing.read(given, form, sources=(str(sources), _read(sources)) if sources else None)
    if write is not None:
        with write.open("x", encoding="utf-8") as opened:
            opened.write(came.as_yaml(whole=True))
    if as_json:
        print(json.dumps({"entries": came.entries, "report": came.report}, ensure_ascii=False, indent=1))
        return
    if write is None and came.entries:
        print(came.as_yaml(), end="")
    for line in came.report:
        err.print(f"[yellow]![/] {escape(line)}", soft_wrap=True)
    said = f"{len(came.entries)} source(s), {len(came.report)} remark(s)"
    (err if write is None else out).print(said + (f" in {escape(str(write))}" if write else ""), soft_wrap=True)


def _read(path: Path) -> bytes:
    from crawler.catalogue.importing import LARGEST

    try:
        with path.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
