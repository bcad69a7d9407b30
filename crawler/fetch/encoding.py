"""Content encodings undone, within a bound: a kilobyte of zip bomb must not become a gigabyte here."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPTED = "gzip, deflate, br, zstd"
"""What is asked for: what Scrapy brings decoders of."""
PIECE = 1 << 16
MOST_LAYERS = 3
"""Encodings on top of each other, each bounded; proxies that compress what is compressed exist, more is an attack."""


class TooLarge(ValueError):
    """The body would be larger than allowed."""


class Broken(ValueError):
    """The body is not in the encoding its header names, or ends too early."""


def decoded(body: bytes, encodings: str, most: int) -> bytes:
    """Undo the encodings of a Content-Encoding header, last one first.

    `most`: bytes that may come out. Raises TooLarge or Broken.
    """
    layers = [name.strip().lower() for name in encodings.split(",")]
    layers = [name for name in layers if name and name != "identity"]
    if len(layers) > MOST_LAYERS:
        raise Broken(f"{len(layers)} content encodings on top of each other")
    for name in reversed(layers):
        if name not in DECODERS:
            raise Broken(f"content encoding {name[:40]!r} was not asked for")
        if not body:
            break
        body = _bounded(DECODERS[name], name, body, most)
    return body


def _bounded(pieces: Callable[[bytes], Iterator[bytes]], name: str, body: bytes, most: int) -> bytes:
    out, size = [], 0
    try:
        for piece in pieces(body):
            size += len(piece)
            if size > most:
                raise TooLarge(f"more than {most} bytes after decoding {name}")
            out.append(piece)
    except (zlib.error, brotli.error, zstd.ZstdError, EOFError) as error:
        if name == "gzip" and not out and not body.startswith(b"\x1f\x8b"):
            # servers that declare gzip and send plain text are common enough to be worth reading
            return body
        raise Broken(f"content encoding {name}: {error}") from None
    return b"".join(out)


def _inflated(body: bytes, window: int) -> Iterator[bytes]:
    while body:
        decoder = zlib.decompressobj(window)
        rest = body
        while not decoder.eof:
            piece = decoder.decompress(rest, PIECE)
            rest = decoder.unconsumed_tail
            if piece:
                yield piece
            elif not rest and not decoder.eof:
                raise EOFError("ends too early")
        # gzip may have several members; anything else behind the end is padding
        body = decoder.unused_data if window == 31 and decoder.unused_data.startswith(b"\x1f\x8b") else b""


def _gzip(body: bytes) -> Iterator[bytes]:
    return _inflated(body, 31)


def _deflate(body: bytes) -> Iterator[bytes]:
    # RFC 9110 means zlib by it, some servers send the bare stream
    zlib_head = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    return _inflated(body, 15 if zlib_head else -15)


def _brotli(body: bytes) -> Iterator[bytes]:
    decoder = brotli.Decompressor()
    yield decoder.process(body, output_buffer_limit=PIECE)
    while not decoder.is_finished():
        piece = decoder.process(b"", output_buffer_limit=PIECE)
        if not piece:
            raise EOFError("ends too early")
        yield piece


def _zstd(body: bytes) -> Iterator[bytes]:
    decoder = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: 27})
    yield decoder.decompress(body, max_length=PIECE)
    while not decoder.eof:
        piece = decoder.decompress(b"", max_length=PIECE)
        if not piece and decoder.needs_input:
            raise EOFError("ends too early")
        yield piece


DECODERS = {"gzip": _gzip, "x-gzip": _gzip, "deflate": _deflate, "br": _brotli, "zstd": _zstd}
