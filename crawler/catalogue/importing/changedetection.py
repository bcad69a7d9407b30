"""changedetection.io: its backup (zip), its url-watches.json, and what its API gives.

Of an archive only the files with watches are read, in memory and up to a size; nothing is unpacked, no name is used as
a path.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from crawler.catalogue.importing import plain
from crawler.catalogue.importing.watched import MOST, Unreadable, Watched, clean, texts

MOST_JSON = 30_000_000
MOST_MEMBERS = 100_000
ONE_WATCH = re.compile(r"[0-9a-fA-F-]{36}/watch\.json")
WHOLE = ("url-watches.json", "changedetection.json")
UNITS = {"weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}
LOST = {
    "trigger_text": "text that must be there to tell (trigger_text) is not carried over; write a trigger",
    "text_should_not_be_present": "text that must not be there is not carried over; write a trigger",
    "extract_text": "extract_text is not carried over; see text.select",
    "ignore_text": "lines to ignore (ignore_text) are not carried over; see text.ignore",
    "headers": "headers are not carried over",
    "body": "a body to send is not carried over; an endpoint that needs it is watched by kind json",
    "browser_steps": "steps in the browser are not carried over",
    "webdriver_js_execute_code": "script to run in the page is not carried over, and never run",
    "notification_urls": "notifications are not carried over; the digest is delivered as a file and a feed",
    "conditions": "conditions are not carried over; write a trigger",
}


def read(data: bytes) -> Iterator[Watched]:
    """Yield the watches. Raises Unreadable."""
    watches, tags = _zipped(data) if data.startswith(b"PK\x03\x04") else _parsed(_json(data))
    if isinstance(watches, bytes):
        yield from plain.read(watches)
        return
    for number, watch in enumerate(watches, 1):
        if number > MOST:
            raise Unreadable(f"holds more than {MOST} watches")
        yield _watched(watch, tags, f"watch {number}")


def _zipped(data: bytes) -> tuple[list[Any] | bytes, dict[str, str]]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS:
                raise Unreadable(f"holds more than {MOST_MEMBERS} files")
            named = {member.filename: member for member in members}
            left = MOST_JSON
            found: list[Any] = []
            tags: dict[str, str] = {}
            for name in sorted(named, key=lambda name: (name not in WHOLE, name)):
                if name in WHOLE or ONE_WATCH.fullmatch(name):
                    body = _bounded(archive, named[name], left)
                    left -= len(body)
                    watches, more = _parsed(_json(body), one=name not in WHOLE)
                    found += watches
                    tags |= more
            if not found and "url-list.txt" in named:
                return _bounded(archive, named["url-list.txt"], left), {}
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise Unreadable(f"is no archive that can be read: {clean(str(error), 100)}") from None
    if not found:
        raise Unreadable("holds neither url-watches.json nor watch.json nor url-list.txt")
    return found, tags


def _bounded(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> bytes:
    with archive.open(member) as opened:
        body = opened.read(left + 1)
    if len(body) > left:
        raise Unreadable(f"holds more than {MOST_JSON} bytes of watches")
    return body


def _json(data: bytes) -> Any:
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Unreadable("is no JSON of changedetection.io") from None


def _parsed(told: Any, *, one: bool = False) -> tuple[list[Any], dict[str, str]]:
    """Find the watches in what was told, and the names of tags."""
    if isinstance(told, list):
        return told, {}
    if not isinstance(told, dict):
        raise Unreadable("is no JSON of changedetection.io")
    if one:
        return [told], {}
    settings = told.get("settings")
    application = settings.get("application") if isinstance(settings, dict) else None
    named = application.get("tags") if isinstance(application, dict) else None
    tags = {
        key: clean(tag.get("title"), 60)
        for key, tag in (named.items() if isinstance(named, dict) else ())
        if isinstance(tag, dict)
    }
    watches = told.get("watching", {} if settings is not None else told)
    return (list(watches.values()) if isinstance(watches, dict) else []), tags


def _watched(watch: Any, tags: dict[str, str], place: str) -> Watched:
    if not isinstance(watch, dict) or not isinstance(watch.get("url"), str):
        return Watched(url=None, place=place, lost=["has no address"])
    title = clean(watch.get("title")) or clean(watch.get("page_title"))
    words = [tags.get(tag, tag) for tag in texts(watch.get("tags"))] or texts(watch.get("tag"))
    made = Watched(
        url=watch["url"].removeprefix("source:"),
        title=title or None,
        seconds=_seconds(watch.get("time_between_check")),
        # a tag whose name is not told is only a number
        tags=[part for word in words for part in word.split(",") if not re.fullmatch(r"[0-9a-fA-F-]{36}", part)],
        render=watch.get("fetch_backend") in ("html_webdriver", "playwright"),
        place=place,
    )
    for selector in texts(watch.get("include_filters") or watch.get("css_filter")):
        _select(made, selector)
    made.ignore += [_bare(each) for each in texts(watch.get("subtractive_selectors"))]
    made.lost += [sentence for key, sentence in LOST.items() if watch.get(key)]
    if str(watch.get("method") or "GET").upper() != "GET":
        made.lost.append("is asked by another method than GET; watch it by kind json")
    if watch.get("processor") not in (None, "", "text_json_diff"):
        made.lost.append(f"its processor {clean(watch.get('processor'), 40)} is not carried over; its text is watched")
    if watch.get("paused") is True:
        made.off = "It was paused in changedetection.io."
    return made


def _select(made: Watched, selector: str) -> None:
    if selector.startswith(("json:", "jq:", "jqraw:")):
        made.lost.append("a path into JSON is not carried over; watch it by kind json")
    elif selector.strip():
        made.select.append(_bare(selector))


def _bare(selector: str) -> str:
    """A selector without the prefix that says that it is XPath, where ours needs none."""
    text = selector.strip()
    for prefix in ("xpath1:", "xpath:"):
        if text.startswith(prefix):
            path = text.removeprefix(prefix).strip()
            return path if path.startswith(("/", "./", "(")) else f"xpath:{path}"
    return text


def _seconds(told: Any) -> float | None:
    if not isinstance(told, dict):
        return None
    numbers = {unit: told.get(unit) for unit in UNITS}
    total = sum(
        number * UNITS[unit]
        for unit, number in numbers.items()
        if isinstance(number, (int, float)) and not isinstance(number, bool) and 0 < number < 1e6
    )
    return total or None
