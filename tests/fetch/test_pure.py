"""The decisions of fetching that need no network, most of them as laws."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import json
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import IPv4Address, IPv6Address, ip_address

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetch import Errand, FetchOptions, next_ask
from crawler.fetch.backoff import GIVE_UP, LONGEST, LONGEST_WORD, SPREAD, retry_after
from crawler.fetch.challenge import challenged
from crawler.fetch.encoding import Broken, TooLarge, decoded, zstd
from crawler.fetch.guard import Gate, Refused, literal, why_not
from crawler.fetch.robots import product
from crawler.fetch.verdict import charset, judge, kept, media_type
from storage.records import Ask, AskPurpose, Outcome, Validators

NOW = datetime(2031, 3, 1, 6, 0, tzinfo=UTC)
DAY = timedelta(days=1)


class TestGuard:
    """Which addresses are public."""

    @pytest.mark.parametrize(
        "address",
        [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:0:127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:0:7f00:1::",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:808:808::",
            "3fff::1",
            "4000::1",
            "5f00::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "2600:1234::5efe:7f00:1",
            "2600:1234::200:5efe:a00:1",
        ],
    )
    def test_not_public(self, address):
        assert why_not(ip_address(address))

    @pytest.mark.parametrize(
        "address",
        [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00:1450::1",
            "2001:4860::8888",
            "2400:3200::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "240e::1",
        ],
    )
    def test_public(self, address):
        assert why_not(ip_address(address)) is None

    @given(st.ip_addresses(v=4))
    def test_what_python_calls_private_is_not_public(self, address):
        if not address.is_global or address.is_multicast:
            # 192.0.0.9 and .10 are global by registry, and serve no pages
            assert why_not(address)

    @given(st.ip_addresses(v=4))
    def test_an_address_inside_another_is_judged_as_itself(self, address):
        low = int(address)
        for high in (0xFFFF << 32, 0xFFFF << 48, 0x64FF9B << 96):
            assert why_not(IPv6Address(high | low)) == why_not(address)

    @given(st.ip_addresses(v=4), st.data())
    def test_every_spelling_is_read(self, address, data):
        a, b, c, d = address.packed
        value = int(address)
        number = data.draw(st.sampled_from((str, hex, lambda each: "0" + oct(each)[2:])))
        spellings = [
            f"{a}.{b}.{c}.{d}",
            f"{number(a)}.{number(b)}.{number(c)}.{number(d)}",
            f"{number(a)}.{number(b)}.{number(c << 8 | d)}",
            f"{number(a)}.{number(b << 16 | c << 8 | d)}",
            number(value),
        ]
        assert {literal(each) for each in spellings} == {address}
        assert literal(f"{spellings[1]}.") == address
        assert literal(f"[::ffff:{a}.{b}.{c}.{d}]") == IPv6Address(0xFFFF << 32 | value)

    @pytest.mark.parametrize(
        "name", ["a.test", "1.2.3.4.5", "256.1.1.1", "1.2.3.256", "4294967296", "08.1", "0x", "1..2", "", "預算.test"]
    )
    def test_a_name_is_no_address(self, name):
        # "0x" is read as zero by some resolvers: an address as well, and not a public one
        assert literal(name) is None or why_not(literal(name))

    def test_permission_is_for_one_host_and_port(self):
        gate = Gate.of(("a.test", "b.test:8000", "127.0.0.1"), {"c.test": "10.0.0.1:8080", "d.test": "[::1]:81"})
        here = IPv4Address("127.0.0.1")
        gate.check("a.test", 1, here)
        gate.check("b.test", 8000, here)
        gate.check("127.0.0.1", 80, here)
        gate.check("anything.test", 80, IPv4Address("8.8.8.8"))
        for host, port in (("b.test", 80), ("x.a.test", 80), ("c.test", 80), ("localhost", 80)):
            with pytest.raises(Refused, match="loopback"):
                gate.check(host, port, here)
        assert gate.place("c.test", 80) == (IPv4Address("10.0.0.1"), 8080)
        assert gate.place("d.test", 80) == (IPv6Address("::1"), 81)
        assert gate.place("e.test", 80) is None


asks = st.builds(
    Ask,
    source_id=st.just("a"),
    url=st.text(max_size=20),
    purpose=st.sampled_from(AskPurpose),
    found_at=st.just(NOW),
    failures=st.integers(0, 100),
    misses=st.integers(0, 100),
)
intervals = st.none() | st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=60))
moments = st.datetimes(min_value=datetime(2031, 1, 1), max_value=datetime(2031, 12, 1)).map(
    lambda each: each.replace(tzinfo=UTC)
)


class TestBackoff:
    """When to ask again."""

    @given(asks, st.sampled_from(Outcome), intervals, st.none() | moments)
    def test_laws(self, ask, outcome, interval, retry_at):
        after = next_ask(ask, outcome, interval, NOW, retry_at, "seed")
        assert after == next_ask(ask, outcome, interval, NOW, retry_at, "seed")
        assert replace(after, due_at=ask.due_at, failures=ask.failures, misses=ask.misses) == ask
        if outcome in (Outcome.CAPTURED, Outcome.UNCHANGED):
            assert (after.failures, after.misses) == (0, 0)
            assert after.due_at == (None if interval is None else NOW + interval)
            return
        assert after.failures == (0 if outcome is Outcome.GONE else ask.failures + 1)
        assert after.misses == ask.misses + (outcome is Outcome.GONE)
        if after.due_at is None:
            assert interval is None and (after.misses >= 2 or after.failures >= GIVE_UP)
            return
        assert after.due_at > NOW
        if outcome is not Outcome.GONE and retry_at:
            assert after.due_at >= retry_at
        longest = max(LONGEST, interval or DAY) * (1 + SPREAD)
        assert after.due_at <= max(NOW + longest, retry_at or NOW)

    @given(st.sampled_from([Outcome.FAILED, Outcome.BLOCKED, Outcome.LIMITED]), intervals, st.text(max_size=5))
    def test_each_failure_waits_longer_up_to_the_cap(self, outcome, interval, seed):
        ask = Ask(source_id="a", url="u", found_at=NOW)
        waits = []
        for _ in range(7):
            ask = next_ask(ask, outcome, interval, NOW, None, seed)
            waits.append(ask.due_at - NOW)
        cap = max(LONGEST, interval or DAY)
        assert all(later > earlier or later >= cap for earlier, later in itertools.pairwise(waits))

    def test_a_refusal_is_not_asked_sooner_than_the_source_s_own_pace(self):
        ask = Ask(source_id="a", url="u", found_at=NOW)
        for outcome in (Outcome.BLOCKED, Outcome.DISALLOWED, Outcome.CHALLENGED, Outcome.REFUSED):
            assert next_ask(ask, outcome, DAY, NOW, None).due_at >= NOW + DAY
        assert next_ask(ask, Outcome.FAILED, DAY, NOW, None).due_at < NOW + timedelta(hours=1)

    def test_a_second_look_confirms_that_a_page_is_gone(self):
        ask = Ask(source_id="a", url="u", found_at=NOW)
        first = next_ask(ask, Outcome.GONE, DAY, NOW, None)
        assert (first.misses, first.due_at) == (1, NOW + timedelta(hours=6))
        second = next_ask(first, Outcome.GONE, DAY, NOW, None)
        assert (second.misses, second.due_at) == (2, NOW + DAY)
        assert next_ask(second, Outcome.CAPTURED, DAY, NOW, None).misses == 0
        once = next_ask(replace(first, purpose=AskPurpose.ITEM), Outcome.GONE, None, NOW, None)
        assert once.due_at is None

    @given(moments)
    def test_retry_after_reads_a_date(self, at):
        told = retry_after(format_datetime(at.replace(microsecond=0), usegmt=True), NOW)
        assert told == min(max(at.replace(microsecond=0), NOW), NOW + LONGEST_WORD)

    @pytest.mark.parametrize("value", [None, "", "soon", "-5", "1.5", "9" * 70, "Sat, 99 Foo 2031", "٣"])
    def test_retry_after_that_says_nothing(self, value):
        assert retry_after(value, NOW) is None

    @given(st.text(max_size=80))
    def test_retry_after_never_fails_and_never_exceeds(self, value):
        told = retry_after(value, NOW)
        assert told is None or NOW <= told <= NOW + LONGEST_WORD

    def test_retry_after_reads_seconds(self):
        assert retry_after(" 120 ", NOW) == NOW + timedelta(minutes=2)
        assert retry_after("999999999999", NOW) == NOW + LONGEST_WORD


ENCODERS = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress, "zstd": zstd.compress}


class TestEncoding:
    """Content encodings."""

    @given(st.sampled_from(sorted(ENCODERS)), st.binary(max_size=3000))
    def test_what_was_encoded_comes_back(self, name, body):
        assert decoded(ENCODERS[name](body), name.upper(), 3000) == body

    @given(st.sampled_from(sorted(ENCODERS)), st.binary(min_size=2, max_size=3000), st.data())
    def test_what_is_cut_or_too_large_is_told(self, name, body, data):
        whole = ENCODERS[name](body)
        with pytest.raises(TooLarge):
            decoded(whole, name, len(body) - 1)
        cut = data.draw(st.integers(1, len(whole) - 1))
        with contextlib.suppress(Broken):
            assert decoded(whole[:cut], name, 3000) in (body, whole[:cut])

    @given(st.binary(max_size=300), st.lists(st.sampled_from([*ENCODERS, "identity", "x", ""]), max_size=4))
    def test_any_bytes_end_well(self, body, names):
        with contextlib.suppress(Broken, TooLarge):
            assert len(decoded(body, ",".join(names), 1000)) <= 1000

    def test_gzip_members_and_padding(self):
        assert decoded(gzip.compress(b"a") + gzip.compress(b"b"), "gzip", 10) == b"ab"
        assert decoded(gzip.compress(b"a") + bytes(100), "gzip", 10) == b"a"


class TestVerdict:
    """Status and headers."""

    @given(
        st.integers(100, 999),
        st.lists(st.tuples(st.sampled_from(["Retry-After", "Server", "Set-Cookie", "X"]), st.text(max_size=20))),
        st.booleans(),
    )
    def test_every_status_has_one_outcome(self, status, headers, conditional):
        verdict = judge(status, headers, conditional=conditional, now=NOW)
        assert (verdict.reason is None) == (verdict.outcome in (Outcome.CAPTURED, Outcome.UNCHANGED))
        if verdict.outcome is Outcome.CAPTURED:
            assert 200 <= status < 204

    @pytest.mark.parametrize(
        ("status", "headers", "sign"),
        [
            (403, {"cf-mitigated": "challenge"}, "Cloudflare"),
            (202, {"x-amzn-waf-action": "challenge"}, "AWS"),
            (405, {"x-amzn-waf-action": "captcha"}, "AWS"),
            (403, {"server": "Sucuri/Cloudproxy"}, "Sucuri"),
            (403, {"x-datadome": "protected"}, "DataDome"),
            (403, {"x-iinfo": "1", "set-cookie": "visid_incap_1=x"}, "Imperva"),
            (403, {"set-cookie": "_abck=1~-1~"}, "Akamai"),
            (412, {"set-cookie": "a=b"}, "412"),
            (521, {"set-cookie": "__jsl_clearance=1"}, "521"),
            (405, {"set-cookie": "acw_tc=1"}, "Aliyun"),
            (468, {}, "SafeLine"),
        ],
    )
    def test_challenges(self, status, headers, sign):
        assert sign in challenged(status, headers)

    @pytest.mark.parametrize(
        ("status", "headers"),
        [
            (200, {}),
            (403, {}),
            (503, {"server": "cloudflare"}),
            (200, {"server": "Sucuri/Cloudproxy", "x-sucuri-id": "1"}),
            (412, {}),
            (200, {"set-cookie": "_abck=1; acw_tc=2"}),
        ],
    )
    def test_no_challenges(self, status, headers):
        assert challenged(status, headers) is None

    @pytest.mark.parametrize(
        ("value", "kind", "name"),
        [
            ("text/html; charset=UTF-8", "text/html", "UTF-8"),
            (' Text/HTML ;Charset="gb2312"', "text/html", "gb2312"),
            ("application/rss+xml", "application/rss+xml", None),
            ("text/html;charset='big5'; x=y", "text/html", "big5"),
            ("nonsense", None, None),
            ("", None, None),
            (None, None, None),
            ("text/html; charset=", "text/html", None),
        ],
    )
    def test_content_type(self, value, kind, name):
        assert (media_type(value), charset(value)) == (kind, name)

    def test_cookies_and_challenges_to_log_in_are_not_kept(self):
        assert kept([("Set-Cookie", "a"), ("A", "b"), ("WWW-Authenticate", "x")]) == (("A", "b"),)


class TestErrand:
    """What travels to the child."""

    @given(
        asks,
        intervals,
        st.none() | st.builds(Validators, capture_id=st.integers(), etag=st.none() | st.text()),
        st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
        st.none() | st.sampled_from(["zh-Hans", "en"]),
    )
    def test_json_and_back(self, ask, interval, validators, hosts, language):
        options = FetchOptions(delay=timedelta(seconds=0.25), allow_hosts=("a.test",), hosts=hosts, contact="x")
        errand = Errand(ask=ask, interval=interval, validators=validators, options=options, language=language)
        assert Errand.from_json(json.loads(json.dumps(errand.to_json()))) == errand

    @pytest.mark.parametrize(
        ("agent", "token"), [("cruxwatch/0.1.0 (+x)", "cruxwatch"), ("My Bot", "my"), ("Crux", "crux")]
    )
    def test_product_token(self, agent, token):
        assert product(agent) == token


class TestOptions:
    """What the catalogue may say."""

    def test_defaults_have_no_problem_and_say_who_we_are(self):
        assert list(FetchOptions().problems()) == []
        assert FetchOptions(contact="https://x.test").agent == "cruxwatch/0.1.0 (+https://x.test)"
        assert FetchOptions(user_agent="crux", contact="x").agent == "crux"

    @pytest.mark.parametrize(
        ("given", "path"),
        [
            ({"delay": timedelta(0)}, "delay"),
            ({"delay": timedelta(days=1)}, "delay"),
            ({"timeout": timedelta(0)}, "timeout"),
            ({"max_bytes": 0}, "max_bytes"),
            ({"max_redirects": 21}, "max_redirects"),
            ({"concurrency_per_host": 0}, "concurrency_per_host"),
            ({"user_agent": "a\r\nX: y"}, "user_agent"),
            ({"contact": "预算"}, "contact"),
            ({"allow_hosts": ("ok.test", "http://x")}, "allow_hosts[1]"),
            ({"allow_hosts": ("*",)}, "allow_hosts[0]"),
            ({"hosts": {"a.test": "b.test"}}, "hosts.a.test"),
            ({"hosts": {"a.test": "999.1.1.1"}}, "hosts.a.test"),
        ],
    )
    def test_problems(self, given, path):
        assert [where for where, _ in FetchOptions(**given).problems()] == [path]

    def test_every_field_is_described(self):
        for name, field in FetchOptions.__dataclass_fields__.items():
            assert field.metadata["description"].endswith((".", ").")), name
