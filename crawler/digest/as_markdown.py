"""An account as Markdown (CommonMark): reads well raw and rendered; strangers' text stays text.

Marks are <ins>, <del> and <b>, which need no blanks around them and so work inside Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.coverage import Board, Standing, TriggerStanding
from crawler.digest import also
from crawler.digest import board as boards
from crawler.digest.account import (
    Account,
    Entry,
    Mention,
    More,
    Opinion,
    Piece,
    Proof,
    Quote,
    Redline,
    Said,
    Shelf,
    SourceLine,
    TriggerSection,
)
from crawler.digest.safe import link
from crawler.digest.words import DIRECTIONS, KINDS, clock, count, covers, day, since_when
from storage.records import ChangeKind

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~&$^]|(?<=\w)://|(?i:www)\.|@")
_STARTS = re.compile(r"(?:[-+=:]|\d{1,9}(?=[.)]))")
_GAPS = 6
"""Sources out of sight named under one trigger."""
_SHELVES = (
    ("evidence", None),
    ("against", "Against"),
    ("unsettled", "Not a fact yet"),
    ("hints", "Weaker hints"),
    ("known", "Known already"),
)


def as_markdown(account: Account) -> str:
    """The account as CommonMark text, ended by a line feed."""
    lines = [
        f"# {day(account.date)}",
        "",
        f"Cruxwatch · {escape(account.assessment)}",
        "",
        f"**{escape(account.headline)}**",
        "",
        escape(account.worth),
        "",
    ]
    if account.history.sources:
        first = f"{count(account.history.sources, 'source')} read for the first time"
        lines += [f"{first} ({count(account.history.documents, 'document')}): dated history, not news.", ""]
    for direction, words in DIRECTIONS.items():
        sections = [section for section in account.triggers if section.direction == direction and section.tells]
        if sections:
            lines += [f"## {words.capitalize()}", ""]
            for section in sections:
                lines += _section(section, account)
    if account.notable.count:
        lines += [f"## Notable changes: {account.notable.count}", ""]
        lines += _shelf(account.notable, account)
    lines += _routine(account)
    faint = [section for section in account.triggers if not section.tells]
    if faint:
        lines += ["## Weak hints, and what is known already", ""]
        for section in faint:
            lines += _section(section, account)
    lines += _looked(account)
    lines += _health(account)
    lines += _board(account.board, account.timezone) if account.board else []
    period = covers(account.from_at, account.to_at, account.timezone)
    lines += [
        "---",
        "",
        f"Covers {period}, {escape_inside(account.timezone)}. {escape_inside(account.generator)}".rstrip(),
    ]
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Text that Markdown shows as it stands: no heading, link, list, emphasis or HTML can come of it."""
    return _start(escape_inside(text.strip()))


def escape_inside(text: str) -> str:
    """As `escape`, for text that follows other text on its line: nothing starts a block, blanks are kept."""
    return _SPECIAL.sub(lambda found: _escaped(found.group()), text)


def _start(text: str) -> str:
    """What would open a list or underline a heading at the start of a line, escaped."""
    start = _STARTS.match(text)
    digits = start.end() if start and start.group()[0].isdigit() else 0
    return f"{text[:digits]}\\{text[digits:]}" if start else text


def _escaped(special: str) -> str:
    if special == "://":
        return "\\://"
    if special.endswith(".") and len(special) == 4:
        return f"{special[:3]}\\."
    return "\\" + special


def address(url: str, text: str) -> str:
    """A link where the address is one; else the text alone."""
    href = link(url)
    shown = escape(text) or "untitled"
    return f"[{shown}](<{href.replace('&', '&amp;')}>)" if href else shown


def _section(section: TriggerSection, account: Account) -> Iterator[str]:
    yield f"### {escape(section.title)}"
    yield ""
    if section.statement and section.statement != section.title:
        yield escape(section.statement)
        yield ""
    for name, heading in _SHELVES:
        shelf = getattr(section, name)
        if shelf.count:
            if heading:
                yield f"#### {heading}: {shelf.count}"
                yield ""
            yield from _shelf(shelf, account)


def _shelf(shelf: Shelf, account: Account) -> Iterator[str]:
    for entry in shelf.entries:
        yield from _entry(entry, account)
    yield from _more(shelf.more)


def _more(more: More) -> list[str]:
    return [f"and {more.count:,} more, in the JSON form and the archive", ""] if more.count else []


def _entry(entry: Entry, account: Account) -> Iterator[str]:
    for quote in entry.quotes:
        yield from _quote(quote)
    if entry.quotes_more:
        yield f"and {count(entry.quotes_more, 'more sentence')} to the same effect"
        yield ""
    by = f" — {escape(entry.publisher)}" if entry.publisher and entry.publisher != entry.source else ""
    yield f"{address(entry.url, entry.title)}  "
    about = [
        f"{escape(entry.source)}{by}, {escape(entry.role)}",
        KINDS[ChangeKind(entry.kind)],
        f"seen {clock(entry.seen_at, account.timezone, account.date)}",
    ]
    about += [f"dated {escape(entry.published)} by the source"] if entry.published else []
    about += [f"reviewed: {entry.verdict}"] if entry.verdict else []
    yield " · ".join(about) + "  "
    if not entry.quotes and entry.reasons:
        yield f"{escape(entry.reasons)}  "
    yield f"proof: {_proof(entry.proof)}"
    yield ""
    yield from _notes(entry.notes)
    yield from _redline(entry.redline)
    for told in entry.spread.before[:1]:
        teller = escape_inside(also.teller(told, account.timezone, account.date))
        more = f", and {len(entry.spread.before) - 1} more" if len(entry.spread.before) > 1 else ""
        told_by = f"{address(told.url, told.title)} — {teller} (change {told.change}){more}"
        yield f"{also.before(entry).capitalize()}: {told_by}"
        yield ""
    if entry.mentions:
        first = also.first(entry, account.timezone, account.date)
        yield f"{also.spread(entry).capitalize()}; first: {escape_inside(first)}"
        yield ""
        for mention in entry.mentions:
            yield from _mention(mention, account)
        yield from [f"- {also.left_out(entry.mentions_more)}"] if entry.mentions_more.count else []
        yield ""


def _mention(mention: Mention, account: Account) -> Iterator[str]:
    seen = f"seen {clock(mention.seen_at, account.timezone, account.date)}"
    dated = f", dated {escape_inside(mention.published)} by the source" if mention.published else ""
    about = f"{escape_inside(mention.source)}, {also.wording(mention)}, {seen}{dated}"
    yield f"- {address(mention.url, mention.title)} — {about}; proof: {_proof(mention.proof)}"
    if mention.quote:
        yield f"  - “{_sentence(mention.quote)}” ({mention.quote.assertion})"
        yield from (f"  - {_opinion(opinion)}" for opinion in mention.quote.opinions)
    yield from (f"  - {_note(said)}" for said in mention.notes)


def _notes(notes: tuple[Said, ...]) -> Iterator[str]:
    for said in notes:
        yield _note(said)
        yield ""


def _note(said: Said) -> str:
    note = f"Note, captured by hand: {escape_inside(said.note)}" if said.note else "Captured by hand"
    return f"{note} (held to be evidence on: {escape_inside(said.trigger)})" if said.trigger else note


def _opinion(opinion: Opinion) -> str:
    rests = f", resting on “{escape_inside(opinion.quotation)}”" if opinion.quotation else ""
    return f"The judge ({escape_inside(opinion.model)}) says: {escape_inside(opinion.verdict)}{rests}"


def _sentence(quote: Quote) -> str:
    words = f"<b>{escape_inside(quote.words)}</b>" if quote.words else ""
    return f"{escape_inside(quote.before)}{words}{escape_inside(quote.after)}"


def _quote(quote: Quote) -> Iterator[str]:
    words = f"<b>{escape_inside(quote.words)}</b>" if quote.words else ""
    sentence = f"{_start(escape_inside(quote.before))}{words}{escape_inside(quote.after)}"
    notes = [quote.assertion]
    notes += ["no longer on the page"] if quote.side == "removed" else []
    notes += [{"title": "in the title", "rest": "outside the main text"}[quote.where]] if quote.where != "main" else []
    yield f"> {sentence}"
    yield ""
    yield f"{', '.join(notes)}: {escape(quote.reasons)}" if quote.reasons else ", ".join(notes)
    yield ""
    for opinion in quote.opinions:
        yield _opinion(opinion)
        yield ""


def _redline(redline: Redline) -> Iterator[str]:
    if redline.at:
        yield "What changed: shown with the same change elsewhere in this digest."
        yield ""
        return
    heading = None
    for row in redline.rows:
        if row.heading and row.heading != heading:
            heading = row.heading
            yield f"- under “{escape_inside(heading)}”"
        where = {"title": " (title)", "rest": " (outside the main text)"}.get(row.where, "")
        if row.kind == "moved":
            yield f"- moved{where}: {_pieces(row.new)}"
            continue
        if row.old:
            yield f"- {'was' if row.new else 'removed'}{where}: {_pieces(row.old)}"
        if row.new:
            yield f"- {'now' if row.old else 'added'}{where}: {_pieces(row.new)}"
    if redline.more:
        yield f"- and {count(redline.more, 'more difference')}, in the archive"
    if redline.outside:
        yield f"- and {count(redline.outside, 'difference')} outside the main text"
    if redline.noise:
        told = ", ".join(f"{escape_inside(rule)} ({number})" for rule, number in redline.noise)
        yield f"- left out as noise: {told}"
    if redline.rows or redline.more or redline.outside or redline.noise:
        yield ""


def _pieces(pieces: tuple[Piece, ...]) -> str:
    tags = {"ins": ("<ins>", "</ins>"), "del": ("<del>", "</del>"), "fold": (" ", " "), "same": ("", "")}
    return "".join(f"{tags[p.mark][0]}{escape_inside(p.text)}{tags[p.mark][1]}" for p in pieces).strip()


def _proof(proof: Proof) -> str:
    told = [f"capture {proof.capture}" if proof.capture else "told by fetches alone"]
    told += [f"sha256 `{re.sub('[^0-9a-fA-F]', '', proof.sha256)}`"] if proof.sha256 else []
    told += [f"change {proof.change}"]
    if proof.old_version or proof.new_version:
        told.append(f"version {proof.old_version or 'none'} → {proof.new_version or 'none'}")
    return ", ".join(told)


def _routine(account: Account) -> Iterator[str]:
    if account.routine or account.noise.count:
        yield f"## Routine: {account.counts.routine}"
        yield ""
    for brief in account.routine:
        about = f"{escape_inside(brief.source)}: {brief.gist}{escape_inside(also.elsewhere(brief))}"
        yield f"- {address(brief.url, brief.title)} — {about} (change {brief.change})"
        yield from (f"  - {_note(said)}" for said in brief.notes)
    if account.routine:
        yield ""
    yield from _more(account.routine_more)
    noise = account.noise
    if noise.count:
        told = f"{count(noise.count, 'change')} counted as noise"
        told += f", {noise.returned} of them back at an earlier text" if noise.returned else ""
        told += f", {noise.with_match} of them with words of a trigger" if noise.with_match else ""
        rules = ", ".join(f"{escape_inside(rule)} ({number})" for rule, number in noise.rules)
        yield f"{told}; by rule: {rules}." if rules else f"{told}."
        yield ""


def _looked(account: Account) -> Iterator[str]:
    looked = account.looked
    yield "## What was looked at"
    yield ""
    told = f"{count(looked.today, 'source')} today, in {count(looked.asked, 'request')}"
    told += f": {count(looked.answered, 'clear answer')}"
    told += f", {count(looked.captures, 'page')} kept" if looked.captures is not None else ""
    yield f"{told}."
    if looked.primary_chinese:
        yield f"Primary Chinese sources: {looked.primary_chinese_reached} of {looked.primary_chinese} readable."
    if looked.languages:
        yield "Languages: " + ", ".join(f"{escape_inside(name)} ({number})" for name, number in looked.languages) + "."
    yield ""
    if account.silent and not account.board:
        yield f"No evidence on {count(len(account.silent), 'trigger')}:"
        yield ""
        for trigger in account.silent:
            why = f" — not observable: {escape(trigger.not_observable)}" if trigger.not_observable else ""
            yield f"- {str(trigger.direction).replace('-', ' ')}: {escape(trigger.title)}{why}"
        yield ""
    if account.history.met:
        yield f"In first readings, {count(account.history.met, 'sentence')} with a trigger (history):"
        yield ""
        for trigger, quote, title, url in account.history.quotes:
            sentence = escape(f"{quote.before}{quote.words}{quote.after}")
            yield f"- {sentence} — {escape(trigger)}, {quote.assertion}, {address(url, title)}"
        yield ""
        yield from _more(account.history.more)


def _health(account: Account) -> Iterator[str]:
    health = account.health
    lists = (
        ("Not reached", health.not_reached),
        ("Reached, not readable", health.broken),
        ("Failing in part, or at the last attempt", health.unsteady),
        ("Not asked yet", health.not_asked),
        ("Quiet for longer than usual", health.quiet),
        ("Recovered", health.recovered),
        ("Declared not observable", health.not_observable),
    )
    if any(lines for _, lines in lists):
        yield "## Source health"
        yield ""
    for heading, lines in lists:
        if lines:
            yield f"### {heading}: {len(lines)}"
            yield ""
            yield from (_source(line, account, heading) for line in lines)
            yield ""


def _source(line: SourceLine, account: Account, heading: str) -> str:
    told = escape_inside(line.why)
    told += f" ({escape_inside(line.detail)})" if line.detail else ""
    if line.since_at:
        since = "last news" if heading.startswith("Quiet") else "since"
        told += f", {since} {since_when(line.since_at, account.to_at, account.timezone)}"
    return f"- {address(line.url, line.title)}: {told}"


def _board(board: Board, timezone: str) -> Iterator[str]:
    yield "## Standing of each trigger"
    yield ""
    yield f"{boards.span(board).capitalize()}."
    yield ""
    for kind, rows in boards.groups(board):
        yield f"### {boards.HEADINGS[kind]}: {len(rows)}"
        yield ""
        for row in rows:
            yield from _stands(row, board, timezone)
        yield ""
    if board.beyond:
        yield f"### {boards.UNSHOWN}: {len(board.beyond)}"
        yield ""
        yield from (f"- {escape(said)} {escape_inside(why)}" for said, why in board.beyond)
        yield ""


def _stands(row: TriggerStanding, board: Board, timezone: str) -> Iterator[str]:
    told = [f"- {escape_inside(boards.SYMBOLS[row.standing])} {escape_inside(row.title)}"]
    if row.standing is not Standing.NOT_OBSERVABLE:
        told.append(f"{boards.bar(row.all.coverage)} {boards.percent(row.all.coverage)}")
    told += [escape_inside(each) for each in (boards.words(row), boards.watched(row)) if each]
    yield " · ".join(told)
    for gap in row.missed[:_GAPS]:
        yield f"  - {escape(gap.title)}: {escape_inside(boards.since(gap, board.to_at, timezone))}"
    if len(row.missed) > _GAPS:
        yield f"  - and {len(row.missed) - _GAPS} more, in the JSON form"
