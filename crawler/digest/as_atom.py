"""Accounts as an Atom feed: one entry a digest, one an alert. Source: RFC 4287; ids are tag: URIs, RFC 4151."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from crawler.digest import also
from crawler.digest.account import Account, Entry, TriggerSection
from crawler.digest.as_text import summary
from crawler.digest.safe import cut, link
from crawler.digest.words import DIRECTIONS, day
from storage.records import Direction, Level

ATOM = "http://www.w3.org/2005/Atom"
MOST = 30
"""Digests in one feed."""
_ALERTS = 40
"""Alerts of one digest in the feed."""


def as_atom(accounts: Sequence[Account], *, authority: str = "cruxwatch.invalid") -> str:
    """The newest digests of one assessment, newest first; `authority` is a domain of the operator's, for the ids."""
    newest = sorted(accounts, key=lambda account: account.date, reverse=True)[:MOST]
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", newest[0].assessment_id if newest else "") or "assessment"
    base = f"tag:{authority},2026:{name}"
    feed = Element("feed", xmlns=ATOM)
    _text(feed, "title", f"Cruxwatch: {newest[0].assessment}" if newest else "Cruxwatch")
    _text(feed, "id", base)
    _text(feed, "updated", _time(max((a.to_at for a in newest), default=None)))
    _text(SubElement(feed, "author"), "name", "Cruxwatch")
    if newest and newest[0].generator:
        _text(feed, "generator", newest[0].generator)
    for account in newest:
        _digest(feed, base, account)
        for section, entry, against in list(_alerts(account))[:_ALERTS]:
            _alert(feed, base, section, entry, against, account)
    indent(feed)
    return "<?xml version='1.0' encoding='utf-8'?>\n" + tostring(feed, encoding="unicode") + "\n"


def _digest(feed: Element, base: str, account: Account) -> None:
    entry = SubElement(feed, "entry")
    _text(entry, "title", f"{day(account.date)}: {account.headline}")
    _text(entry, "id", f"{base}:digest:{account.date}")
    _text(entry, "updated", _time(account.to_at))
    SubElement(entry, "category", term="digest")
    SubElement(entry, "link", rel="alternate", type="text/html", href=f"{account.date}.html")
    _text(entry, "content", "\n".join(summary(account, entries=40)[1:]), type="text")


def _alerts(account: Account) -> Iterable[tuple[TriggerSection, Entry, bool]]:
    for section in account.triggers:
        for shelf, against in ((section.evidence, False), (section.against, True)):
            yield from ((section, entry, against) for entry in shelf.entries if entry.level == Level.ALERT)


def _alert(feed: Element, base: str, section: TriggerSection, told: Entry, against: bool, account: Account) -> None:
    entry = SubElement(feed, "entry")
    words = "against" if against else DIRECTIONS[Direction(section.direction)]
    quote = told.quotes[0]
    key = re.sub(r"[^A-Za-z0-9._-]+", "-", section.id)
    _text(entry, "title", f"{words}: {cut(section.title, 160)}")
    _text(entry, "id", f"{base}:change:{told.proof.change}:{key}:{'against' if against else 'for'}")
    _text(entry, "updated", _time(told.seen_at))
    SubElement(entry, "category", term="alert")
    SubElement(entry, "category", term=words)
    address = link(told.url)
    if address:
        SubElement(entry, "link", rel="alternate", href=address)
    content = [
        f"“{quote.before}{quote.words}{quote.after}” ({quote.assertion})",
        f"{told.title} — {told.source}, {told.publisher}",
        quote.reasons,
        *(f"the judge ({each.model}) says: {each.verdict}, resting on “{each.quotation}”" for each in quote.opinions),
        *(f"note: {said.note}" for said in told.notes if said.note),
        *(f"{also.before(told)}: {also.teller(f, account.timezone, account.date)}" for f in told.spread.before[:1]),
        f"{also.spread(told)}; first: {also.first(told, account.timezone, account.date)}" if told.mentions else "",
        *(
            f"{mention.url} — {mention.source}, {also.wording(mention)}, change {mention.proof.change}"
            for mention in told.mentions
        ),
        f"capture {told.proof.capture}, sha256 {told.proof.sha256}, change {told.proof.change}",
        f"in the digest of {account.date}",
    ]
    _text(entry, "content", "\n".join(part for part in content if part), type="text")


def _text(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = text


def _time(at) -> str:
    return at.isoformat().replace("+00:00", "Z") if at else "1970-01-01T00:00:00Z"
