"""One canonical form for one page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.kinds.urls import canonical, key_of, pattern, pattern_problem, shown, site

hosts = st.sampled_from(["a.test", "WWW.A.test", "预算.test", "[::1]", "127.0.0.1", "a.test.", "x_y.test"])
paths = st.text(alphabet="aZ0/.%2e~;=&+ 预é'\"<>:@", max_size=25)
urls = st.builds(
    "{}://{}{}/{}{}{}".format,
    st.sampled_from(["http", "https", "HTTP", "Https"]),
    hosts,
    st.sampled_from(["", ":80", ":443", ":8080"]),
    paths,
    st.builds(lambda query: f"?{query}" if query else "", st.text(alphabet="a=&utm_x%2F;?预 sid/", max_size=25)),
    st.sampled_from(["", "#", "#top"]),
)


@given(urls | st.text(max_size=60))
def test_idempotent(url):
    once = canonical(url)
    if once is not None:
        assert canonical(once) == once
        assert once.isascii() and "#" not in once and " " not in once
        assert key_of(key_of(url)) == key_of(url) == key_of(once)


@given(urls)
def test_the_scheme_and_www_make_no_other_document(url):
    whole = canonical(url)
    if whole is not None and ":" not in whole.split("://")[1].split("/")[0]:
        rest = whole.split("://")[1]
        assert key_of(f"http://{rest}") == key_of(f"https://{rest}")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://WWW.Example.Test:80/A", "http://www.example.test/A"),
        ("https://a.test:443", "https://a.test/"),
        ("https://a.test:8443/x", "https://a.test:8443/x"),
        ("http://a.test/x#part", "http://a.test/x"),
        ("http://a.test/x?", "http://a.test/x"),
        ("http://a.test/x?utm_source=a&id=1&utm_medium=b", "http://a.test/x?id=1"),
        ("http://a.test/x?fbclid=1", "http://a.test/x"),
        ("http://a.test/x;jsessionid=AB12?lang=zh", "http://a.test/x?lang=zh"),
        ("http://a.test/x?PHPSESSID=0123456789abcdef0&b=2&a=1", "http://a.test/x?b=2&a=1"),
        ("http://a.test/x?sid=12", "http://a.test/x?sid=12"),
        ("http://a.test/?lang=zh", "http://a.test/?lang=zh"),
        ("http://a.test/a/../b/./c", "http://a.test/b/c"),
        ("http://a.test/a/..", "http://a.test/"),
        ("http://a.test/a//b", "http://a.test/a//b"),
        ("http://a.test/%7euser/%e9%a2%84", "http://a.test/~user/%E9%A2%84"),
        ("http://a.test/预算?年=2031", "http://a.test/%E9%A2%84%E7%AE%97?%E5%B9%B4=2031"),
        ("http://例子.测试/", "http://xn--fsqu00a.xn--0zwm56d/"),
        ("http://user:pw@a.test/", "http://a.test/"),
        ("http://a.test/100%", "http://a.test/100%25"),
        (" http://a.test/ ", "http://a.test/"),
        ("http://[2001:DB8:0::1]:80/", "http://[2001:db8::1]/"),
        ("http://a.test./x", "http://a.test/x"),
    ],
)
def test_canonical(url, expected):
    assert canonical(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "/a/b",
        "mailto:a@b",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://",
        "http:///a",
        "http://a.test\\@b.test/",
        "http://[/",
        "http://a.test:99999/",
        "http://a b.test/",
        "http://a.test/\x00",
        "http://a.test/" + "a" * 5000,
        "//a.test/",
        "http://.../",
    ],
)
def test_no_address(url):
    assert canonical(url) is None
    assert key_of(url) == url


def test_key():
    assert key_of("http://www.a.test/x?utm_source=1") == key_of("https://a.test/x") == "https://a.test/x"
    assert key_of("http://a.test:8080/x") != key_of("http://a.test/x")
    assert key_of("http://a.test/x?lang=zh") != key_of("http://a.test/x?lang=en")
    assert key_of("http://www.test/") == "https://www.test/"


def test_site_and_words():
    assert site("https://www.a.test:81/x") == "a.test"
    assert shown("https://a.test/%E9%A2%84%E7%AE%97/") == "a.test/预算"


@pytest.mark.parametrize("text", ["(", "a{1001}{1001}", "(?=x)", r"\1", "", "a" * 501])
def test_a_pattern_that_cannot_be_used_is_told(text):
    problem = pattern_problem(text)
    assert problem and "\n" not in problem and "b'" not in problem


def test_a_pattern_takes_linear_time():
    assert pattern_problem("(a+)+$") is None
    assert not pattern("(a+)+$").search("a" * 50_000 + "b")
    assert pattern("预算").search("http://a.test/预算")
