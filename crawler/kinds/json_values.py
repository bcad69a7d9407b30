"""JSON as strangers send it, and paths into it: bounded, and what cannot be read is said in the sender's own words.

Paths are JMESPath (jmespath.org): no side effects, no loops. They come from the catalogue; what they are applied to
does not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from crawler.errors import ReadingError
from crawler.extract import feed, json_text, meta
from crawler.extract.decode import decode
from crawler.extract.lines import fold_space, normalise
from storage.records import Health

LARGEST = 8_000_000
"""Bytes of an answer; a larger one is malformed by our rule: Python needs twenty times as much for it."""
LONGEST_PATH = 500
LONGEST_TEXT = 500_000
MOST_VALUES, DEEPEST = 2_000, 6
"""Values taken from one field, and levels below it."""
QUOTED = 200
"""Characters of a refusal that are repeated."""
_MARKUP = re.compile(r"^\s*(?:<!doctype|<html|<head|<body|<\?xml)", re.I)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,300})", re.I)
_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]{0,2000}>", re.I | re.S)
_STAMP = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z?")
_HOLE = re.compile(r"\{([^{}]{1,200})\}")
_WRITER = json.JSONEncoder(ensure_ascii=False, default=str)
_FAILED = frozenset({"error", "errors", "fail", "failed", "failure"})


def load(body: bytes, charset: str | None) -> Any:
    """Read an answer. Raises ReadingError(MALFORMED) with what stands there instead."""
    if len(body) > LARGEST:
        raise ReadingError(Health.MALFORMED, f"{len(body)} bytes; a JSON answer may have {LARGEST}")
    if body.startswith((b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        raise ReadingError(Health.MALFORMED, "a document or picture in place of JSON")
    text = decode(body, charset)[0].strip()
    if not text:
        raise ReadingError(Health.MALFORMED, "the body is empty")
    try:
        return json_text.parse(text)
    except RecursionError:
        raise ReadingError(Health.MALFORMED, "JSON nested deeper than we read") from None
    except ValueError as error:
        if _MARKUP.match(text):
            title = _TITLE.search(text[:20_000])
            said = title.group(1) if title else _TAG.sub(" ", text[:20_000])
            raise ReadingError(Health.MALFORMED, f"HTML in place of JSON: {quoted(said)}") from None
        if text[0] in '{["':
            raise ReadingError(Health.MALFORMED, f"broken JSON ({error})"[:QUOTED]) from None
        raise ReadingError(Health.MALFORMED, f"text in place of JSON: {quoted(text)}") from None


def quoted(value: Any) -> str:
    """Give the beginning of what was said, in quotation marks."""
    # as much of it as is needed: it may be large, and deeper than it can be written
    text = value if isinstance(value, str) else "".join(islice(_WRITER.iterencode(value), QUOTED))
    text = fold_space(text[: QUOTED * 4])
    return f"“{text[:QUOTED]}…”" if len(text) > QUOTED else f"“{text}”"


def refuse(data: Any, refusals: Mapping[str, tuple[str, ...]]) -> None:
    """Raise ReadingError(MALFORMED) when a well-formed answer says that it is none.

    An error object by its usual names (GraphQL's `errors` among them), or what the catalogue calls a refusal: values
    that a path must not give.
    """
    for path, values in refusals.items():
        if (said := scalar(find(path, data))) is not None and said in values:
            raise ReadingError(Health.MALFORMED, f"refused: '{path}' is {said}: {quoted(_message(data))}")
    if not isinstance(data, dict):
        return
    for name in ("error", "errors", "Error", "fault"):
        if data.get(name):
            raise ReadingError(Health.MALFORMED, f"an error in place of an answer: {quoted(_message(data[name]))}")
    if isinstance(data.get("status"), str) and data["status"].lower() in _FAILED:
        raise ReadingError(Health.MALFORMED, f"an error in place of an answer: {quoted(_message(data))}")


def _message(error: Any) -> Any:
    """What an error object says, where it can be told."""
    for _ in range(DEEPEST):
        error = error[0] if isinstance(error, list) and error else error
    if isinstance(error, dict):
        for name in ("message", "msg", "info", "error_description", "title", "detail", "reason"):
            if isinstance(error.get(name), str) and error[name].strip():
                return error[name]
    return error


def path_problem(path: str) -> str | None:
    """Say what is wrong with a path of the catalogue; None: nothing."""
    if not path.strip():
        return "is empty; write a JMESPath, '@' for the whole answer"
    if len(path) > LONGEST_PATH:
        return f"is {len(path)} characters long; {LONGEST_PATH} are allowed"
    try:
        compiled(path)
    except (JMESPathError, RecursionError) as error:
        said = " ".join(str(error).split())[:160]
        hint = "; JMESPath has no '$', write '@' for the whole answer" if path.startswith("$") else ""
        return f"'{path}' is no JMESPath: {said}{hint}"
    return None


@lru_cache(maxsize=1024)
def compiled(path: str) -> Any:
    """Compile a path. Raises JMESPathError."""
    return jmespath.compile(path)


def find(path: str, data: Any) -> Any:
    """What a path leads to; None: nothing, or a function in it was given what it does not take."""
    try:
        return compiled(path).search(data)
    except (JMESPathError, RecursionError, TypeError, ValueError, ArithmeticError):
        return None


def is_template(text: str) -> bool:
    """Whether an address is a template: an address with paths in braces, and no path itself."""
    return text.startswith(("http://", "https://"))


def template_problem(text: str) -> str | None:
    """Say what is wrong with a path, or with the paths in the braces of a template."""
    if not is_template(text):
        return path_problem(text)
    return next((problem for path in _HOLE.findall(text) if (problem := path_problem(path))), None)


def fill(text: str, item: Any) -> str | None:
    """The value of a path, or a template with its braces filled; None: something is missing."""
    if not is_template(text):
        return scalar(find(text, item))
    values = {path: scalar(find(path, item)) for path in _HOLE.findall(text)}
    if any(value is None for value in values.values()):
        return None
    return _HOLE.sub(lambda hole: values[hole.group(1)] or "", text)


def scalar(value: Any) -> str | None:
    """A text, number or truth as one line of text; None: anything else, or nothing in it."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    return fold_space(value[:LONGEST_TEXT]) or None if isinstance(value, str) else None


def text_of(value: Any, *, html: bool = False) -> str:
    """Anything in the one text form: what a list holds, one a line; what an object holds, as a row."""
    return "\n".join(line for line in _lines(value, html, 0) if line)


def _lines(value: Any, html: bool, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield feed.text_of(value[:LONGEST_TEXT]) if html else normalise(value[:LONGEST_TEXT])
    elif isinstance(value, list) and depth < DEEPEST:
        for each in value[:MOST_VALUES]:
            yield from _lines(each, html, depth + 1)
    elif isinstance(value, dict) and depth < DEEPEST:
        cells = [" ".join(_lines(each, html, depth + 1)) for each in list(value.values())[:50]]
        yield " | ".join(fold_space(cell) for cell in cells if cell)[:LONGEST_TEXT]
    else:
        yield scalar(value) or ""


def time_of(value: Any) -> tuple[str | None, datetime | None]:
    """A date as it stands and as we understand it: ISO 8601 and what pages write, seconds or milliseconds since 1970,
    [year, month, day] (Crossref's date-parts, GraphQL's lists of numbers), 20310301T060000Z (GDELT).
    """
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    try:
        if isinstance(value, list) and 2 <= len(value) <= 3 and all(type(part) is int for part in value):
            return "-".join(map(str, value)), datetime(*value, *[1] * (3 - len(value)), tzinfo=UTC)
        if type(value) in (int, float) and value > 4000:
            seconds = value / 1000 if value > 1e11 else value
            return str(value), datetime.fromtimestamp(seconds, UTC)
        raw = scalar(value)
        if raw is None:
            return None, None
        raw = raw[:100]
        if raw.isdigit() and len(raw) in (10, 13):
            return raw, time_of(int(raw))[1]
        if stamp := _STAMP.fullmatch(raw):
            return raw, datetime(*map(int, stamp.groups()), tzinfo=UTC)
    except (ValueError, OverflowError, OSError, TypeError):
        return str(value)[:100], None
    return raw, meta.parse_date(raw)
