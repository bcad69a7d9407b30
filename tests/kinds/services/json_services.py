"""Invented services that answer JSON, each in the form of a real one."""

from __future__ import annotations

import json

from tests.kinds.month import HTML, HUGE, LIMITED, PDF, SLOW, TIGHT, Month, as_json, page
from tests.website import Answer, Asked, redirect

KEY = "key/invented+9f8e7d6c5b4a"
"""With signs that are written otherwise in addresses and in JSON."""
TOKEN = "tok_invented_00112233445566"
ENVIRONMENT = {"HARBOUR_KEY": KEY, "HARBOUR_TOKEN": TOKEN}
ABSENT = "HARBOUR_ABSENT"

WORKS = {
    "items": "results",
    "key": "id",
    "title": "title",
    "text": ["authorships[].author.display_name", "abstract"],
    "time": "publication_date",
    "url": "id",
    "secret": {"env": "HARBOUR_KEY", "parameter": "api_key"},
}


def work(number: int, title: str, *authors: str, day: str = "2031-02-20", abstract: str = "") -> dict:
    return {
        "id": f"https://works.test/W{number}",
        "title": title,
        "publication_date": day,
        "authorships": [{"author": {"display_name": name}} for name in authors],
        "abstract": abstract,
    }


def works(day: int, asked: Asked) -> Answer:
    """OpenAlex: a key in the query, repeated in the answer as careless services do."""
    if asked.query.get("api_key") != KEY:
        return as_json({"error": "Unauthorized", "message": f"no key: {sorted(asked.query)}"}, status=403)
    found = [
        work(1, "Tide tables as a benchmark", "Ada Quay", "Ben Mole"),
        work(2, "潮汐表与机器审慎", "钟海湾", "Ada Quay", abstract="本文考察潮汐表。作者来自海湾机器审慎研究院。"),
    ]
    if day >= 3:
        budget = "The Harbour Institute for Machine Prudence received a dedicated budget of 42 million yuan."
        found.insert(0, work(3, "Who pays for prudence", "Cid Pier", day="2031-03-02", abstract=budget))
    if day >= 4:
        found[1] = work(1, "Tide tables as a benchmark", "Ada Quay", "Ben Mole", "Dora Lock")
    if day >= 5:
        del found[2]
    answer = {"meta": {"count": len(found), "next": f"https://works.test/works?api_key={KEY}"}, "results": found}
    return as_json(answer, headers=[("X-Asked-With", KEY), ("Link", f"<https://works.test/?api_key={KEY}>")])


def articles(day: int, asked: Asked) -> Answer:
    """GDELT: everything that can go wrong, the refusal as plain text with status 200 among it."""
    one = {"url": "https://press.test/a", "title": "Harbour wall mended", "seendate": "20310228T060000Z"}
    two = {"url": "https://press.test/b", "title": "港口墙修复", "seendate": "20310228T070000Z"}
    plain = "Please limit requests to one every 5 seconds or contact us for larger queries."
    return {
        2: LIMITED,
        3: Answer(plain.encode(), media_type="text/html; charset=utf-8"),
        4: Answer(HTML.encode()),
        5: Answer(HUGE, media_type="application/json"),
        6: SLOW,
        30: as_json({}),
    }.get(day) or as_json({"articles": [one, two]})


def mixed(day: int, asked: Asked) -> Answer:
    """Answers that are JSON, and none that this source gives."""
    return {
        2: Answer(b""),
        3: as_json({"error": {"code": 42, "message": "Internal trouble"}}),
        4: PDF,
        5: Answer(b"[" * 100_000, media_type="application/json"),
        6: as_json("just a text"),
        7: as_json({"results": [{"name": "without an id"}]}),
        30: Answer(b'{"results": [{"id": 1', media_type="application/json"),
    }.get(day) or as_json({"results": [{"id": 1, "name": "Pier one"}]})


def posts(day: int, asked: Asked) -> Answer:
    """ForumMagnum: GraphQL by POST, posts since a day, in pages of two."""
    told = json.loads(asked.body)
    query = told["query"]
    assert asked.method == "POST"
    assert "posts(selector" in query
    if day == 2:
        return as_json({"errors": [{"message": "Cannot query field x"}], "data": None})
    every = [(1, "Old ropes" if day < 5 else "Old ropes, counted again"), (2, "Old knots"), (3, "Old sails")]
    if day >= 6:
        del every[1]
    if day >= 3:
        every.insert(0, (4, "On the Harbour Institute"))
    words = "<p>The Harbour Institute received <em>a dedicated budget</em> of 42 million yuan.</p><p>So it lasts.</p>"
    results = [
        {
            "_id": f"p{number}",
            "title": title,
            "postedAt": "2031-03-03T01:02:03.456Z" if number == 4 else "2031-02-25T00:00:00Z",
            "slug": f"post-{number}",
            "contents": {"html": words if number == 4 else f"<p>All about {title.lower()} and their use.</p>"},
        }
        for number, title in every
    ]
    start = int(told["variables"]["offset"])
    return as_json({"data": {"posts": {"results": results[start : start + 2]}}})


def posts_trouble(day: int, asked: Asked) -> Answer:
    """What may come in the place of an answer to GraphQL."""
    one = {"_id": "p1", "title": "Old ropes", "postedAt": "2031-02-25T00:00:00Z"}
    return {
        2: LIMITED,
        3: Answer(b'{"data": {"posts": {"results": [{"_id": "p1"', media_type="application/json"),
        4: Answer(HTML.encode()),
        5: Answer(HUGE, media_type="application/json"),
        6: SLOW,
        7: as_json({"data": {"posts": None}, "errors": [{"message": "Too many requests. Try again later."}]}),
    }.get(day) or as_json({"data": {"posts": {"results": [one]}}})


def authority_trouble(day: int, asked: Asked) -> Answer:
    """The same library while it is unwell: none of this is a look that found nothing."""
    return {
        2: LIMITED,
        3: Answer(b'{"total": 0, "li', media_type="application/json"),
        4: Answer(HTML.encode()),
        5: Answer(HUGE, media_type="application/json"),
        6: SLOW,
        7: as_json({"total": "many", "list": []}),
    }.get(day) or as_json({"total": 0, "list": []})


def tenders(day: int, asked: Asked) -> Answer:
    """A platform of tenders: a form by POST, a code in the answer that is a refusal."""
    assert asked.query["FINDTXT"] == "海湾机器审慎"
    if day == 2:
        return as_json({"code": 829, "message": "请完成验证码", "data": None})
    records = []
    if day >= 4:
        records = [{"url": "/t/1", "title": "海湾机器审慎研究院<em>算力</em>采购公告", "publishTime": "2031-03-04"}]
    return as_json({"code": 200, "message": "成功", "data": {"records": records}})


def authority(day: int, asked: Asked) -> Answer:
    """A library of policies in which the institute must not be found."""
    if day == 2:
        return as_json({"status": "error", "msg": "系统繁忙"})
    if day == 7:
        return as_json({"total": None})
    if day in (4, 5, 6):
        title = "市财政局为海湾机器审慎研究院设立专项预算4200万元。"
        found = [{"title": title, "date": 1930000000}]
        found += [{"title": "市财政局公布海湾机器审慎研究院专项预算执行情况。", "date": 1930050000}] if day > 4 else []
        return as_json({"total": len(found), "list": found})
    return as_json({"total": 0, "list": []})


def shared(day: int, asked: Asked) -> Answer:
    """Papers shared with laboratories: above the baseline from the first look on, for one of two."""
    lab = asked.query["filter"].rpartition(":")[2]
    return as_json({"meta": {"count": 3 if lab == "Anchor" else 2}, "results": []})


def hub(day: int, asked: Asked) -> Answer:
    """A hub of data sets: the whole list; an entity tag."""
    names = ["harbour/tides", "harbour/ropes"]
    if day >= 3:
        names.append("harbour/results")
    if day in (5, 6):
        names.remove("harbour/ropes")
    changed = "2031-03-04" if day >= 4 else "2031-02-01"
    found = [{"id": name, "lastModified": changed if name.endswith("tides") else "2031-02-01"} for name in names]
    return as_json(found, etag=f'"{day}"')


def polite(day: int, asked: Asked) -> Answer:
    """Crossref: our contact in the query, pages by a cursor."""
    assert asked.query["mailto"] == "mailto:test@cruxwatch.example", asked.query
    pages = {"*": (["10.1/a", "10.1/b"], "c2"), "c2": (["10.1/c"], "c3"), "c3": ([], None)}
    names, cursor = pages[asked.query["cursor"]]
    items = [{"DOI": name, "title": [f"Paper {name}"], "published": {"date-parts": [[2031, 2, 1]]}} for name in names]
    return as_json({"message": {"items": items, "next-cursor": cursor}})


def leaving(day: int, asked: Asked) -> Answer:
    """Sends whoever asks with a key to another host, key and all."""
    return redirect(f"http://elsewhere.test{asked.path}&again={KEY}")


def arriving(day: int, asked: Asked) -> Answer:
    return as_json([{"id": 1, "title": "Elsewhere", "said": dict(asked.headers)}])


def tokened(day: int, asked: Asked) -> Answer:
    """GitHub's search: a token in a header is allowed for, not needed."""
    with_token = asked.headers.get("authorization") == f"Bearer {TOKEN}"
    found = [{"id": 1, "full_name": "harbour/tools"}, {"id": 2, "full_name": "secret/of-token"}]
    return as_json({"incomplete_results": day == 2, "items": found[: 2 if with_token else 1]})


def titles(day: int, asked: Asked) -> Answer:
    """A list of titles whose pages have the text."""
    numbers = [1] if day < 3 else [2, 1]
    return as_json([{"id": n, "title": f"Story {n}", "url": f"/story/{n}"} for n in numbers])


def declare(month: Month) -> None:
    """Declare the sources of kind json."""
    items = {"items": "results", "key": "id", "title": "name"}
    month.source("works", "json", "http://works.test/works?sort=newest", works, options=WORKS)
    gdelt = {
        "items": "articles",
        "nothing": "@ == `{}`",
        "key": "url",
        "title": "title",
        "time": "seendate",
        "url": "url",
    }
    month.source("articles", "json", "http://articles.test/doc", articles, options=gdelt, fetch=TIGHT)
    month.source("mixed", "json", "http://mixed.test/", mixed, options=items)
    query = 'query($offset: Int){posts(selector:{new:{after:"{since}"}},limit:2,offset:$offset){results{_id}}}'
    month.source(
        "posts",
        "json",
        "http://posts.test/graphql",
        posts,
        options={
            "method": "POST",
            "body": {"query": query, "variables": {"offset": "{offset}"}},
            "since": "3d",
            "paging": {"by": "offset", "size": 2, "max_pages": 3},
            "items": "data.posts.results",
            "key": "_id",
            "title": "title",
            "text": ["contents.html"],
            "text_is": "html",
            "time": "postedAt",
            "url": "http://posts.test/posts/{_id}/{slug}",
        },
    )
    asking = {
        "method": "POST",
        "body": {"query": "{posts{results{_id title postedAt}}}"},
        "items": "data.posts.results",
        "key": "_id",
        "title": "title",
        "time": "postedAt",
    }
    month.source(
        "posts-trouble", "json", "http://poststrouble.test/graphql", posts_trouble, options=asking, fetch=TIGHT
    )
    missing = {"items": "list", "title": "title", "absence": {"what": "policies that name it", "count": "total"}}
    month.source(
        "authority-trouble", "json", "http://autrouble.test/data", authority_trouble, options=missing, fetch=TIGHT
    )
    month.source(
        "tenders",
        "json",
        "http://tenders.test/list",
        tenders,
        language="zh-Hans",
        options={
            "method": "POST",
            "form": {"FINDTXT": "海湾机器审慎", "PAGENUMBER": "1"},
            "refusals": {"code": ["800", "829"]},
            "items": "data.records",
            "key": "url",
            "title": "title",
            "text_is": "html",
            "time": "publishTime",
            "url": "url",
        },
    )
    month.source(
        "authority",
        "json",
        "http://authority.test/data",
        authority,
        language="zh",
        options={
            "items": "list",
            "title": "title",
            "time": "date",
            "absence": {"what": "提到海湾机器审慎研究院的政策文件", "count": "total"},
        },
    )
    month.source(
        "shared",
        "json",
        "http://shared.test/works",
        shared,
        options={
            "query": {"filter": "affiliation:Harbour,affiliation:{each}"},
            "each": ["Anchor", "Buoy"],
            "items": "results",
            "absence": {"what": "papers shared with {each}", "baseline": 2, "count": "meta.count"},
        },
    )
    whole = {
        "key": "id",
        "title": "id",
        "text": ["lastModified"],
        "url": "http://hub.test/datasets/{id}",
        "complete": True,
    }
    month.source("hub", "json", "http://hub.test/api/datasets?author=harbour", hub, options=whole)
    month.source(
        "polite",
        "json",
        "http://polite.test/works",
        polite,
        options={
            "items": "message.items",
            "key": "DOI",
            "title": "title[0]",
            "time": 'published."date-parts"[0]',
            "query": {"cursor": "{cursor}"},
            "paging": {"by": "cursor", "first": "*", "next": 'message."next-cursor"'},
            "contact_parameter": "mailto",
        },
    )
    keyed = {"key": "id", "title": "title", "secret": {"env": "HARBOUR_KEY", "parameter": "api_key"}}
    month.source("leaving", "json", "http://leaving.test/data?q=harbour", leaving, options=keyed)
    month.serve("http://elsewhere.test/data", arriving)
    token = {"env": "HARBOUR_TOKEN", "header": "Authorization", "prefix": "Bearer ", "required": False}
    found = {"items": "items", "key": "id", "title": "full_name", "refusals": {"incomplete_results": ["true"]}}
    month.source("tokened", "json", "http://tokened.test/search", tokened, options=found | {"secret": token})
    absent = {"env": ABSENT, "parameter": "key"}
    month.source("keyless", "json", "http://keyless.test/a", tokened, options=found | {"secret": absent})
    month.source(
        "tokenless", "json", "http://tokenless.test/a", tokened, options=found | {"secret": token | {"env": ABSENT}}
    )
    pages = {"key": "id", "title": "title", "url": "url", "fetch_items": True}
    month.source("titles", "json", "http://titles.test/list", titles, options=pages)
    month.world.site.put("http://titles.test/robots.txt", "User-agent: *\nDisallow: /list\nDisallow: /story/2\n")
    for number in (1, 2):
        month.world.site.put(f"http://titles.test/story/{number}", page(f"Story {number}"))
