"""The only way out of a browser that renders a page: a proxy on loopback that connects where the gate lets it.

Chromium resolves no name and opens no connection of its own; it asks this proxy by CONNECT (https, WebSockets) or with
the whole address (http). The proxy resolves, judges and connects as the crawl itself does, so that script, frames,
sockets and names that answer differently the second time gain nothing; and it counts what comes in. It serves only
hosts that the page asks for: what the browser wants for itself (updates, accounts) goes nowhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from urllib.parse import urlsplit

from crawler.fetch.guard import Address, Refused

MOST_HEAD = 64 * 1024
"""Bytes of the head of a request or an answer."""
MOST_CONNECTIONS = 200
"""Over the life of one page."""
MOST_REFUSALS = 5
"""Refused hosts that are named."""
PIECE = 64 * 1024
CONNECT_TIMEOUT = 15.0
HEAR = 2.0
"""Seconds in which a host that a connection names must have been named by the page: word of it may come later."""
HOP_BY_HOP = (b"connection:", b"proxy-connection:", b"keep-alive:", b"proxy-authorization:")

PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}

Admit = Callable[[str, int], Awaitable[list[tuple[Address, int]]]]
"""Gives the addresses of a host that may be connected to; raises Refused when it has none such."""


class Proxy:
    """Serves one page, from `async with` to its end."""

    def __init__(self, admit: Admit, *, most_bytes: int, allow_http: bool = True) -> None:
        self._admit, self._allow_http = admit, allow_http
        self.asked: set[tuple[str, int]] = set()
        """Host and port of what the page asks for."""
        self.left = most_bytes
        """Bytes that may still come in."""
        self.connections = 0
        self.over = False
        """Nothing is let out any more."""
        self.refused: list[str] = []
        """Why a connection was not made; the first few."""
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task] = set()

    async def __aenter__(self) -> Proxy:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=MOST_HEAD)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._drop()

    @property
    def spent(self) -> bool:
        """Whether more came in than may."""
        return self.left < 0

    def end(self) -> None:
        """Let nothing out any more: a browser that is being closed asks on for what was held back."""
        self.over = True
        self._drop()

    def _drop(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._open.add(writer)
        try:
            await self._answer(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError, ValueError):
            pass  # the browser hears of it by the connection's end
        except asyncio.CancelledError:
            pass  # by our own end; asyncio's server would print it as a fault
        finally:
            self._tasks.discard(task)
            self._open.discard(writer)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), CONNECT_TIMEOUT)
        method, target, version = head.split(b"\r\n", 1)[0].decode("ascii").split(" ")
        if self.connections > MOST_CONNECTIONS or self.spent or self.over or not version.startswith("HTTP/1."):
            await _say(writer, "503 No more")
            return
        tunnel = method == "CONNECT"
        parts = urlsplit(f"//{target}" if tunnel else target)
        host, port = (parts.hostname or "").lower(), parts.port or 80
        if not host or not (tunnel or (parts.scheme == "http" and self._allow_http)):
            self._refuse(f"not an address that is asked here: {target[:80]}")
            await _say(writer, "403 Not asked")
            return
        if not await self._heard(host, port):
            await _say(writer, "403 Not asked")
            return
        try:
            out_reader, out_writer = await self._connect(host, port)
        except Refused as refusal:
            self._refuse(str(refusal))
            await _say(writer, "403 Refused")
            return
        except Exception:  # no name, no answer: what it was is of no use to the page
            await _say(writer, "502 Not reached")
            return
        self._open.add(out_writer)
        try:
            if tunnel:
                writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
                await self._both(reader, writer, out_reader, out_writer)
            else:
                await self._once(head, target, reader, writer, out_reader, out_writer)
        finally:
            self._open.discard(out_writer)
            out_writer.close()

    def hear(self, url: str) -> None:
        """Note that the page asks for an address."""
        with suppress(ValueError):
            parts = urlsplit(url)
            if parts.hostname:
                self.asked.add((parts.hostname, parts.port or PORTS.get(parts.scheme, 0)))

    async def _heard(self, host: str, port: int) -> bool:
        for _ in range(int(HEAR / 0.05)):
            if (host, port) in self.asked:
                return True
            await asyncio.sleep(0.05)
        return False

    async def _connect(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        fault: Exception = OSError(f"{host} has no address")
        for address, its_port in await self._admit(host, port):
            opened = asyncio.open_connection(str(address), its_port, limit=MOST_HEAD)
            try:
                return await asyncio.wait_for(opened, CONNECT_TIMEOUT)
            except (OSError, TimeoutError) as error:
                fault = error
        raise fault

    async def _both(self, reader, writer, out_reader, out_writer) -> None:
        """Relay a tunnel until either side ends."""
        ways = [
            asyncio.ensure_future(self._relay(reader, out_writer, counted=False)),
            asyncio.ensure_future(self._relay(out_reader, writer, counted=True)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _once(self, head, target, reader, writer, out_reader, out_writer) -> None:
        """Pass on one request and its answer, and close: what follows on a connection may be for another host."""
        first, *lines = head[:-4].split(b"\r\n")
        parts = urlsplit(target)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        method = first.split(b" ", 1)[0]
        out_writer.write(b"\r\n".join([method + b" " + path.encode() + b" HTTP/1.1", *_kept(lines), b"", b""]))
        length = next((line.split(b":", 1)[1] for line in lines if line.lower().startswith(b"content-length:")), b"0")
        left = int(length)
        while left > 0:
            piece = await reader.read(min(PIECE, left))
            if not piece:
                return
            left -= len(piece)
            out_writer.write(piece)
            await out_writer.drain()
        await out_writer.drain()
        answer = await out_reader.readuntil(b"\r\n\r\n")
        self._count(len(answer))
        first, *lines = answer[:-4].split(b"\r\n")
        writer.write(b"\r\n".join([first, *_kept(lines), b"", b""]))
        await self._relay(out_reader, writer, counted=True)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool) -> None:
        with suppress(OSError):
            while piece := await reader.read(PIECE):
                if counted:
                    self._count(len(piece))
                writer.write(piece)
                await writer.drain()

    def _count(self, size: int) -> None:
        self.left -= size
        if self.spent:
            self._drop()
            raise ConnectionError("more came in than may")

    def _refuse(self, why: str) -> None:
        if len(self.refused) < MOST_REFUSALS and why not in self.refused:
            self.refused.append(why)


def _kept(lines: list[bytes]) -> list[bytes]:
    """Header lines without those for one connection, and with the word that this is its only one."""
    return [*(line for line in lines if not line.lower().startswith(HOP_BY_HOP)), b"Connection: close"]


async def _say(writer: asyncio.StreamWriter, status: str) -> None:
    writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode("ascii"))
    await writer.drain()
