"""Office documents: Word with tables in their place, workbooks new and old, and the bombs and ruins among them."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import ReadingError
from crawler.extract import apart, office, word97
from storage.records import Health
from tests.extract import files

BUDGET = [
    ["海湾市2027年资金安排表"],
    ["", "", "", "单位：万元"],
    ["承担单位", "项目", "2026年预算", "2027年预算"],
    ["海湾机器审慎研究院", "评测平台", 0, 3200],
    ["", "人员经费", 12.5, 450],
    ["北岸研究所", "量子测控", 1500, 1800],
]
ROWS = (
    "承担单位 | 项目 | 2026年预算 | 2027年预算",
    "承担单位: 海湾机器审慎研究院 | 项目: 评测平台 | 2026年预算: 0 | 2027年预算: 3200 万元",
    "承担单位: 海湾机器审慎研究院 | 项目: 人员经费 | 2026年预算: 12.5 万元 | 2027年预算: 450 万元",
    "承担单位: 北岸研究所 | 项目: 量子测控 | 2026年预算: 1500 万元 | 2027年预算: 1800 万元",
)


def word() -> bytes:
    """A notice with headings, a list and a table with merged cells."""
    made = docx.Document()
    made.core_properties.title = "关于2027年资金安排的公示"
    made.core_properties.author = "海湾市科委"
    made.add_heading("一、资金安排", 1)
    made.add_paragraph("现将资金安排予以公示。公示期五个工作日。")
    made.add_paragraph("Objections may be sent in writing.", style="List Bullet")
    made.add_paragraph("单位：万元")
    table = made.add_table(3, 3)
    for y, row in enumerate(
        [["承担单位", "项目", "预算数"], ["海湾机器审慎研究院", "评测平台", "3,200"], ["", "人员", "450"]]
    ):
        for x, said in enumerate(row):
            table.cell(y, x).text = said
    table.cell(1, 0).merge(table.cell(2, 0))
    made.add_paragraph("联系电话：010-0000。")
    made.sections[0].footer.paragraphs[0].text = "海湾市科委印"
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def test_a_word_document_is_read_in_its_order() -> None:
    read = apart.read("office", word())
    assert read.lines == (
        "# 一、资金安排",
        "现将资金安排予以公示。",
        "公示期五个工作日。",
        "• Objections may be sent in writing.",
        "单位：万元",
        "承担单位 | 项目 | 预算数",
        "承担单位: 海湾机器审慎研究院 | 项目: 评测平台 | 预算数: 3,200 万元",
        "承担单位: 海湾机器审慎研究院 | 项目: 人员 | 预算数: 450 万元",
        "联系电话：010-0000。",
    )
    assert (read.title, read.author, read.beside) == ("关于2027年资金安排的公示", "海湾市科委", ("海湾市科委印",))
    assert read.dated is None  # a file keeps the dates of its template


def test_a_workbook_is_its_sheets() -> None:
    made = files.xlsx(
        {"2027预算": BUDGET, "Notes": [["Figures are provisional."]], "空": []}, merged={"2027预算": ["A1:D1", "A4:A5"]}
    )
    read = office.read(made)
    assert read.lines == (
        "# 2027预算",
        "海湾市2027年资金安排表",
        "单位：万元",
        *ROWS,
        "# Notes",
        "Figures are provisional.",
    )


def test_an_old_workbook_is_read_alike() -> None:
    filled = [*BUDGET[:4], ["海湾机器审慎研究院", *BUDGET[4][1:]], BUDGET[5]]
    assert office.read(files.xls("预算", filled)).lines[3:] == ROWS


def damaged() -> dict[str, tuple[bytes, Health]]:
    good = files.xlsx({"a": [["x", 1]]})
    far = {name: data.replace(b'<c r="B1"', b'<c r="XFD1048576"') for name, data in _entries(good).items()}
    laughs = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
    )
    return {
        "a bomb by its directory": (files.zipped({"word/document.xml": b" " * 90_000_000}), Health.UNSUPPORTED),
        "too many files": (files.zipped({f"word/{n}.xml": b"" for n in range(6_000)}), Health.UNSUPPORTED),
        "one cell in the last corner": (files.zipped(far), Health.UNSUPPORTED),
        "a workbook cut in the middle": (good[: len(good) // 2], Health.TRUNCATED),
        "a Word document that is none": (files.zipped({"word/document.xml": "<x/>"}), Health.MALFORMED),
        "a workbook that is none": (files.zipped({"xl/workbook.xml": "<x>"}), Health.MALFORMED),
        "a workbook of nothing": (files.xlsx({"空": []}), Health.EMPTY),
        "a billion laughs": (
            files.zipped(_entries(word()) | {"word/document.xml": f"{laughs}]><x>&j;</x>"}),
            Health.MALFORMED,
        ),
        "encrypted": (files.compound({"EncryptedPackage": b"x"}), Health.UNSUPPORTED),
        "Word before 97": (files.compound({"WordDocument": b"x"}), Health.UNSUPPORTED),
        "old PowerPoint": (files.compound({"PowerPoint Document": b"x"}), Health.UNSUPPORTED),
        "old Word with a password": (files.doc([("x\r", 0, "")], flags=0x0300), Health.UNSUPPORTED),
        "old Word without text": (files.doc([("\x01\r", 0, "")]), Health.EMPTY),
        "old Word cut short": (files.doc([("x\r", 0, "")])[:2000], Health.MALFORMED),
        "an old workbook of noise": (files.compound({"Workbook": bytes(range(256)) * 20}), Health.MALFORMED),
        "an archive of other things": (files.zipped({"setup.exe": b"MZ"}), Health.UNSUPPORTED),
    }


def _entries(body: bytes) -> dict[str, bytes | str]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("name", damaged())
def test_what_cannot_be_read_says_what_it_is(name: str) -> None:
    body, health = damaged()[name]
    with pytest.raises(ReadingError) as bad:
        apart.read("office", body)
    assert (bad.value.health, bool(bad.value.detail)) == (health, True), bad.value.detail


def test_deep_nesting_ends() -> None:
    deep = "<w:sdt><w:sdtContent>" * 3_000 + "</w:sdtContent></w:sdt>" * 3_000
    document = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        f"<w:p><w:r><w:t>The harbour.</w:t></w:r></w:p>{deep}</w:body></w:document>"
    )
    with pytest.raises(ReadingError):
        apart.read("office", files.zipped(_entries(word()) | {"word/document.xml": document}))


def test_a_long_workbook_is_cut_and_says_so() -> None:
    read = office.read(files.xlsx({"a": [["row", n] for n in range(office.MOST_ROWS + 5)], "b": [["x"]] * 50_000}))
    assert read.detail and read.detail.startswith("truncated")


OLD = [
    ("资金安排公示\r", 1, ""),
    ("现将资金安排予以公示。公示期五个工作日。\r", 0, ""),
    ("The notice stands for \x13 PAGE \x14five\x15 days.\r", 0, ""),
    ("承担单位\x07", 0, "cell"),
    ("预算数（万元）\x07", 0, "cell"),
    ("\x07", 0, "row"),
    ("海湾机器\r", 0, "cell"),
    ("审慎研究院\x07", 0, "cell"),
    ("3,200\x07", 0, "cell"),
    ("\x07", 0, "row"),
    ("联系电话：010-0000。\r", 0, ""),
]


def test_an_old_word_document_is_read_in_its_order() -> None:
    read = apart.read("office", files.doc(OLD, narrow=[2]))
    assert read.lines == (
        "# 资金安排公示",
        "现将资金安排予以公示。",
        "公示期五个工作日。",
        "The notice stands for five days.",
        "承担单位 | 预算数（万元）",
        "承担单位: 海湾机器 审慎研究院 | 预算数（万元）: 3,200 万元",
        "联系电话：010-0000。",
    )
    assert read.title == "资金安排公示"


@given(st.data())
def test_no_bytes_in_an_old_word_document_break_the_reading(data: st.DataObject) -> None:
    body = bytearray(files.doc(OLD))
    for _ in range(data.draw(st.integers(1, 8))):
        body[data.draw(st.integers(512, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        lines = [line for block in word97.lines(bytes(body)) for line in block]
    except ReadingError as bad:
        assert bad.health in (Health.MALFORMED, Health.TRUNCATED, Health.UNSUPPORTED)
    else:
        assert sum(map(len, lines)) < 10_000


RICH = (
    rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 SimSun;}}{\info{\author x}}\f0 "
    + "".join(f"\\'{byte:02x}" for byte in "现将资金安排予以公示。".encode("gbk")).encode()
    + rb"\par The notice stands for five days.\par "
    + rb"\trowd\cellx1000\cellx2000\intbl Body\cell Budget (million yuan)\cell\row"
    + rb"\trowd\cellx1000\cellx2000\intbl \u28023?\u28286?\cell 3,200\cell\row\pard End.\par}"
)


def test_rich_text_is_read() -> None:
    assert apart.read("office", RICH).lines == (
        "现将资金安排予以公示。",
        "The notice stands for five days.",
        "Body | Budget (million yuan)",
        "Body: 海湾 | Budget (million yuan): 3,200 million yuan",
        "End.",
    )


@given(
    st.binary(max_size=200) | st.lists(st.sampled_from([b"{", b"}", b"\\par ", b"\\'", b"\\u-1?", b"x"])).map(b"".join)
)
def test_no_rich_text_breaks_the_reading(body: bytes) -> None:
    try:
        office.read(b"{\\rtf1" + body)
    except ReadingError as bad:
        assert bad.health in (Health.MALFORMED, Health.EMPTY)
