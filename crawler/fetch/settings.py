"""Every setting of the crawl with its reason; nothing of Scrapy's defaults that acts on its own is left on."""

from __future__ import annotations

from typing import Any

AT_ONCE = 64
"""Requests under way over all hosts, those included that wait for their host's delay: it bounds memory, not CPU."""
NAMES_AT_ONCE = 32
"""Threads for the system's resolver, which blocks."""


def settings(default_delay: float) -> dict[str, Any]:
    """Give the settings of a crawl; `default_delay` in seconds, above zero."""
    return {
        # Scrapy's defaults could change under us; each piece that acts is named here
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "SPIDER_MIDDLEWARES_BASE": {},
        "EXTENSIONS_BASE": {},
        "ADDONS": {},
        "DOWNLOADER_MIDDLEWARES": {"crawler.fetch.robots.Robots": 100},
        # redirects, retries, cookies, compression and status codes are outcomes of ours: the spider sees every answer
        "SPIDER_MIDDLEWARES": {},
        # telnet, stats logging, memory watching, feeds: none is wanted in a child process that ends
        "EXTENSIONS": {},
        "TELNETCONSOLE_ENABLED": False,
        # only http and https, both with the guard; Scrapy's own list has file:, ftp:, s3: and data:
        "DOWNLOAD_HANDLERS_BASE": {},
        "DOWNLOAD_HANDLERS": {
            "http": "crawler.fetch.connect.GuardedHandler",
            "https": "crawler.fetch.connect.GuardedHandler",
        },
        # off in Scrapy: without it anybody on the way can write our evidence
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        # a proxy would move the connection away from the guard
        "HTTPPROXY_ENABLED": False,
        # obeyed by our middleware; Scrapy's own goes on when robots.txt cannot be reached
        "ROBOTSTXT_OBEY": False,
        "COOKIES_ENABLED": False,
        "REDIRECT_ENABLED": False,
        "RETRY_ENABLED": False,
        # above zero always: at zero Scrapy 2.14 to 2.19 forgets its limit per host
        "DOWNLOAD_DELAY": default_delay,
        # Scrapy would go as low as half the delay
        "DOWNLOAD_DELAY_JITTER": 0,
        "CONCURRENT_REQUESTS": AT_ONCE,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        # an answer leads to one request at most; Scrapy would start a hundred tasks to take them from it
        "CONCURRENT_ITEMS": 1,
        "REACTOR_THREADPOOL_MAXSIZE": NAMES_AT_ONCE,
        # an answer cut short is not the page
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        # each request brings its own; this is what a request of a future Scrapy without one would get, not 1 GiB
        "DOWNLOAD_MAXSIZE": 20 * 1024 * 1024,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_TIMEOUT": 60,
        # the order of asks is ours, in memory; what is due is in the archive
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        # first come, first served: Scrapy's default is a stack, by which the hosts named first would wait longest
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        # one line on stderr for what matters; whoever started this process reads it
        "LOG_INSTALL_ROOT_HANDLER": False,
        "LOG_LEVEL": "WARNING",
        "STATS_DUMP": False,
    }
