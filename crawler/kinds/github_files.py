"""Files of a repository at GitHub: the tree that names them, and their contents as documents."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from typing import Any

from crawler.errors import ReadingError
from crawler.extract import Text, TextOptions, document
from crawler.extract.lines import fold_space, normalise
from crawler.kinds import json_values as values
from crawler.kinds.github_addresses import of_repository, usable_path
from crawler.kinds.github_answers import AGAIN, VERSION, Look
from crawler.kinds.result import NewAsk, Result
from storage.records import Health

MOST_FILES = 20_000
"""Paths of the list of files; a repository with more is listed that far."""
MARKDOWN = (".md", ".markdown", ".mdown", ".mkd")
_TAG = re.compile(rb"<!--.{0,5000}?-->|</?[a-zA-Z][^<>]{0,1000}>", re.S)


def tree(look: Look, data: Any) -> Result:
    """All files of a repository: a document where `tree` wants it, and those that `files` wants are asked for."""
    entries = data.get("tree") if isinstance(data, dict) else None
    if not isinstance(entries, list):
        raise ReadingError(Health.MALFORMED, f"no tree: {values.quoted(data)}")
    paths = sorted({e["path"] for e in entries if isinstance(e, dict) and _is_file(e)})
    if entries and not paths and not any(isinstance(e, dict) and e.get("type") == "tree" for e in entries):
        raise ReadingError(Health.MALFORMED, f"a tree without files: {values.quoted(entries[0])}")
    wanted = [path for path in paths if look.options.wants(path) and path not in look.options.exact]
    taken = wanted[: look.options.max_files]
    told = [f"{len(wanted)} files are wanted, of which {len(taken)} are taken"] if len(wanted) > len(taken) else []
    told += ["GitHub cut the list of files short"] if data.get("truncated") is True else []
    told += [f"{len(paths)} files, of which {MOST_FILES} are listed"] if len(paths) > MOST_FILES else []
    texts = [_listed(look, paths[:MOST_FILES])] if look.options.tree and paths else []
    return Result(
        health=Health.OK,
        detail="; ".join(told) or None,
        texts=tuple(texts),
        asks=tuple(_file(look, path) for path in taken),
        reader=VERSION,
    )


def _is_file(entry: dict[str, Any]) -> bool:
    return entry.get("type") == "blob" and usable_path(entry.get("path"))


def _listed(look: Look, paths: list[str]) -> Text:
    full = f"{look.place.owner}/{look.place.name}"
    # a row, so that a path is one line whatever full stops are in it
    main = normalise("\n".join(f"{_folder(path)} | {path.rpartition('/')[2]}" for path in paths))
    return look.text(look.ask.key or "tree", f"{look.place.web}/{full}", f"Files of {full}", main)


def _folder(path: str) -> str:
    return fold_space(path.rpartition("/")[0].replace("|", "¦")) or "."


def _file(look: Look, path: str) -> NewAsk:
    full = f"{look.place.owner}/{look.place.name}"
    own = (look.ask.key or "tree").removeprefix("tree")
    return NewAsk(
        url=of_repository(look.place.base, full, "contents", path),
        key=f"file{own}:{path}",
        title=f"{full} {path}",
        revisit=AGAIN,
        # the tree itself says no time; it was asked because of this push
        changed_at=look.ask.changed_at,
    )


def content(look: Look, body: bytes, options: TextOptions) -> Result:
    """A file as a document, read by what it is; one that holds no text is told by its size and its hash."""
    place = look.place
    path = place.path or "README.md"
    full = f"{place.owner}/{place.name}"
    said = look.capture.media_type or ""
    if place.path and "raw" not in said and said.endswith("json") and not path.lower().endswith(".json"):
        raise ReadingError(
            Health.MALFORMED, f"'{path}' is no file: {values.quoted(body[:500].decode('utf-8', 'replace'))}"
        )
    if place.path is None and said == "text/html":
        raise ReadingError(Health.MALFORMED, "HTML in place of a README")
    where = f"{place.web}/{full}" + (f"/blob/HEAD/{path}" if place.path else "#readme")
    if path.lower().endswith(MARKDOWN):
        # READMEs centre and size things by HTML; what is said stands between the tags
        body = _TAG.sub(b" ", body)
    try:
        text = document.read(
            body,
            # GitHub calls everything the same raw type; the name says more
            media_type="text/plain",
            charset=look.capture.charset,
            url=f"{place.web}/{full}/blob/HEAD/{path}",
            options=options,
            declared_language=look.language,
        )
    except ReadingError as bad:
        if bad.health is not Health.UNSUPPORTED:
            raise
        text = look.text("", where, None, normalise(_sealed(path, body)))
    title = f"{full}: {path}" if place.path else f"{full}: README"
    text = replace(text, key=look.ask.key or f"file:{path}", url=where, title=title)
    return Result(health=Health.OK, detail=text.detail, texts=(text,), reader=f"{VERSION} {text.extractor}")


def _sealed(path: str, body: bytes) -> str:
    return f"The file {path} holds no text that can be read: {len(body)} bytes, SHA-256 {sha256(body).hexdigest()}."
