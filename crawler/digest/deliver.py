"""Puts an account on the disk: DATE.html, DATE.md, DATE.json and the feed of the newest; each whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from pathlib import Path

from crawler.digest.account import Account
from crawler.digest.as_atom import MOST, as_atom
from crawler.digest.as_html import as_html
from crawler.digest.as_json import as_json, read
from crawler.digest.as_markdown import as_markdown

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOST_BYTES = 20_000_000


def write(account: Account, folder: Path) -> list[Path]:
    """Write the four files of `account` into `folder` and return their paths; the same account gives the same bytes.

    The feed is made of this account and of the earlier ones whose JSON lies in the folder.
    """
    if not _DATE.fullmatch(account.date):
        raise ValueError(f"the date of a digest is YYYY-MM-DD, not {account.date!r}")
    folder.mkdir(parents=True, exist_ok=True)
    earlier = [told for told in _earlier(folder, account.date) if told.assessment_id == account.assessment_id]
    forms = {
        f"{account.date}.html": as_html(account),
        f"{account.date}.md": as_markdown(account),
        f"{account.date}.json": as_json(account),
        "atom.xml": as_atom([account, *earlier]),
    }
    return [_replace(folder / name, text) for name, text in forms.items()]


def _earlier(folder: Path, date: str) -> list[Account]:
    """Accounts of other days in the folder, newest first; a file that is none is passed over."""
    accounts = []
    for path in sorted(folder.glob("*.json"), reverse=True):
        if len(accounts) >= MOST:
            break
        if not _DATE.fullmatch(path.stem) or path.stem == date or path.stat().st_size > _MOST_BYTES:
            continue
        with contextlib.suppress(ValueError, OSError):
            accounts.append(read(path.read_text("utf-8")))
    return accounts


def _replace(path: Path, text: str) -> Path:
    """Write beside the target, then rename: a reader sees the old file or the new one."""
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(number, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path
