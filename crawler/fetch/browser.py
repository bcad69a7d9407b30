"""The browser of this machine: where it is, how it is started, how much memory it takes, and its end.

Never a download: Debian's chromium, or Chrome and Chromium where macOS and other systems put them.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PLACES = (
    "/usr/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
REMEDY = "apt install chromium; pip install 'cruxwatch[browser]'"
PREFIX = "cruxwatch-browser-"
LEFT_OVER = 86_400.0
"""Seconds after which a profile folder belongs to nobody any more."""
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-breakpad",
    "--disable-dev-shm-usage",
    "--mute-audio",
    "--dns-prefetch-disable",
    # whatever would go round the proxy has no name to go to, and no UDP to go by
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--js-flags=--max-old-space-size=512",
    "--renderer-process-limit=4",
    "--disk-cache-size=1048576",
)


def executable() -> str | None:
    """Path of the browser; None: this machine has none. CRUXWATCH_BROWSER names another one."""
    if (named := os.environ.get("CRUXWATCH_BROWSER")) is not None:
        return named if named and os.access(named, os.X_OK) else None
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return found or next((place for place in PLACES if os.access(place, os.X_OK)), None)


def sandboxed() -> bool:
    """Whether Chromium is to use its own sandbox.

    It has none for root, and none where an engine's seccomp profile forbids user namespaces, as Docker's does: there
    CRUXWATCH_BROWSER_SANDBOX=container says that the container, without rights and read-only, stands in for it.
    """
    return os.geteuid() != 0 and os.environ.get("CRUXWATCH_BROWSER_SANDBOX") != "container"


def missing() -> str | None:
    """Say what is missing for a page that needs a browser, with the remedy; None: nothing."""
    lacks = [
        what
        for what, there in (("browser", executable() is not None), ("playwright", find_spec("playwright") is not None))
        if not there
    ]
    if not lacks:
        return None
    return f"not observable here, no {' and no '.join(lacks)}: {REMEDY}"


def family(profile: str) -> list[int]:
    """Process ids of the browser that uses a profile folder, and of all that it has started; [] where /proc is not."""
    if sys.platform != "linux":
        return []
    parents, roots = {}, []
    mark = f"--user-data-dir={profile}".encode()
    for pid, folder in _processes():
        with suppress(OSError, ValueError, IndexError):
            parents[pid] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if mark in (folder / "cmdline").read_bytes():
                roots.append(pid)
    found, fresh = set(roots), set(roots)
    while fresh:
        fresh = {pid for pid, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return sorted(found)


def _processes() -> Iterator[tuple[int, Path]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            yield int(folder.name), folder


def memory(profile: str) -> int:
    """Bytes of memory that a browser holds, shared pages counted once and for all to each; 0: not known."""
    total = 0
    for pid in family(profile):
        with suppress(OSError, ValueError, IndexError):
            _, resident, shared, *_ = (int(word) for word in Path(f"/proc/{pid}/statm").read_text().split())
            total += (resident - shared) * os.sysconf("SC_PAGE_SIZE")
    return total


_PROFILES: set[str] = set()


def profile() -> str:
    """Make a profile folder for one browser; it goes with `end`, or with this process."""
    if not _PROFILES:
        atexit.register(_end_all)
        _sweep()
    made = tempfile.mkdtemp(prefix=PREFIX)
    _PROFILES.add(made)
    return made


def end(profile: str) -> None:
    """End a browser and delete its profile."""
    kill(profile)
    shutil.rmtree(profile, ignore_errors=True)
    _PROFILES.discard(profile)


def _end_all() -> None:
    for each in list(_PROFILES):
        end(each)


def _sweep() -> None:
    """Delete what a process that was killed has left."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > LEFT_OVER:
                shutil.rmtree(folder, ignore_errors=True)


def kill(profile: str) -> None:
    """End a browser and all that it has started, at once."""
    for pid in family(profile):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
