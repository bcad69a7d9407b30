"""One piece of news made fit to be read: quotes, redline, mentions, proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crawler.digest.account import (
    DayTrigger,
    Entry,
    First,
    Limits,
    Mention,
    More,
    Opinion,
    Proof,
    Quote,
    Redline,
    Said,
    Spread,
)
from crawler.digest.group import News, dated, day_only, fold, new_sentences, party, same
from crawler.digest.safe import address, cut, host, language, plain
from crawler.digest.words import ASSERTIONS
from storage.records import Finding, Match

Met = Sequence[tuple[Finding, Match]]
"""Matches, each with the finding it was met in."""


def leading(news: News, met: Met) -> Finding:
    """Who speaks for the news under one heading: the weightiest that was met there, so that no match hides."""
    there = [found for found, _ in met]
    return next((found for found in news.findings if any(found is each for each in there)), news.lead)


def entry(
    news: News, met: Met, anchor: str, limits: Limits, *, changed: Redline, triggers: Mapping[str, DayTrigger]
) -> Entry:
    """The entry of `news` under one heading; `met` are the matches told there, of any of its findings."""
    finding = leading(news, met)
    change, source = finding.change, finding.source
    mine = _quotes(finding, met, limits)
    here = news.findings.index(finding)
    shown = {same(match.excerpt) for match, _ in mine}
    # what speaks in its own words stands before reprints: the limit must not leave it out
    echoes = news.copies.keys() | news.old
    others = sorted((place for place in range(len(news.findings)) if place != here), key=lambda p: p in echoes)
    kept = others[: limits.mentions]
    mentions = [_mention(news, place, here, met, shown, limits, triggers) for place in kept]
    return Entry(
        anchor=anchor,
        title=title(finding, limits.title),
        url=address(finding.document.url),
        source_id=source.id,
        source=cut(plain(source.title), 160) or source.id,
        publisher=publisher(finding),
        role=source.role,
        language=language_of(finding),
        kind=str(change.kind),
        level=str(change.level),
        reasons=line(change.reasons),
        seen_at=change.seen_at,
        published=_published(finding),
        quotes=tuple(quote for _, quote in mine[: limits.quotes]),
        quotes_more=max(0, len(mine) - limits.quotes),
        verdict=verdict(finding),
        redline=changed,
        mentions=tuple(mentions),
        mentions_more=more([news.findings[place] for place in others[limits.mentions :]]),
        spread=spread(news, finding),
        notes=notes(finding, triggers),
        proof=proof(finding),
    )


def spread(news: News, finding: Finding) -> Spread:
    """How far the news has gone beside this finding, who told it first, and what was told of it before."""
    if len(news.findings) == 1 and not news.before:
        return Spread()
    here = news.findings.index(finding)
    echoes = news.copies.keys() | news.old
    own = {party(other) for place, other in enumerate(news.findings) if place not in echoes}
    repeated = news.findings[origin(news, here)]
    first = news.findings[news.first]
    return Spread(
        sources=len({other.source.id for other in news.findings} - {finding.source.id}),
        own_words=len(own - {party(finding), party(repeated)}),
        first=_first(first, finding) if len(news.findings) > 1 else None,
        before=tuple(_first(each, finding) for each in news.before[:4]),
        repeats=origin(news, here) in news.old,
    )


def _first(told: Finding, here: Finding) -> First:
    return First(
        title=title(told, 160),
        url=address(told.document.url),
        source=cut(plain(told.source.title), 160) or told.source.id,
        at=dated(told) or told.change.seen_at,
        dated=dated(told) is not None,
        day_only=day_only(told),
        change=told.change.id,
        here=told is here,
    )


def origin(news: News, place: int) -> int:
    """Where the words of a finding were told first; its own place: they are its own."""
    while place in news.copies:
        place = news.copies[place]
    return place


def quote(match: Match, fallback: str | None, limits: Limits, opinions: tuple[Opinion, ...] = ()) -> Quote:
    """A matched sentence with its decisive words apart; a window around them where it is long."""
    text = plain(match.excerpt)
    start = min(max(0, match.start), len(text))
    end = min(max(start, match.end), len(text))
    lead = len(text) - len(text.lstrip("# ")) if text.lstrip().startswith("#") else 0
    start, end, text = max(0, start - lead), max(0, end - lead), text[lead:]
    room = max(40, limits.sentence - (end - start)) // 2
    before, words, after = text[:start], text[start:end], text[end:]
    if len(text) > limits.sentence:
        before = before if len(before) <= room else "…" + before[-room:].lstrip()
        after = cut(after, room)
    return Quote(
        before=before.lstrip(),
        words=cut(words, limits.sentence),
        after=after.rstrip(),
        language=language(match.language) or fallback,
        assertion=ASSERTIONS[match.assertion],
        against=match.against,
        side=str(match.side),
        where=str(match.part),
        reasons=line([reason for reason in match.reasons if reason != match.assertion]),
        score=round(match.score, 3),
        opinions=opinions,
    )


def opinions(finding: Finding, match: Match) -> tuple[Opinion, ...]:
    """What the judge thinks of a match, the newest of each model."""
    mine = {
        each.model: each
        for each in sorted(finding.judgements, key=lambda each: (each.asked_at, each.key))
        if each.trigger_id == match.trigger_id and each.sentence == match.excerpt
    }
    return tuple(
        Opinion(verdict=cut(plain(each.outcome), 20), quotation=cut(plain(each.quotation), 240), model=cut(model, 80))
        for model, each in sorted((plain(name), each) for name, each in mine.items())
    )


def notes(finding: Finding, triggers: Mapping[str, DayTrigger]) -> tuple[Said, ...]:
    """What people said of a capture that they gave by hand."""
    told = []
    for each in finding.notes[:4]:
        named = triggers.get(each.trigger_id or "")
        told.append(
            Said(
                note=cut(plain(each.note).strip(), 1200),
                trigger=cut(plain(named.title if named else each.trigger_id), 160) or None,
            )
        )
    return tuple(told)


def line(reasons: Sequence[str]) -> str:
    """Reasons as one readable line."""
    cleaned = [cut(plain(reason).strip().rstrip(".;"), 160) for reason in reasons[:8]]
    return cut("; ".join(reason for reason in cleaned if reason), 400)


def title(finding: Finding, most: int) -> str:
    for version in (finding.new, finding.old):
        if version and plain(version.title).strip():
            return cut(plain(version.title).strip(), most)
    return cut(plain(finding.document.title).strip() or address(finding.document.url), most)


def publisher(finding: Finding) -> str:
    return cut(plain(finding.source.publisher), 120) or host(finding.document.url)


def proof(finding: Finding) -> Proof:
    change, capture = finding.change, finding.capture
    return Proof(
        change=change.id,
        capture=capture.id if capture else change.capture_id,
        sha256=plain(capture.sha256)[:64] if capture else None,
        old_version=change.old_version_id,
        new_version=change.new_version_id,
        fetched_at=capture.fetched_at if capture else None,
    )


def verdict(finding: Finding) -> str | None:
    """The newest verdict on the change or one of its matches."""
    newest = max(finding.reviews, key=lambda review: (review.reviewed_at, review.id or 0), default=None)
    return str(newest.verdict) if newest else None


def more(findings: Sequence[Finding]) -> More:
    return More(count=len(findings), changes=tuple(f.change.id for f in findings if f.change.id is not None))


def language_of(finding: Finding) -> str | None:
    version = finding.new or finding.old
    return language(version.language if version else None) or language(finding.source.language)


def _quotes(finding: Finding, met: Met, limits: Limits) -> list[tuple[Match, Quote]]:
    """Each sentence of a finding once, the strongest first."""
    seen: set[str] = set()
    quotes = []
    mine = [match for found, match in met if found is finding]
    for match in sorted(mine, key=lambda match: (-match.score, match.part, match.start, match.excerpt)):
        folded = fold(match.excerpt) or match.excerpt
        if folded not in seen:
            seen.add(folded)
            quotes.append((match, quote(match, language_of(finding), limits, opinions(finding, match))))
    return quotes


def _mention(
    news: News, place: int, here: int, met: Met, shown: set[str], limits: Limits, triggers: Mapping[str, DayTrigger]
) -> Mention:
    """Another finding of the same news; `shown`: the sentences quoted so far, to which its own is added."""
    finding = news.findings[place]
    quotes = [(same(match.excerpt), told) for match, told in _quotes(finding, met, limits)]
    unseen = next(((form, told) for form, told in quotes if form not in shown), None)
    if unseen:
        shown.add(unseen[0])
    elsewhere = [new_sentences(other) for other in news.findings[:20] if other is not finding]
    return Mention(
        title=title(finding, 160),
        url=address(finding.document.url),
        source=cut(plain(finding.source.title), 160) or finding.source.id,
        publisher=publisher(finding),
        seen_at=finding.change.seen_at,
        own=len(new_sentences(finding).difference(*elsewhere)),
        proof=proof(finding),
        copy=place in news.copies or place in news.old,
        origin=origin(news, here) == place,
        quote=unseen[1] if unseen else None,
        published=_published(finding),
        notes=notes(finding, triggers),
    )


def _published(finding: Finding) -> str | None:
    return cut(plain(finding.new.published_raw), 80) or None if finding.new else None
