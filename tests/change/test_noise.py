"""What each rule calls noise, and what it must leave alone; English and Chinese side by side."""

from __future__ import annotations

import pytest

from crawler.change import noise
from crawler.change.diff import Difference, Spot


def difference(old: str, new: str, *, main: bool = True) -> Difference:
    sides = [
        Spot(text=text, folded=text, position=0, main=main, furniture=False) if text else None for text in (old, new)
    ]
    return Difference(old=sides[0], new=sides[1])


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("clock", "Today is Friday, 20 November 2026", "Today is Saturday, 21 November 2026"),
        ("clock", "今天是2026年11月20日 星期五", "今天是2026年11月21日 星期六"),
        ("clock", "Sat, Apr 8, '17", "Mon, Apr 10, '17"),
        ("relative time", "Posted 5 minutes ago", "Posted 2 hours ago"),
        ("relative time", "发布于3天前", "发布于4天前"),
        ("counter", "1,204 views", "1,310 views"),
        ("counter", "阅读次数：120", "阅读次数：133"),
        ("counter", "评论 (12)", "评论 (13)"),
        ("nonce", "Request id 8f3a9b2c1d4e5f60", "Request id 1f3a9b2c1d4e5f99"),
        ("hidden address", "Write to [email\xa0protected] today", "Write to desk@harbour.example today"),
        ("copyright year", "© 2025 Harbour Council", "© 2026 Harbour Council"),
        ("copyright year", "版权所有 2025 海湾理事会", "版权所有 2026 海湾理事会"),
        ("language picker", "English", "简体中文"),
        ("build number", "Version 1.260.1.335", "Version 1.266.0.349"),
        ("interface", "Loading…", ""),
        ("interface", "加载中", ""),
        ("weather", "Harbour: 12°C, cloudy", "Harbour: 9°C, rain"),
        ("weather", "海湾 多云 12℃", "海湾 晴 3℃"),
        ("teaser", "Read more: the pilots' ball", ""),
        ("teaser", "下一篇：海湾航标维护通知", ""),
    ],
)
def test_noise(rule: str, old: str, new: str) -> None:
    assert noise.rule_of(difference(old, new)) == rule
    assert noise.WHY[rule]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The council has 14 members.", "The council has 15 members."),
        ("理事会共有25名成员。", "理事会共有26名成员。"),
        ("The budget is 42 million crowns.", "The budget is 43 million crowns."),
        ("预算为4200万元。", "预算为4300万元。"),
        ("Deadline: 5 May 2026", "Deadline: 6 May 2026"),
        ("截止日期：2026年5月5日", "截止日期：2026年5月6日"),
        ("The hearing is on Friday, 5 May.", "The hearing is on Friday, 12 May."),
        ("Next steps: the council decides in May.", ""),
        ("The institute is a member of the network.", "The institute is not a member of the network."),
        ("研究院可以公布评估结果。", "研究院不可以公布评估结果。"),
        ("访问 http://localhost:8080，进入系统。", "访问 http://localhost:9080，进入系统。"),
        ("Contact: desk@harbour.example", "Contact: press@harbour.example"),
        ("Cookies are kept for 30 days.", "Cookies are kept for 90 days."),
        ("Release 1.4.0", "Release 1.5.0"),
    ],
)
def test_no_noise(old: str, new: str) -> None:
    assert noise.rule_of(difference(old, new)) is None


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("consent text", "", "We use cookies to improve your experience; accept all cookies."),
        ("consent text", "", "我们使用cookie，接受所有cookie"),
        ("build number", "Version 1.260.1", "Version 1.266.0"),
        ("page stamp", "Last updated: 5 May 2026", "Last updated: 6 May 2026"),
        ("page stamp", "更新时间：2026-05-05", "更新时间：2026-05-06"),
        ("machine name", "web12", "web3"),
    ],
)
def test_noise_only_outside_the_main_text(rule: str, old: str, new: str) -> None:
    assert noise.rule_of(difference(old, new, main=False)) == rule
    assert noise.rule_of(difference(old, new)) is None


def test_an_index_that_restamps_every_entry() -> None:
    entries = [difference(f"2026-01-0{n} Notice {n}", f"2026-02-01 Notice {n}") for n in range(1, 5)]
    assert noise.restamped(entries) == {0, 1, 2, 3}
    assert noise.restamped(entries[:2]) == set(), "two dates that changed are two changes"
