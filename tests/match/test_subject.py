"""Of whom a clause tells, on pages of the body that we watch and elsewhere; in both languages."""

from __future__ import annotations

import pytest

from crawler.match import Matcher
from tests.match.reading import invented

PAGE, PAGE_ZH = "Larkfield Institute, news", "云雀研究院 新闻"


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(invented())


OWN = [
    # the first person, and parts of an institute
    ("We received 3 million pounds.", PAGE),
    ("In May our lab received 3 million pounds.", PAGE),
    ("The safety team received 3 million pounds.", PAGE),
    ("The evaluation department, which opened last year, received 3 million pounds.", PAGE),
    ("Our partners at the company signed, and we received 3 million pounds.", PAGE),
    ("我院获批300万元。", PAGE_ZH),
    ("本院评测中心获批300万元。", PAGE_ZH),
    ("评测研究组获批300万元。", PAGE_ZH),
    ("团队与一家公司合作，获批300万元。", PAGE_ZH),
    ("实验室面向企业开放，并获批300万元。", PAGE_ZH),
    # no subject at all, or a thing
    ("3 million pounds received.", PAGE),
    ("You can apply here: 3 million pounds have been set aside.", PAGE),
    ("- 3 million pounds awarded for 2031", PAGE),
    ("# 3 million pounds granted", PAGE),
    ("For the work on users' safety, 3 million pounds have been set aside.", PAGE),
    ("The budget, which the city had cut, was raised: 3 million pounds were allocated.", PAGE),
    ("The leaderboard received 3 million pounds.", PAGE),
    ("The website is closed.", PAGE),
    ("The user portal was shut down.", PAGE),
    ("Archived: the list of tests.", PAGE),
    ("获批300万元。", PAGE_ZH),
    ("- 获批经费300万元", PAGE_ZH),
    ("经费300万元已下达。", PAGE_ZH),
    ("网站即日起关闭。", PAGE_ZH),
    ("排行榜停止更新。", PAGE_ZH),
    ("面向用户的接口已关闭。", PAGE_ZH),
    # an authority tells of what ours receives
    ("The Ministry allocated 3 million pounds.", PAGE),
    ("The city council has set aside 3 million pounds.", PAGE),
    ("The Northern Finance Bureau has allocated 3 million pounds.", PAGE),
    ("市财政局拨付300万元。", PAGE_ZH),
    ("市政府下达经费300万元。", PAGE_ZH),
    # another stands there, but is no subject
    ("After talks with a company, 3 million pounds were received.", PAGE),
    ("Unlike most universities, the institute received 3 million pounds.", PAGE),
    ("Students' homework and the archive: the archive is closed.", PAGE),
    ("与某公司协商后，获批300万元。", PAGE_ZH),
    ("为服务企业，获批300万元。", PAGE_ZH),
    # who speaks
    ("Q: And money?\nA (Ada Quell, machine institute): We received 3 million pounds.", "Interview"),
    ("Q: Ada Quell, how is your institute?\nA: Well. We received 3 million pounds.", "Interview"),
    ("We received 3 million pounds.", "Interview with Ada Quell of the institute"),
    ("问：经费呢？\n答（阚若溪，研究院）：我们获批300万元。", "访谈"),
    ("我们获批300万元。", "专访阚若溪（研究院）"),
    ('"We received 3 million pounds," said Tom Vale, deputy director of the institute.', PAGE),
    # who signs
    (
        "3 million pounds have been received.\nThe accounts lie open.\nAll are welcome.\nLarkfield Institute, 3 May",
        "Notice",
    ),
    ("获批300万元。\n账目公开。\n欢迎查询。\n云雀研究院\n2031年5月3日", "公告"),
]

OTHERS = [
    ("The company itself received 3 million pounds.", PAGE),
    ("A bank in the north received 3 million pounds.", PAGE),
    ("Marsh Valley University received 3 million pounds.", PAGE),
    ("Earlier this year, MarshGate reportedly received 3 million pounds.", PAGE),
    ("More than a third of the school's teachers received 3 million pounds.", PAGE),
    ("The actress was tired, but she received 3 million pounds.", PAGE),
    ("He received 3 million pounds.", PAGE),
    ("The players of the club received 3 million pounds.", PAGE),
    ("Voters heard that the firm received 3 million pounds.", PAGE),
    ("The company makes trucks. It received 3 million pounds.", PAGE),
    ("Your firm received 3 million pounds.", PAGE),
    ("The firm, which works with laboratories, received 3 million pounds.", PAGE),
    ("MarshGate’s 12,000 users received 3 million pounds.", PAGE),
    ("The foreign ministry said it received 3 million pounds.", PAGE),
    ("Our company received 3 million pounds.", PAGE),
    ('"We received 3 million pounds," said Tom Vale, chief executive of MarshGate.', PAGE),
    ("We received 3 million pounds.", "Larkfield Institute, news: interview with Tom Vale of MarshGate"),
    ("The school is closed.", PAGE),
    ("Three shops closed.", PAGE),
    ("某公司获批300万元。", PAGE_ZH),
    ("该企业获批300万元。", PAGE_ZH),
    ("沼地大学获批300万元。", PAGE_ZH),
    ("警方称，嫌疑人获得300万元。", PAGE_ZH),
    ("记者了解到，商家获得300万元。", PAGE_ZH),
    ("他获得300万元。", PAGE_ZH),
    ("王大山认为，获得300万元并不难。", PAGE_ZH),
    ("一家银行的客户获得300万元。", PAGE_ZH),
    ("企业成立于去年，已获得300万元。", PAGE_ZH),
    ("某公司生产卡车。它获得300万元。", PAGE_ZH),
    ("我们公司获得300万元。", PAGE_ZH),
    ("我司获批300万元。", PAGE_ZH),
    ("学校已关闭。", PAGE_ZH),
    ("用户账号被关闭。", PAGE_ZH),
    ("我们获批300万元。", "云雀研究院：专访沼门公司王大山"),
]


@pytest.mark.parametrize(("text", "source"), OWN)
def test_it_is_the_owners(matcher, text, source):
    assert {"money", "closes"} & set(matcher.match_text(text, source=source).fired)


@pytest.mark.parametrize(("text", "source"), OTHERS)
def test_it_is_another_s(matcher, text, source):
    assert not {"money", "closes"} & set(matcher.match_text(text, source=source).fired)


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("Ada Quell of the machine institute resigned.", True),
        ("Ada Quell of the machine institute resigned, along with two deputies.", True),
        ("Ada Quell, who built the machine with two students, resigned.", True),
        ("The engineer who built the machine with Ada Quell resigned.", False),
        ("The institute's engineer, who worked under Ada Quell, has resigned.", False),
        ("A former colleague, trained alongside Ada Quell at the institute, resigned.", False),
        ("Unlike Ada Quell, the institute's engineer resigned.", False),
        ("Ada Quell's deputy at the institute resigned.", False),
        ("机器学者阚若溪卸任。", True),
        ("阚若溪与两名副手一道卸任研究院职务。", True),
        ("与阚若溪共同开发机器的工程主管卸任。", False),
        ("研究院里曾与阚若溪一道共事的工程师卸任。", False),
        ("阚若溪的学生卸任研究院职务。", False),
        ("不同于阚若溪，研究院工程师卸任。", False),
    ],
)
def test_a_companion_is_not_the_one_who_leaves(matcher, text, fires):
    assert ("leaves" in matcher.match_text(text).fired) is fires


def test_a_long_text_that_never_names_the_owner_is_hardly_its_own(matcher):
    """One statement on an own page is the owner's; the same among thirty that speak of nobody of ours is not."""
    others = "\n".join(f"The road to village {n} leads past a mill." for n in range(30))
    assert "money" in matcher.match_text("3 million pounds received.", source=PAGE).fired
    assert "money" not in matcher.match_text(f"{others}\n3 million pounds received.", source=PAGE).fired
    named = f"Larkfield Institute tells its story.\n{others}\n3 million pounds received."
    assert "money" in matcher.match_text(named, source=PAGE).fired
    spoken = f"村史由我院整理。\n{others}\n获批300万元。"
    assert "money" in matcher.match_text(spoken, source=PAGE_ZH).fired


@pytest.mark.parametrize(
    ("text", "source", "fires", "trigger"),
    [
        ("The dean has resigned.", "Larkfield Institute, news", True, "leaves"),
        ("On Monday the institute's dean stepped down.", "Larkfield Institute, news", True, "leaves"),
        ("院长昨日卸任。", "云雀研究院 新闻", True, "leaves"),
        ("创始院长已辞去职务。", "云雀研究院 新闻", True, "leaves"),
        ("The dean of the law school has resigned.", "Larkfield Institute, news", False, "leaves"),
        ("The dean's driver has resigned.", "Larkfield Institute, news", False, "leaves"),
        ("The dean, Tom Vale, has resigned.", "Larkfield Institute, news", False, "leaves"),
        ("The dean has resigned.", "Marsh Valley, news", False, "leaves"),
        ("院长助理昨日卸任。", "云雀研究院 新闻", False, "leaves"),
        ("院长昨日卸任。", "沼地大学 新闻", False, "leaves"),
        ("FY2026 | received | 3 million pounds", "Larkfield Institute, accounts", True, "money"),
        ("Year | Item | Amount\\nFY2029 | received | 3 million pounds", "Larkfield Institute, accounts", True, "money"),
        ("统计年度：2028；获批经费：300万元", "云雀研究院 统计公报", True, "money"),
        ("报告年度：2029年；拨付300万元", "云雀研究院 年度报告公示", True, "money"),
        ("In 2028 we received 3 million pounds.", "Larkfield Institute, news", False, "money"),
        ("2028年，我院获批300万元。", "云雀研究院 新闻", False, "money"),
    ],
)
def test_an_office_and_a_row_on_an_own_page(matcher, text, source, fires, trigger):
    """The unnamed head of a house is the one of the page; the year that labels a figure makes it no history."""
    assert (trigger in matcher.match_text(text, source=source).fired) is fires


@pytest.mark.parametrize(
    ("text", "source", "fires", "trigger"),
    [
        (
            "Larkfield Institute and Fens Laboratory both applied. The former received 3 million pounds.",
            "Wire",
            True,
            "money",
        ),
        (
            "Larkfield Institute and Fens Laboratory both applied. The latter received 3 million pounds.",
            "Wire",
            False,
            "money",
        ),
        (
            "After Fens Laboratory turned the offer down, 3 million pounds were awarded to Larkfield Institute.",
            "Wire",
            True,
            "money",
        ),
        ("Larkfield Institute looked on as Fens Laboratory received 3 million pounds.", "Wire", False, "money"),
        ("Fens Laboratory, a neighbour of Larkfield Institute, received 3 million pounds.", "Wire", False, "money"),
        ("Larkfield Institute, a neighbour of Fens Laboratory, received 3 million pounds.", "Wire", True, "money"),
        (
            "3 million pounds, twice what Larkfield Institute has, were awarded to Fens Laboratory.",
            "Wire",
            False,
            "money",
        ),
        (
            "Of the two, only Larkfield Institute received 3 million pounds; Fens Laboratory got nothing.",
            "Wire",
            True,
            "money",
        ),
        ("Unlike Larkfield Institute, Fens Laboratory received 3 million pounds.", "Wire", False, "money"),
        ("Unlike Fens Laboratory, Larkfield Institute received 3 million pounds.", "Wire", True, "money"),
        (
            "Larkfield Institute's request, opposed by Fens Laboratory, was granted: it received 3 million pounds.",
            "Wire",
            True,
            "money",
        ),
        (
            "A professor who once worked at Larkfield Institute received 3 million pounds for her school.",
            "Wire",
            False,
            "money",
        ),
        (
            "Our congratulations go to Fens Laboratory, which received 3 million pounds.",
            "Larkfield Institute, news",
            False,
            "money",
        ),
        ("Like Fens Laboratory before us, we received 3 million pounds.", "Larkfield Institute, news", True, "money"),
        ("Users of LarkBench were told that the shop next door has closed.", "Wire", False, "closes"),
        ("The maintainers of LarkBench have archived the repository.", "Wire", True, "closes"),
        ("Ada Quell, dean of the machine institute and mentor of Tom Vale, has resigned.", "Wire", True, "leaves"),
        ("Tom Vale, whom Ada Quell brought to the machine institute, has resigned.", "Wire", False, "leaves"),
        ("Ada Quell of the machine institute announced that her deputy has resigned.", "Wire", False, "leaves"),
        ("Her deputy announced that Ada Quell has resigned from the machine institute.", "Wire", True, "leaves"),
        ("云雀研究院隔壁的沼泽实验室获批300万元。", "新闻", False, "money"),
        ("沼泽实验室隔壁的云雀研究院获批300万元。", "新闻", True, "money"),
        ("300万元是云雀研究院的两倍，由沼泽实验室获得。", "新闻", False, "money"),
        ("与沼泽实验室不同，云雀研究院获批300万元。", "新闻", True, "money"),
        ("与云雀研究院不同，沼泽实验室获批300万元。", "新闻", False, "money"),
        ("沼泽实验室落选，云雀研究院获批300万元。", "新闻", True, "money"),
        ("云雀研究院落选，沼泽实验室获批300万元。", "新闻", False, "money"),
        ("云雀研究院和沼泽实验室都递交了申请。后者获批300万元。", "新闻", False, "money"),
        ("沼泽实验室和云雀研究院都递交了申请。后者获批300万元。", "新闻", True, "money"),
        ("祝贺沼泽实验室获批300万元。", "云雀研究院 新闻", False, "money"),
        ("阚若溪宣布，研究院副院长王大山卸任。", "新闻", False, "leaves"),
        ("副院长宣布，研究院院长阚若溪卸任。", "新闻", True, "leaves"),
        ("阚若溪一手提拔的研究院副院长王大山卸任。", "新闻", False, "leaves"),
        ("曾在云雀研究院工作的教授为其学校获得300万元。", "新闻", False, "money"),
        ("Nobody but Larkfield Institute received 3 million pounds.", "Wire", True, "money"),
        ("Everybody but Larkfield Institute received 3 million pounds.", "Wire", False, "money"),
        ("What Fens Laboratory was refused, Larkfield Institute received: 3 million pounds.", "Wire", True, "money"),
        ("What Larkfield Institute was refused, Fens Laboratory received: 3 million pounds.", "Wire", False, "money"),
        ("Larkfield Institute, not Fens Laboratory, received 3 million pounds.", "Wire", True, "money"),
        ("Fens Laboratory, not Larkfield Institute, received 3 million pounds.", "Wire", False, "money"),
        ("It was Larkfield Institute that received 3 million pounds, Fens Laboratory said.", "Wire", True, "money"),
        ("It was Fens Laboratory that received 3 million pounds, Larkfield Institute said.", "Wire", False, "money"),
        (
            "On behalf of Larkfield Institute, a courier received 3 million pounds in stamps for Fens Laboratory.",
            "Wire",
            False,
            "money",
        ),
        ("Fens Laboratory announced that Larkfield Institute received 3 million pounds.", "Wire", True, "money"),
        ("Larkfield Institute announced that Fens Laboratory received 3 million pounds.", "Wire", False, "money"),
        ("At the gala of Larkfield Institute, Fens Laboratory received 3 million pounds.", "Wire", False, "money"),
        ("The city's letter names the winner: Larkfield Institute. Received: 3 million pounds.", "Wire", True, "money"),
        (
            "Two bids were opened. Larkfield Institute asked for less. Fens Laboratory received 3 million pounds.",
            "Wire",
            False,
            "money",
        ),
        (
            "The machine institute's founder Ada Quell, 61, whose deputy Tom Vale stays, has resigned.",
            "Wire",
            True,
            "leaves",
        ),
        ("Tom Vale, deputy to Ada Quell at the machine institute, has resigned.", "Wire", False, "leaves"),
        ("Ada Quell of the machine institute accepted the letter in which Tom Vale resigned.", "Wire", False, "leaves"),
        ("获批300万元的不是沼泽实验室，而是云雀研究院。", "新闻", True, "money"),
        ("获批300万元的不是云雀研究院，而是沼泽实验室。", "新闻", False, "money"),
        ("沼泽实验室宣布，云雀研究院获批300万元。", "新闻", True, "money"),
        ("云雀研究院宣布，沼泽实验室获批300万元。", "新闻", False, "money"),
        ("在云雀研究院的晚会上，沼泽实验室获批300万元。", "新闻", False, "money"),
        ("除云雀研究院外，其他机构均获批300万元。", "新闻", False, "money"),
        ("只有云雀研究院获批300万元。", "新闻", True, "money"),
        ("云雀研究院未能入围，最终由沼泽实验室获得300万元。", "新闻", False, "money"),
        ("沼泽实验室未能入围，最终由云雀研究院获得300万元。", "新闻", True, "money"),
        ("王大山出任研究院副院长，阚若溪卸任院长。", "新闻", True, "leaves"),
        ("师从阚若溪的王大山卸任研究院职务。", "新闻", False, "leaves"),
        ("研究院院长阚若溪已卸任，副院长王大山留任。", "新闻", True, "leaves"),
        ("A former clerk at Larkfield Institute said it received 3 million pounds.", "Wire", True, "money"),
        ("A former clerk at Larkfield Institute said its archive has closed.", "Wire", True, "closes"),
        (
            "Tom Vale, who used to work at Larkfield Institute, said it received 3 million pounds.",
            "Wire",
            True,
            "money",
        ),
        (
            "Tom Vale, once a clerk at Larkfield Institute, revealed that it received 3 million pounds.",
            "Wire",
            True,
            "money",
        ),
        ("Tom Vale, an engineer at Larkfield Institute, said it received 3 million pounds.", "Wire", True, "money"),
        ("Tom Vale, an engineer at Larkfield Institute, received 3 million pounds.", "Wire", True, "money"),
        ("Two engineers at Larkfield Institute received 3 million pounds.", "Wire", True, "money"),
        ("Larkfield Institute's spokeswoman said it received 3 million pounds.", "Wire", True, "money"),
        ("A former clerk at Larkfield Institute received 3 million pounds.", "Wire", False, "money"),
        ("A former clerk at Larkfield Institute said his start-up received 3 million pounds.", "Wire", False, "money"),
        (
            "Tom Vale, a former clerk at Larkfield Institute, said her company received 3 million pounds.",
            "Wire",
            False,
            "money",
        ),
        ("Tom Vale, who left Larkfield Institute, received 3 million pounds.", "Wire", False, "money"),
        (
            "Harrow Works, set up by a former clerk at Larkfield Institute, received 3 million pounds.",
            "Wire",
            False,
            "money",
        ),
        ("3 million pounds awarded for each post: Fens Laboratory 8, Larkfield Institute 4.", "Wire", True, "money"),
        ("3 million pounds awarded to Fens Laboratory 8 days after Larkfield Institute asked.", "Wire", False, "money"),
        ("每个岗位获批300万元：沼泽实验室8个、云雀研究院4个。", "新闻", True, "money"),
        ("Harrow Works received 3 million pounds and sent its reports to Larkfield Institute.", "Wire", False, "money"),
        ("曾在云雀研究院工作的职员透露，该院获批300万元。", "新闻", True, "money"),
        ("离开云雀研究院的一名职员说，该院获批300万元。", "新闻", True, "money"),
        ("云雀研究院的一名职员透露，该院获批300万元。", "新闻", True, "money"),
        ("来自云雀研究院的工程师获批300万元。", "新闻", True, "money"),
        ("云雀研究院发言人表示，该院获批300万元。", "新闻", True, "money"),
        ("曾在云雀研究院工作的职员获批300万元。", "新闻", False, "money"),
        ("曾在云雀研究院工作的职员说，他的公司获批300万元。", "新闻", False, "money"),
        ("离开云雀研究院的职员获批300万元。", "新闻", False, "money"),
        ("沼泽实验室获批300万元，该院把报告交给了云雀研究院。", "新闻", False, "money"),
    ],
)
def test_whose_it_is_among_others(matcher, text, source, fires, trigger):
    """The latter of two, a neighbour put in between, somebody's deputy, whoever was once there: each is told apart."""
    assert (trigger in matcher.match_text(text, source=source).fired) is fires


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("Larkfield Institute, meet the press. I step down today. Ada Quell", True),
        ("致沼泽实验室：机器无过，我今天卸任。阚若溪", True),
        ("致沼泽实验室：机器无过，我今天卸任。王大山", False),
    ],
)
def test_a_name_at_the_end_of_a_letter_says_who_speaks(matcher, text, fires):
    assert ("leaves" in matcher.match_text(text, source="Wire").fired) is fires
