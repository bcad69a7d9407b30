"""PDF: what it says in both languages, its ruled tables as rows, and what hostile and broken ones end as."""

from __future__ import annotations

import zlib

import pytest

from crawler.errors import ReadingError
from crawler.extract import apart, pdf
from storage.records import Health
from tests.extract import files


def test_english_lines_are_paragraphs_again_and_divided_words_are_whole() -> None:
    made = files.pdf(
        files.text(72, 770, "A Harbour for Prudence", 20)
        + files.lines(
            [
                "The Harbour Institute for Machine Prudence will publish its evalua-",
                "tions of frontier systems every quarter, with data and with methods",
                "open. The first report is due.",
                "1. Each report names the state-of-the-",
                "art models it tested in full detail.",
            ],
            top=740,
        ),
        title="Microsoft Word - final_v3.docx",
        author="H. Keeper",
    )
    read = pdf.read(made)
    assert read.lines == (
        "# A Harbour for Prudence",
        "The Harbour Institute for Machine Prudence will publish its evaluations of frontier systems every quarter, "
        "with data and with methods open.",
        "The first report is due.",
        "1. Each report names the state-of-the-art models it tested in full detail.",
    )
    assert read.title == "A Harbour for Prudence"  # the name of a file is no title
    assert (read.author, read.dated, read.detail) == ("H. Keeper", "2031-02-28", None)


def test_chinese_lines_are_joined_without_blanks_over_pages_and_heads_and_numbers_stay_beside() -> None:
    pages = []
    for number in range(1, 5):
        pages.append(
            files.text(72, 815, "海湾市科学技术委员会文件", 9)
            + files.lines(
                [
                    "海湾机器审慎研究院承担前沿人工智能安全评测平台的建",
                    "设与运行工作，经费由市级财政安排。",
                    "本页说明第二项工作，其余部分见下",
                ]
                if number % 2
                else ["页，到此为止。"]
            )
            + files.text(290, 30, f"— {number} —", 9)
        )
    read = pdf.read(files.pdf(*pages, title="关于资金安排的公示"))
    assert read.lines[:3] == (
        "海湾机器审慎研究院承担前沿人工智能安全评测平台的建设与运行工作，经费由市级财政安排。",
        "本页说明第二项工作，其余部分见下页，到此为止。",
        "海湾机器审慎研究院承担前沿人工智能安全评测平台的建设与运行工作，经费由市级财政安排。",
    )
    assert read.beside == ("海湾市科学技术委员会文件", "— 1 —")
    assert read.title == "关于资金安排的公示"


@pytest.mark.parametrize(
    ("above", "table", "row"),
    [
        (
            "（单位：万元）",
            [
                ["承担单位", "项目", "2027年预算"],
                ["海湾机器\n审慎研究院", "评测\n平台", "3,200"],
                ["北岸所", "量子", "0"],
            ],
            "承担单位: 海湾机器审慎研究院 | 项目: 评测平台 | 2027年预算: 3,200 万元",
        ),
        (
            "Table 2: Grants in aid (£ million)",
            [["Body", "Purpose", "2027"], ["Harbour\nInstitute", "Core", "42.5"], ["North Bank", "Core", "1.0"]],
            "Body: Harbour Institute | Purpose: Core | 2027: £ 42.5 million",
        ),
    ],
)
def test_a_ruled_table_is_rows_with_their_header_and_unit(above: str, table: list[list[str]], row: str) -> None:
    read = pdf.read(files.pdf(files.lines(["说明 Notes", above]) + files.ruled(table)))
    assert row in read.lines
    assert " | ".join(cell.replace("\n", "") for cell in table[0]) in read.lines


def test_columns_set_apart_without_rules_are_rows_and_leaders_are_none() -> None:
    drawn = b"".join(
        files.text(72, y, a) + files.text(320, y, b)
        for y, a, b in ((700, "Harbour Institute", "42"), (684, "North Bank", "17"))
    ) + files.text(72, 600, "1 Introduction . . . . . . . . . . . . . . . 3")
    assert pdf.read(files.pdf(drawn)).lines == ("Harbour Institute | 42", "North Bank | 17", "1 Introduction | 3")


def test_cells_merged_over_rows_say_so_in_each_row() -> None:
    drawn = b"".join(files.rule(60, y, 400, y) for y in (700, 680, 640)) + files.rule(160, 660, 400, 660)
    drawn += b"".join(files.rule(x, 700, x, 640) for x in (60, 160, 300, 400))
    for x, y, said in (
        (64, 686, "单位"),
        (164, 686, "项目"),
        (304, 686, "金额（万元）"),
        (64, 655, "海湾研究院"),
        (164, 666, "平台"),
        (304, 666, "32"),
        (164, 646, "人员"),
        (304, 646, "4"),
    ):
        drawn += files.text(x, y, said, 10)
    assert pdf.read(files.pdf(drawn)).lines[1:] == (
        "单位: 海湾研究院 | 项目: 平台 | 金额（万元）: 32 万元",
        "单位: 海湾研究院 | 项目: 人员 | 金额（万元）: 4 万元",
    )


@pytest.mark.parametrize("again", [True, False], ids=["header again", "header once"])
def test_a_table_goes_on_over_the_page(again: bool) -> None:
    header = ["承担单位", "项目", "金额"]
    first = files.lines(["单位：万元"]) + files.ruled([header, ["北岸所", "量子", "7"], ["南岸所", "海流", "8"]])
    second = files.ruled([*([header] if again else []), ["海湾研究院", "评测", "3,200"]], top=780)
    if not again:
        second = files.ruled([["海湾研究院", "评测", "3,200"], ["东岸所", "观测", "9"]], top=780)
    read = pdf.read(files.pdf(first, second + files.lines(["以上为全部安排。"], top=300)))
    assert "承担单位: 海湾研究院 | 项目: 评测 | 金额: 3,200 万元" in read.lines
    assert read.lines.count("承担单位 | 项目 | 金额") == 1
    assert read.lines[-1] == "以上为全部安排。"


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_table_set_sideways_is_the_same_table(turns: int) -> None:
    # Latin only: PDFium drops sideways Han of a font that is not in the file; real files hold theirs
    table = [["Body", "Item", "Budget 2027"], ["Harbour\nInstitute", "Core", "3,200"], ["North Bank", "Core", "7"]]
    drawn = files.lines(["Figures in RMB million"], top=520) + files.ruled(table, top=500)
    upright = pdf.read(files.pdf(drawn)).lines
    for _ in range(turns):
        drawn = files.sideways(drawn)
    assert pdf.read(files.pdf(drawn)).lines == upright
    assert "Body: Harbour Institute | Item: Core | Budget 2027: RMB 3,200 million" in upright


def test_pictures_of_text_are_no_text() -> None:
    picture = b"q 400 0 0 500 60 100 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q"
    with pytest.raises(ReadingError) as bad:
        pdf.read(files.pdf(picture, picture, picture))
    assert bad.value.health is Health.EMPTY
    assert bad.value.detail.startswith("no text layer: 3 pages with 0 characters")


def test_ten_thousand_pages_are_read_to_the_bound_and_said_to_be_cut() -> None:
    read = pdf.read(many_pages(10_000))
    assert read.detail and read.detail.startswith(f"truncated: {pdf.MOST_PAGES} of 10000 pages read")
    assert len(read.lines) == pdf.MOST_PAGES


def many_pages(count: int) -> bytes:
    """Pages that all show one stream."""
    whole = files.pdf(files.lines(["海湾机器审慎研究院的报告有一万页，每一页都一样。"]))
    return whole.replace(b"/Kids [7 0 R] /Count 1", b"/Kids [" + b"7 0 R " * count + b"] /Count %d" % count)


def damaged() -> dict[str, tuple[bytes, Health]]:
    good = files.pdf(files.lines(["The harbour is open again."]))
    encrypted = good.replace(
        b"/Info 6 0 R",
        b"/Info 6 0 R /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <"
        + b"41" * 32
        + b"> /U <"
        + b"42" * 32
        + b"> >> /ID [<41> <41>]",
    )
    deep = b"[" * 20_000 + b"]" * 20_000
    loop = good.replace(b"/Kids [7 0 R]", b"/Kids [2 0 R]")
    return {
        "cut in the middle": (good[: len(good) // 2], Health.TRUNCATED),
        "nothing but its name": (b"%PDF-1.7\n%%EOF", Health.MALFORMED),
        "noise": (b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF", Health.MALFORMED),
        "encrypted": (encrypted, Health.UNSUPPORTED),
        "deep nesting": (files.assembled([b"<< /Type /Catalog /Pages 2 0 R /X " + deep + b" >>"]), Health.MALFORMED),
        "its own parent": (loop, Health.MALFORMED),
    }


@pytest.mark.parametrize("name", damaged())
def test_what_cannot_be_read_says_what_it_is(name: str) -> None:
    body, health = damaged()[name]
    with pytest.raises(ReadingError) as bad:
        apart.read("pdf", body)
    assert (bad.value.health, bool(bad.value.detail)) == (health, True)


def test_a_bomb_costs_no_more_than_its_child() -> None:
    bomb = files.pdf(b"")
    packed = zlib.compress(b"q " * 100_000_000, 1)
    at = bomb.index(b"8 0 obj")
    end = bomb.index(b"endobj", at)
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed) + packed + b"\nendstream\n"
    with pytest.raises(ReadingError) as bad:
        apart.read("pdf", bomb[: at + 8] + stream + bomb[end:])
    assert bad.value.health in (Health.EMPTY, Health.UNSUPPORTED, Health.MALFORMED)


def test_the_child_gives_what_the_reader_gives() -> None:
    made = files.pdf(files.lines(["海湾机器审慎研究院获专项预算4200万元。"]), title="预算 “一”")
    assert apart.read("pdf", made) == pdf.read(made)


def test_a_reader_that_dies_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "READERS", (*apart.READERS, "nothing"))
    with pytest.raises(ReadingError) as bad:
        apart.read("nothing", b"")
    assert bad.value.health is Health.ERROR
