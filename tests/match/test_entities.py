"""Who is meant: names, products, descriptions, pronouns, and those who are easily taken for them."""

from __future__ import annotations

import pytest
import yaml
from pydantic import TypeAdapter

from crawler.match import Assessment, Context, Matcher
from storage.records import Change, ChangeKind, Hunk, HunkKind
from tests.match.reading import CASES, invented


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(invented())


@pytest.mark.parametrize(
    ("text", "source", "fires"),
    [
        ("LIMS received 3 million pounds.", "", True),
        ("lims received 3 million pounds.", "", False),  # a short name in capitals is met in capitals
        ("Ada Quell's institute received 3 million pounds.", "", True),
        ("阚若溪领导的研究院获批300万元。", "", True),
        ("Larkfield Rovers received 3 million pounds.", "", False),
        ("云雀足球俱乐部获批300万元。", "", False),
        ("Larkfields received 3 million pounds.", "", False),
        ("Fens Laboratory received 3 million pounds, Larkfield Institute said.", "", False),
        ("Larkfield Institute received 3 million pounds, Fens Laboratory said.", "", True),
        ("3 million pounds were awarded to Larkfield Institute by Fens Laboratory.", "", True),
        ("We received 3 million pounds.", "Larkfield Institute, news", True),
        ("我院获批300万元。", "云雀研究院", True),
        ("Larkfield Institute is ten years old!! It received 3 million pounds.", "", True),
        ("Marsh & Fen Holdings received 3 million pounds.", "Larkfield Institute, news", False),
        ("A project received 3 million pounds.", "Larkfield Institute, news", True),
        ("我院获批300万元。", "沼泽实验室", False),
        ("Larkfield Institute is ten years old. It received 3 million pounds.", "", True),
        ("云雀研究院成立十年。该院获批300万元。", "", True),
        ("Larkfield Institute is old. Fens Laboratory received 3 million pounds.", "", False),
        ("- Larkfield Institute opens its doors\n- Somebody received 3 million pounds", "", False),
        ("Name | Sum\nLarkfield Institute | closed\nFens Laboratory | received 3 million pounds", "", False),
        ("The city received 3 million pounds.", "", False),
        ("雲雀研究院獲批300萬元。", "", True),
        ("LarkBench2 received 3 million pounds.", "", True),  # a product goes by its version too
        ("LarkBench V2.1 received 3 million pounds.", "", True),
        ("LarkBenches received 3 million pounds.", "", False),
        ("Larkfield Institute no longer lives off Fens Laboratory's grants, and received 3 million pounds.", "", True),
        ("云雀研究院不再靠沼泽实验室的课题费，获批300万元。", "", True),
        ("A harbour received 3 million pounds. The paper does not mention Larkfield Institute.", "", False),
        ("一处港口获批300万元。文中没有提到云雀研究院。", "", False),
        ("Received 3 million pounds:\n- Larkfield Institute", "", True),
        ("Larkfield Institute:\n- received 3 million pounds", "", True),
        ("云雀研究院：（1）获批300万元；（2）迁入新址。", "", True),
        ("ＬａｒｋＢｅｎｃｈ ｒｅｃｅｉｖｅｄ ３ ｍｉｌｌｉｏｎ ｐｏｕｎｄｓ.", "", True),
    ],
)
def test_whose_money_it_is(matcher, text, source, fires):
    assert ("money" in matcher.match_text(text, source=source).fired) is fires


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("Ada Quell of the machine institute resigned.", True),
        ("机器学者阚若溪卸任。", True),
        ("Ada Quell resigned.", False),  # a bare name without any companion may be anybody
        ("阚若溪卸任，其演唱会与研究院无关。", False),
        ("Ada Quell cancelled a concert and resigned, her institute said.", False),
    ],
)
def test_another_person_of_that_name(matcher, text, fires):
    assert ("leaves" in matcher.match_text(text).fired) is fires


def test_the_page_of_an_owner_speaks_of_him(matcher):
    change = Change(
        kind=ChangeKind.CHANGED,
        seen_at=None,
        hunks=(Hunk(position=0, kind=HunkKind.ADDED, new="The leaderboard was archived."),),
    )
    assert [m.trigger_id for m in matcher.match(change, Context(owner="larkfield"))] == ["closes"]
    assert matcher.match(change, Context(owner=None)) == ()


@pytest.fixture(scope="module")
def entangled() -> Matcher:
    """The invented assessment, with a laboratory that is listed abroad too and a dean known by the office."""
    raw = yaml.safe_load((CASES / "invented" / "triggers.yml").read_text(encoding="utf-8"))
    both = {"en": ["Fens Laboratory"], "zh_hans": ["沼泽实验室"]}
    raw["entities"] = {"abroad": {"title": "abroad", "kind": "group", "names": both}, **raw["entities"]}
    raw["entities"]["quell"]["descriptions"] = ["(head|dean) of {larkfield}", "{larkfield}(院长|负责人)"]
    return Matcher(TypeAdapter(Assessment).validate_python(raw))


@pytest.mark.parametrize(
    ("text", "trigger", "fires"),
    [
        ("Fens Laboratory received 3 million pounds, and shares a roof with Larkfield Institute.", "money", False),
        ("Larkfield Institute received 3 million pounds, and shares a roof with Fens Laboratory.", "money", True),
        ("沼泽实验室获批300万元，与云雀研究院同楼。", "money", False),
        ("云雀研究院获批300万元，与沼泽实验室同楼。", "money", True),
        ("The head of Larkfield Institute has resigned.", "leaves", True),
        ("The head of Larkfield Institute's foreign department has resigned.", "leaves", False),
        ("The head of Larkfield Institute's department for guests has resigned.", "leaves", False),
        ("云雀研究院院长已卸任。", "leaves", True),
        ("云雀研究院国际部负责人已卸任。", "leaves", False),
    ],
)
def test_a_name_of_two_and_the_head_of_a_part(entangled, text, trigger, fires):
    """A name listed for two entities counts for both; who heads a part of a body is not its head."""
    assert (trigger in entangled.match_text(text, source="Wire").fired) is fires
