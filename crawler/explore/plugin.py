"""Our plugin for Datasette 0.65: search in Chinese, cells that link, bodies as plain text, headers, the front page.

Registered once for the process; it acts only for a Datasette that `serve.explorer` made.
"""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette
from datasette.utils.asgi import NotFound, Response

from crawler.explore import redlines
from crawler.explore.cells import cell
from storage.archive import Archive, ArchiveError
from storage.records import Capture
from storage.search import best_sentence, escape_fts

DATABASE = "archive"

CHARSETS = {"utf-8", "gb18030", "gbk", "gb2312", "big5", "shift_jis", "euc-jp", "euc-kr", "iso-8859-1", "windows-1252"}
"""What a captured body may be said to be written in; none in which markup hides from a reader's browser (UTF-7)."""

SAFE = (
    # nothing on our pages comes from elsewhere, and nothing of ours is framed or sent elsewhere
    (
        b"content-security-policy",
        b"default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        b"img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
    ),
    (b"x-content-type-options", b"nosniff"),
    # a source must not learn who reads about it
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
)

TILES = """
SELECT
    (SELECT count(*) FROM alerts_to_review) AS alerts,
    (SELECT count(DISTINCT source_id) FROM sources_not_reached WHERE outcome <> 'not observable') AS not_reached,
    (SELECT count(*) FROM sources WHERE retired_at IS NULL) AS sources,
    (SELECT count(*) FROM captures) AS captures,
    (SELECT count(*) FROM unread_captures) AS unread,
    (SELECT max(started_at) FROM runs) AS last_run
"""


def archive_of(datasette: Datasette) -> Path | None:
    """The archive that this Datasette shows; None: it is not ours."""
    return getattr(datasette, "cruxwatch_archive", None)


@hookimpl(trylast=True)
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Datasette) -> None:
    """The ordinary search box calls `escape_fts`; last, so that ours takes the place of Datasette's."""
    if archive_of(datasette):
        conn.create_function("escape_fts", 1, escape_fts, deterministic=True)
        conn.create_function("best_sentence", 2, best_sentence, deterministic=True)


@hookimpl
def render_cell(row: Any, value: Any, column: str, table: str | None, database: str, datasette: Datasette) -> Any:
    if archive_of(datasette) and database == DATABASE:
        return cell(column, value, table, row, lambda to, key: datasette.urls.row(DATABASE, to, _tilde(key)))
    return None


def _tilde(key: str) -> str:
    from datasette.utils import tilde_encode

    return tilde_encode(key)


@hookimpl
def extra_css_urls(datasette: Datasette) -> list[str]:
    return ["/cruxwatch/explore.css"] if archive_of(datasette) else []


@hookimpl
def menu_links(datasette: Datasette) -> list[dict[str, str]]:
    if not archive_of(datasette):
        return []
    wanted = ("news", "alerts_to_review", "evidence", "sentences", "texts_now", "sources_not_reached")
    titles = datasette.metadata("tables", database=DATABASE) or {}
    links = [{"href": datasette.urls.table(DATABASE, name), "label": titles[name]["title"]} for name in wanted]
    return [{"href": datasette.urls.instance(), "label": "All questions"}, *links]


@hookimpl
def extra_template_vars(view_name: str, datasette: Datasette) -> Any:
    if archive_of(datasette) is None or view_name != "index":
        return {}

    async def front() -> dict[str, Any]:
        described = (datasette.metadata("databases") or {}).get(DATABASE, {})
        queries = [{"name": name, **query} for name, query in described.get("queries", {}).items()]
        tables = {
            name: {"url": datasette.urls.table(DATABASE, name), **table} for name, table in described["tables"].items()
        }
        return {
            "questions": queries,
            "views": {name: table for name, table in tables.items() if table["title"].endswith("?")},
            "tables": {name: table for name, table in tables.items() if not table["title"].endswith("?")},
            "query_url": lambda name: datasette.urls.query(DATABASE, name),
            "tiles": await _tiles(datasette),
        }

    return front


async def _tiles(datasette: Datasette) -> dict[str, Any] | None:
    """Counts for the front page; None when the archive is too large to count in time."""
    from datasette.database import QueryInterrupted

    try:
        return dict((await datasette.get_database(DATABASE).execute(TILES)).first())
    except QueryInterrupted:
        return None


@hookimpl
def register_routes(datasette: Datasette) -> list[tuple[str, Any]]:
    if archive_of(datasette) is None:
        return []
    return [(r"^/-/body/(?P<id>[0-9]{1,18})$", body), (r"^/-/change/(?P<id>[0-9]{1,18})$", change)]


async def change(request: Any, datasette: Datasette) -> Response:
    """The redline of a change, with its evidence and its proof."""
    await datasette.ensure_permissions(request.actor, ["view-instance"])
    number = int(request.url_vars["id"])
    with Archive.open(archive_of(datasette), read_only=True) as archive:
        if not archive.db.one("SELECT 1 FROM changes WHERE id = ?", (number,)):
            raise NotFound(f"no change {number}")
        shown = redlines.page(archive, number)
    return Response.html(await datasette.render_template("change.html", shown, request=request))


async def body(request: Any, datasette: Datasette) -> Response:
    """The body of a capture, proved against its SHA-256, never as anything but plain text or a file to save."""
    await datasette.ensure_permissions(request.actor, ["view-instance"])
    path = archive_of(datasette)
    try:
        with Archive.open(path, read_only=True) as archive:
            if not archive.db.one("SELECT 1 FROM captures WHERE id = ?", (int(request.url_vars["id"]),)):
                raise NotFound(f"no capture {request.url_vars['id']}")
            capture = archive.capture(int(request.url_vars["id"]))
            found = archive.body(capture)
    except ArchiveError as error:
        return Response.text(str(error), status=500)
    return Response(found, headers=_headers(capture), content_type=_content_type(capture))


def _content_type(capture: Capture) -> str:
    charset = (capture.charset or "utf-8").strip().lower()
    return f"text/plain; charset={charset if charset in CHARSETS else 'utf-8'}"


def _headers(capture: Capture) -> dict[str, str]:
    texts = (None, "application/xml", "application/json", "application/xhtml+xml")
    is_text = capture.media_type in texts or re.fullmatch(r"text/.*|.*[+](xml|json)", capture.media_type or "")
    return {
        "content-security-policy": "default-src 'none'; sandbox",
        "content-disposition": f'{"inline" if is_text else "attachment"}; filename="capture-{capture.id}.txt"',
        "x-body-sha256": capture.sha256,
    }


@hookimpl
def asgi_wrapper(datasette: Datasette) -> Any:
    def wrap(app: Any) -> Any:
        if archive_of(datasette) is None:
            return app

        async def wrapped(scope: dict, receive: Any, send: Any) -> None:
            if scope["type"] == "http" and not _host_is_ours(scope, datasette):
                # another site's name that leads here (DNS rebinding) must not read the archive
                answer = Response.text("This archive answers to its own address only.", status=421)
                await answer.asgi_send(send)
                return
            await app(scope, receive, _with_headers(send))

        return wrapped

    return wrap


def _host_is_ours(scope: dict, datasette: Datasette) -> bool:
    allowed = datasette.cruxwatch_hosts
    if allowed is None:
        return True
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    return re.sub(r":[0-9]+$", "", host).lower() in allowed


def _with_headers(send: Any) -> Any:
    async def sending(message: dict) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message.get("headers", [])}
            added = [(name, value) for name, value in SAFE if name not in present]
            message = {**message, "headers": [*message.get("headers", []), *added]}
        await send(message)

    return sending
