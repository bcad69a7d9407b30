"""The demonstration on a terminal: each day, the board of triggers, and where everything lies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from crawler.catalogue import Catalogue
from crawler.coverage import Standing
from crawler.demo.site import Site
from crawler.demo.story import SHELVES, Day, named
from crawler.digest import Account, also
from crawler.digest.account import Entry
from crawler.digest.words import DIRECTIONS

INVENTED = "Invented for the demonstration: no such body, person, place or model exists.  演示用虚构内容"
SIGNS = {
    "for": "[bold green]+[/]",
    "against": "[bold red]-[/]",
    "unsettled": "?",
    "hint": "[dim]~[/]",
    "known": "[dim]=[/]",
}
BLIND = "[yellow]∅[/]"
LEGEND = (
    (SIGNS["for"], "for"),
    (SIGNS["against"], "against"),
    (SIGNS["unsettled"], "not a fact yet"),
    (SIGNS["hint"], "a hint"),
    (SIGNS["known"], "known"),
    (BLIND, "cannot say"),
)
LONGEST = 200
"""Characters of one sentence quoted."""
MOST_WRONG = 12


def opening(console: Console, site: Site, loaded: Catalogue) -> None:
    """Say what is about to happen."""
    about = (
        f"[bold]{escape(loaded.assessment.title)}[/]\n{INVENTED}\n\n"
        f"A website of {len(loaded.sources)} sources is served on this machine (port {site.port}); it changes from day "
        "to day, and its noise at every request.\nCruxwatch visits it on five days, and writes a digest on each."
    )
    console.print(Panel(about, border_style="dim"))


def day(console: Console, told: Day, account: Account, words: Mapping[str, frozenset[str]], loaded: Catalogue) -> None:
    """One day: the digest's headline, the sentences it quotes, and beside what happened what was said of it."""
    console.print(f"\n[bold]Day {told.number} · {told.now:%a %d %B %Y} · {escape(told.title)}[/]")
    console.print(f"[italic]{escape(account.headline)}[/]")
    quotes = Table.grid(padding=(0, 1, 0, 0))
    for _ in range(2):
        quotes.add_column()
    quotes.add_column(overflow="fold")
    for sign, trigger, entry in quoted(account):
        quote = entry.quotes[0] if entry.quotes else None
        text = f"“{quote.before}{quote.words}{quote.after}”" if quote else entry.title
        text = text if len(text) <= LONGEST else text[:LONGEST] + "…"
        where = " · ".join(
            part for part in (entry.source, quote.assertion if quote else "", also.spread(entry)) if part
        )
        quotes.add_row("", sign, f"[bold]{escape(trigger)}[/]\n{escape(text)}\n[dim]{escape(where)}[/]")
    if quotes.row_count:
        console.print(quotes)
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("", width=1)
    table.add_column("source", no_wrap=True)
    table.add_column("what happened there", ratio=3)
    table.add_column("what the digest says", ratio=2)
    for event in told.events:
        got = words.get(event.source, frozenset())
        mark = "[green]✓[/]" if got == event.says else "[red]✗[/]"
        says = escape(", ".join(sorted(got))) or "[dim]nothing, rightly[/]"
        if not got and event.says:
            says = f"[red]nothing; missing: {escape(', '.join(sorted(event.says)))}[/]"
        table.add_row(mark, escape(event.source), escape(event.what), says)
    expected = {event.source for event in told.events} | set(told.standings)
    for source in sorted(set(words) - expected):
        table.add_row(
            "[red]✗[/]", escape(source), "[dim]nothing worth telling[/]", escape(", ".join(sorted(words[source])))
        )
    console.print(table)


def quoted(account: Account) -> Iterator[tuple[str, str, Entry]]:
    """What bears on a trigger: its sign, the trigger's title, the entry."""
    for section in account.triggers:
        for shelf in ("evidence", "against", "unsettled"):
            for entry in getattr(section, shelf).entries:
                yield SIGNS[SHELVES[shelf]], section.title, entry


def board(console: Console, days: Sequence[tuple[Day, Account]], loaded: Catalogue) -> None:
    """Trigger by trigger, day by day."""
    ids = {entry.title: entry.id for entry in loaded.sources}
    table = Table(title="Trigger by trigger", title_justify="left", box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("trigger", min_width=26)
    for told, _ in days:
        table.add_column(f"{told.now:%a %d}")
    for trigger in loaded.assessment.triggers:
        if trigger.not_observable:
            table.add_row(f"[dim]{escape(trigger.title)}\nnot observable[/]", *[""] * len(days))
            continue
        cells = [_cell(trigger.id, account, ids) for _, account in days]
        table.add_row(f"{escape(trigger.title)}\n[dim]{DIRECTIONS[trigger.direction]}[/]", *cells)
    console.print()
    console.print(table)
    told_by = " · ".join(f"{sign} {words}" for sign, words in LEGEND)
    console.print(told_by)


def _cell(trigger_id: str, account: Account, ids: Mapping[str, str]) -> str:
    lines = []
    for section in account.triggers:
        if section.id == trigger_id:
            for shelf, word in SHELVES.items():
                names = [ids.get(title, title) for title, _ in named(getattr(section, shelf))]
                lines += [f"{SIGNS[word]} {escape(name)}" for name in names]
    blind = {row.id for row in account.board.standing(Standing.CANNOT_SAY)} if account.board else set()
    return "\n".join(lines) or (BLIND if trigger_id in blind else "[dim]·[/]")


def closing(console: Console, folder: Path, wrong: Sequence[str]) -> None:
    """Say where everything lies and what to do with it."""
    place = escape(str(folder))
    console.print()
    if wrong:
        console.print(f"[bold red]{len(wrong)} thing(s) were not as the story tells:[/]")
        for sentence in wrong[:MOST_WRONG]:
            console.print(f"  {escape(sentence)}", soft_wrap=True)
        if len(wrong) > MOST_WRONG:
            console.print(f"  and {len(wrong) - MOST_WRONG} more")
    else:
        console.print("[bold green]Every day the digest said what it should, and nothing else.[/]")
    console.print(f"[dim]{INVENTED}[/]\n")
    for label, text in (
        ("digests", f"{place}/digests/   (.html .md .json for each day, atom.xml)"),
        ("archive", f"{place}/archive.db"),
        ("catalogue", f"{place}/sources.yml, {place}/triggers.yml"),
        ("browse it", f"cruxwatch browse --archive {place}/archive.db"),
        ("its sources", f"cruxwatch status --archive {place}/archive.db --now 2026-05-15T06:00:00"),
    ):
        console.print(f"  [bold]{label:12}[/]{text}", soft_wrap=True)


def serving(console: Console, site: Site, folder: Path) -> None:
    """Say how to play with the website while it is up."""
    place = escape(str(folder))
    console.print(
        f"\nThe website stays up: http://institute.localhost:{site.port}/ (it is day {site.day}). In another terminal:"
    )
    console.print(
        f"  cruxwatch run --archive {place}/archive.db --sources {place}/sources.yml --triggers {place}/triggers.yml",
        soft_wrap=True,
    )
    console.print("A number turns it to that day; q or Ctrl-C ends.")
