"""The command line: parse, call one function, print. A module per theme; `common` holds what they share."""

from __future__ import annotations

import signal
import sys
from typing import Annotated

import typer

from crawler import __version__

# isort: off - each declares its commands, in the order of the help
from crawler.cli import capturing, checking, evaluating, importing, looking, reviewing, rules, running  # noqa: F401
from crawler.cli.common import app, err, out
from crawler.errors import CatalogueError, CruxwatchError

# isort: on

__all__ = ["app", "main"]

INTERRUPTED = 4


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
