"""How sources are asked: one Scrapy crawl; each attempt ends as a Fetch, each answer as a Capture."""
