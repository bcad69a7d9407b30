"""Jobs of urlwatch and webchanges: YAML documents, one a job. Commands are named in the report and never run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from crawler.catalogue import located
from crawler.catalogue.importing.watched import MOST, Unreadable, Watched, clean, texts

CARRIED = frozenset({"url", "navigate", "name", "filter", "filters", "kind", "use_browser", "note", "user_visible_url"})
NEEDLESS = frozenset(
    """
    timeout max_tries ignore_cached ignore_connection_errors ignore_timeout_errors ignore_http_error_codes
    ignore_too_many_redirects no_redirect encoding enabled index_number guid contextlines is_markdown
    markdown_padded_tables
    wait_until wait_for wait_for_navigation wait_for_timeout block_elements chromium_revision treat_new_as_changed
    """.split()  # noqa: SIM905
)
"""What says how to fetch or to show; our crawl has its own ways."""
READING = frozenset(
    """
    html2text strip beautify format-json format-xml format_json format_xml pretty-xml sort reverse striplines
    strip_each_line remove_duplicate_lines remove-duplicate-lines absolute_links pdf2text html2text_pyhtml2text
    """.split()  # noqa: SIM905
)
"""Filters that our own reading makes needless."""
RUNS = frozenset({"shellpipe", "execute", "command", "shell"})
ATTRIBUTES = {"element-by-id": "id", "element-by-class": "class", "element-by-style": "style"}


def read(data: bytes) -> Iterator[Watched]:
    """Yield the jobs of a file. Raises Unreadable."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("is not UTF-8; save it as UTF-8") from None
    for number, piece in enumerate(_documents(text), 1):
        place = f"job {number}"
        tree, faults = located.read(piece.encode("utf-8"))
        if tree is not None and not faults and tree.kind == "scalar" and tree.value is None:
            continue
        if tree is None or faults:
            why = faults[0].sentence if faults else "it is empty"
            yield Watched(url=None, place=place, lost=[f"cannot be read: {why}"])
            continue
        plain = tree.plain()
        for job in plain if isinstance(plain, list) else [plain]:
            yield _job(job, place)


def _documents(text: str) -> list[str]:
    """Cut the text where its documents begin, so that each is read with all the bounds of a catalogue."""
    loader = located.Loader(text.replace("\r\n", "\n"))
    starts: list[int] = []
    lines = text.replace("\r\n", "\n").split("\n")
    try:
        while loader.check_event():
            event = loader.get_event()
            if isinstance(event, yaml.DocumentStartEvent):
                starts.append(event.start_mark.line)
                if len(starts) > MOST:
                    raise Unreadable(f"holds more than {MOST} jobs; split it")
    except (yaml.YAMLError, ValueError, RecursionError):
        # what follows the fault cannot be told apart; what comes before it can
        starts = starts or [0]
    finally:
        loader.dispose()
    if not starts:
        raise Unreadable("holds no job")
    ends = [*starts[1:], len(lines)]
    return ["\n".join(lines[start:end]) for start, end in zip(starts, ends, strict=True)]


def _job(job: Any, place: str) -> Watched:
    if not isinstance(job, dict):
        return Watched(url=None, place=place, lost=["is no job: it is no map of keys"])
    title = clean(job.get("name"))
    if any(key in job for key in ("command", "commands")) or job.get("kind") in ("shell", "command"):
        return Watched(
            url=None, title=title, place=place, lost=["runs a command of the shell, which is never done here"]
        )
    url = job.get("url") or job.get("navigate")
    if not isinstance(url, str):
        return Watched(url=None, title=title, place=place, lost=["has no address"])
    browser = "navigate" in job or job.get("use_browser") is True or job.get("kind") == "browser"
    watched = Watched(url=url, title=title or None, render=browser, notes=job.get("note"), place=place)
    if job.get("enabled") is False:
        watched.off = "Its job was switched off."
    for key in job:
        if key not in CARRIED | NEEDLESS:
            watched.lost.append(f"{clean(key, 40)} is not carried over" + _remedy(str(key)))
    given = job.get("filter", job.get("filters"))
    for name, value in _filters(given):
        _filter(watched, name, value)
    if len(watched.select) > 1:
        watched.lost.append("its filters were applied one after the other; here each selector counts by itself")
    return watched


def _remedy(key: str) -> str:
    if key in ("data", "method", "headers", "params"):
        return "; an endpoint that needs it is watched by kind json"
    if key in ("ssl_no_verify", "ignore_https_errors"):
        return "; certificates are always checked"
    return "; robots and proxies are as for all sources" if "proxy" in key else ""


def _filters(given: Any) -> Iterator[tuple[str, Any]]:
    """Yield each filter with its value, from all the forms that there have been."""
    if isinstance(given, str):  # the oldest form: css:.news,html2text
        for part in given.split(","):
            name, _, value = part.partition(":")
            yield name.strip(), value.strip()
    elif isinstance(given, dict):
        yield from given.items()
    elif isinstance(given, list):
        for each in given:
            if isinstance(each, dict):
                yield from each.items()
            elif isinstance(each, str):
                yield each, None


def _filter(watched: Watched, name: str, value: Any) -> None:
    """Carry a filter over, or say that it is lost."""
    parts = value if isinstance(value, dict) else {}
    if name in ("css", "xpath"):
        given = parts.get("selector" if name == "css" else "path", None if parts else value)
        watched.select += [_selector(name, each) for each in texts(given)]
        watched.ignore += [_selector(name, each) for each in texts(parts.get("exclude"))]
        odd = sorted(set(parts) - {"selector", "path", "exclude", "method"})
        if odd or parts.get("method") == "xml":
            watched.lost.append(
                f"of the filter {name}: {clean(', '.join(map(str, odd)) or 'method', 80)}; not carried over"
            )
    elif name in ATTRIBUTES and isinstance(value, str):
        text = value.replace('"', "")
        sign = "~=" if name == "element-by-class" else "="
        watched.select.append(f'[{ATTRIBUTES[name]}{sign}"{text}"]')
    elif name == "element-by-tag" and isinstance(value, str):
        watched.select.append(value)
    elif name in RUNS:
        watched.lost.append(f"the filter {name} runs a command, which is never done here")
    elif name not in READING:
        watched.lost.append(f"the filter {clean(str(name), 40)} is not carried over; see text.select and text.ignore")


def _selector(name: str, text: str) -> str:
    return (
        f"xpath:{text.strip()}" if name == "xpath" and not text.strip().startswith(("/", "./", "(")) else text.strip()
    )
