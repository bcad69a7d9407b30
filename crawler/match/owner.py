"""Whose event it is: of all bodies that could have done it, the one nearest to the event's words; where the statement
names none, the one meant by a pronoun, last spoken of, named in the heading, or the source's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from crawler.match.aside import aside, inserted
from crawler.match.assertion import clause
from crawler.match.entities import STRENGTH, Mention, Reading, of_part
from crawler.match.lexicon import Lexicon, Span
from crawler.match.model import EntityKind, Frame
from crawler.match.nearest import (
    LOOKED,
    distance,
    each_with_a_figure,
    former_or_latter,
    looks_on,
    nearer,
    rival_acts,
    rivals_in,
    told_of_another,
)
from crawler.match.passage import APART, WIDE, Passage, Unit
from crawler.match.subject import (
    Subject,
    cased,
    is_head,
    names_in,
    ran_it_oneself,
    said_by_another,
    self_of_other,
    speaks_of_part,
    stands_for_before,
    subject,
    used_by_another,
)
from crawler.match.turns import is_guest, signed, speaks

ANOTHERS = 0.4
"""How sure it is that an event is the page's owner's where its clause tells of somebody else."""
LONG = 20
"""Statements from which a text is long: one that is its source's own somewhere says so."""
BACK = 3
"""Statements back to look for whom a pronoun means."""
AHEAD = 2
"""Statements ahead to look for a name that follows what is told."""
OPENS = 6
"""Characters from the start within which a name opens a statement."""
_PASSED_BY = re.compile(
    r"\b(?:not|n't|no|never|nothing|nobody|without|except|unlike|neither|nor|than|only)\b[^,;:]{0,30}$|(?:未|没|不|无|"
    r"非|除)[^,;:]{0,10}$"
)
"""Right before a name: what stands before is not about this one."""
_CREDITED = re.compile(
    r"(?:\(|\b(?:according to|(?:tested|run|reported|published|found|measured|carried out|done) by|source:|"
    r"from a report by)"
    r"(?: the)?|来源:|[据由]|单位:|出自) ?$"
)
"""Right before a name: what stands before is this one's work, though another opens it, as what is tested does."""
_WRITER = re.compile(r"(?<![自忘由使唯])我(?![国方市省])|(?:^|[,;:。])(?:恳|敬)?请(?![假问示])")
"""Who writes a letter speaks of oneself, or asks whom it is to."""


class Owners:
    """Finds the owner of an event for the frames of one assessment."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def owner(
        self,
        frame: Frame,
        rival_ids: frozenset[str],
        passage: Passage,
        place: int,
        event: Span,
        companions: Callable[[], Iterable[Span]] = tuple,
    ) -> tuple[str, float]:
        """Whose event it is, in words, and how sure that is; 0 where it is somebody else's or nobody's.

        `companions`: where the statement holds what the frame asks for beside the event.
        """
        whos = frame.who
        if not whos:
            return "", 1.0
        unit = passage.units[place]
        reading = unit.reading
        named = [m for who in whos for m in reading.of(who)]
        own = [
            m
            for m in named
            if not (
                looks_on(m, event, reading.view, unit.piece.kind)
                or self._aside(m, event, reading)
                or inserted(m, event, reading)
            )
        ]
        either = former_or_latter(passage, place, event, rival_ids, whos)
        if either is not None:
            return (f"{either}, the one of two", 0.86) if either else ("", 0.0)
        if named and not own:
            return "", 0.0
        rivals = [m for m in rivals_in(reading, rival_ids, whos) if not inserted(m, event, reading)]
        if own:
            return self._named(own, rivals, passage, place, event)
        if not frame.carry:
            return "", 0.0
        best = ("", 0.0)
        for who in whos:
            made = self._carried(who, rival_ids, rivals, passage, place, event, frame.own_page, companions)
            best = max(best, made, key=lambda b: b[1])
        return best

    def _named(
        self, own: Sequence[Mention], rivals: Sequence[Mention], passage: Passage, place: int, event: Span
    ) -> tuple[str, float]:
        """The nearest of those named in the statement itself, unless a rival is nearer."""
        reading = passage.units[place].reading

        def far(mention: Mention) -> float:
            return distance(mention, event, reading.view)

        nearest = min(own, key=far)
        if told_of_another(nearest, event, reading):
            return "", 0.0
        rival = min(rivals, key=far, default=None)
        if rival and far(rival) < far(nearest) and not each_with_a_figure(rival, nearest, event, reading.view):
            return "", 0.0
        if nearest.via == "product" and self._used_by_another(nearest, passage, place):
            return f"{nearest.words}, used by another", ANOTHERS
        return f"{nearest.words} ({nearest.via})", STRENGTH[nearest.via]

    def _carried(
        self,
        who: str,
        rival_ids: frozenset[str],
        rivals: Sequence[Mention],
        passage: Passage,
        place: int,
        event: Span,
        own_page: bool,
        companions: Callable[[], Iterable[Span]],
    ) -> tuple[str, float]:
        """Whom the statement means that it does not name: by pronoun, the one before, the heading, the source.

        `own_page`: where nothing in the text says who it was, the owner of the page did it.
        """
        unit = passage.units[place]
        base = who.removesuffix(".product")
        entity = self.lexicon.entities[base]
        hits = unit.reading.hits
        person = entity.kind is EntityKind.PERSON
        we = any(n in hits for n in self.lexicon.selves["own"])
        stands = (*self.lexicon.selves[entity.kind.value], *self.lexicon.pronouns.get(base, ()))
        its = [span for n in stands for span in hits.get(n)]
        it = bool(its)
        ours = passage.owner == base or (bool(passage.source.of(base)) and not self._unnamed(base, passage))
        voices = [
            m
            for m in unit.reading.mentions
            if m.entity in entity.voices and m.via != "confusable" and not self._aside(m, event, unit.reading)
        ]
        if we and not rival_acts(rivals, event, unit.reading.view):
            spoken = self._spoken(base, ours, bool(voices), passage, place, event)
            if spoken:
                return spoken
        elif person and _WRITER.search(unit.reading.view) and not rival_acts(rivals, event, unit.reading.view):
            under = signed(passage, place, frozenset((base,)))
            if under:
                return f"signed {under}", 0.8
        if rivals and not (it and ours) and not nearer(its, rivals, event):
            return "", 0.0
        if it and person:
            body = self._body_of(base, passage, place)
            if body:
                return f"head of {body}", 0.86
            if self._heads_the_source(base, passage, place, event):
                return "head of the source's own", 0.8
        if voices:
            return f"by its voice, {voices[0].words}", 0.85 if it else 0.62
        return (
            self._named_before(who, rival_ids, passage, place, it)
            or self._named_above(who, rival_ids, unit)
            or self._around(
                who, rival_ids, passage, place, event, ours and (own_page or it or we), it or we, companions
            )
        )

    def _aside(self, mention: Mention, event: Span, reading: Reading) -> bool:
        return self.lexicon.entities[mention.entity].kind is EntityKind.PERSON and aside(mention, event, reading)

    def _spoken(
        self, base: str, ours: bool, voiced: bool, passage: Passage, place: int, event: Span
    ) -> tuple[str, float] | None:
        """Whose event a first person tells; None where nobody knows who speaks."""
        voices = self.lexicon.entities[base].voices
        whose = frozenset((base, *voices))
        if not voiced:
            turn = speaks(passage, place, whose)
            guest = is_guest(passage, place, whose) if turn is None else turn
            if guest:
                return "the speaker's own", 0.88
            if guest is None and signed(passage, place, frozenset((base,))):
                return "the speaker's own", 0.88
            if guest is False and ours:
                return "a speaker who is another", 0.0
            if not ours and not self._voice_before(voices, passage, place):
                return None
            told = self._of_another(base, passage, place, event, speaks=True) if ours else ""
            if told:
                return told, ANOTHERS
        return "the speaker's own", 0.88

    def _used_by_another(self, product: Mention, passage: Passage, place: int) -> bool:
        """True where somebody else ran what the owner made: the findings are theirs."""
        if passage.owner == product.entity or passage.source.of(product.entity):
            return False
        reading = passage.units[place].reading
        if used_by_another(reading, product.at):
            return True
        beside = (passage.units[k] for k in (place - 1, place, place + 1) if 0 <= k < len(passage.units))
        return any(ran_it_oneself(u.reading.view) for u in beside if u.block == passage.units[place].block)

    def _named_before(
        self, who: str, rival_ids: frozenset[str], passage: Passage, place: int, it: bool
    ) -> tuple[str, float] | None:
        """The one last spoken of; None where nobody was."""
        unit = passage.units[place]
        for back in range(1, BACK + 1):
            before = passage.units[place - back] if place >= back else None
            if before is None or before.block != unit.block:
                break
            if unit.piece.kind in APART and before.piece.kind == unit.piece.kind:
                if before.piece.line == unit.piece.line and before.piece.kind == "bullet":
                    break
                continue
            named = before.reading.of(who)
            others = rivals_in(before.reading, rival_ids, (who,))
            if named and not (others and others[0].at < named[0].at):
                return f"{named[0].words}, named before", (0.88 if it else 0.7) - 0.05 * (back - 1)
            if others or named:
                return "", 0.0
        return None

    def _named_above(self, who: str, rival_ids: frozenset[str], unit: Unit) -> tuple[str, float] | None:
        """The one that the heading, the table header or the title names; None where they name nobody."""
        asked = {who.removesuffix(".product"), *rival_ids}
        for reading in (over.reading for over in unit.over if not over.sketch.keys.isdisjoint(asked)):
            if reading.of(who):
                return f"{reading.of(who)[0].words}, in the heading", 0.82
            if rivals_in(reading, rival_ids, (who,)):
                return "", 0.0
        return None

    def _around(
        self,
        who: str,
        rival_ids: frozenset[str],
        passage: Passage,
        place: int,
        event: Span,
        ours: bool,
        pronoun: bool,
        companions: Callable[[], Iterable[Span]],
    ) -> tuple[str, float]:
        """The owner of the page, or the one named right after."""
        unit = passage.units[place]
        base = who.removesuffix(".product")
        person = self.lexicon.entities[base].kind is EntityKind.PERSON
        if ours:
            told = self._of_another(base, passage, place, event, speaks=False)
            if told:
                return told, ANOTHERS
            return "the source's own", 0.88 if pronoun else 0.78
        under = signed(passage, place, frozenset((base, *self.lexicon.entities[base].voices[: not person])))
        if under and (pronoun or not person):
            return f"signed {under}", 0.8
        openers = [m.at for m in unit.reading.mentions if m.at < OPENS and m.via != "within"]
        if openers and not all(any(a <= at < b for a, b in companions()) for at in openers):
            return "", 0.0  # somebody else opens the statement, and not as a companion: it is told of them
        credited = bool(openers)
        for after in passage.units[place + 1 : place + 1 + AHEAD]:
            if after.block != unit.block or unit.piece.kind in APART or rivals_in(after.reading, rival_ids, (who,)):
                break
            named = [m for m in after.reading.of(who) if not _PASSED_BY.search(after.reading.view[: m.at][-40:])]
            if credited:
                named = [m for m in named if _CREDITED.search(after.reading.view[: m.at][-40:])]
            if named and named[0].via != "product" and (pronoun or not person):
                return f"{named[0].words}, named after", 0.62
        return "", 0.0

    def _of_another(self, base: str, passage: Passage, place: int, event: Span, *, speaks: bool) -> str:
        """Of whom else the event's clause tells, in words; empty where it may be told of the page's owner.

        `speaks`: the statement holds a first person.
        """
        entity = self.lexicon.entities[base]
        if entity.kind is EntityKind.GROUP:
            return ""
        reading = passage.units[place].reading
        if speaks:
            marks = "".join(self.lexicon.marks[who, False] for who in (base, *entity.voices))
            if self_of_other(reading.view) or said_by_another(reading, event, marks):
                return "a speaker who is another"
            around = clause(reading.view, event)
            said = (s for n in self.lexicon.selves["own"] for s in reading.hits.get(n))
            if any(around[0] <= s[0] and s[1] <= around[1] for s in said):
                return ""
        found, words = self._subject(passage, place, event)
        if found is Subject.PERSON and (entity.kind is EntityKind.PERSON or self._voiced(base, passage, place)):
            return ""
        if found is Subject.OPEN and place and stands_for_before(reading.view):
            before = passage.units[place - 1]
            if before.block == passage.units[place].block and before.piece.kind == "sentence":
                end = len(before.reading.view)
                found, words = self._subject(passage, place - 1, (end, end))
        if found in (Subject.OTHER, Subject.READER, Subject.PERSON):
            return f"told of “{words.strip()}” on the source's page"
        return ""

    def _subject(self, passage: Passage, place: int, event: Span) -> tuple[Subject, str]:
        """Of whom a clause tells; read once, however many frames ask."""
        if (place, event) not in passage.subjects:
            found = subject(passage.units[place].reading, event, self._names(passage))
            passage.subjects[place, event] = found
        return passage.subjects[place, event]

    def _names(self, passage: Passage) -> frozenset[str]:
        """Words used as names in the first statements of a passage, looked for once."""
        if passage.names is None:
            passage.names = names_in(unit.piece.text for unit in passage.units[:WIDE])
        return passage.names

    def _unnamed(self, base: str, passage: Passage) -> bool:
        """True for a long text that nowhere names whom its source is named after, nor a voice or a part of it.

        Who is declared to own the page needs no naming; a feed or a search is named after what it looks for.
        """
        entity = self.lexicon.entities[base]
        if len(passage.units) < LONG or entity.kind is EntityKind.GROUP:
            return False
        if base not in passage.unnamed:
            ours = {base, *entity.voices}
            units = {id(o): o for u in passage.units for o in (u, *u.over)}.values()
            passage.unnamed[base] = not any(ours & u.sketch.keys or speaks_of_part(u.sketch.folded.text) for u in units)
        return passage.unnamed[base]

    def _body_of(self, person: str, passage: Passage, place: int) -> str:
        """The body that this person speaks for, where the statement or the one before names it."""
        for unit in passage.units[max(0, place - 1) : place + 1][::-1]:
            for mention in unit.reading.mentions:
                view = unit.reading.view
                if view[: mention.at].endswith(("of ", "of the ")) and of_part(view, mention.at + 1):
                    continue  # "the head of NAME's department"
                if mention.via in ("name", "description") and person in self.lexicon.entities[mention.entity].voices:
                    return mention.words
        return ""

    def _heads_the_source(self, person: str, passage: Passage, place: int, event: Span) -> bool:
        """True where the event is told of "the dean" on a page of the body that this person speaks for."""
        owners = {passage.owner, *(m.entity for m in passage.source.mentions if m.via in ("name", "description"))}
        if not any(key and person in self.lexicon.entities[key].voices for key in owners):
            return False
        reading = passage.units[place].reading
        return is_head(cased(reading, max(0, event[0] - LOOKED), event[0]))

    def _voiced(self, base: str, passage: Passage, place: int) -> bool:
        """True where a person who speaks for the body has been named, or names the source."""
        voices = self.lexicon.entities[base].voices
        return any(passage.source.of(v) for v in voices) or self._voice_before(voices, passage, place + 1)

    def _voice_before(self, voices: Sequence[str], passage: Passage, place: int) -> bool:
        return any(
            m.entity in voices and m.via != "confusable"
            for k in range(max(0, place - BACK), place)
            for m in passage.units[k].reading.mentions
        )
