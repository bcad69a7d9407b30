"""Text as it is: plain text, Markdown, CSV and TSV, JSON; pure string work."""

from __future__ import annotations

import csv
import io
import json
import re

from crawler.errors import ReadingError
from crawler.extract import json_text
from crawler.extract.contents import Contents
from crawler.extract.decode import decode
from crawler.extract.lines import as_lines, fold_space
from crawler.extract.paragraphs import of_plain_text
from crawler.extract.rows import table
from storage.records import Health

VERSION = "plain/1"
MOST_CHARACTERS = 3_000_000
MOST_ROWS = 20_000
MOST_LEAVES = 20_000
"""Values of a JSON document that are read."""

_HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*$")
_RULE = re.compile(r"\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?$")
_LINK = re.compile(r"!?\[([^\[\]]{0,500})\]\(([^()\s]{0,500})(?:\s\"[^\"]{0,200}\")?\)")


def read(body: bytes, charset: str | None = None, *, form: str = "text") -> Contents:
    """Read text; `form`: text, markdown, csv or json. Raises ReadingError: EMPTY, MALFORMED (JSON that is none)."""
    text, _ = decode(body, charset)
    whole = len(text) <= MOST_CHARACTERS
    text = text[:MOST_CHARACTERS]
    if not text.strip():
        raise ReadingError(Health.EMPTY, "the body is empty")
    code: list[str] = []
    if form == "markdown":
        lines, code = apart_from_code(text)
        lines, code = (lines, code) if lines else (code, [])
    else:
        lines = {"text": _text, "csv": _csv, "json": _json}[form](text)
    if not lines:
        raise ReadingError(Health.EMPTY, "no text")
    heading = next((line[2:] for line in lines[:5] if line.startswith("# ")), None)
    return Contents(
        lines=tuple(lines),
        beside=tuple(code),
        title=heading if form == "markdown" else None,
        detail=None if whole else f"truncated: {MOST_CHARACTERS} characters read",
        extractor=f"{VERSION} {form}",
    )


def _text(text: str) -> list[str]:
    return [line for paragraph in of_plain_text(text) for line in as_lines(fold_space(paragraph))]


def markdown(text: str) -> list[str]:
    """Lines of Markdown, code last."""
    said, code = apart_from_code(text)
    return [*said, *code]


def apart_from_code(text: str) -> tuple[list[str], list[str]]:
    """Lines of Markdown: headings, bullets, tables as rows, paragraphs joined, links by their words; and of its code.

    Code is what stands in a fence that names a language: commands and configuration, which nobody states. A fence
    without a name may hold anything, a table of results among it, and is text; a comment in it is no heading.
    """
    out: list[str] = []
    code: list[str] = []
    block: list[str] = []
    fenced: list[str] | None = None

    def close() -> None:
        for paragraph in _paragraphs(block):
            out.extend(as_lines(fold_space(paragraph)))
        block.clear()

    lines = text.splitlines()
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        at += 1
        if line.startswith(("```", "~~~")):
            close()
            named = line.strip("`~ {.}").lower() not in ("", "text", "txt", "plain", "plaintext", "markdown", "md")
            fenced = (code if named else out) if fenced is None else None
        elif fenced is not None:
            fenced.extend(as_lines(fold_space(line.lstrip("#"))))
        elif not line:
            close()
        elif found := _HEADING.match(line):
            close()
            out.append("# " + fold_space(_bare(found.group(1))))
        elif "|" in line and at < len(lines) and _RULE.match(lines[at].strip()) and "|" in lines[at]:
            close()
            rows = [_split(line)]
            at += 1
            while at < len(lines) and "|" in lines[at] and lines[at].strip():
                rows.append(_split(lines[at].strip()))
                at += 1
            out.extend(table(rows[:MOST_ROWS], headed=True, caption=out[-1] if out else ""))
        elif not re.fullmatch(r"[-=*_]{3,}|<!--.*-->", line):
            block.append(_bare(line))
    close()
    return out, code


def _paragraphs(block: list[str]) -> list[str]:
    out: list[str] = []
    for line in block:
        if out and not re.match(r"(?:[-*+•]|\d{1,3}[.)])\s", line):
            out[-1] += " " + line
        else:
            out.append(re.sub(r"^[*+]\s", "- ", line))
    return out


def _bare(line: str) -> str:
    """Without the marks of links and emphasis."""
    line = _LINK.sub(lambda found: found.group(1), line)
    return re.sub(r"(?<!\w)(\*{1,3}|_{1,3}|~~|`+)(?=\S)(.{1,500}?)(?<=\S)\1(?!\w)", r"\2", line)


def _split(line: str) -> list[str]:
    return [_bare(cell.strip().replace("\\|", "¦")) for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def _csv(text: str) -> list[str]:
    head = text[:20_000]
    first = head.split("\n", 1)[0]
    delimiter = max("\t;,|", key=first.count)
    rows = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            rows.append(row)
            if len(rows) >= MOST_ROWS:
                break
    except csv.Error:
        return _text(text)
    return table(rows, headed=bool(rows) and len(rows[0]) > 1)


def _json(text: str) -> list[str]:
    """A line for each value, as 'path: value'; texts among the values are what a document holds."""
    try:
        told = json_text.parse(text)
    except (ValueError, RecursionError) as error:
        raise ReadingError(Health.MALFORMED, f"no JSON: {str(error)[:200]}") from None
    out: list[str] = []
    stack: list[tuple[str, object]] = [("", told)]
    while stack and len(out) < MOST_LEAVES:
        path, value = stack.pop()
        if isinstance(value, dict):
            stack.extend((f"{path}.{key}".lstrip(".")[:200], each) for key, each in reversed(value.items()))
        elif isinstance(value, list):
            stack.extend((path, each) for each in reversed(value))
        elif value is not None and value != "":
            said = value if isinstance(value, str) else json.dumps(value)
            first, *rest = as_lines(fold_space(str(said))) or [""]
            out.append(f"{path}: {first}" if path else first)
            out.extend(rest)
    return out
