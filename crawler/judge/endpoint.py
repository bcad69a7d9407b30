"""Asking an endpoint: the address guarded as the crawl's is, and time, size, number and cost bounded.

The name is resolved here, each address is checked, and the connection goes to the one checked, under the name's
certificate; no proxy, no redirect. Protocol: OpenAI, "Create chat completion".
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address

import httpx

from crawler.fetch.guard import Gate, Refused
from crawler.judge.options import JudgeOptions
from crawler.judge.question import Unanswered

LARGEST = 65_536
"""Bytes of an answer."""
MOST_TOKENS = 300
"""Tokens an answer may have."""

MOST_FAILURES = 3
"""Failures in a row after which a run asks no more: an endpoint that is down must not hold the digest up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    text: str
    tokens_in: int
    tokens_out: int
    cost: float


class Endpoint:
    """One run's conversation with the judge; counts what it asked and what that cost."""

    def __init__(
        self,
        options: JudgeOptions,
        *,
        environment: Mapping[str, str] = os.environ,
        resolve: Callable[[str, int], list[str]] | None = None,
    ) -> None:
        self.options = options
        self.calls = 0
        self.cost = 0.0
        self.failures = 0
        """In a row."""
        self._secret = environment.get(options.secret_env, "") if options.secret_env else ""
        self._resolve = resolve or _addresses
        self._gate = Gate.of(options.allow_hosts, {})

    def why_stop(self, messages: list[dict[str, str]]) -> str | None:
        """Why no further question may be asked in this run; None: one may. Counts a character as a token: the most."""
        if self.options.secret_env and not self._secret:
            return f"the environment has no {self.options.secret_env}"
        if self.calls >= self.options.max_calls:
            return f"{self.calls} questions were asked, as many as a run may"
        if self.failures >= MOST_FAILURES:
            return f"{self.failures} questions in a row failed"
        size = sum(len(message["content"]) for message in messages)
        if self.cost + self._price(size, MOST_TOKENS) > self.options.max_cost:
            return f"the next question could cost more than a run may ({self.options.max_cost:g})"
        return None

    def ask(self, messages: list[dict[str, str]]) -> Answer:
        """Ask once; Unanswered when that fails, which is counted as a call all the same."""
        self.calls += 1
        self.failures += 1  # until an answer has come
        given = {
            "model": self.options.model,
            "messages": messages,
            "temperature": 0,
            "max_tokens": MOST_TOKENS,
            "response_format": {"type": "json_object"},
        }
        try:
            told = json.loads(self._post(json.dumps(given).encode()))
            text = told["choices"][0]["message"]["content"]
        except (httpx.HTTPError, httpx.InvalidURL, OSError, Refused) as fault:
            raise Unanswered(f"{type(fault).__name__}: {fault}"[:300]) from fault
        except (ValueError, KeyError, IndexError, TypeError, RecursionError) as fault:
            raise Unanswered("its answer is no chat completion") from fault
        if not isinstance(text, str):
            raise Unanswered("its answer holds no text")
        self.failures = 0
        usage = told.get("usage") if isinstance(told.get("usage"), dict) else {}
        asked = _count(usage.get("prompt_tokens"), sum(len(message["content"]) for message in messages))
        answered = _count(usage.get("completion_tokens"), len(text))
        cost = self._price(asked, answered)
        self.cost += cost
        return Answer(text=text, tokens_in=asked, tokens_out=answered, cost=cost)

    def _price(self, tokens_in: int, tokens_out: int) -> float:
        return (tokens_in * self.options.price_in + tokens_out * self.options.price_out) / 1_000_000

    def _post(self, body: bytes) -> bytes:
        url = httpx.URL(self.options.url or "")
        port = url.port or (443 if url.scheme == "https" else 80)
        address = self._checked(url.host, port)
        headers = {"Host": url.netloc.decode("ascii"), "Content-Type": "application/json"}
        if self._secret:
            headers["Authorization"] = f"Bearer {self._secret}"
        seconds = self.options.timeout.total_seconds()
        until = time.monotonic() + seconds
        request = {"headers": headers, "content": body, "extensions": {"sni_hostname": url.host}}
        with (
            httpx.Client(trust_env=False, follow_redirects=False, timeout=seconds) as client,
            client.stream("POST", url.copy_with(host=address), **request) as response,
        ):
            if response.status_code != 200:
                raise Unanswered(f"it answered with status {response.status_code}")
            out = b""
            for chunk in response.iter_bytes():
                out += chunk
                if len(out) > LARGEST:
                    raise Unanswered(f"its answer is larger than {LARGEST} bytes")
                if time.monotonic() > until:
                    raise Unanswered(f"its answer took longer than {seconds:g} s")
        return out

    def _checked(self, host: str, port: int) -> str:
        """The address to connect to; Refused unless every one that the name has may be asked."""
        place = self._gate.place(host, port)
        addresses = [str(place[0])] if place else self._resolve(host, port)
        for address in addresses:
            self._gate.check(host, port, ip_address(address))
        if not addresses:
            raise Unanswered(f"the name {host} has no address")
        return addresses[0]


def _addresses(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]).split("%")[0] for each in found))


def _count(told: object, most: int) -> int:
    return told if isinstance(told, int) and not isinstance(told, bool) and 0 <= told <= 10_000_000 else most
