"""Two versions to a change, pure: what is new, what went, what of it is noise, and how much it weighs."""

from crawler.change.compare import Comparison, compare, is_news
from crawler.change.form import lines_of
from crawler.change.memory import waiting

__all__ = ["Comparison", "compare", "is_news", "lines_of", "waiting"]
