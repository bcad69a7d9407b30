"""What settings.judge says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeOptions:
    """The optional judge of candidates: any endpoint that speaks the chat completions of OpenAI, far or local."""

    url: str | None = field(
        default=None,
        metadata={"description": "Its address, such as https://host/v1/chat/completions; null: there is no judge."},
    )
    model: str = field(default="", metadata={"description": "Name of the model, as the endpoint knows it."})
    secret_env: str | None = field(
        default=None,
        metadata={"description": "Name of the environment variable that holds its key; null: it needs none."},
    )
    timeout: timedelta = field(
        default=timedelta(seconds=30), metadata={"description": "Longest time for one question."}
    )
    max_calls: int = field(default=50, metadata={"description": "Most questions in one run."})
    max_cost: float = field(
        default=1.0, metadata={"description": "Most that one run may cost, in the currency of the prices."}
    )
    price_in: float = field(default=0.0, metadata={"description": "Price of a million tokens asked; 0: costs nothing."})
    price_out: float = field(default=0.0, metadata={"description": "Price of a million tokens answered."})
    from_score: float = field(
        default=0.25,
        metadata={"description": "Score from which a match that does not fire is a candidate worth a question."},
    )
    allow_hosts: tuple[str, ...] = field(
        default=(),
        metadata={"description": "Hosts, as host or host:port, that may have an address that is not public."},
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield what cannot be used."""
        if self.url is None:
            return
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
            yield "url", "must be an http or https address without a password in it; the key goes into secret_env"
        if not self.model:
            yield "model", "is missing; name the model that is to be asked"
        if self.timeout <= timedelta(0):
            yield "timeout", "must be above zero"
        if self.max_calls < 0 or min(self.max_cost, self.price_in, self.price_out) < 0:
            yield "max_calls", "neither calls nor costs nor prices can be below zero"
        if not 0 <= self.from_score <= 1:
            yield "from_score", f"{self.from_score} is not between 0 and 1"
