"""What we watch and why: `sources.yml` and `triggers.yml`, read into one `Catalogue`, or every problem at once."""

from crawler.catalogue.edit import write_thresholds
from crawler.catalogue.loading import find, load
from crawler.catalogue.model import (
    Address,
    Catalogue,
    Confidence,
    Role,
    Settings,
    SourceEntry,
    page_entry,
)
from crawler.catalogue.report import report

__all__ = [
    "Address",
    "Catalogue",
    "Confidence",
    "Role",
    "Settings",
    "SourceEntry",
    "find",
    "load",
    "page_entry",
    "report",
    "write_thresholds",
]
