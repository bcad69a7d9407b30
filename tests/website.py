"""A small website on loopback for tests: many host names, pages that change between visits, and every bad habit.

    with Website() as site:
        site.put("http://news.test/a", Answer(b"<p>first"), Answer(b"<p>second"))   # one answer a visit
        site.options()          # FetchOptions by which the crawl finds and may ask these names
        site.log                # what was asked, in order
        site.at_once["news.test"]   # the most requests in progress at one moment

Names need no DNS: the crawl is told where they live, and the address guard lets exactly them through.
"""

from __future__ import annotations

import contextlib
import datetime
import gzip
import socket
import ssl
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import parse_qsl, urlsplit

from crawler.fetch import FetchOptions


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as it came."""

    host: str
    path: str
    headers: dict[str, str]
    """Names in lower case."""
    at: float
    """Monotonic seconds."""
    method: str = "GET"
    body: bytes = b""

    @property
    def query(self) -> dict[str, str]:
        """The parameters of the address, then those of a form; the last of a name."""
        form = self.body.decode("utf-8", "replace") if "urlencoded" in self.headers.get("content-type", "") else ""
        return dict(parse_qsl(urlsplit(self.path).query, True) + parse_qsl(form, True))


@dataclass(frozen=True)
class Answer:
    """What a page answers to one visit."""

    body: bytes = b""
    status: int = 200
    headers: Iterable[tuple[str, str]] = ()
    media_type: str | None = "text/html; charset=utf-8"
    etag: str | None = None
    modified: str | None = None
    """Last-Modified; the page answers 304 to a request that names this or the etag."""
    gzipped: bool = False
    length: int | None = None
    """Content-Length to claim; None: the true one."""
    delay: float = 0.0
    """Seconds before anything is sent."""
    drip: tuple[int, float] | None = None
    """(bytes, seconds): send so many bytes at a time, with pauses."""
    drop: bool = False
    """Close the connection without a word."""
    raw: bytes | Iterable[bytes] | None = None
    """Send exactly this, head included, and close."""


Page = Callable[[int, Asked], Answer]
"""Gives the answer of a visit (0, 1, …)."""
NOT_FOUND = Answer(b"<h1>Not found</h1>", 404)


def redirect(target: str, status: int = 302, headers: Iterable[tuple[str, str]] = ()) -> Answer:
    """An answer that leads elsewhere."""
    return Answer(b"moved", status, [("Location", target), *headers])


class Website:
    """Serves `put` pages until the block ends."""

    def __init__(self, *, tls: bool = False) -> None:
        self.pages: dict[tuple[str, str], Page] = {}
        self.services: dict[tuple[str, str], Page] = {}
        self.visits: Counter[tuple[str, str]] = Counter()
        self.log: list[Asked] = []
        self.now: Counter[str] = Counter()
        self.at_once: dict[str, int] = defaultdict(int)
        self.tls = tls
        self.certificate = b""
        """PEM; who trusts it may read https://secret.test/."""
        self._lock = threading.Lock()
        self._over = threading.Event()

    def __enter__(self) -> Website:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.site = self
        if self.tls:
            context, self.certificate = _self_signed()
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def put(self, url: str, *answers: Answer | bytes | str | Page) -> str:
        """Serve a page: one answer per visit, the last one ever after; or a function of the visit. Gives the url."""
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        given = [_answer(answer) if not callable(answer) else answer for answer in answers]

        def page(visit: int, asked: Asked) -> Answer:
            answer = given[min(visit, len(given) - 1)]
            return answer(visit, asked) if callable(answer) else answer

        self.pages[(parts.netloc, path or "/")] = page
        return url

    def serve(self, url: str, page: Page) -> str:
        """Serve a service: one function for every query of an address. Gives the address."""
        parts = urlsplit(url)
        self.services[(parts.netloc, parts.path)] = page
        return url

    def drop(self, url: str) -> None:
        """Serve a page no more."""
        parts = urlsplit(url)
        self.pages.pop((parts.netloc, parts.path or "/"), None)

    @property
    def names(self) -> set[str]:
        """Hosts that have pages."""
        return {host for host, _ in (*self.pages, *self.services)}

    @property
    def hosts(self) -> dict[str, str]:
        """Where the names live."""
        return dict.fromkeys(self.names, f"127.0.0.1:{self.port}")

    def options(self, **more: object) -> FetchOptions:
        """Options by which a crawl may ask these pages, and is quick about it."""
        given = {
            "hosts": self.hosts,
            "allow_hosts": tuple(sorted(self.names)),
            "delay": datetime.timedelta(milliseconds=10),
            "timeout": datetime.timedelta(seconds=5),
            "contact": "https://example.org/about",
        }
        return FetchOptions(**given | more)

    def asked(self, url: str) -> list[Asked]:
        """The requests for one page."""
        parts = urlsplit(url)
        return [each for each in self.log if each.host == parts.netloc and each.path == (parts.path or "/")]

    def answer(self, asked: Asked) -> Answer:
        """Find the answer to a request and note it."""
        key = (asked.host, asked.path)
        with self._lock:
            self.log.append(asked)
            visit = self.visits[key]
            self.visits[key] += 1
            page = self.pages.get(key) or self.services.get((asked.host, asked.path.partition("?")[0]))
        return NOT_FOUND if page is None else page(visit, asked)

    @contextlib.contextmanager
    def counted(self, host: str):
        """Count a request as in progress."""
        with self._lock:
            self.now[host] += 1
            self.at_once[host] = max(self.at_once[host], self.now[host])
        try:
            yield
        finally:
            with self._lock:
                self.now[host] -= 1

    def pause(self, seconds: float) -> None:
        """Wait, unless the site closes."""
        self._over.wait(seconds)


def _answer(given: Answer | bytes | str) -> Answer:
    if isinstance(given, str):
        given = given.encode()
    return given if isinstance(given, Answer) else Answer(given)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    site: Website

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def do_POST(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        host = headers.get("host", "")
        site = self.server.site
        body = self.rfile.read(int(headers.get("content-length", 0)))
        asked = Asked(host=host, path=self.path, headers=headers, at=time.monotonic(), method=self.command, body=body)
        with site.counted(host):
            answer = site.answer(asked)
            site.pause(answer.delay)
            self._send(answer, headers, site)

    def _send(self, answer: Answer, headers: dict[str, str], site: Website) -> None:
        if answer.drop:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if answer.raw is not None:
            self.close_connection = True
            for piece in [answer.raw] if isinstance(answer.raw, bytes) else answer.raw:
                self.wfile.write(piece)
            return
        known = (answer.etag and headers.get("if-none-match") == answer.etag) or (
            answer.modified and not answer.etag and headers.get("if-modified-since") == answer.modified
        )
        body = b"" if known else gzip.compress(answer.body) if answer.gzipped else answer.body
        self.send_response_only(304 if known else answer.status)
        self.send_header("Date", formatdate(usegmt=True))
        if answer.media_type and not known:
            self.send_header("Content-Type", answer.media_type)
        if answer.gzipped and not known:
            self.send_header("Content-Encoding", "gzip")
        for name, value in (("ETag", answer.etag), ("Last-Modified", answer.modified), *answer.headers):
            if value is not None:
                self.send_header(name, value)
        if not known:
            self.send_header("Content-Length", str(len(body) if answer.length is None else answer.length))
        self.end_headers()
        if answer.length is not None:
            self.close_connection = True
        self._send_body(body, answer.drip, site)

    def _send_body(self, body: bytes, drip: tuple[int, float] | None, site: Website) -> None:
        if drip is None:
            self.wfile.write(body)
            return
        size, pause = drip
        for start in range(0, len(body), size):
            self.wfile.write(body[start : start + size])
            self.wfile.flush()
            site.pause(pause)

    def log_message(self, *_: object) -> None:
        """The site has a log of its own."""


def _self_signed() -> tuple[ssl.SSLContext, bytes]:
    """A certificate that nobody vouches for, for secret.test."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "secret.test")])
    today = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("secret.test")]), False)
        .sign(key, hashes.SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        both = Path(folder) / "both.pem"
        plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        both.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(serialization.Encoding.PEM, *plain)
        )
        context.load_cert_chain(both)
    return context, certificate.public_bytes(serialization.Encoding.PEM)
