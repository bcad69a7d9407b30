"""The archive: every record Cruxwatch keeps, in one SQLite file. Never imports `crawler`."""
