"""Where connections are made: the one downloader of robots.txt, pages, feeds and redirects alike, with the guard in it.

The name is resolved here, each address it has is judged here, and the connection goes to the very address that was
judged: a name that answers differently the second time (DNS rebinding) gains nothing. Scrapy's resolver seam would
serve as well, but it loses the reason and cannot tell one source's permissions from another's.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _BindAddressAgent,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
    _ScrapyAgent,
)
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.endpoints import TCP4ClientEndpoint, TCP6ClientEndpoint, wrapClientTLS
from twisted.internet.error import ConnectError, DNSLookupError
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.protocol import Factory
from twisted.internet.threads import deferToThread
from twisted.web._newclient import HEADER, STATUS
from twisted.web.client import URI, HTTPConnectionPool, _HTTP11ClientFactory
from zope.interface import implementer

from crawler.fetch.guard import Address, Gate, Refused
from crawler.fetch.seal import Seal

NAME_TIMEOUT = 20.0
"""Seconds for the DNS; the system's resolver has time-outs of its own."""
CONNECT_TIMEOUT = 20.0
"""Seconds for one address to accept a connection; a host that takes longer is not well."""
MOST_ADDRESSES = 4
"""Addresses of one name that are tried."""
MOST_HEAD = 256 * 1024
"""Bytes of status line and headers; Twisted bounds a line but not their number."""


@implementer(IStreamClientEndpoint)
class GuardedEndpoint:
    """Connects to a host at an address that the gate lets through."""

    def __init__(self, reactor: Any, gate: Gate, host: str, port: int, timeout: float) -> None:
        self.reactor, self.gate, self.host, self.port = reactor, gate, host, port
        self.timeout = min(timeout, CONNECT_TIMEOUT)

    def connect(self, factory: Factory) -> Deferred:
        """Resolve, judge, connect."""
        return ensureDeferred(self._connect(factory))

    async def _connect(self, factory: Factory) -> Any:
        fault: Exception | None = None
        for address, port in await self.admitted():
            kind = TCP4ClientEndpoint if address.version == 4 else TCP6ClientEndpoint
            try:
                return await kind(self.reactor, str(address), port, timeout=self.timeout).connect(factory)
            except ConnectError as error:
                fault = error
        assert fault is not None
        raise fault

    async def admitted(self) -> list[tuple[Address, int]]:
        """Addresses to try; raises Refused when the name has only such as are not public."""
        place = self.gate.place(self.host, self.port)
        found = [place] if place else [(address, self.port) for address in await self._resolved()]
        admitted, refusal = [], None
        for address, port in found:
            try:
                self.gate.check(self.host, self.port, address)
            except Refused as error:
                refusal = error
            else:
                admitted.append((address, port))
        if not admitted:
            raise refusal or DNSLookupError(f"{self.host} has no address")
        return admitted[:MOST_ADDRESSES]

    async def _resolved(self) -> list[Address]:
        asked = deferToThread(socket.getaddrinfo, self.host, self.port, type=socket.SOCK_STREAM)
        asked.addTimeout(NAME_TIMEOUT, self.reactor, onTimeoutCancel=_no_answer)
        try:
            answers = await asked
        except (OSError, UnicodeError) as error:
            raise DNSLookupError(f"{self.host}: {getattr(error, 'strerror', None) or error}") from None
        return list(dict.fromkeys(ip_address(answer[4][0].split("%", 1)[0]) for answer in answers))


def _no_answer(_result: object, seconds: float) -> None:
    raise DNSLookupError(f"the DNS did not answer within {seconds:g} seconds")


class GuardedAgent(_BindAddressAgent):
    """Makes connections through the gate, and keeps those of different gates apart in the pool."""

    gate: Gate

    def _getEndpoint(self, uri: URI) -> IStreamClientEndpoint:
        host = uri.host.decode("ascii").strip("[]").lower()
        factory = self._endpointFactory
        endpoint = GuardedEndpoint(self._reactor, self.gate, host, uri.port, factory._connectTimeout)
        if uri.scheme != b"https":
            return endpoint
        return wrapClientTLS(factory._policyForHTTPS.creatorForNetloc(host.encode("ascii"), uri.port), endpoint)

    def _requestWithEndpoint(self, key: tuple[Any, ...], *rest: Any) -> Deferred:
        return super()._requestWithEndpoint((*key, self.gate), *rest)


class HeadParser(_LenientHTTPClientParser):
    """Keeps the headers as they were received."""

    def headerReceived(self, name: bytes, value: bytes) -> None:
        """Note a header, then do as usual."""
        self.__dict__.setdefault("received", []).append((name, value))
        super().headerReceived(name, value)


class HeadProtocol(_LenientHTTP11ClientProtocol):
    """Bounds the head of an answer and hands it on as received."""

    _head = 0

    def request(self, request: Any) -> Deferred:
        """Send one request; the answer gets `received_headers`."""
        answer = super().request(request)
        # the parser is made by Twisted for each request; its class is all that can be chosen, as Scrapy does, too
        self._parser.__class__ = HeadParser
        parser, self._head = self._parser, 0

        def noted(response: Any) -> Any:
            response.received_headers = parser.__dict__.get("received", [])
            return response

        return answer.addCallback(noted)

    def dataReceived(self, data: bytes) -> None:
        """Parse, and give up on a head that does not end."""
        super().dataReceived(data)
        if self._parser is not None and self._parser.state in (STATUS, HEADER):
            self._head += len(data)
            if self._head > MOST_HEAD:
                self.transport.abortConnection()


class HeadFactory(_HTTP11ClientFactory):
    """Builds `HeadProtocol`s."""

    noisy = False

    def buildProtocol(self, addr: object) -> HeadProtocol:
        """Build one."""
        return HeadProtocol(self._quiescentCallback)


class _Agent(_ScrapyAgent):
    received: list[tuple[bytes, bytes]] = ()

    def _get_agent(self, request: Request, timeout: float) -> GuardedAgent:
        from twisted.internet import reactor

        agent = GuardedAgent(reactor, self._contextFactory, timeout, None, self._pool)
        agent.gate = request.meta["gate"]
        return agent

    def _cb_bodydone(self, result: Any, url: str) -> Response:
        self.received = getattr(result["txresponse"], "received_headers", [])
        return super()._cb_bodydone(result, url)


class GuardedHandler(HTTP11DownloadHandler):
    """Scrapy's HTTP/1.1 downloader with the guard where it connects; knows no proxy."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = HeadFactory
        # one idle connection a host; robots.txt and the page that follows share it
        self._pool: HTTPConnectionPool

    async def download_request(self, request: Request) -> Response:
        """Download; `meta` needs `gate`, `download_timeout` and `download_maxsize`, and gets `received_headers`.

        `seal` in `meta` is put into what is sent, and taken out of what comes back.
        """
        seal: Seal | None = request.meta.get("seal")
        sent = request if seal is None else seal.put(request)
        agent = _Agent(
            contextFactory=self._contextFactory,
            pool=self._pool,
            maxsize=request.meta["download_maxsize"],
            fail_on_dataloss=True,
            crawler=self._crawler,
        )
        with wrap_twisted_exceptions():
            response = await maybe_deferred_to_future(agent.download_request(sent))
        received = agent.received
        if seal is not None:
            response = seal.cleaned(response, request.url)
            received = [(name, seal.hide_in(value)) for name, value in received]
        with suppress(AttributeError):
            request.meta["received_headers"] = received
        return response
