"""An ask with all that fetching it takes; travels to the child process as JSON."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Self

from crawler.fetch.options import FetchOptions
from crawler.request import Request
from storage.records import Ask, AskPurpose, Validators


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One address to ask now."""

    ask: Ask
    request: Request | None = None
    """What request the ask is; None: GET its address."""
    validators: Validators | None = None
    """Of the capture we hold; None: ask without conditions."""
    options: FetchOptions
    interval: timedelta | None
    """After a good look, when to ask again; None: never (an item that is read once)."""
    language: str | None = None
    """BCP 47, as the source declares it: what Accept-Language asks for; None: no preference."""

    @property
    def asked(self) -> Request:
        """The request."""
        return self.request or Request(url=self.ask.url)

    def to_json(self) -> dict[str, Any]:
        """Give the errand in JSON types: times as ISO 8601, durations in seconds."""
        return {
            "ask": _plain(self.ask),
            "request": self.request and self.request.to_json(),
            "validators": self.validators and _plain(self.validators),
            "options": _plain(self.options),
            "interval": _value(self.interval),
            "language": self.language,
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        """Read what `to_json` gave. Raises KeyError, TypeError or ValueError for anything else."""
        ask = dict(told["ask"])
        ask["purpose"] = AskPurpose(ask["purpose"])
        for name in ("found_at", "due_at", "changed_at"):
            ask[name] = ask[name] and datetime.fromisoformat(ask[name])
        options = dict(told["options"])
        for name in ("delay", "timeout"):
            options[name] = timedelta(seconds=options[name])
        options["allow_hosts"] = tuple(options["allow_hosts"])
        interval = told["interval"]
        return cls(
            ask=Ask(**ask),
            request=Request.from_json(told["request"]) if told.get("request") else None,
            validators=Validators(**told["validators"]) if told["validators"] else None,
            options=FetchOptions(**options),
            interval=None if interval is None else timedelta(seconds=interval),
            language=told.get("language"),
        )


def _plain(thing: Any) -> dict[str, Any]:
    return {each.name: _value(getattr(thing, each.name)) for each in fields(thing)}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return list(value) if isinstance(value, tuple) else value
