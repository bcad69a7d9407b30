"""The invented website on loopback: a threaded server on a free port, for as long as the block lasts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from crawler.demo.site import Site


class Desk(BaseHTTPRequestHandler):
    """Answers one request from the site."""

    protocol_version = "HTTP/1.1"
    server_version = "invented-for-the-demonstration"
    sys_version = ""
    timeout = 10
    # head and body in one packet: a small answer does not wait for an acknowledgement
    wbufsize = 64 * 1024
    disable_nagle_algorithm = True
    site: Site
    lock: threading.Lock

    def do_GET(self) -> None:
        """Answer with a body."""
        self._say(with_body=True)

    def do_HEAD(self) -> None:
        """Answer without one."""
        self._say(with_body=False)

    def _say(self, *, with_body: bool) -> None:
        asked = {name.lower(): value for name, value in self.headers.items()}
        with self.lock:
            answer = self.site.answer(asked.get("host", ""), self.path, asked)
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if with_body and answer.status != 304:
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the site keeps its own log."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no fault of the demonstration."""


@contextmanager
def served(site: Site, port: int = 0) -> Iterator[Site]:
    """Serve the site on 127.0.0.1; its `port` is set. `port` 0: a free one."""
    desk = type("SiteDesk", (Desk,), {"site": site, "lock": threading.Lock()})
    server = Server(("127.0.0.1", port), desk)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
