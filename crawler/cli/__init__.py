"""The command line: parse, call one function, print. A module per theme; `common` holds what they share."""

from __future__ import annotations

import errno
import gc
import signal
import sys
from typing import Annotated

import typer

from crawler import __version__

# isort: off - each declares its commands, in the order of the help
from crawler.cli import capturing, checking, evaluating, importing, looking, reviewing, rules, running  # noqa: F401
from crawler.cli.common import any_encoding, app, err, out
from crawler.errors import CatalogueError, CruxwatchError

# isort: on

__all__ = ["app", "main"]

INTERRUPTED = 4
TYPERS_INTERRUPTED = 130
UNUSABLE = 5
MACHINE = {
    errno.EACCES: "give this user the right to use it",
    errno.EPERM: "give this user the right to use it",
    errno.EROFS: "make it writable, or name a place elsewhere",
    errno.ENOSPC: "free some room and run again",
    errno.EDQUOT: "free some room and run again",
    errno.EIO: "the disk fails; look at it before all else",
    errno.ENOTDIR: "a part of this path is a file; name another",
    errno.EISDIR: "this is a folder; name a file",
    errno.EEXIST: "a file is in the way; name another place",
    errno.ENAMETOOLONG: "name a shorter path",
    errno.ENOENT: "name another, or make it",
    errno.EMFILE: "let this user open more files (ulimit -n)",
    errno.ENOMEM: "give it more memory",
}
"""What the machine may refuse, and the remedy; any other fault of it is a defect of ours."""


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


def _call() -> None:
    """Call the command, and have back from Typer what it turned into exit codes of its own."""
    try:
        app()
    except SystemExit as left:
        if left.code == TYPERS_INTERRUPTED:
            raise KeyboardInterrupt from left
        if isinstance(left.__context__, BrokenPipeError):
            raise left.__context__ from None
        raise


def main() -> None:
    """Run the command line; every fault of ours ends in one clear line and its exit code."""
    from storage.archive import ArchiveError

    # terms, patterns and sentences are many small objects that stay: Python looks all over again for each 700 of them
    gc.set_threshold(100_000, 20, 20)
    # a stop by the system is a stop by hand: both end in the same clean way
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    any_encoding()
    try:
        _call()
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
    except OSError as fault:
        if fault.errno not in MACHINE:
            raise
        what = f"{fault.filename}: " if fault.filename else ""
        said = f"cruxwatch: {what}{fault.strerror}; {MACHINE[fault.errno]}. What was recorded before is not lost"
        err.print(said, markup=False, soft_wrap=True)
        sys.exit(UNUSABLE)
    except KeyboardInterrupt:
        err.print("cruxwatch: interrupted; nothing recorded is lost, and what was due stays due")
        sys.exit(INTERRUPTED)
