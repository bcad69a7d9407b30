"""Bytes to characters: what is declared, what is not, what is declared wrongly; and the pages kept for that."""

from __future__ import annotations

import gzip
import html
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import ReadingError
from crawler.extract import feed
from crawler.extract.decode import decode
from crawler.extract.lines import fold_space
from storage.records import Health

SAMPLES = {
    "zh-Hans": "海湾机器审慎研究院是一个新的机构，这里的人们为城市的安全做了很多工作，他们说今年还会有更多的经费。",
    "zh-Hant": "海灣機器審慎研究院是一個新的機構，這裡的人們為城市的安全做了很多工作，他們說今年還會有更多的經費。",
    "ja": "港湾研究所は新しい機関であり、ここで働く人々は都市の安全のために多くの仕事をしています。今年も続きます。",
    "ko": "항만 연구소는 새로운 기관이며 여기에서 일하는 사람들은 도시의 안전을 위해 많은 일을 하고 있습니다.",
    "ru": "Институт гавани — это новое учреждение, и люди, которые там работают, много делают для безопасности города.",
    "fr": "L’institut du port a été créé à l’été ; près de dix employés y étudient déjà la sûreté des modèles avancés.",
}


@pytest.mark.parametrize(
    ("language", "codec"),
    [
        ("zh-Hans", "gb18030"),
        ("zh-Hans", "gb2312"),
        ("zh-Hans", "gbk"),
        ("zh-Hant", "big5"),
        ("ja", "shift_jis"),
        ("ja", "euc_jp"),
        ("ko", "euc_kr"),
        ("ru", "cp1251"),
        ("ru", "koi8_r"),
        ("fr", "cp1252"),
        *((language, "utf-8") for language in SAMPLES),
        ("zh-Hans", "utf-16"),
    ],
)
def test_a_text_that_declares_nothing_is_read(language: str, codec: str) -> None:
    text = SAMPLES[language].replace("—", "-") if codec == "koi8_r" else SAMPLES[language]
    page = f"<html><body><p>{text}</p></body></html>"
    assert decode(page.encode(codec))[0] == page


@pytest.mark.parametrize("label", ["gb2312", "GBK", "'gb18030'", "x-gbk"])
def test_what_is_declared_holds_also_for_a_few_characters(label: str) -> None:
    page = f"<meta charset={label}>预算"
    assert decode(page.encode("gb18030"))[0] == page
    assert decode("预算".encode("gb18030"), label)[0] == "预算"


def test_a_page_that_declares_the_wrong_encoding_is_read_all_the_same() -> None:
    page = f'<meta charset="gb2312"><p>{SAMPLES["zh-Hans"]}'
    assert decode(page.encode("utf-8"))[0] == page
    wrong = f'<meta charset="utf-8"><p>{SAMPLES["zh-Hans"]}'
    assert decode(wrong.encode("gb18030"))[0] == wrong


@pytest.mark.parametrize("declared", [None, "utf-8"])
@pytest.mark.parametrize("cut", [1, 2])
def test_a_body_cut_within_a_character_stays_what_it_is(declared: str | None, cut: int) -> None:
    body = (SAMPLES["zh-Hans"] * 4).encode("utf-8")[: -3 - cut]
    assert decode(body, declared)[0].startswith(SAMPLES["zh-Hans"] * 3)
    lost = body[:100] + b"\xff" + body[100:]
    assert SAMPLES["zh-Hans"] in decode(lost, declared)[0]


@given(st.binary(max_size=400), st.none() | st.text(max_size=12))
def test_no_bytes_and_no_label_break_it(body: bytes, label: str | None) -> None:
    text, name = decode(body, label)
    assert "\r" not in text
    assert "".encode(name) in (b"", b"\xff\xfe", b"\xfe\xff")


def test_the_kept_pages_have_the_encoding_that_their_manifest_expects(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shared_data / "edge"
    entries = [json.loads(line) for line in (folder / "manifest.jsonl").open(encoding="utf-8")]
    agree: Counter[str] = Counter()
    total: Counter[str] = Counter()
    faults = []
    for entry in entries:
        expected = (entry.get("expect_encoding") or "").removesuffix("-russian")
        if not expected:
            continue
        body = gzip.decompress((folder / entry["file"]).read_bytes())
        text, _ = decode(body)
        total[entry["category"]] += 1
        # the same characters, whatever the codec is called: EUC-KR is read by its superset
        same = text.split() == decode(body, expected)[0].split() and text.count("\ufffd") <= 2
        agree[entry["category"]] += same
        if not same:
            faults.append(entry["id"])
    with capsys.disabled():
        print("\nencodings as the manifest expects:")
        for category, count in total.items():
            print(f"  {category:24} {agree[category]} of {count}")
    # floors that only rise
    assert agree["gb-encoded-page"] >= 18 and agree["legacy-encoding-html"] >= 9, faults


def test_what_declares_nothing_or_too_late_is_read_too(shared_data: Path) -> None:
    folder = shared_data / "edge"
    for line in (folder / "manifest.jsonl").open(encoding="utf-8"):
        entry = json.loads(line)
        if entry["category"] in ("encoding", "links-encoding"):
            body = gzip.decompress((folder / entry["file"]).read_bytes())
            text, name = decode(body)
            named = entry["path"].rpartition("/")[2]
            if named.startswith(("iso_8859_1", "linkextractor_latin1")):
                assert name in ("cp1252", "utf-8") and "\ufffd" not in text
            elif "utf8" in named and "poorly" not in named:
                assert name == "utf-8"
            assert text or not body


def test_the_kept_feeds_have_the_titles_of_their_encoding(
    shared_data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shared_data / "feeds"
    agree: Counter[bool] = Counter()
    for line in (folder / "manifest.jsonl").open(encoding="utf-8"):
        row = json.loads(line)
        if not row.get("expect_encoding"):
            continue
        body = gzip.decompress((folder / row["file"]).read_bytes())
        # 'windows-1251-russian' names a codec and a language; browsers read the supersets of these two
        codec = re.sub(r"(?<=[0-9]{4})-[a-z]+$|(?<=-7)-[a-z]+$", "", row["expect_encoding"].lower())
        codec = {"tis-620": "cp874", "big5": "big5hkscs"}.get(codec, codec)
        shown = fold_space(re.sub(r"<(?!!)[^>]*>", "", html.unescape(body.decode(codec, "replace"))))
        try:
            entries = feed.read(body, url="https://harbour.example/feed", texts=False).entries
        except ReadingError as bad:
            assert bad.health in (Health.EMPTY, Health.MALFORMED), row["id"]
            continue
        agree[all(entry.title is None or entry.title in shown for entry in entries)] += 1
    with capsys.disabled():
        print(f"\nfeeds read in the encoding that the manifest expects: {agree[True]} of {agree.total()}")
    # the one that differs has kana of a Big5 extension, which are read and which Python's codec does not know
    assert agree.total() >= 51 and agree[True] >= 50
