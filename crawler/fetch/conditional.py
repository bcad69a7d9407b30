"""Conditional requests: ask only for what is new to us, in the server's own words (RFC 9110, 13)."""

from __future__ import annotations

from storage.records import Validators

LONGEST = 1024
"""Characters of a validator; longer ones are not sent back."""


def conditions(validators: Validators | None) -> dict[str, str]:
    """Give the request headers by which a server may answer 304."""
    if validators is None:
        return {}
    headers = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in headers.items() if usable(value)}


def usable(value: str | None) -> bool:
    """Whether a validator can be sent back as it is: one line of printable ASCII."""
    return bool(value) and len(value) <= LONGEST and value.isascii() and value.isprintable()
