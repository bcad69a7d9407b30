"""Every JSON endpoint of the shipped catalogue, asked and read as declared.

The answers are invented, in the shape in which each service documents or is known to answer; `empty` is how it says
that it found nothing, `refusal` how it declines.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.catalogue import load
from crawler.fetch.attempt import LONGEST_URL
from crawler.kinds import KINDS
from storage.records import Ask, Capture, Health

CHECKOUT = Path(__file__).resolve().parents[2]
NOW = datetime(2031, 3, 5, 6, 0, tzinfo=UTC)
HUGGING = {
    "_id": "65",
    "id": "harbour/tides",
    "author": "harbour",
    "sha": "abc",
    "lastModified": "2031-03-01T00:00:00.000Z",
    "private": False,
    "tags": ["task:tides", "region:us"],
    "sdk": "gradio",
    "downloads": 12,
    "likes": 3,
    "createdAt": "2031-02-01T00:00:00.000Z",
    "siblings": [{"rfilename": "app.py"}, {"rfilename": "results.csv"}],
}
REPOSITORY = {
    "id": 17,
    "full_name": "harbour/tools",
    "description": "Tools of the harbour 港口工具",
    "topics": ["tides"],
    "created_at": "2031-02-01T00:00:00Z",
    "updated_at": "2031-03-04T00:00:00Z",
    "stargazers_count": 5,
    "html_url": "https://github.com/harbour/tools",
}
REPOSITORIES = {"total_count": 1, "incomplete_results": False, "items": [REPOSITORY]}
ARTICLE = {
    "url": "https://press.example/a",
    "title": "港口墙修复",
    "seendate": "20310301T060000Z",
    "domain": "press.example",
    "language": "Chinese",
    "sourcecountry": "China",
}
PAPER = {
    "id": "https://openalex.org/W1",
    "title": "Tide tables",
    "publication_date": "2031-02-20",
    "authorships": [
        {"author": {"display_name": "Ada Quay"}, "raw_affiliation_strings": ["Harbour Institute, Port"]},
        {"author": {"display_name": "钟海湾"}, "raw_affiliation_strings": []},
    ],
}
POST = {
    "_id": "p1",
    "title": "On harbours",
    "slug": "on-harbours",
    "postedAt": "2031-03-04T01:02:03.000Z",
    "pageUrl": "https://www.lesswrong.com/posts/p1/on-harbours",
    "contents": {"html": "<p>They are <b>old</b>.</p>"},
}
POSTS = {"data": {"posts": {"results": [POST]}}}
NO_POSTS = {"data": {"posts": {"results": []}}}
GRAPHQL_REFUSAL = {"errors": [{"message": "Unknown argument"}], "data": None}
REGISTER = {
    "document_number": "2031-1",
    "title": "Additions to a list",
    "abstract": "Ports are added.",
    "type": "Rule",
    "publication_date": "2031-03-01",
    "html_url": "https://www.federalregister.gov/d/2031-1",
}
LIMIT = "Please limit requests to one every 5 seconds."

# id: (answer, key, url, date, a line of the text, an empty answer, a refusal)
ENDPOINTS = {
    "bjaisi-subdomains": (
        [
            {
                "id": 9,
                "common_name": "new.harbour.example",
                "name_value": "new.harbour.example\nwww.harbour.example",
                "not_before": "2031-03-01T00:00:00",
            }
        ],
        "new.harbour.example www.harbour.example",
        "https://crt.sh/?id=9",
        "2031-03-01",
        "www.harbour.example",
        [],
        "<html><head><title>crt.sh | Bad gateway</title></head></html>",
    ),
    "gh-search-institute": (
        REPOSITORIES,
        "17",
        "https://github.com/harbour/tools",
        "2031-02-01",
        "Tools of the harbour 港口工具",
        {"total_count": 0, "incomplete_results": False, "items": []},
        {"total_count": 0, "incomplete_results": True, "items": []},
    ),
    "gh-search-code": (
        {
            "total_count": 1,
            "incomplete_results": False,
            "items": [
                {
                    "path": "docs/a.md",
                    "html_url": "https://github.com/harbour/tools/blob/abc/docs/a.md",
                    "repository": {"full_name": "harbour/tools", "description": None},
                }
            ],
        },
        "harbour/tools/docs/a.md",
        "https://github.com/harbour/tools/blob/abc/docs/a.md",
        None,
        "harbour/tools/docs/a.md",
        {"total_count": 0, "incomplete_results": False, "items": []},
        {"message": "Requires authentication"},
    ),
    "hf-beijing-aisi-datasets": (
        [HUGGING],
        "harbour/tides",
        "https://huggingface.co/datasets/harbour/tides",
        "2031-02-01",
        "task:tides",
        [],
        {"error": "Invalid username or password."},
    ),
    "hf-beijing-aisi-models": (
        [HUGGING],
        "harbour/tides",
        "https://huggingface.co/harbour/tides",
        "2031-02-01",
        "task:tides",
        [],
        {"error": "x"},
    ),
    "hf-beijing-aisi-spaces": (
        [HUGGING],
        "harbour/tides",
        "https://huggingface.co/spaces/harbour/tides",
        "2031-02-01",
        "gradio",
        [],
        {"error": "x"},
    ),
    "hf-pandaguard-leaderboard": (
        HUGGING,
        "harbour/tides",
        "https://huggingface.co/spaces/harbour/tides",
        "2031-02-01",
        "results.csv",
        None,
        {"error": "Repository not found"},
    ),
    "ggzy": (
        {
            "code": 200,
            "message": "成功",
            "data": {
                "total": 1,
                "records": [
                    {
                        "title": "前瞻算力采购公告",
                        "url": "/information/deal/html/a/1.html",
                        "publishTime": "2031-03-01",
                        "provinceText": "北京",
                        "informationTypeText": "采购公告",
                    }
                ],
            },
        },
        "/information/deal/html/a/1.html",
        "https://www.ggzy.gov.cn/information/deal/html/a/1.html",
        "2031-03-01",
        "采购公告",
        {"code": 200, "data": {"total": 0, "records": []}},
        {"code": 829, "message": "请完成验证码", "data": None},
    ),
    "baai": (
        {"data": [{"id": 5, "title": "港口大会召开", "summary": "<p>港口大会在京召开。</p>"}]},
        "5",
        "https://www.baai.ac.cn/api/news?size=200",
        None,
        "港口大会在京召开。",
        {"data": []},
        {"code": 500},
    ),
    "openalex-affiliation": (
        {"meta": {"count": 1}, "results": [PAPER]},
        "https://openalex.org/W1",
        "https://openalex.org/W1",
        "2031-02-20",
        "钟海湾",
        {"meta": {"count": 0}, "results": []},
        {"error": "Invalid API key", "message": "no"},
    ),
    "openalex-labs": (
        {"meta": {"count": 1}, "results": [PAPER]},
        None,
        None,
        None,
        "Found 1, of which 0 were known: papers with authors of the Beijing Institute of AI Safety and Governance and "
        "of Alibaba.",
        {"meta": {"count": 0}, "results": []},
        {"error": "Invalid API key"},
    ),
    "crossref-affiliation": (
        {
            "status": "ok",
            "message": {
                "items": [
                    {
                        "DOI": "10.1/a",
                        "title": ["Ropes"],
                        "author": [{"given": "Ada", "family": "Quay", "affiliation": [{"name": "Harbour Institute"}]}],
                        "published": {"date-parts": [[2031, 2, 3]]},
                        "URL": "https://doi.org/10.1/a",
                    }
                ]
            },
        },
        "10.1/a",
        "https://doi.org/10.1/a",
        "2031-02-03",
        "Harbour Institute",
        {"status": "ok", "message": {"items": []}},
        {"status": "failed", "message": [{"type": "rate", "message": "too many"}]},
    ),
    "lesswrong-posts": (POSTS, "p1", POST["pageUrl"], "2031-03-04", "They are old.", NO_POSTS, GRAPHQL_REFUSAL),
    "alignmentforum-posts": (POSTS, "p1", POST["pageUrl"], "2031-03-04", "They are old.", NO_POSTS, GRAPHQL_REFUSAL),
    "eaforum-posts": (POSTS, "p1", POST["pageUrl"], None, None, NO_POSTS, GRAPHQL_REFUSAL),
    "gdelt-cnaisda": (
        {"articles": [ARTICLE]},
        "https://press.example/a",
        "https://press.example/a",
        "2031-03-01",
        "press.example, China",
        {},
        LIMIT,
    ),
    "govcn-policy-search": (
        {
            "code": 200,
            "searchVO": {
                "totalCount": 1,
                "catMap": {
                    "gongwen": {"listVO": [], "totalCount": 0},
                    "otherfile": {
                        "listVO": [
                            {
                                "title": "关于<em>前瞻</em>人工智能的通知",
                                "summary": "通知<br/>全文",
                                "url": "https://www.gov.cn/zhengce/a.htm",
                                "pubtimeStr": "2031.03.01",
                                "ptime": 1930000000000,
                            }
                        ]
                    },
                },
            },
        },
        "https://www.gov.cn/zhengce/a.htm",
        "https://www.gov.cn/zhengce/a.htm",
        "2031-02-27",
        "关于前瞻人工智能的通知",
        {"code": 200, "searchVO": {"totalCount": 0, "catMap": {"gongwen": {"listVO": []}}}},
        {"code": 500, "msg": "系统繁忙"},
    ),
    "federal-register-entity-list": (
        {"count": 1, "results": [REGISTER]},
        "2031-1",
        "https://www.federalregister.gov/d/2031-1",
        "2031-03-01",
        "Ports are added.",
        {"count": 0, "description": "Documents matching …"},
        {"errors": {"per_page": "is too large"}},
    ),
    "federal-register-institute": (
        {"count": 1, "results": [REGISTER]},
        None,
        None,
        None,
        "Additions to a list | 2031-03-01",
        {"count": 0, "description": "Documents matching …"},
        {"errors": {"per_page": "is too large"}},
    ),
    "aiid-incidents": (
        {
            "data": {
                "incidents": [{"incident_id": 7, "title": "A buoy", "description": "It sank.", "date": "2031-03-01"}]
            }
        },
        "7",
        "https://incidentdatabase.ai/cite/7",
        "2031-03-01",
        "It sank.",
        {"data": {"incidents": []}},
        GRAPHQL_REFUSAL,
    ),
}
LIKE = {"gh-search-foresightsafety": "gh-search-institute"}
LIKE |= dict.fromkeys(("gdelt-labs", "gdelt-yi-zeng", "gdelt-incident"), "gdelt-cnaisda")


@pytest.fixture(scope="module")
def catalogue():
    return load(CHECKOUT / "sources.yml", CHECKOUT / "triggers.yml")


def read(entry, answer: object):
    told = answer if isinstance(answer, str) else json.dumps(answer)
    url, key = entry.seeds()[0]
    capture = Capture(
        source_id=entry.id,
        url=url,
        final_url=url.partition("#")[0],
        fetched_at=NOW,
        status=200,
        sha256="0" * 64,
        size=len(told),
    )
    ask = Ask(source_id=entry.id, url=url, key=key, found_at=NOW)
    return KINDS[entry.kind].read(capture, told.encode(), ask, entry.options, entry.text, entry.language)


def test_every_endpoint_is_here(catalogue):
    declared = {entry.id for entry in catalogue.sources if entry.kind == "json"}
    assert declared == ENDPOINTS.keys() | LIKE.keys()


@pytest.mark.parametrize("source_id", [*ENDPOINTS, *LIKE])
def test_its_answer_is_read(catalogue, source_id):
    entry = catalogue.source(source_id)
    answer, key, url, date, line, _, _ = ENDPOINTS[LIKE.get(source_id, source_id)]
    result = read(entry, answer)
    assert (result.health, result.detail) == (Health.OK, None)
    if entry.options.fetch_items:
        assert [(ask.key, ask.url) for ask in result.asks] == [(key, url)]
        return
    (text,) = result.texts
    assert text.key == (key or entry.seeds()[0][1])
    assert url is None or text.url == url
    assert date is None or f"{text.published_at:%Y-%m-%d}" == date
    assert any(line in each for each in text.main.splitlines()), text.main
    assert "<" not in text.main


@pytest.mark.parametrize("source_id", [*ENDPOINTS, *LIKE])
def test_nothing_found_is_a_look_and_a_refusal_is_none(catalogue, source_id):
    entry = catalogue.source(source_id)
    *_, empty, refusal = ENDPOINTS[LIKE.get(source_id, source_id)]
    if empty is not None:
        result = read(entry, empty)
        assert (result.health, result.asks, result.news) == (Health.OK, (), False)
        assert [text.main.split(":")[0] for text in result.texts] == (
            ["Nothing found"] if entry.options.absence else []
        )
    told = read(entry, refusal)
    assert told.health is Health.MALFORMED
    assert told.texts == ()


def test_every_request_is_complete(catalogue):
    for entry in catalogue.sources:
        if entry.kind not in ("json", "arxiv", "mediawiki"):
            continue
        for url, _ in entry.seeds():
            asked = KINDS[entry.kind].request(Ask(source_id=entry.id, url=url, found_at=NOW), entry.options, NOW)
            told = asked.url + (asked.body or "")
            assert not any(hole in told for hole in ("{since}", "{today}", "{each}", "{page}", "{offset}", "{cursor}"))
            assert "#" not in asked.url
            assert len(asked.url) < LONGEST_URL
            assert asked.robots is False
            if asked.secret is not None:
                assert asked.secret.host == url.split("/")[2]
    labs = [url for url, _ in catalogue.source("openalex-labs").seeds()]
    assert len(labs) == len(set(labs)) == 9
