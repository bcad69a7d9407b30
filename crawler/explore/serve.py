"""Datasette on the live archive, read-only."""

from __future__ import annotations

import socket
import sqlite3
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from importlib import resources
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import uvicorn
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm
from datasette.utils import parse_metadata

from crawler.errors import UsageError
from crawler.explore import plugin
from storage.archive import Archive, ArchiveError

SETTINGS = {
    # a question may look at a year of captures; longer means it is asked wrongly
    "sql_time_limit_ms": 3000,
    # a page that a person reads; CSV and JSON give all rows
    "default_page_size": 50,
    "max_returned_rows": 1000,
    "facet_time_limit_ms": 500,
    # the facets worth having are in metadata.yml; guessing them reads every column of every page
    "suggest_facets": False,
    # the file is being written; `VACUUM INTO` makes a copy worth having
    "allow_download": False,
    # cells are cut by our own rendering, with the rest folded away
    "truncate_cells_html": 400,
    # what was just recorded is seen
    "default_cache_ttl": 0,
    "num_sql_threads": 2,
}

HERE = resources.files("crawler.explore")


class ReadOnly(Database):
    """The archive's file; no connection can write, whatever it is asked for."""

    def connect(self, write: bool = False) -> sqlite3.Connection:
        address = f"{Path(self.path).absolute().as_uri()}?mode=ro"  # Datasette leaves % and ? in a name as they are
        connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        self._all_file_connections.append(connection)
        return connection


class Explorer(Datasette):
    """A Datasette that our plugin knows as its own."""

    def __init__(self, archive_path: Path, hosts: set[str] | None, **given: Any) -> None:
        self.cruxwatch_archive = archive_path
        self.cruxwatch_hosts = hosts
        """Names it answers to; None: any."""
        super().__init__([], **given)  # asks the plugins already


def explorer(archive_path: Path | str, *, host: str = "127.0.0.1") -> Explorer:
    """A Datasette that shows this archive, opened read-only (mode=ro) beside whoever writes it.

    `host`: the address it will listen on. Own SQL is allowed on loopback alone; there, too, only the machine's own
    names are answered to. Raises ArchiveError when there is no archive, or it is not one of ours.
    """
    path = Path(archive_path)
    _ready(path)
    if pm.get_plugin("cruxwatch") is None:
        pm.register(plugin, name="cruxwatch")
    local = _is_loopback(host)
    datasette = Explorer(
        path,
        {"127.0.0.1", "localhost", "[::1]", host.lower()} if local else None,
        metadata=parse_metadata(resources.files("storage").joinpath("metadata.yml").read_text(encoding="utf-8")),
        settings={**SETTINGS, "default_allow_sql": local},
        template_dir=str(HERE / "templates"),
        static_mounts=[("cruxwatch", str(HERE / "static"))],
    )
    datasette.add_database(ReadOnly(datasette, path=str(path), is_mutable=True), name=plugin.DATABASE)
    return datasette


def browse(
    archive_path: Path | str,
    host: str = "127.0.0.1",
    port: int = 8001,
    open_browser: bool = False,
    *,
    say: Callable[[str], None] = print,
) -> None:
    """Serve the archive until interrupted. `port` 0: any free one. Raises UsageError when it is taken."""
    datasette = explorer(archive_path, host=host)
    listening = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}/"
    say(f"The archive {archive_path} is open at {address} (read-only; Ctrl-C ends)")
    if not _is_loopback(host):
        say("Anyone who can reach this address can read the archive; own SQL is switched off.")
    if open_browser:
        timer = threading.Timer(1, webbrowser.open, [address])
        timer.daemon = True
        timer.start()
    config = uvicorn.Config(datasette.app(), log_level="warning", lifespan="on", server_header=False)
    with listening, suppress(KeyboardInterrupt):  # the way it is meant to end
        uvicorn.Server(config).run(sockets=[listening])


def _ready(path: Path) -> None:
    """Bring the archive and its views up to date; where we may only read, see that they are."""
    try:
        Archive.open(path, create=False).close()
    except ArchiveError:
        Archive.open(path, read_only=True).close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise UsageError(f"browse: cannot listen on {host}:{port} ({error.strerror}); try another --port") from error
    return listening


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
