"""The crawl as a process: certificates, resolvers, a sink that fails, signals, and what is sent for whom."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
from datetime import timedelta

import certifi
import pytest

from crawler.fetch import crawl as crawl_here
from crawler.fetch.trust import settle
from tests.fetch.child import CHECKOUT, by_url, crawl, errand
from tests.website import Answer, Website

PAGE = b"<p>hello</p>"


def test_a_certificate_that_nobody_vouches_for():
    with Website(tls=True) as site:
        site.put("https://secret.test/", PAGE)
        (told,) = crawl([errand("https://secret.test/", site.options())])
        assert told.said == ("failed", "certificate not valid")
        assert "certificate" in told.fetch.detail
        assert not site.log


def test_a_certificate_that_somebody_vouches_for(tmp_path):
    with Website(tls=True) as site:
        site.put("https://secret.test/", PAGE)
        site.put("https://other.test/", PAGE)
        bundle = tmp_path / "authorities.pem"
        bundle.write_bytes(site.certificate)
        errands = [errand(f"https://{host}.test/", site.options()) for host in ("secret", "other")]
        told = by_url(crawl(errands, SSL_CERT_FILE=str(bundle)))
        assert told["https://secret.test/"].said == ("captured", None)
        assert told["https://other.test/"].said == ("failed", "certificate not valid")


def test_where_the_authorities_are(tmp_path):
    own = tmp_path / "own.pem"
    own.touch()
    for given, places, expected in (
        ({}, [str(tmp_path / "none"), str(own)], str(own)),
        ({"SSL_CERT_FILE": "/mine"}, [str(own)], "/mine"),
        ({"SSL_CERT_DIR": "/mine"}, [str(own)], None),
        ({}, [], certifi.where()),
    ):
        settle(given, places)
        assert given.get("SSL_CERT_FILE") == expected


RESOLVER = """
import socket
asked = []
def getaddrinfo(host, port, *rest, **more):
    asked.append(host)
    # another answer each time: what was judged must be what is connected to
    addresses = {"rebind.test": ["10.0.0.1", "127.0.0.1"], "mixed.test": ["10.0.0.1", "fe80::1%lo", "::ffff:127.0.0.1"]}
    found = addresses[host]
    if host == "rebind.test":
        found = [found[min(len([each for each in asked if each == host]) - 1, 1)]]
    return [(socket.AF_INET6 if ":" in each else socket.AF_INET, 1, 6, "", (each, port)) for each in found]
socket.getaddrinfo = getaddrinfo
from tests.fetch.child import main
main()
"""


def test_a_name_that_resolves_to_what_is_not_public_is_refused_at_connect():
    with Website() as site:
        options = site.options(hosts={}, allow_hosts=("other.test",))
        urls = [f"http://rebind.test:{site.port}/", f"http://mixed.test:{site.port}/"]
        told = by_url(crawl([errand(url, options) for url in urls], script=RESOLVER))
        assert {each.said for each in told.values()} == {("refused", "address not public")}
        assert "rebind.test (10.0.0.1)" in told[urls[0]].fetch.detail
        assert not site.log


def test_what_one_source_may_reach_another_may_not():
    with Website() as site:
        url = site.put("http://inner.test/", PAGE)
        other = site.put("http://inner.test/other", PAGE)
        allowed = site.options()
        forbidden = site.options(allow_hosts=())
        port_only = site.options(allow_hosts=("inner.test:81",))
        third = site.put("http://inner.test/third", PAGE)
        told = by_url(crawl([errand(url, allowed), errand(other, forbidden), errand(third, port_only)]))
        assert told[url].said == ("captured", None)
        assert told[other].said == told[third].said == ("refused", "address not public")
        assert not site.asked(other)


def test_no_cookie_passes_from_one_ask_to_another():
    with Website() as site:
        urls = [
            site.put(f"http://shop.test/{number}", Answer(PAGE, headers=[("Set-Cookie", "id=1")]))
            for number in range(3)
        ]
        told = crawl([errand(url, site.options(), source_id=f"s{number}") for number, url in enumerate(urls)])
        assert {each.said for each in told} == {("captured", None)}
        assert not [asked for asked in site.log if "cookie" in asked.headers]


def test_headers_are_kept_as_received_and_the_language_is_asked_for():
    with Website() as site:
        head = [("x-ODD-case", "1"), ("X-Twice", "a"), ("X-Twice", "b"), ("Set-Cookie", "a=b")]
        url = site.put("http://zh.test/", Answer(PAGE, headers=head, media_type='Text/HTML; Charset="GB18030"'))
        odd = site.put("http://zh.test/odd", Answer(PAGE, media_type="nonsense", etag="x" * 5000))
        errands = [errand(url, site.options(), language="zh-Hans"), errand(odd, site.options(contact=None))]
        told = by_url(crawl(errands))
        capture = told[url].capture
        assert ("x-ODD-case", "1") in capture.headers
        assert [value for name, value in capture.headers if name == "X-Twice"] == ["a", "b"]
        assert not [name for name, _ in capture.headers if name.lower() == "set-cookie"]
        assert (capture.media_type, capture.charset) == ("text/html", "GB18030")
        assert site.asked(url)[0].headers["accept-language"].startswith("zh-CN")
        assert (told[odd].capture.media_type, told[odd].capture.charset, told[odd].capture.etag) == (None, None, None)
        assert site.asked(odd)[0].headers["user-agent"] == "cruxwatch/0.1.0"


BROKEN = """
import json, sys
from crawler.clock import starting_at
from crawler.fetch import Errand, crawl
from tests.fetch.child import START
def sink(fetch, *rest):
    print(fetch.url, file=sys.stderr)
    raise RuntimeError("the archive is broken")
try:
    crawl([Errand.from_json(each) for each in json.load(sys.stdin)], sink=sink, clock=starting_at(START))
except RuntimeError as error:
    sys.exit(f"told: {error}")
"""


def test_a_sink_that_fails_ends_the_crawl_with_its_error():
    with Website() as site:
        urls = [site.put(f"http://h{number}.test/", Answer(PAGE, delay=0.1 * number)) for number in range(20)]
        done = subprocess.run(
            [sys.executable, "-c", BROKEN],
            input=json.dumps([errand(url, site.options()).to_json() for url in urls]),
            capture_output=True,
            text=True,
            timeout=30,
            cwd=CHECKOUT,
            check=False,
        )
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1] == "told: the archive is broken"
        assert done.stderr.count("http://h") == 1


SLOW_SINK = """
import json, sys
from crawler.clock import starting_at
from crawler.fetch import Errand, crawl
from tests.fetch.child import START
errands = [Errand.from_json(each) for each in json.load(sys.stdin)]
crawl(errands, sink=lambda fetch, *rest: print(fetch.url, flush=True), clock=starting_at(START))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_crawl_at_once(number):
    with Website() as site:
        quick = site.put("http://quick.test/", PAGE)
        slow = [site.put(f"http://slow{each}.test/", Answer(PAGE, delay=30)) for each in range(3)]
        options = site.options(timeout=timedelta(seconds=60), delay=timedelta(seconds=30))
        child = subprocess.Popen(
            [sys.executable, "-c", SLOW_SINK],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=CHECKOUT,
        )
        errands = [errand(quick, site.options()), *(errand(url, options) for url in slow)]
        child.stdin.write(json.dumps([each.to_json() for each in errands]))
        child.stdin.close()
        assert child.stdout.readline().strip() == quick
        # the others wait for their delay now, or for an answer that will not come
        child.send_signal(number)
        assert child.wait(10) == 128 + number
        assert child.stdout.read() == ""
        child.stdout.close()


def test_nothing_to_ask_needs_no_reactor():
    crawl_here([], sink=lambda *_: None, clock=lambda: None)


def test_progress_counts_to_the_end():
    script = """
import json, pickle, sys
from crawler.clock import starting_at
from crawler.fetch import Errand, crawl
from tests.fetch.child import START
told = []
errands = [Errand.from_json(each) for each in json.load(sys.stdin)]
crawl(errands, sink=lambda *_: None, clock=starting_at(START), progress=lambda *said: told.append(said))
pickle.dump(told, sys.stdout.buffer)
"""
    with Website() as site:
        errands = [errand(site.put(f"http://p.test/{each}", PAGE), site.options()) for each in range(3)]
        done = subprocess.run(
            [sys.executable, "-c", script],
            input=json.dumps([each.to_json() for each in errands]).encode(),
            capture_output=True,
            timeout=30,
            cwd=CHECKOUT,
            env=dict(os.environ),
            check=True,
        )
        assert pickle.loads(done.stdout) == [(number, 3, "a", "captured") for number in (1, 2, 3)]
