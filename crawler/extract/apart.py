"""Readers written in C and Rust run apart: in a child with little memory, little time and no secrets.

What a stranger wrote into a PDF or a workbook may crash its reader, fill the memory (a sheet of one cell in its last
row and column) or never end. The child dies of it, the capture is recorded as not readable, and the run goes on. The
same bytes give the same contents: the limits are far above what the bounds of the readers themselves allow.

    parent: name of the reader, body ─▶ stdin   child: limits · read ─▶ stdout (JSON) : parent
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
from dataclasses import asdict
from importlib import import_module

from crawler.errors import ReadingError
from crawler.extract.contents import Contents
from storage.records import Health

READERS = ("pdf", "office")
MEMORY = 1_500_000_000
"""Bytes of address space."""
SECONDS = 20
"""Of processor time."""
PATIENCE = 90
"""Seconds of the clock, for a machine that is busy with other things."""
MOST_OUT = 40_000_000


def read(reader: str, body: bytes) -> Contents:
    """Read a file with a reader of this package (`crawler.extract.<reader>.read`). Raises ReadingError."""
    assert reader in READERS, reader
    try:
        done = subprocess.run(
            [sys.executable, "-m", "crawler.extract.apart", reader],
            input=body,
            capture_output=True,
            timeout=PATIENCE,
            env=_environment(),
        )
    except subprocess.TimeoutExpired:
        raise ReadingError(Health.UNSUPPORTED, f"reading it took longer than {PATIENCE} s") from None
    if done.returncode:
        raise ReadingError(*_fate(reader, done.returncode, done.stderr, len(body)))
    told = json.loads(done.stdout)
    if "health" in told:
        raise ReadingError(Health(told["health"]), told["detail"])
    for name in ("lines", "beside"):
        told[name] = tuple(told[name])
    return Contents(**told)


def _fate(reader: str, code: int, said: bytes, size: int) -> tuple[Health, str]:
    """What the end of a child means."""
    last = said.decode("utf-8", "replace").strip().splitlines()[-1:] or [""]
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return Health.UNSUPPORTED, f"reading {size} bytes took more than {SECONDS} s of processor time, or was killed"
    if "MemoryError" in last[0] or "memory allocation" in last[0] or code == -signal.SIGABRT:
        return Health.UNSUPPORTED, f"reading {size} bytes took more than {MEMORY // 1_000_000} MB of memory"
    if code < 0:
        return Health.MALFORMED, f"its reader ({reader}) was ended by signal {-code}: a broken or hostile file"
    return Health.ERROR, f"its reader ({reader}) failed: {last[0][:500]}"


def _environment() -> dict[str, str]:
    """Nothing but what Python needs to find itself and us: keys and tokens stay here."""
    kept = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TZ")
    found = {name: os.environ[name] for name in kept if name in os.environ}
    ours = str(__import__("pathlib").Path(__file__).resolve().parents[2])
    found["PYTHONPATH"] = os.pathsep.join([ours, *filter(None, [found.get("PYTHONPATH")])])
    return found | {"PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}


def main() -> None:
    """The child: read stdin with the reader named, under limits, and tell what came of it."""
    reader = sys.argv[1]
    assert reader in READERS, reader
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, MOST_OUT),
    ):
        with contextlib.suppress(ValueError, OSError):  # macOS knows no limit of address space
            resource.setrlimit(what, (limit, limit))
    body = sys.stdin.buffer.read()
    try:
        told = asdict(import_module(f"crawler.extract.{reader}").read(body))
    except ReadingError as bad:
        told = {"health": bad.health, "detail": bad.detail}
    sys.stdout.write(json.dumps(told, ensure_ascii=True))


if __name__ == "__main__":
    main()
