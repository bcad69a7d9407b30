"""YAML's syntax errors in words that say what to do; libyaml and the Python parser word them differently."""

from __future__ import annotations

from typing import Any

_SENTENCES = (
    (("mapping values are not allowed",), "a colon and a blank stand inside a text; put the text in quotes"),
    (("undefined alias",), "an alias names no anchor above; write &name before a value, or correct the name"),
    (("duplicate anchor",), "this anchor exists already; rename one"),
    (("undefined tag handle", "tag handle"), "a word that begins with '!' is a tag to YAML; put the text in quotes"),
    (
        ("unknown escape", "escape character", "escape sequence", "hexadecimal numbers"),
        "after a backslash in double quotes stands no escape that YAML knows; use single quotes, or write \\\\",
    ),
    (("could not find expected ':'", "expected ':'"), "a key has no colon after it; write key: value"),
    (
        ("sequence entries are not allowed", "block sequence entries"),
        "a list cannot begin here; put the '- ' on a line of its own, indented under its key",
    ),
    (
        ("expected the node content", "did not find expected node content"),
        "a value is missing here, or begins with a character that YAML keeps for itself; put the text in quotes",
    ),
    (
        ("comment", "did not find expected comment or line break"),
        "after | or > only a line break may follow; put the text on the next lines, indented",
    ),
    (
        ("directive", "incompatible YAML document", "expected alphabetic"),
        "a line that begins with '%' or a name that begins with '&' or '*' means something else to YAML; use quotes",
    ),
)
_INSIDE = (
    (
        "block mapping",
        "the indentation does not fit the keys around it, or a quoted text goes on after its closing quote;"
        " align the keys, or quote the whole text",
    ),
    ("block collection", "the indentation does not fit the list around it; align the items"),
    (
        "flow mapping",
        "the brace opened in line {line} is not closed before this; write } or a comma, or put the text in quotes",
    ),
    (
        "flow sequence",
        "the bracket opened in line {line} is not closed before this; write ] or a comma, or put the text in quotes",
    ),
    ("simple key", "a key has no colon after it, or the text above goes on here; write key: value, or quote the text"),
)


def syntax_sentence(problem: str, context: str, text: str, place: Any, opened: Any) -> str:
    """Say in one sentence what is wrong and what to do; `opened` is where the construct began."""
    lines = text.split("\n")
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    sign = line[place.column - 1 : place.column]
    if "quoted scalar" in context and ("end of stream" in problem or "document indicator" in problem):
        return f"a quote opened in line {opened.line} is never closed; close it, or double a quote inside the text"
    if "\t" in line[: len(line) - len(line.lstrip())] or sign == "\t":
        return "a tab stands where YAML wants blanks; indent with blanks"
    if sign in ("@", "`", "%") and "cannot start any token" in problem:
        return f"a text that begins with {sign} must be in quotes"
    for marks, sentence in _SENTENCES:
        if any(mark in problem for mark in marks):
            return sentence
    for mark, sentence in _INSIDE:
        if mark in context:
            return sentence.replace("{line}", str(opened.line))
    return f"is not YAML: {problem.strip().rstrip('.')}; quote the text, or check the indentation"
