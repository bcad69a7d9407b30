"""Tables to rows that stand alone: headers, units, captions; and the matcher reads a budget row as money."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import catalogue
from crawler.change.whole import as_added
from crawler.extract.lines import normalise
from crawler.extract.rows import table, unit_in
from crawler.match import Context, Matcher
from storage.records import Change, ChangeKind
from tests.conftest import CHECKOUT
from tests.world import DAY_ONE

OURS = "北京前瞻人工智能安全与治理研究院"


@pytest.mark.parametrize(
    ("rows", "more", "lines"),
    [
        pytest.param(
            [
                ["2027年部门预算表", "", "", ""],
                ["", "", "", "单位：万元"],
                ["序号", "承担单位", "2026年预算", "2027年预算"],
                ["1", "海湾研究院", "0", "3,200"],
            ],
            {},
            [
                "2027年部门预算表",
                "单位：万元",
                "序号 | 承担单位 | 2026年预算 | 2027年预算",
                "序号: 1 | 承担单位: 海湾研究院 | 2026年预算: 0 | 2027年预算: 3,200 万元",
            ],
            id="captions above the header, zh",
        ),
        pytest.param(
            [["Body", "Posts", "Grant"], ["Harbour Institute", "12", "42.5"], ["North Bank", "3", "1"]],
            {"caption": "Table 1. All figures in £ million"},
            [
                "Body | Posts | Grant",
                "Body: Harbour Institute | Posts: 12 | Grant: £ 42.5 million",
                "Body: North Bank | Posts: 3 | Grant: £ 1 million",
            ],
            id="unit in the caption, only for money, en",
        ),
        pytest.param(
            [["单位", "拨款（万元）", "编制（人）"], ["海湾研究院", "42", "12"]],
            {},
            ["单位 | 拨款（万元） | 编制（人）", "单位: 海湾研究院 | 拨款（万元）: 42 万元 | 编制（人）: 12"],
            id="unit in the header cell",
        ),
        pytest.param(
            [["项目", "2027年预算", "", "增减%"], ["", "人员", "公用", ""], ["海湾研究院", "100", "20", "5"]],
            {"caption": "单位：千元"},
            [
                "项目 | 2027年预算 | 增减%",
                "人员 | 公用",
                "项目: 海湾研究院 | 2027年预算·人员: 100 千元 | 2027年预算·公用: 20 千元 | 增减%: 5",
            ],
            id="a header of two levels",
        ),
        pytest.param(
            [["举办单位", "海湾市科委"], ["开办资金", "3200万元"], ["从业人数", "12"]],
            {},
            ["举办单位 | 海湾市科委", "开办资金 | 3200万元", "从业人数 | 12"],
            id="names and values are no header",
        ),
        pytest.param(
            [["model", "score"], ["Gull-7", "0.4"]],
            {"headed": True},
            ["model | score", "model: Gull-7 | score: 0.4"],
            id="a header by its own word",
        ),
        pytest.param([["a | b", ""], ["", ""]], {}, ["a ¦ b"], id="bars in cells"),
        pytest.param([], {}, [], id="nothing"),
    ],
)
def test_a_row_carries_its_header_and_unit(rows: list[list[str]], more: dict, lines: list[str]) -> None:
    assert table(rows, **more) == lines


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("单位：万元", "万元"),
        ("金额单位:亿元", "亿元"),
        ("表3 收支总表（人民币万元）", "人民币万元"),
        ("Unit: RMB million", "RMB million"),
        ("Table 2: Grants in aid (£ million)", "£ million"),
        ("amounts in thousands of dollars", "thousands of dollars"),
        ("单位：北京市科学技术委员会", None),
        ("The institute spent a million on it.", None),
    ],
)
def test_the_unit_of_a_caption(text: str, unit: str | None) -> None:
    assert unit_in(text) == unit


@given(st.lists(st.lists(st.text(max_size=12), max_size=6), max_size=12), st.booleans())
def test_rows_are_in_the_one_text_form(rows: list[list[str]], headed: bool) -> None:
    made = table(rows, headed=headed)
    assert all(made)
    assert normalise("\n".join(made)) == "\n".join(made)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(catalogue.load(CHECKOUT / "sources.yml", CHECKOUT / "triggers.yml").assessment)


@pytest.mark.parametrize(
    ("rows", "caption", "fires"),
    [
        (
            [["承担单位", "项目", "金额"], [OURS, "评测平台", "3,200"], ["北岸研究所", "量子", "900"]],
            "单位：万元",
            True,
        ),
        ([["承担单位", "项目", "金额（万元）"], [OURS, "评测平台", "3,200"], ["北岸研究所", "量子", "900"]], "", True),
        (
            [["Institute", "Purpose", "Allocation"], ["Beijing-AISI", "core", "32"], ["North Bank", "core", "9"]],
            "RMB million; unit: RMB million",
            True,
        ),
        (
            [["承担单位", "项目", "金额"], ["北岸研究所", "量子", "900"], ["智源研究院", "模型", "3,200"]],
            "单位：万元",
            False,
        ),
        ([["承担单位", "项目", "预算数"], [OURS, "评测平台", "0"], ["北岸研究所", "量子", "900"]], "单位：万元", False),
        (
            [["承担单位", "项目", "预算数"], [OURS, "评测平台", "0.00"], ["北岸研究所", "量子", "900"]],
            "单位：万元",
            False,
        ),
        (
            [["Institute", "Purpose", "Allocation"], ["Beijing-AISI", "core", "0"]],
            "RMB million; unit: RMB million",
            False,
        ),
        (
            [["承担单位", "项目", "预算数"], [OURS, "评测平台", "0.5"], ["北岸研究所", "量子", "900"]],
            "单位：亿元",
            True,
        ),
    ],
    ids=[
        "unit above the table",
        "unit in the header",
        "English",
        "money of others",
        "nothing",
        "0.00",
        "English 0",
        "a half",
    ],
)
def test_a_budget_row_alone_is_read_as_money(matcher: Matcher, rows, caption: str, fires: bool) -> None:
    """What a redline shows of a table is one row: it must say all that the matcher needs."""
    row = next((line for line in table(rows, caption=caption)[1:] if OURS in line or "Beijing-AISI" in line), None)
    row = row or table(rows, caption=caption)[-1]
    change = Change(kind=ChangeKind.CHANGED, seen_at=DAY_ONE, hunks=as_added(row, row))
    context = Context(source_title="北京市2027年新型研发机构支持资金安排", document_title="资金安排公示", language="zh")
    found = matcher.match(change, context)
    best = max((m.score for m in found if m.trigger_id == "bjaisi-dedicated-budget"), default=0.0)
    assert (best >= 0.5) is fires, (row, found)
