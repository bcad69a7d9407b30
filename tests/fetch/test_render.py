"""Pages made by script: what the browser makes of them is captured, and nothing it tries gets past the guard."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from crawler.extract import html
from crawler.fetch import browser
from crawler.fetch.proxy import Proxy
from tests.conftest import CHECKOUT
from tests.fetch.child import Told, by_url, crawl, errand
from tests.website import Answer, Website, redirect

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(browser.missing() is not None, reason="needs Chromium and playwright"),
]

OK = ("captured", None)
SHELL = "<!doctype html><html><head><title>Harbour Institute</title></head><body><div id=app></div>%s</body></html>"
PARTS = """
class Card extends HTMLElement {
  connectedCallback() {
    this.attachShadow({mode: 'open'}).innerHTML =
      '<p>In the open: 42 million yuan.</p><slot name=who>nobody</slot><x-leaf></x-leaf><style>p {color: red}</style>';
  }
}
customElements.define('x-card', Card);
class Leaf extends HTMLElement {
  connectedCallback() {
    setTimeout(() => { this.attachShadow({mode: 'open'}).innerHTML = '<p>专项预算在内层。</p>'; }, 300);
  }
}
customElements.define('x-leaf', Leaf);
class Shut extends HTMLElement {
  connectedCallback() { this.attachShadow({mode: 'closed'}).innerHTML = '<p>nobody may look</p>'; }
}
customElements.define('x-shut', Shut);
app.innerHTML = '<x-card><b slot=who>for the harbour</b><i>not assigned</i></x-card><x-shut></x-shut>'
  + '<iframe src="/inner"></iframe><iframe srcdoc="<p>written in the frame</p>"></iframe>'
  + '<iframe src="/private"></iframe><iframe src="http://popup.test/pop"></iframe><p>after the frames</p>';
"""
SCRIPTED = SHELL % "<script>document.getElementById('app').innerHTML = '<p>' + %s + '</p>'</script>"


def scripted(code: str) -> str:
    return SHELL % f"<script>{code}</script>"


class Sockets:
    """A loopback server that takes WebSockets and STUN and notes that it was reached, whoever it was."""

    def __init__(self) -> None:
        self.reached: list[bytes] = []

    def __enter__(self) -> Sockets:
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.port = self.tcp.getsockname()[1]
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()
        threading.Thread(target=self._datagrams, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.tcp.close()
        self.udp.close()

    def _accept(self) -> None:
        try:
            while True:
                one, _ = self.tcp.accept()
                threading.Thread(target=self._greet, args=(one,), daemon=True).start()
        except OSError:
            return

    def _greet(self, one: socket.socket) -> None:
        with one:
            head = one.recv(4096)
            self.reached.append(head)
            keys = [line for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key:")]
            if keys:
                given = keys[0].split(b":", 1)[1].strip() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
                accept = base64.b64encode(__import__("hashlib").sha1(given).digest())
                head = b"HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                one.sendall(head + accept + b"\r\n\r\n\x81\x05hello")
                one.recv(100)

    def _datagrams(self) -> None:
        try:
            while True:
                self.reached.append(self.udp.recvfrom(2000)[0])
        except OSError:
            return


PROBE = """
const say = (name, what) => { const p = document.createElement('p'); p.textContent = `${name}: ${what}`;
                              document.body.append(p); };
for (const [name, base] of [['allowed', '%(allowed)s'], ['other', '%(other)s'], ['private', 'http://10.0.0.1']]) {
  fetch(base + '/fetch').then(r => r.text()).then(t => say(name + ' fetch', t), e => say(name + ' fetch', 'nothing'));
  const x = new XMLHttpRequest(); x.open('GET', base + '/xhr');
  x.onload = () => say(name + " xhr", x.responseText || "nothing");
  x.onerror = () => say(name + ' xhr', 'nothing'); x.send();
  const s = document.createElement('script'); s.src = base + '/script.js'; document.body.append(s);
  const i = document.createElement('img'); i.src = base + '/img.png'; document.body.append(i);
  const f = document.createElement('iframe'); f.src = base + '/frame'; document.body.append(f);
  const l = document.createElement('link'); l.rel = 'preconnect'; l.href = base; document.head.append(l);
  navigator.sendBeacon(base + '/beacon', 'x');
}
for (const [name, port] of [['allowed', %(socket)d], ['other', %(closed)d]]) {
  const w = new WebSocket(`ws://127.0.0.1:${port}/`);
  w.onmessage = m => say(name + ' socket', m.data); w.onerror = () => say(name + ' socket', 'nothing');
}
try {
  const c = new RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.1:%(closed)d'}]});
  c.createDataChannel('x'); c.createOffer().then(o => c.setLocalDescription(o));
} catch (e) { say('rtc', e); }
"""


def spoken(word: str) -> Answer:
    return Answer(word.encode(), headers=[("Access-Control-Allow-Origin", "*")], media_type="text/plain")


@pytest.fixture(scope="module")
def world() -> tuple[dict[str, Told], Website, Website, Sockets, Sockets]:
    # short: the paths of sockets are
    with (
        tempfile.TemporaryDirectory(prefix="cw", dir="/tmp") as name,
        Website() as site,
        Website() as other,
        Sockets() as allowed,
        Sockets() as closed,
    ):
        place = Path(name)
        base = f"http://127.0.0.1:{site.port}"
        for where, host in ((site, f"127.0.0.1:{site.port}"), (other, f"127.0.0.1:{other.port}")):
            for path in ("fetch", "xhr", "frame", "img.png", "beacon"):
                where.put(f"http://{host}/{path}", spoken(f"heard {path}"))
            script = b"say('allowed script', 'heard')"
            where.put(f"http://{host}/script.js", Answer(script, media_type="text/javascript"))
        ports = {"allowed": base, "other": f"http://127.0.0.1:{other.port}"}
        ports |= {"socket": allowed.port, "closed": closed.port}
        pages = {
            "http://a.test/en": SCRIPTED % "'The institute received ' + 42 + ' million yuan.'",
            "http://a.test/zh": SCRIPTED % "'研究院获得专项经费' + 4200 + '万元。'",
            "http://a.test/gb": Answer(
                ('<meta charset=gb2312><div id=app>预算</div><script>app.textContent += "公示" + 7</script>').encode(
                    "gb18030"
                ),
                media_type="text/html; charset=gb2312",
                gzipped=True,
                etag='"1"',
            ),
            "http://probe.test/": scripted(PROBE % ports),
            "http://move.test/": scripted("location.href = '/home'"),
            "http://move.test/home": SCRIPTED % "'at home now'",
            "http://move.test/forbidden": SCRIPTED % "'robots may not'",
            "http://forbidden.test/": scripted("setTimeout(() => location.href = 'http://move.test/forbidden', 100)"),
            "http://away.test/": "<p>still here</p>"
            + scripted(
                "location.href = 'data:text/html,evil'; setTimeout(() => location.href = 'file:///etc/passwd', 20);"
                f"setTimeout(() => location.href = 'http://127.0.0.1:{other.port}/inward', 100)"
            ),
            "http://reload.test/": scripted("setTimeout(() => location.reload(), 10)") + "<p>again</p>",
            "http://popup.test/": scripted(
                "alert('x'); confirm('y'); for (const i of '12345') window.open('/pop'); document.body.append('done')"
            ),
            "http://popup.test/pop": "<p>popped</p>",
            "http://download.test/": scripted("location.href = '/file'; document.body.append('stays')"),
            "http://download.test/file": Answer(
                b"x" * 2000, media_type="application/x-thing", headers=[("Content-Disposition", "attachment")]
            ),
            "http://loop.test/": scripted("while (true) {}"),
            "http://asks.test/": scripted("let n = 0; setInterval(() => fetch('/n' + n++), 5)") + "<p>text at last</p>",
            "http://huge.test/": scripted("for (let i = 0; i < 400; i++) document.body.append('x'.repeat(10000))"),
            "http://heavy.test/": scripted("for (let i = 0; i < 9; i++) fetch('/heavy')"),
            "http://heavy.test/heavy": Answer(b"y" * 500_000, media_type="text/plain"),
            "http://crash.test/": scripted("const a = []; while (true) a.push(new Array(1e6).fill(a.length + 0.5))"),
            "http://lost.test/": scripted("location.href = '/nowhere'"),
            "http://feed.test/": Answer(b"<rss><channel/></rss>", media_type="application/rss+xml"),
            "http://s404.test/": Answer(scripted("document.write('gone')").encode(), 404),
            "http://hop.test/": redirect("http://a.test/en"),
            "http://robots.test/": SCRIPTED % "'secret'",
            "http://parts.test/": scripted(PARTS),
            "http://parts.test/inner": scripted("app.append('the table of the inner page')"),
            "http://parts.test/private": "<p>robots may not</p>",
            "http://shadow.test/": scripted(
                "Object.defineProperty(Element.prototype, 'outerHTML', {get() { while (true) {} }});"
                "document.body.append('plain')"
            ),
        }
        for url, answer in pages.items():
            site.put(url, answer)
        site.put("http://robots.test/robots.txt", "User-agent: *\nDisallow: /")
        site.put("http://parts.test/robots.txt", "User-agent: *\nDisallow: /private")
        site.put("http://move.test/robots.txt", "User-agent: *\nDisallow: /forbidden")
        slow = {"http://loop.test/": timedelta(seconds=3)}
        allow = (*sorted(site.names), f"127.0.0.1:{site.port}", f"127.0.0.1:{allowed.port}")
        options = site.options(render=True, allow_hosts=allow, timeout=timedelta(seconds=25), max_bytes=2_000_000)
        errands = [
            errand(url, replace(options, timeout=slow.get(url, options.timeout)))
            for url in pages
            if url not in NOT_ASKED
        ]
        told = crawl(errands, timeout=240, TMPDIR=str(place))
        yield by_url(told), site, other, allowed, closed
        assert not left_in(place), "no browser and no profile outlives the crawl"


NOT_ASKED = {
    *("http://a.test/en", "http://move.test/home", "http://move.test/forbidden", "http://popup.test/pop"),
    *("http://download.test/file", "http://heavy.test/heavy"),
}


def text(told: Told) -> str:
    assert told.body is not None, told.fetch
    return told.body.decode("utf-8")


def test_text_made_by_script_is_captured(world) -> None:
    told = world[0]
    page = told["http://hop.test/"]
    assert page.said == OK
    assert "received 42 million yuan." in text(page)
    assert page.capture.rendered
    assert page.capture.sha256 == sha256(page.body).hexdigest()
    assert (page.capture.media_type, page.capture.charset) == ("text/html", "utf-8")
    assert "研究院获得专项经费4200万元。" in text(told["http://a.test/zh"])
    assert "预算公示7" in text(told["http://a.test/gb"])
    assert told["http://a.test/gb"].capture.etag is None


def test_the_page_is_asked_once_and_under_our_name(world) -> None:
    asked = world[1].asked("http://a.test/en")
    assert len(asked) == 1
    assert all("cruxwatch/" in each.headers["user-agent"] for each in world[1].log if each.host == "a.test")
    assert all("cruxwatch/" in each.headers["user-agent"] for each in world[1].log if each.path == "/fetch")


def test_only_what_is_allowed_is_reached(world) -> None:
    told, site, other, allowed, closed = world
    page = text(told["http://probe.test/"])
    for way in ("fetch: heard fetch", "xhr: heard xhr", "script: heard", "socket: hello"):
        assert f"allowed {way}" in page
    for way in ("fetch", "xhr", "socket"):
        assert f"other {way}: nothing" in page
    assert "private fetch: nothing" in page
    assert "/frame" in {each.path for each in site.log}
    assert "/img.png" not in {each.path for each in site.log}, "pictures are not asked for"
    assert other.log == []
    assert closed.reached == []
    assert len(allowed.reached) == 1
    assert "is not public: loopback" in told["http://probe.test/"].fetch.detail


def test_script_may_lead_on_where_robots_may(world) -> None:
    told = world[0]
    moved = told["http://move.test/"]
    assert "at home now" in text(moved)
    assert moved.capture.final_url == "http://move.test/home"
    assert told["http://lost.test/"].said == ("gone", "status")
    stays = told["http://forbidden.test/"]
    assert stays.capture.final_url == "http://forbidden.test/"
    assert "does not let cruxwatch ask /forbidden" in stays.fetch.detail


def test_pages_that_are_no_pages_are_not_rendered(world) -> None:
    told = world[0]
    assert told["http://feed.test/"].said == OK
    assert not told["http://feed.test/"].capture.rendered
    assert told["http://s404.test/"].said == ("gone", "status")
    assert told["http://robots.test/"].said == ("disallowed", "robots")
    assert told["http://hop.test/"].capture.final_url == "http://a.test/en"
    assert told["http://hop.test/"].fetch.redirects == ((302, "http://a.test/en"),)


def test_open_shadow_roots_and_frames_of_the_page_s_own_are_read(world) -> None:
    told, site = world[0]["http://parts.test/"], world[1]
    assert told.said == OK
    shown = html.read(told.body, url=told.fetch.url, rendered=True).full
    for words in (
        "In the open: 42 million yuan.",
        "for the harbour",
        "专项预算在内层。",
        "the table of the inner page",
        "written in the frame",
        "after the frames",
    ):
        assert words in shown
    for words in ("not assigned", "nobody", "robots may not", "popped"):
        assert words not in shown
    assert not site.asked("http://parts.test/private"), "robots.txt holds for a frame whose text would be read"
    assert b"<x-card>" in told.body, "the host stands around what it shows"


@pytest.mark.parametrize(
    ("host", "shows"),
    [
        ("away.test", "still here"),
        ("reload.test", "again"),
        ("popup.test", "done"),
        ("download.test", "stays"),
        ("asks.test", "text at last"),
        ("shadow.test", "plain"),
    ],
)
def test_tricks_end_in_the_page_itself(world, host: str, shows: str) -> None:
    page = world[0][f"http://{host}/"]
    assert page.said == OK
    assert shows in text(page)
    assert "root:" not in text(page)
    assert page.capture.final_url == f"http://{host}/"


@pytest.mark.parametrize(
    ("host", "said"),
    [
        ("loop.test", ("failed", "timed out")),
        ("huge.test", ("failed", "too large")),
        ("heavy.test", ("failed", "too large")),
    ],
)
def test_what_eats_time_or_room_is_ended(world, host: str, said: tuple[str, str]) -> None:
    assert world[0][f"http://{host}/"].said == said


def test_a_crash_is_an_outcome(world) -> None:
    outcome, reason = world[0]["http://crash.test/"].said
    assert outcome == "failed"
    assert reason in ("other", "too large", "timed out")


def test_requests_have_an_end(world) -> None:
    site = world[1]
    # what the browser sends again on a new connection counts once
    assert 20 < len({each.path for each in site.log if each.host == "asks.test"}) <= 152
    assert sum(each.host == "reload.test" for each in site.log) <= 8


def left_in(place: Path) -> list[Path]:
    """Profiles, and processes of browsers, that a crawl with its temporary files there has left."""
    mark = str(place).encode()
    return [*place.iterdir(), *(each for each in Path("/proc").glob("[0-9]*") if mark in _read(each / "cmdline"))]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_what_the_page_did_not_ask_for_goes_nowhere() -> None:
    admitted: list[str] = []

    async def admit(host: str, port: int) -> list:
        admitted.append(host)
        return []

    async def said(proxy: Proxy, line: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        writer.write(line + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = await reader.read()
        writer.close()
        return answer.split(b"\r\n")[0]

    async def run() -> list[bytes]:
        async with Proxy(admit, most_bytes=1000) as proxy:
            proxy.hear("https://asked.test/x")
            lines = (
                b"CONNECT updates.test:443",
                b"CONNECT asked.test:443",
                b"GET ftp://asked.test/",
                b"GET /etc/passwd",
            )
            return await asyncio.gather(*(said(proxy, line) for line in lines))

    assert [line[9:12] for line in asyncio.run(run())] == [b"403", b"502", b"403", b"403"]
    assert admitted == ["asked.test"]


def test_a_crawl_that_is_told_to_stop_takes_its_browser_along() -> None:
    with tempfile.TemporaryDirectory(prefix="cw", dir="/tmp") as name, Website() as site:
        place = Path(name)
        site.put("http://a.test/", scripted("setInterval(() => document.body.append(1), 50)"))
        one = errand("http://a.test/", site.options(render=True, timeout=timedelta(seconds=60)))
        child = subprocess.Popen(
            [sys.executable, "-c", "from tests.fetch.child import main; main()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=CHECKOUT,
            env=os.environ | {"TMPDIR": name},
        )
        child.stdin.write(json.dumps([one.to_json()]).encode())
        child.stdin.close()
        patience = iter(range(300))
        while not any(each.is_relative_to("/proc") for each in left_in(place)):
            next(patience)
            time.sleep(0.1)
        child.terminate()
        assert child.wait(30) == 143
        patience = iter(range(50))
        while left := left_in(place):
            assert next(patience, None) is not None, left
            time.sleep(0.1)


def test_without_a_browser_it_is_said_and_nothing_is_asked() -> None:
    with Website() as site:
        site.put("http://a.test/", "<p>x")
        (told,) = crawl([errand("http://a.test/", site.options(render=True))], CRUXWATCH_BROWSER="")
        assert told.said == ("failed", "no browser installed")
        assert "apt install chromium" in told.fetch.detail
        assert site.log == []


def test_a_browser_that_does_not_start_is_an_outcome(tmp_path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\necho broken >&2; exit 7\n", encoding="utf-8")
    os.chmod(broken, 0o755)
    with Website() as site:
        site.put("http://a.test/", "<p>x")
        (told,) = crawl([errand("http://a.test/", site.options(render=True))], CRUXWATCH_BROWSER=str(broken))
        assert told.said == ("failed", "no browser installed")
        assert "did not start" in told.fetch.detail
