"""Bytes to normalised text, pure: one module per format, one text form for all (`lines`)."""

from crawler.extract.options import TextOptions
from crawler.extract.text import Entry, Feed, Link, Text

__all__ = ["Entry", "Feed", "Link", "Text", "TextOptions"]
