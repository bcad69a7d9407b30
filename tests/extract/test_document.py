"""What a body is, whatever it is called; and text, tables and JSON as documents."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import ReadingError
from crawler.extract import TextOptions, document
from storage.records import Health
from tests.extract import files
from tests.extract.test_office import word

PAGE = b"<!doctype html><html><body><p>The harbour is open.</p></body></html>"
TABLE = "<table><tr><td>海湾研究院</td><td>3200</td></tr></table>".encode("gb18030")


@pytest.mark.parametrize(
    ("body", "media_type", "url", "form"),
    [
        (PAGE, "text/html", "/a", "html"),
        (PAGE, "text/plain", "/a.txt", "html"),
        (PAGE, None, "/a.pdf", "html"),
        (PAGE, "application/pdf", "/a.pdf", "html"),
        (b"<p>no head", None, "/a", "html"),
        (TABLE, "application/vnd.ms-excel", "/a.xls", "html"),
        (files.pdf(b""), "text/html", "/a", "pdf"),
        (b"\xef\xbb\xbf\n" + files.pdf(b""), "application/octet-stream", "/a", "pdf"),
        (files.xlsx({"a": [["x"]]}), "application/octet-stream", "/download.do?id=3", "office"),
        (files.xls("a", [["x"]]), "text/plain", "/a.xls", "office"),
        (b"a,b\n1,2\n", "text/plain", "/a.csv?x=1", "csv"),
        (b"a\tb\n1\t2\n", "text/tab-separated-values", "/a", "csv"),
        (b"# a\n", "text/plain; x", "/README.md", "markdown"),
        (b"# a\n", "application/octet-stream", "/README.md", "markdown"),
        (b'{"a": 1}', "application/json", "/a", "json"),
        ("海湾".encode("utf-16"), "text/plain", "/a", "text"),
        (b"\x89PNG\r\n\x1a\n", "text/html", "/a", "image/png"),
        (b"BMW and RIFF are words", "text/plain", "/a", "text"),
        (b"BM\x00\x01", "text/plain", "/a", "image/bmp"),
        (b"anything", "image/webp", "/a", "image/webp"),
        (b"\x00\x01\x02", "application/octet-stream", "/a", "application/octet-stream"),
        (b"{\\rtf1 x}", "application/msword", "/a.doc", "office"),
    ],
)
def test_what_a_body_is(body: bytes, media_type: str | None, url: str, form: str) -> None:
    assert document.form_of(body, media_type, f"https://harbour.test{url}") == form


SHUT = b"<!doctype html><html><head><title>Sign in</title></head><body><h1>Please sign in</h1><p>Ask the desk.</p>%s"


@pytest.mark.parametrize("name", ["notice.pdf", "%E5%85%AC%E7%A4%BA.PDF?id=3", "plan.docx", "budget.xlsx", "old.doc"])
def test_a_page_in_place_of_a_file_is_not_the_file(name: str) -> None:
    with pytest.raises(ReadingError) as bad:
        read(SHUT % b"", "text/html", name)
    assert bad.value.health is Health.MALFORMED
    assert "in place of" in bad.value.detail


@pytest.mark.parametrize(
    ("body", "media_type", "name"),
    [
        (SHUT % b"<table><tr><td>Rope</td><td>12</td></tr></table>", "text/html", "budget.xls"),
        (SHUT % b"", "application/vnd.ms-excel", "budget.xls"),
        (SHUT % (b"<p>The card of a paper tells what the paper is about." * 40), "text/html", "File:paper.pdf"),
        (SHUT % b"", "text/html", "pdf"),
    ],
)
def test_a_page_that_is_meant_is_read(body: bytes, media_type: str, name: str) -> None:
    assert "Please sign in" in read(body, media_type, name).full


@pytest.mark.parametrize(("body", "good"), [(b"two words\x00 and more of them", True), (b"\x00\x01\x02\x03ab", False)])
def test_a_stray_zero_does_not_make_a_text_a_file_of_a_machine(body: bytes, good: bool) -> None:
    if good:
        assert read(body, "text/plain").full == "two words and more of them"
    else:
        with pytest.raises(ReadingError):
            read(body, "text/plain")


SAVED = (
    b"From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b"<html><body><h1>News</h1><p>The harbour is =E2=80=9Copen=E2=80=9D to all ships again today.</p></body></html>\r\n"
    b"--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0K\r\n--b--\r\n"
)


def test_a_page_saved_as_one_file_is_a_page() -> None:
    assert "The harbour is “open” to all ships again today." in read(SAVED, "multipart/related", "a.mhtml").full
    with pytest.raises(ReadingError) as bad:
        read(SAVED.replace(b"text/html; charset", b"text/css; charset"))
    assert bad.value.health is Health.MALFORMED
    nested = b"MIME-Version: 1.0\r\n" + b"".join(
        b'Content-Type: multipart/related; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(3_000)
    )
    with pytest.raises(ReadingError):
        read(nested)


def read(body: bytes, media_type: str | None = None, name: str = "a", **more):
    return document.read(body, media_type=media_type, url=f"https://harbour.test/{name}", **more)


def test_code_stands_beside_what_is_said() -> None:
    body = "# 评测\n\n本基准含十项任务。\n\n```bash\n# 批量评估\npython run.py --all\n```\n\n"
    body += "```\n# seagull-7  41\n```\nThe end.\n"
    text = read(body.encode(), "text/markdown", "README.md")
    assert text.main.split("\n") == ["# 评测", "本基准含十项任务。", "seagull-7 41", "The end."]
    assert text.full.split("\n")[4:] == ["", "批量评估", "python run.py --all"]
    assert read(b"```sh\nmake\n```\n", "text/markdown", "README.md").main == "make"


def test_files_are_documents() -> None:
    text = read(files.pdf(files.lines(["海湾机器审慎研究院获专项预算4200万元。"]), title="公示"), "application/pdf")
    assert (text.title, text.main) == ("公示", "海湾机器审慎研究院获专项预算4200万元。")
    assert text.published_at is None
    assert "# 一、资金安排" in read(word(), "application/msword", "a.doc").main


@pytest.mark.parametrize(
    ("body", "media_type", "name", "lines"),
    [
        (
            '机构,拨款（万元）\n海湾研究院,"3,200"\n'.encode("gb18030"),
            "text/csv",
            "a",
            ["机构 | 拨款（万元）", "机构: 海湾研究院 | 拨款（万元）: 3,200 万元"],
        ),
        (
            b"# Gulls\n\nA benchmark of\n*harbour* models. See [paper](https://a.test).\n\n- one\n- two\n\n"
            b"| Model | Score |\n|---|---|\n| Gull-7 | 0.4 |\n\n```\nx = 1\n```\n",
            "text/markdown",
            "README.md",
            [
                "# Gulls",
                "A benchmark of harbour models.",
                "See paper.",
                "- one",
                "- two",
                "Model | Score",
                "Model: Gull-7 | Score: 0.4",
                "x = 1",
            ],
        ),
        (
            b"The harbour institute publishes its evaluations of frontier systems\n"
            b"every quarter, with data and with methods that anyone may repeat and\n"
            b"question. It is open.\n\nSecond paragraph.\n",
            "text/plain",
            "a.txt",
            [
                "The harbour institute publishes its evaluations of frontier systems every quarter, with data and "
                "with methods that anyone may repeat and question.",
                "It is open.",
                "Second paragraph.",
            ],
        ),
        ("港口周一开放。\n周二关闭。\n".encode("gb18030"), "text/plain", "a", ["港口周一开放。", "周二关闭。"]),
        (
            '{"name": "海湾研究院", "grants": [{"year": 2027, "sum": 3200}], "none": null}'.encode(),
            "application/json",
            "a",
            ["name: 海湾研究院", "grants.year: 2027", "grants.sum: 3200"],
        ),
    ],
    ids=["csv", "markdown", "hard-wrapped text", "text in Chinese", "json"],
)
def test_text_as_it_is(body: bytes, media_type: str, name: str, lines: list[str]) -> None:
    assert read(body, media_type, name).main.splitlines() == lines


@pytest.mark.parametrize(
    ("body", "media_type", "options", "health"),
    [
        (b"", "text/plain", TextOptions(), Health.EMPTY),
        (b"GIF89a", "text/html", TextOptions(), Health.UNSUPPORTED),
        (b"{", "application/json", TextOptions(), Health.MALFORMED),
        (b"[" * 100_000, "application/json", TextOptions(), Health.MALFORMED),
        (b"short", "text/plain", TextOptions(min_length=100), Health.EMPTY),
        (b"An English text about the harbour and its institute.", "text/plain", TextOptions(language="zh"), None),
        (files.pdf(b""), "application/pdf", TextOptions(), Health.EMPTY),
    ],
)
def test_what_is_none_says_so(body: bytes, media_type: str, options: TextOptions, health: Health | None) -> None:
    if health is None:
        assert read(body, media_type, options=options).main
        return
    with pytest.raises(ReadingError) as bad:
        read(body, media_type, options=options)
    assert bad.value.health is health


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([None, "text/plain", "text/csv", "application/json", "text/markdown"]))
def test_no_bytes_break_it(body: bytes, media_type: str | None) -> None:
    if document.form_of(body, media_type, "https://harbour.test/a") in ("pdf", "office"):
        return
    try:
        text = read(body, media_type)
    except ReadingError as bad:
        assert bad.detail
    else:
        assert set(text.main.splitlines()) <= set(text.full.splitlines())
