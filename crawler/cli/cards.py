"""`review` in a terminal: one card at a time, one key a verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import typer

from crawler.cli.common import err, out
from crawler.cli.pieces import facts, quote, rule, say, show_redline
from crawler.digest.safe import address
from crawler.review import Item, context_of, differences, record
from storage.archive import Archive
from storage.records import Verdict

KEYS = {"r": Verdict.RELEVANT, "n": Verdict.NOISE, "w": Verdict.WRONG}
HINT = "r relevant · n noise · w wrong trigger · s skip · o note · u undo · q quit"
END = ("q", "Q", "\x03", "\x04", "\x1b", "")


def deal(archive: Archive, items: Iterable[Item], reviewer: str | None, at: Callable[[], datetime]) -> None:
    """Show the cards in turn and record what is said of each, until they or the person's patience end."""
    said: list[Item] = []
    again: list[Item] = []
    source = iter(items)
    while (item := again.pop() if again else next(source, None)) is not None:
        show(item)
        key = _asked(archive, item, said, reviewer, at)
        if key == "u":
            again.append(item)
            if said:
                taken = archive.take_back_review()
                again.append(said.pop())
                say((f"taken back: {taken.verdict}", "yellow"))
            else:
                say(("nothing to take back in this sitting; `cruxwatch review --undo` takes back older ones", "yellow"))
        elif key in END:
            break
    say(f"{len(said)} verdict(s) given." if said else "No verdict given.")


def _asked(archive: Archive, item: Item, said: list[Item], reviewer: str | None, at) -> str:
    """Ask until a key decides what becomes of this card; verdicts are recorded at once."""
    note = None
    while True:
        say((HINT, "dim"))
        try:
            key = typer.getchar()
        except (EOFError, KeyboardInterrupt):
            return "q"
        key = key if key in END else key.casefold()
        if key in KEYS:
            review = record(archive, item, KEYS[key], at=at(), note=note, reviewer=reviewer)
            said.append(item)
            say((str(review.verdict), "bold green" if key == "r" else "bold"), f" · review {review.id}")
            return key
        if key == "o":
            note = _note(note)
        elif key in ("s", "u", *END):
            return key


def _note(before: str | None) -> str | None:
    try:
        note = input("note: ").strip()
    except (EOFError, KeyboardInterrupt):
        return before
    say(("kept with the verdict that follows", "dim"))
    return note or before


def show(item: Item) -> None:
    """Print one card: what happened where, the sentence with what stands around it, the redline, why, the link."""
    found, match = item.finding, item.match
    change = found.change
    out.print()
    style = "bold red" if change.level == "alert" else "bold yellow"
    title = (found.new.title if found.new else None) or found.document.title or found.document.key
    head = f" · change {change.id} · {change.kind} · {change.seen_at:%Y-%m-%d %H:%M} UTC"
    say((str(change.level).upper(), style), head)
    say((found.source.title, "bold"), f" · {title}")
    if match:
        rule(f"{item.trigger.title if item.trigger else match.trigger_id} ({match.trigger_id})")
        heading, before = context_of(item)
        if heading:
            say((heading, "dim italic"), indent="  ")
        if before:
            say((before[-300:], "dim"), indent="  ")
        quote(match.excerpt, match.start, match.end)
        say((f"{match.assertion} · score {match.score:.2f} · {match.side} text", "dim"), indent="  ")
        for reason in match.reasons[:6]:
            say(("· " + reason, "dim"), indent="  ")
    else:
        for reason in change.reasons[:6]:
            say(("· " + reason, "dim"), indent="  ")
    if change.hunks:
        show_redline(differences(item, 5))
    facts([("link", address(found.document.url)), ("why", f"cruxwatch explain {change.id}")])
    if item.verdict:
        note = f": {item.verdict.note}" if item.verdict.note else ""
        say((f"said before: {item.verdict.verdict}{note}", "yellow"))


def show_proposals(proposals, written: Path | None) -> None:
    """Print what each threshold should be, with the figures before and after."""

    def told(fit) -> str:
        shares = (("precision", fit.precision), ("recall", fit.recall))
        return ", ".join(f"{name} {'–' if value is None else format(value, '.2f')}" for name, value in shares)

    if not proposals:
        say("No trigger has a verdict yet; `cruxwatch review` gives some.")
    for each in proposals:
        verdicts = f"{each.relevant} relevant, {each.noise} not"
        if each.proposed is None:
            say((each.trigger_id, "bold"), f"  stays at {each.declared:g}: {each.why} ({verdicts})")
        else:
            say(
                (each.trigger_id, "bold"),
                f"  {each.declared:g} → ",
                (f"{each.proposed:g}", "bold green"),
                f"  {each.why}",
            )
            say(f"{verdicts}; before: {told(each.before)}; after: {told(each.after)}", indent="    ")
    if written:
        say((f"Written into {written}; `cruxwatch backtest` shows what it changes.", "green"))
    elif any(each.proposed is not None for each in proposals):
        err.print("Nothing is used until it stands in triggers.yml: --write puts it there.")
