"""Pages made to hurt: whatever comes in, a text or a health comes out, bounded."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import ReadingError
from crawler.extract import html

HOSTILE = {
    "deep": "<div>" * 50_000 + "x",
    "attributes": "<div " + " ".join(f"a{n}=1" for n in range(50_000)) + ">x</div>",
    "no sentence": "<p>" + "A. " * 200_000,
    "one word": "<p>" + "a" * 1_000_000,
    "less than": "<" * 500_000,
    "tables": "<table><tr><td>" * 2_000 + "x",
    "terms": "<dl>" + "<dt>term<dd>说明" * 20_000,
    "comments": "<!--" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile(name: str) -> None:
    try:
        text = html.read(HOSTILE[name].encode(), charset="utf-8", url="https://harbour.example/")
    except ReadingError as bad:
        assert bad.detail
    else:
        assert len(text.full) <= 3_100_000


PIECES = "<p> </p> <table> <tr> <td>a </table> <dl> <dt>b <dd>c <li>d <h2> e.F 好。 <a/> <nav> </nav>".split()  # noqa: SIM905


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([None, "utf-8", "gb2312", "utf-16", "nonsense", "zip", "idna"]))
def test_any_bytes(body: bytes, charset: str | None) -> None:
    try:
        text = html.read(body, charset=charset, url="https://harbour.example/")
    except ReadingError:
        return
    assert set(text.main.split("\n")) <= set(text.full.split("\n"))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<table>",
                "<tr>",
                "<td>a",
                "</table>",
                "<dl>",
                "<dt>b",
                "<dd>c",
                "<li>d",
                "<h2>",
                "e. F",
                "好。",
            ]
        ),
        max_size=40,
    )
)
def test_any_markup(pieces: list[str]) -> None:
    try:
        text = html.read("".join(pieces).encode(), charset="utf-8", url="https://harbour.example/")
    except ReadingError:
        return
    assert set(text.main.split("\n")) <= set(text.full.split("\n"))
