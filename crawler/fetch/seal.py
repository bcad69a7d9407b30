"""A key or token on its way: put into a request at the last moment, and taken out of all that comes back.

Scrapy's request, its logs and our records never hold it: the downloader adds it to a copy of the request, and hides it
in what the server repeats of it (addresses of redirects, headers, the body).
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, quote_plus, urlencode, urlsplit, urlunsplit

from scrapy import Request
from scrapy.http import Response

from crawler.fetch.errand import Errand
from crawler.fetch.faults import Fault, Stopped
from crawler.fetch.options import FetchOptions
from crawler.request import Secret
from storage.records import Outcome, Reason

SHORTEST, LONGEST = 8, 2000
"""Characters of a key; to hide a shorter one would tear up what it happens to stand in."""


@dataclass(frozen=True, slots=True, repr=False)
class Seal:
    """A secret with its value; its repr does not show it."""

    secret: Secret
    value: str
    plain: bool
    """Whether it may go over plain http: only to a host that the configuration calls our own."""

    @classmethod
    def of(cls, secret: Secret | None, options: FetchOptions, environ: Mapping[str, str] = os.environ) -> Seal | None:
        """Read a secret from the environment; None: there is none, and none is needed. Raises Stopped."""
        if secret is None:
            return None
        value = environ.get(secret.env, "").strip()
        if not value:
            if secret.required:
                raise Stopped(_refusal(f"needs {secret.env} in the environment"))
            return None
        if not (SHORTEST <= len(value) <= LONGEST and value.isascii() and value.isprintable()):
            raise Stopped(
                _refusal(f"{secret.env} in the environment is no key: {SHORTEST} characters of ASCII or more")
            )
        host = secret.host.lower()
        allowed = {host, host.partition(":")[0]} & {name.lower() for name in options.allow_hosts}
        return cls(secret, value, bool(allowed))

    @property
    def mark(self) -> str:
        """What stands in its place in records."""
        return f"hidden-{self.secret.env}"

    def put(self, request: Request) -> Request:
        """Give the request with the secret in it; as it is when it goes to another host, or in the open."""
        parts = urlsplit(request.url)
        if parts.netloc.lower() != self.secret.host or not (parts.scheme == "https" or self.plain):
            return request
        if self.secret.header:
            headers = request.headers.copy()
            headers[self.secret.header] = self.secret.prefix + self.value
            return request.replace(headers=headers)
        name = self.secret.parameter or ""
        # a redirect may repeat the query, with our mark in it
        kept = [piece for piece in parts.query.split("&") if piece and piece.split("=", 1)[0] != name]
        query = "&".join([*kept, urlencode({name: self.value})])
        return request.replace(url=urlunsplit(parts._replace(query=query)))

    @property
    def forms(self) -> list[str]:
        """The value as servers repeat it: as it is, percent-encoded, as JSON; longest first."""
        value = self.value
        inside = json.dumps(value)[1:-1]
        forms = {value, quote(value, safe=""), quote(value), quote_plus(value), inside, inside.replace("/", "\\/")}
        return sorted(forms, key=len, reverse=True)

    def cleaned(self, response: Response, url: str) -> Response:
        """Give a response, asked for as `url`, without the secret in its address and headers."""
        headers = {name: [self.hide_in(value) for value in values] for name, values in response.headers.items()}
        return response.replace(url=url, headers=headers)

    def hide(self, text: str) -> str:
        """Give a text without the secret."""
        for form in self.forms:
            text = text.replace(form, self.mark)
        return text

    def hide_in(self, body: bytes) -> bytes:
        """Give bytes without the secret."""
        for form in self.forms:
            body = body.replace(form.encode("ascii"), self.mark.encode("ascii"))
        return body


def quiet(errands: Iterable[Errand]) -> None:
    """Let nothing that this process logs from now on hold a secret of these errands, whoever logs it."""
    seals = []
    for errand in errands:
        try:
            seals.append(Seal.of(errand.asked.secret, errand.options))
        except Stopped:
            continue
    seals = list({seal.value: seal for seal in seals if seal is not None}.values())
    if not seals:
        return
    make = logging.getLogRecordFactory()

    def hidden(*args: object, **more: object) -> logging.LogRecord:
        entry = make(*args, **more)
        text = entry.getMessage()
        if entry.exc_info:
            text += "\n" + logging.Formatter().formatException(entry.exc_info)
        if any(form in text for seal in seals for form in seal.forms):
            for seal in seals:
                text = seal.hide(text)
            entry.msg, entry.args, entry.exc_info, entry.exc_text = text, (), None, None
        return entry

    logging.setLogRecordFactory(hidden)


def _refusal(detail: str) -> Fault:
    return Fault(outcome=Outcome.REFUSED, reason=Reason.NO_KEY, detail=detail)
