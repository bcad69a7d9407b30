"""What a frame may ask of the text itself: a name, a companion, nothing beside it; names inside names."""

from __future__ import annotations

import pytest
import yaml
from pydantic import TypeAdapter

from crawler.match import Assessment, Matcher

ASSESSMENT = """
id: marsh
title: Marsh Institute (invented)
baseline_date: "2030-01"
entities:
  marsh: { title: Marsh Institute, names: { en: [Marsh Institute], zh_hans: [芦苇研究院] } }
  norland: { title: Norland, kind: group, names: { en: [Norland], zh_hans: [北陆] } }
  others:
    title: other bodies
    kind: group
    names: { en: [Norland Safety Institute], zh_hans: [北陆安全研究所] }
    rival_of: [marsh]
triggers:
  - id: grant
    title: A grant
    statement: The institute is given money.
    direction: upward
    priority: 1
    frames:
      - { name: money named, who: [marsh], own_page: false, event: [granted, 获拨], around: [a joke, 玩笑] }
  - id: treaty
    title: A treaty
    statement: The institute signs with Norland.
    direction: upward
    priority: 1
    frames:
      - name: signed
        event: [signed, 签署]
        roles:
          land: { any: ["{norland}"] }
          body: { any: ["{marsh}"], reach: text, source: false }
"""


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(TypeAdapter(Assessment).validate_python(yaml.safe_load(ASSESSMENT)))


@pytest.mark.parametrize(
    ("text", "source", "fires"),
    [
        ("Marsh Institute was granted a sum.", "", ["grant"]),
        ("A sum was granted.", "Marsh Institute, news", []),
        ("We were granted a sum.", "Marsh Institute, news", ["grant"]),
        ("一笔款项已获拨。", "芦苇研究院", []),
        ("我院一笔款项已获拨。", "芦苇研究院", ["grant"]),
        ("Marsh Institute is ten years old. It was granted a sum.", "", ["grant"]),
        ("Marsh Institute was granted a sum. That is a joke.", "", []),
        ("芦苇研究院获拨一笔款项。这是玩笑。", "", []),
        ("Marsh Institute was granted a sum. It rained. Somebody told a joke.", "", ["grant"]),
        ("Marsh Institute signed with Norland Safety Institute.", "", ["treaty"]),
        ("芦苇研究院与北陆安全研究所签署协议。", "", ["treaty"]),
        ("The two signed, Norland says.", "Marsh Institute, news", []),
        ("The two signed, Norland says. The other is Marsh Institute.", "Wire", ["treaty"]),
        ("Marsh Institute 1,200,000 granted, Norland Safety Institute none.", "", ["grant"]),
    ],
)
def test_a_frame_asks_this_of_the_text(matcher, text, source, fires):
    assert list(matcher.match_text(text, source=source).fired) == fires
