"""The archive in a browser: Datasette with our questions, search and cells; reads only, starts no crawl."""

from __future__ import annotations

from crawler.explore.serve import browse, explorer

__all__ = ["browse", "explorer"]
