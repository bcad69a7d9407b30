"""One piece of news made fit to be read: quotes, redline, mentions, proof."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.digest.account import Entry, Limits, Mention, More, Proof, Quote, Redline
from crawler.digest.group import News, fold, new_sentences
from crawler.digest.safe import address, cut, host, language, plain
from crawler.digest.words import ASSERTIONS
from storage.records import Finding, Match


def entry(news: News, matches: Sequence[Match], anchor: str, limits: Limits, *, changed: Redline) -> Entry:
    """The entry of `news` under one heading; `matches` are those quoted there, of any of its findings."""
    finding = news.lead
    change, source = finding.change, finding.source
    quotes = _quotes(finding, matches, limits)
    mentions = [_mention(other, finding) for other in news.findings[1:]]
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
        published=cut(plain(finding.new.published_raw), 80) or None if finding.new else None,
        quotes=tuple(quotes[: limits.quotes]),
        quotes_more=max(0, len(quotes) - limits.quotes),
        verdict=verdict(finding),
        redline=changed,
        mentions=tuple(mentions[: limits.mentions]),
        mentions_more=more(news.findings[1 + limits.mentions :]),
        proof=proof(finding),
    )


def quote(match: Match, fallback: str | None, limits: Limits) -> Quote:
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
    )


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


def _quotes(lead: Finding, matches: Sequence[Match], limits: Limits) -> list[Quote]:
    """Each sentence once, the strongest first."""
    seen: set[str] = set()
    quotes = []
    for match in sorted(matches, key=lambda match: (-match.score, match.part, match.start, match.excerpt)):
        folded = fold(match.excerpt) or match.excerpt
        if folded not in seen:
            seen.add(folded)
            quotes.append(quote(match, language_of(lead), limits))
    return quotes


def _mention(finding: Finding, lead: Finding) -> Mention:
    return Mention(
        title=title(finding, 160),
        url=address(finding.document.url),
        source=cut(plain(finding.source.title), 160) or finding.source.id,
        publisher=publisher(finding),
        seen_at=finding.change.seen_at,
        own=len(set(new_sentences(finding)) - set(new_sentences(lead))),
        proof=proof(finding),
    )


def language_of(finding: Finding) -> str | None:
    version = finding.new or finding.old
    return language(version.language if version else None) or language(finding.source.language)
