"""Invented days for the tests of the digest: no body, person or page named here exists."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from crawler.coverage import Board, Group, Missed, Standing, TriggerStanding
from crawler.digest.account import Day, DayTrigger
from storage.records import (
    Assertion,
    Capture,
    Change,
    ChangeKind,
    Direction,
    Document,
    Finding,
    Hunk,
    HunkKind,
    Judgement,
    Level,
    Match,
    Note,
    Part,
    Source,
    SourceHealth,
    Version,
)

FROM = datetime(2026, 11, 19, 6, 0, tzinfo=UTC)
TO = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)

TRIGGERS = (
    DayTrigger(
        id="budget-line",
        title="A dedicated budget line for the Lantern Institute",
        direction=Direction.UPWARD,
        priority=1,
        statement="A public budget names the Lantern Institute and gives it money of its own.",
    ),
    DayTrigger(
        id="evaluation",
        title="The Lantern Institute publishes an evaluation of a frontier model",
        direction=Direction.UPWARD,
        priority=2,
    ),
    DayTrigger(
        id="dean-leaves",
        title="The founding dean leaves",
        direction=Direction.DOWNWARD,
        priority=1,
        statement="Dean Ovid Marrow is named as leaving, or another person as dean.",
    ),
    DayTrigger(
        id="network",
        title="The Lantern Institute is a member of the Harbour Network",
        direction=Direction.ABSENCE,
        priority=1,
    ),
    DayTrigger(id="law", title="A law names an institute", direction=Direction.ASSUMPTION, priority=3),
    DayTrigger(
        id="secret",
        title="A classified mandate",
        direction=Direction.ASSUMPTION,
        priority=3,
        not_observable="nothing public would show it",
    ),
)


def source(name: str = "gazette", **more) -> Source:
    told = {
        "id": name,
        "title": f"The {name.title()}",
        "kind": "page",
        "url": f"https://{name}.example/",
        "role": "primary",
        "language": "en",
        "publisher": f"{name.title()} House",
        "tolerance_seconds": 86400,
        "added_at": FROM - timedelta(days=90),
    }
    return Source(**(told | more))


def hunk(kind: str, old: str | None = None, new: str | None = None, position: int = 0, **more) -> Hunk:
    return Hunk(kind=HunkKind(kind), old=old, new=new, position=position, **more)


def match(trigger: str, excerpt: str, words: str, **more) -> Match:
    start = excerpt.index(words)
    told = {
        "trigger_id": trigger,
        "direction": next((t.direction for t in TRIGGERS if t.id == trigger), Direction.UPWARD),
        "side": HunkKind.ADDED,
        "part": Part.MAIN,
        "excerpt": excerpt,
        "start": start,
        "end": start + len(words),
        "score": 0.9,
        "assertion": Assertion.ASSERTED,
    }
    return Match(**(told | more))


def finding(
    number: int,
    *,
    at: Source | None = None,
    title: str = "A page",
    url: str | None = None,
    kind: ChangeKind = ChangeKind.CHANGED,
    level: Level = Level.ROUTINE,
    hunks: tuple[Hunk, ...] = (),
    matches: tuple[Match, ...] = (),
    reasons: tuple[str, ...] = (),
    language: str | None = None,
    published: str | None = None,
    notes: tuple[Note, ...] = (),
    judgements: tuple[Judgement, ...] = (),
    **more,
) -> Finding:
    at = at or source()
    url = url or f"{at.url}{number}"
    seen = FROM + timedelta(hours=1, minutes=number % 1200)
    body = hashlib.sha256(f"body {number}".encode()).hexdigest()
    version = Version(
        id=2 * number,
        sha256=body,
        title=title,
        published_raw=published,
        language=language or at.language,
        main="",
        full="",
        extractor="page/1",
        first_seen_at=seen,
        last_seen_at=seen,
    )
    change = Change(
        id=number,
        document_id=number,
        capture_id=number,
        kind=kind,
        old_version_id=None if kind in (ChangeKind.NEW, ChangeKind.FIRST) else 2 * number - 1,
        new_version_id=2 * number,
        seen_at=seen,
        level=level,
        reasons=reasons,
        hunks=hunks,
        matches=matches,
        **more,
    )
    document = Document(
        id=number, source_id=at.id, key=url, url=url, title=title, first_seen_at=FROM, last_seen_at=seen
    )
    capture = Capture(
        id=number, source_id=at.id, url=url, final_url=url, fetched_at=seen, status=200, sha256=body, size=12_345
    )
    return Finding(
        change=change,
        document=document,
        source=at,
        new=version,
        capture=capture,
        notes=notes,
        judgements=judgements,
    )


def judgement(trigger: str, sentence: str, outcome: str, quotation: str | None, model: str = "oracle-1") -> Judgement:
    """The word of the optional judge on a sentence."""
    return Judgement(
        key=hashlib.sha256(repr((trigger, sentence, model)).encode()).hexdigest(),
        trigger_id=trigger,
        model=model,
        sentence=sentence,
        outcome=outcome,
        quotation=quotation,
        asked_at=TO - timedelta(hours=1),
    )


def note(number: int, said: str | None, trigger: str | None = None) -> Note:
    """A note on the capture of that number, given by hand."""
    return Note(id=number, capture_id=number, note=said, trigger_id=trigger, made_at=TO - timedelta(hours=2))


def well(at: Source, **more) -> SourceHealth:
    told = {"asked": 1, "looked": 1, "last_asked_at": TO, "last_looked_at": TO, "outcome": "captured"}
    return SourceHealth(source=at, **(told | more))


def failing(at: Source, outcome: str, detail: str, since: timedelta, **more) -> SourceHealth:
    told = {
        "asked": 2,
        "looked": 0,
        "last_asked_at": TO - timedelta(hours=2),
        "last_looked_at": TO - since - timedelta(days=1),
        "failing_since": TO - since,
        "outcome": outcome,
        "detail": detail,
    }
    return SourceHealth(source=at, **(told | more))


ZH = source(
    "lantern-zh", title="灯塔研究院", language="zh-Hans", publisher="灯塔研究院", url="https://zh.lantern.example/"
)
TREASURY = source("treasury", title="北湾市财政局", language="zh-Hans", publisher="北湾市财政局")
LANTERN = source("lantern", title="Lantern Institute, news", publisher="Lantern Institute")
HARBOUR = source("harbour", title="Harbour Network, members", publisher="Harbour Network")
COURIER = source("courier", title="The Northbay Courier", role="secondary", publisher="Northbay Courier")
LETTER = source("letter", title="Slow Letter", role="newsletter", publisher="Ada Quill")


def day(**more) -> Day:
    told = {
        "date": "2026-11-20",
        "timezone": "Europe/Berlin",
        "from_at": FROM,
        "to_at": TO,
        "assessment": "How much weight does the Lantern Institute carry?",
        "assessment_id": "lantern",
        "triggers": TRIGGERS,
        "generator": "Cruxwatch 0.1.0",
    }
    return Day(**(told | more))


def well_sources() -> list[SourceHealth]:
    return [well(s) for s in (ZH, TREASURY, LANTERN, HARBOUR, COURIER, LETTER)]


def busy() -> Day:
    """A day with everything in it, in both languages."""
    budget = "2027年部门预算中，灯塔研究院专项经费1.2亿元首次单独列支。"
    report = "The 2027 budget gives the Lantern Institute a line of its own for the first time, 120 million crowns."
    evaluation = "Lantern today publishes its first evaluation of a frontier model, Heron 4, with the full protocol."
    denial = "灯塔研究院否认已加入港湾网络，称双方仅有学术交流。"
    joins = "The Harbour Network welcomes the Lantern Institute as its fourteenth member."
    leaves = "Dean: Ovid Marrow"
    plan = "The Lantern Institute plans to publish an evaluation of Heron 5 in spring."
    old = "The Lantern Institute hosted the spring seminar of the Harbour Network, which it did not join."
    findings = [
        finding(
            101,
            at=TREASURY,
            title="2027年部门预算公开",
            kind=ChangeKind.NEW,
            level=Level.ALERT,
            published="2026年11月19日",
            hunks=(
                hunk("added", new="# 2027年部门预算公开", position=0),
                hunk("added", new="一般公共预算支出共计38.6亿元，比上年增长4.1%。", position=1),
                hunk("added", new=budget, position=2, heading="科学技术支出"),
            ),
            matches=(
                match(
                    "budget-line",
                    budget,
                    "专项经费1.2亿元首次单独列支",
                    score=0.97,
                    language="zh-Hans",
                    reasons=("names 灯塔研究院 and a sum in one sentence", "primary source", "new to the archive"),
                ),
            ),
            reasons=("a trigger of priority 1 in a primary source",),
        ),
        finding(
            102,
            at=COURIER,
            title="City finds 120 million for Lantern",
            kind=ChangeKind.NEW,
            level=Level.ALERT,
            hunks=(hunk("added", new=report),),
            matches=(
                match(
                    "budget-line",
                    report,
                    "a line of its own for the first time",
                    assertion=Assertion.REPORTED,
                    score=0.88,
                    language="en",
                    reasons=("names Lantern Institute and a budget in one sentence", "a report of the event"),
                ),
            ),
        ),
        finding(
            103,
            at=LETTER,
            title="Slow Letter 88: money at last",
            kind=ChangeKind.NEW,
            level=Level.NOTABLE,
            hunks=(hunk("added", new=report), hunk("added", new="I had given up hope of seeing this.", position=1)),
            matches=(match("budget-line", report, "a line of its own", assertion=Assertion.REPORTED, score=0.8),),
        ),
        finding(
            104,
            at=LANTERN,
            title="Heron 4: what we measured",
            kind=ChangeKind.NEW,
            level=Level.ALERT,
            published="19 Nov 2026",
            hunks=(hunk("added", new=evaluation), hunk("added", new="The protocol has eleven tasks.", position=1)),
            matches=(
                match(
                    "evaluation",
                    evaluation,
                    "publishes its first evaluation",
                    score=0.94,
                    language="en",
                    reasons=("the institute itself speaks", "frontier model named"),
                ),
            ),
        ),
        finding(
            105,
            at=LETTER,
            title="Slow Letter 88: what is next",
            level=Level.NOTABLE,
            hunks=(hunk("added", new=plan),),
            matches=(
                match(
                    "evaluation",
                    plan,
                    "plans to publish",
                    assertion=Assertion.PLANNED,
                    score=0.55,
                    reasons=("a plan without a decision",),
                ),
            ),
            judgements=(judgement("evaluation", plan, "no", "plans to publish"),),
        ),
        finding(
            106,
            at=LANTERN,
            title="Who we are",
            level=Level.ALERT,
            hunks=(
                hunk("removed", old=leaves, heading="Leadership", before="Our people"),
                hunk(
                    "edited",
                    old="Deputy deans: Ines Calloway, Tomas Wren",
                    new="Deputy deans: Tomas Wren",
                    position=1,
                    heading="Leadership",
                ),
                hunk("added", new="Page views: 12,201", position=2, noise="counter"),
            ),
            matches=(
                match(
                    "dean-leaves",
                    leaves,
                    "Ovid Marrow",
                    side=HunkKind.REMOVED,
                    score=0.81,
                    language="en",
                    reasons=("the name is gone from the leadership page", "no other dean is named"),
                ),
            ),
        ),
        finding(
            107,
            at=HARBOUR,
            title="Members",
            level=Level.ALERT,
            hunks=(hunk("added", new=joins),),
            matches=(
                match(
                    "network",
                    joins,
                    "welcomes the Lantern Institute as its fourteenth member",
                    language="en",
                    reasons=("the network itself speaks", "both bodies in one sentence"),
                ),
            ),
        ),
        finding(
            108,
            at=ZH,
            title="关于近期报道的说明",
            kind=ChangeKind.NEW,
            notes=(note(108, "Sent to me by a colleague in Northbay; 公众号原文已删。", "network"),),
            level=Level.ALERT,
            published="2026-11-19",
            hunks=(hunk("added", new=denial),),
            matches=(
                match(
                    "network",
                    denial,
                    "否认已加入港湾网络",
                    assertion=Assertion.NEGATED,
                    against=True,
                    language="zh-Hans",
                    reasons=("a denial by the body itself",),
                ),
            ),
        ),
        finding(
            109,
            at=COURIER,
            title="Five things to know about Lantern",
            level=Level.NOTABLE,
            hunks=(hunk("added", new=old),),
            matches=(
                match(
                    "network",
                    old,
                    "which it did not join",
                    known=True,
                    against=True,
                    assertion=Assertion.NEGATED,
                    reasons=("the assessment holds this already",),
                ),
            ),
        ),
        finding(
            110,
            at=LANTERN,
            title="Terms of reference",
            level=Level.NOTABLE,
            reasons=("numbers changed", "a sentence of obligation changed"),
            hunks=(
                hunk(
                    "edited",
                    old="The council meets at least once a year and publishes its minutes within ninety days of the "
                    "meeting, unless two thirds of its members decide otherwise in a vote taken in public.",
                    new="The council meets at least twice a year and publishes its minutes within thirty days of the "
                    "meeting, unless two thirds of its members decide otherwise in a vote taken in public.",
                    heading="3. The council",
                    before="The council has nine members.",
                ),
                hunk(
                    "removed",
                    old="Its budget is part of the budget of the host university.",
                    position=3,
                    heading="4. Money",
                ),
                hunk(
                    "moved",
                    old="The dean reports to the council.",
                    new="The dean reports to the council.",
                    position=4,
                    heading="3. The council",
                ),
            ),
        ),
        finding(
            111,
            at=ZH,
            title="组织机构",
            level=Level.NOTABLE,
            reasons=("main text edited",),
            hunks=(
                hunk(
                    "edited",
                    old="研究院下设三个研究中心，现有专职研究人员四十二名。",
                    new="研究院下设五个研究中心，现有专职研究人员六十名，另设国际合作办公室。",
                    heading="概况",
                ),
                hunk(
                    "added",
                    new="国际合作办公室主任由副院长兼任。",
                    position=1,
                    heading="概况",
                    before="研究院下设五个研究中心，现有专职研究人员六十名，另设国际合作办公室。",
                ),
            ),
        ),
        finding(
            112,
            at=COURIER,
            title="The week in Northbay",
            hunks=(hunk("added", new="Rain."), hunk("removed", old="Sun.")),
        ),
        finding(113, at=ZH, title="通知公告", kind=ChangeKind.NEW),
        finding(114, at=HARBOUR, title="Old statutes", kind=ChangeKind.GONE),
        finding(
            115,
            at=COURIER,
            title="Front page",
            level=Level.NOISE,
            hunks=(hunk("added", new="x", noise="rotating teaser"),),
        ),
        finding(116, at=LANTERN, title="Home", kind=ChangeKind.RETURNED, level=Level.NOISE),
    ]
    health = [
        *well_sources(),
        *(
            well(source(f"well-{n}", language="zh-Hans" if n % 3 else "en"), asked=n % 2, looked=n % 2)
            for n in range(20)
        ),
        failing(
            source("ministry", title="北湾市科学技术委员会", language="zh-Hans"),
            "failed",
            "timed out after 60 s",
            timedelta(days=6),
        ),
        failing(source("registry", title="Registry of Institutes"), "disallowed", "Disallow: /", timedelta(days=40)),
        failing(
            source("forum", title="Northbay Forum", role="secondary"),
            "bot challenge",
            "title says “Just a moment”",
            timedelta(hours=20),
        ),
        well(
            source("quill", title="Quill Notes", role="newsletter"),
            quiet=True,
            usual_gap_seconds=7 * 86400.0,
            last_news_at=TO - timedelta(days=25),
        ),
        well(source("archive", title="City Archive"), asked=3, looked=1),
        well(
            source("wall", title="A walled page", observable=False, why_not="the site forbids robots"),
            asked=0,
            looked=0,
        ),
    ]
    return day(findings=findings, health=health, captures=48, board=board())


def board() -> Board:
    """The triggers of the busy day, in every standing."""
    ministry = Missed(
        id="ministry",
        title="北湾市科学技术委员会",
        role="primary",
        language="zh-Hans",
        why="failed",
        detail="timed out after 60 s",
        since_at=TO - timedelta(days=6),
        last_looked_at=TO - timedelta(days=7),
    )
    wall = Missed(
        id="wall", title="A walled page", role="primary", language=None, why="never asked", detail="it forbids robots"
    )
    forum = Missed(id="forum", title="Northbay Forum", role="secondary", language="en", why="not asked yet")

    def row(trigger: DayTrigger, standing: Standing, **more) -> TriggerStanding:
        told = {
            "all": Group(sources=4, in_sight=4, coverage=0.967),
            "primary": Group(sources=3, in_sight=3, coverage=0.96),
            "others": Group(sources=4, in_sight=4, coverage=0.967),
            "chance_day": 0.9712,
            "chance_week": 1.0,
        }
        about = {"id": trigger.id, "title": trigger.title, "direction": trigger.direction, "priority": trigger.priority}
        return TriggerStanding(**about, standing=standing, **(told | more))

    chinese = Group(sources=2, in_sight=1, coverage=0.55)
    rows = (
        row(TRIGGERS[0], Standing.FOR, evidence=3, against=1, new=2, newest_at=TO - timedelta(hours=3)),
        row(TRIGGERS[1], Standing.AGAINST, against=1, new=1, newest_at=TO - timedelta(hours=5)),
        row(
            TRIGGERS[2],
            Standing.CANNOT_SAY,
            why="1 of 3 primary sources out of sight",
            all=Group(sources=4, in_sight=1, coverage=0.41),
            chinese=chinese,
            chinese_primary=chinese,
            missed=(ministry, wall, forum),
        ),
        *(row(trigger, Standing.NONE, all=Group(sources=1, in_sight=1, coverage=1.0)) for trigger in TRIGGERS[3:-1]),
        TriggerStanding(
            id=TRIGGERS[-1].id,
            title=TRIGGERS[-1].title,
            direction=TRIGGERS[-1].direction,
            priority=TRIGGERS[-1].priority,
            standing=Standing.NOT_OBSERVABLE,
            why="nobody writes it down",
        ),
    )
    beyond = (("The Institute has the ear of the mayor.", "Conversations leave no page behind."),)
    return Board(from_at=TO - timedelta(days=30), to_at=TO, rows=rows, beyond=beyond)


def quiet() -> Day:
    """Nothing happened, and much was looked at."""
    health = [
        *well_sources(),
        *(
            well(source(f"well-{n}", language="zh-Hans" if n % 3 else "en"), asked=n % 2, looked=n % 2)
            for n in range(20)
        ),
        well(
            source("wall", title="A walled page", observable=False, why_not="the site forbids robots"),
            asked=0,
            looked=0,
        ),
    ]
    findings = [
        finding(112, at=COURIER, title="The week in Northbay", hunks=(hunk("added", new="Rain."),)),
        finding(
            115, at=COURIER, title="Front page", level=Level.NOISE, hunks=(hunk("added", new="x", noise="counter"),)
        ),
    ]
    return day(findings=findings, health=health, captures=12)


def bad() -> Day:
    """Hardly anything could be read."""
    words = [
        ("failed", "name not resolved: no such host"),
        ("failed", "connection refused"),
        ("disallowed", "robots.txt could not be reached"),
        ("limited", "429, asked to come again in 3600 s"),
        ("refused", "10.0.0.7 is not a public address"),
        ("blocked", "403 Forbidden"),
        ("empty script shell", "no text outside <noscript>"),
        ("bot challenge", "a page of a challenge service"),
    ]
    health = [
        failing(
            source(
                f"far-{n:02}",
                title=("远方公报 第%d号" if n % 2 else "Far Gazette %d") % n,
                language="zh-Hans" if n % 2 else "en",
            ),
            *words[n % len(words)],
            timedelta(hours=5 * n + 1),
        )
        for n in range(24)
    ]
    health.append(SourceHealth(source=source("new"), asked=0, looked=0))
    return day(health=health, captures=0)


def first() -> Day:
    """The first run: baselines only."""
    budget = "灯塔研究院2025年专项经费为八百万元。"
    findings = [
        finding(
            201,
            at=TREASURY,
            title="2025年部门预算",
            kind=ChangeKind.FIRST,
            matches=(match("budget-line", budget, "专项经费", language="zh-Hans"),),
        ),
        finding(202, at=LANTERN, title="News", kind=ChangeKind.FIRST),
        finding(203, at=LANTERN, title="Who we are", kind=ChangeKind.FIRST),
    ]
    return day(findings=findings, health=well_sources(), captures=3)


HOSTILE = (
    "<script>alert(1)</script>",
    "</style><img src=https://evil.example/x onerror=alert(1)>",
    "a](https://evil.example) [b](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "`code` ``` ~~~ **bold** __u__ ~~s~~ # h",
    "# heading\n# second\n- list\n1. one\n===\n---\n> quote",
    "http://evil.example www.evil.example someone@evil.example <https://evil.example>",
    "controls \x00\x07\x1b[31mred\x1b[0m\x85 end",
    "override \u202etxt.exe\u202c isolate \u2066x",
    "surrogate \ud800 nonchar \ufffe",
    "{{ 7 * 7 }} {% for x in y %} ${x} {# c #}",
    "<!-- comment --> ]]> <![CDATA[ &lt; &amp; &copy; &#60;",
    "长" * 700,
    "W" * 10_000,
    "שלום עולם (abc) 123",
    "",
)


def hostile() -> Day:
    """Strangers' worst in every field they control."""
    findings = []
    for number, text in enumerate(HOSTILE, start=301):
        at = source(f"evil-{number}", title=text, publisher=text, language=text[:20] or "en", url="javascript:alert(1)")
        url = (
            "javascript:alert(1)",
            "https://user:pass@evil.example/",
            'https://ok.example/a b"><script>?x=<y>&copy;z',
            "data:text/html,<script>alert(1)</script>",
            "//evil.example/x",
            "https://[::1",
            text,
        )[number % 7]
        level = (Level.ALERT, Level.NOTABLE, Level.ROUTINE, Level.NOISE)[number % 4]
        excerpt = text or "empty"
        met = Match(
            trigger_id=("budget-line", "network", text[:40] or "none")[number % 3],
            direction=Direction.UPWARD,
            side=HunkKind.ADDED,
            part=Part.MAIN,
            excerpt=excerpt,
            start=2,
            end=len(excerpt) + 5,
            score=0.5,
            assertion=Assertion.ASSERTED,
            language=text[:30],
            reasons=(text, text),
        )
        findings.append(
            finding(
                number,
                at=at,
                title=text,
                url=url,
                level=level,
                published=text,
                language=text[:10],
                reasons=(text,),
                hunks=(
                    hunk("edited", old=text, new=text[::-1], heading=text, before=text),
                    hunk("added", new=text, position=1, noise=text if number % 2 else None),
                ),
                matches=(met,) if number % 2 else (),
                notes=(note(number, text, text[:40]),),
                judgements=(judgement(met.trigger_id, excerpt, text, text, text),),
            )
        )
    health = [
        failing(
            source(f"bad-{n}", title=text, url=text, publisher=text), ("failed", text)[n % 2], text, timedelta(days=1)
        )
        for n, text in enumerate(HOSTILE)
    ]
    health.append(well(source("shut", observable=False, why_not=HOSTILE[0]), asked=0, looked=0))
    missed = tuple(
        Missed(id=f"bad-{n}", title=text, role=text, language=text[:9], why=text, detail=text, since_at=FROM)
        for n, text in enumerate(HOSTILE)
    )
    rows = tuple(
        TriggerStanding(
            id=text,
            title=text,
            direction=Direction.UPWARD,
            priority=1,
            standing=list(Standing)[n % 5],
            why=text,
            evidence=n,
            all=Group(sources=3, in_sight=1, coverage=0.3),
            missed=missed,
        )
        for n, text in enumerate(HOSTILE)
    )
    board = Board(from_at=FROM, to_at=TO, rows=rows, beyond=((HOSTILE[0], HOSTILE[1]),))
    return day(
        findings=findings,
        health=health,
        board=board,
        assessment=HOSTILE[1],
        assessment_id=HOSTILE[0],
        generator=HOSTILE[0],
    )
