"""Bodies by their SHA-256, stored once, compressed against the body before them.

A page differs from its last capture by a few lines, so the last body serves as the dictionary (raw content, as
`zstd --patch-from` does) and only the difference costs room. To read one, the bodies it builds on are read first; the
chain is at most CHAIN long, then a body is stored whole again.
"""

from __future__ import annotations

import hashlib

import zstandard

from storage.database import DamagedBody, Database

CHAIN = 16
"""A body builds on at most so many others."""
LARGEST_BASE = 8 * 1024 * 1024
"""A larger body is no dictionary: reading would need it in memory beside the other."""
LEVEL = 6


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def store(db: Database, body: bytes, base_sha256: str | None = None) -> str:
    """Keep a body and return its SHA-256; compressed against the body named `base_sha256`, if that helps."""
    name = sha256(body)
    if db.one("SELECT 1 FROM blobs WHERE sha256 = ?", (name,)):
        return name
    depth, packed, base = 0, b"", None
    if base_sha256 and base_sha256 != name:
        base, depth, packed = _against(db, body, base_sha256)
    if base is None or len(packed) * 4 > len(body):
        whole = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress(body)
        if base is None or len(whole) <= len(packed):
            base, depth, packed = None, 0, whole
    db.execute(
        "INSERT INTO blobs (sha256, size, packed_size, base_sha256, depth, packed) VALUES (?, ?, ?, ?, ?, ?)",
        (name, len(body), len(packed), base, depth, packed),
    )
    return name


def load(db: Database, name: str, label: str | None = None) -> bytes:
    """The body with that SHA-256, proved; ArchiveError (naming `label`) when it is not there or not what it was."""
    label = label or f"body {name}"
    body: bytes | None = None
    try:
        for link in reversed(_chain(db, name)):
            body = _unpack(link["packed"], link["size"], body)
    except (zstandard.ZstdError, _Absent) as error:
        raise DamagedBody(f"{db.name}: {label}: its body {name} is damaged ({error}); {_REMEDY}") from error
    if body is None or sha256(body) != name:
        raise DamagedBody(f"{db.name}: {label}: its body is not the one with SHA-256 {name} any more; {_REMEDY}")
    return body


_REMEDY = "restore the archive from a backup, or let the source be captured again"


class _Absent(Exception):
    pass


def _against(db: Database, body: bytes, base_sha256: str) -> tuple[str | None, int, bytes]:
    row = db.one("SELECT size, depth FROM blobs WHERE sha256 = ?", (base_sha256,))
    if row is None or row["depth"] >= CHAIN or not 0 < row["size"] <= LARGEST_BASE or len(body) > LARGEST_BASE:
        return None, 0, b""
    try:
        base = load(db, base_sha256)
    except DamagedBody:
        return None, 0, b""  # a damaged base harms no new capture
    parameters = zstandard.ZstdCompressionParameters.from_level(
        LEVEL,
        source_size=len(body),
        dict_size=len(base),
        window_log=max(zstandard.WINDOWLOG_MIN, (len(base) + len(body)).bit_length()),  # all of the base in reach
        write_checksum=True,
    )
    compressor = zstandard.ZstdCompressor(dict_data=_dictionary(base), compression_params=parameters)
    return base_sha256, row["depth"] + 1, compressor.compress(body)


def _chain(db: Database, name: str) -> list:
    """The rows needed to read a body: itself first, the one stored whole last."""
    links = db.rows(
        """
        WITH RECURSIVE chain (sha256, n) AS (
            SELECT ?, 0 UNION ALL
            SELECT base_sha256, n + 1 FROM chain JOIN blobs USING (sha256) WHERE base_sha256 IS NOT NULL AND n <= ?
        )
        SELECT blobs.* FROM chain JOIN blobs USING (sha256) ORDER BY n
        """,
        (name, CHAIN),
    )
    if not links or links[-1]["base_sha256"] is not None:
        raise _Absent("it, or a body it builds on, is not in the archive")
    return links


def _unpack(packed: bytes, size: int, base: bytes | None) -> bytes:
    dictionary = _dictionary(base) if base is not None else None
    reader = zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=2**27)
    # never more than was stored, whatever a damaged frame claims
    with reader.stream_reader(packed) as stream:
        body = stream.read(size + 1)
    if len(body) != size:
        raise zstandard.ZstdError(f"{len(body)} bytes in place of {size}")
    return body


def _dictionary(base: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
