"""Cruxwatch: crawl the sources behind an assessment, read them, and say which of its cruxes have happened."""

__version__ = "0.1.0"
