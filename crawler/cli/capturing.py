"""`capture`: archive what was found by hand, at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from crawler.cli.common import (
    ARCHIVE,
    ArchiveOption,
    JsonOption,
    NowOption,
    SourcesOption,
    TriggersOption,
    app,
    load,
    out,
    progress_bars,
    utc,
)

LINES = 12
"""Lines of text shown."""


@app.command("capture")
def capture_command(
    urls: Annotated[list[str], typer.Argument(metavar="URL...", help="Addresses, as the browser shows them.")],
    source: Annotated[str, typer.Option("--source", help="Source it belongs to.")] = "by-hand",
    trigger: Annotated[str | None, typer.Option("--trigger", help="Trigger it is evidence for.")] = None,
    note: Annotated[str | None, typer.Option("--note", help="Why it matters, where it was found.")] = None,
    title: Annotated[str | None, typer.Option("--title", help="Its title, where the page names none.")] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="A saved page or document that came from the address.")
    ] = None,
    images: Annotated[bool, typer.Option("--images/--no-images", help="Keep its images, too.")] = True,
    archive: ArchiveOption = ARCHIVE,
    sources: SourcesOption = None,
    triggers: TriggersOption = None,
    as_json: JsonOption = False,
    now: NowOption = None,
) -> None:
    """Archive a page found by hand, with its images; read it, and say what it is evidence of.

    Fetched as the crawl fetches: robots.txt and the address guard hold. What cannot be fetched so can be saved in a
    browser and given with --file.
    """
    from crawler.by_hand import About, capture

    loaded = load(sources, triggers)
    about = About(source_id=source, trigger_id=trigger, note=note, title=title)
    with progress_bars(as_json) as progress:
        came = capture(
            loaded, archive, urls, about=about, file=file, with_images=images, now=utc(now), progress=progress
        )
    if as_json:
        print(json.dumps([_as_json(each) for each in came], ensure_ascii=False, indent=1))
    else:
        for each in came:
            _print(each, trigger)
    raise typer.Exit(0 if any(each.capture for each in came) else 3)


def _as_json(kept) -> dict:
    told = {
        "url": kept.url,
        "outcome": kept.fetch.outcome if kept.fetch else None,
        "why": _why(kept),
        "capture": kept.capture.id if kept.capture else None,
        "sha256": kept.capture.sha256 if kept.capture else None,
        "read": kept.reading.health if kept.reading else None,
        "images": [{"url": image.url, "sha256": image.sha256, "size": image.size} for image in kept.images],
        "images_asked": kept.images_asked,
    }
    if kept.version is not None:
        told |= {
            "title": kept.version.title,
            "published": kept.version.published_raw,
            "language": kept.version.language,
            "text": kept.version.main.splitlines(),
        }
    told["changes"] = [
        {
            "kind": found.change.kind,
            "level": found.change.level,
            "reasons": list(found.change.reasons),
            "matches": [
                {
                    "trigger": match.trigger_id,
                    "score": match.score,
                    "assertion": match.assertion,
                    "excerpt": match.excerpt,
                    "reasons": list(match.reasons),
                }
                for match in found.change.matches
            ],
        }
        for found in kept.findings
    ]
    return told


def _why(kept) -> str | None:
    if kept.fetch is None:
        return "the crawl ended before it was asked"
    said = [kept.fetch.reason, kept.fetch.detail, kept.reading.detail if kept.reading else None]
    return " · ".join(str(part) for part in said if part) or None


def _print(kept, trigger: str | None) -> None:
    outcome = kept.fetch.outcome if kept.fetch else "not asked"
    out.print(f"[bold]{escape(str(outcome))}[/]  {escape(kept.url)}", soft_wrap=True)
    if why := _why(kept):
        out.print(f"  [dim]{escape(why)}[/]", soft_wrap=True)
    if kept.capture is None:
        out.print("  Nothing is kept. Save the page in a browser, then: cruxwatch capture --file FILE URL")
        return
    out.print(f"  [dim]capture {kept.capture.id} · SHA-256 {kept.capture.sha256} · {kept.capture.size} bytes[/]")
    if kept.images_asked:
        out.print(f"  [dim]{len(kept.images)} of {kept.images_asked} images kept[/]")
    if kept.version is None:
        health = kept.reading.health if kept.reading else "unread"
        said = "kept as evidence" if health == "ok" else f"[yellow]{escape(str(health))}[/]: kept, but it holds no text"
        out.print(f"  {said}")
        return
    out.print(f"\n[bold]{escape(kept.version.title or kept.url)}[/]", soft_wrap=True)
    lines = kept.version.main.splitlines()
    for line in lines[:LINES]:
        out.print(f"  {escape(line)}", soft_wrap=True)
    if len(lines) > LINES:
        out.print(f"  [dim]… {len(lines) - LINES} more lines[/]")
    _print_evidence(kept, trigger)


def _print_evidence(kept, trigger: str | None) -> None:
    if not kept.findings:
        out.print("\nIt says nothing that this archive did not hold before.")
    for found in kept.findings:
        out.print(f"\n[bold]{found.change.level}[/]  {escape('; '.join(found.change.reasons))}", soft_wrap=True)
        for match in found.change.matches:
            out.print(f"  [bold]{escape(match.trigger_id)}[/] {match.score:.2f} {match.assertion}", soft_wrap=True)
            out.print(f"    “{escape(match.excerpt)}”", soft_wrap=True)
            out.print(f"    [dim]{escape(' · '.join(match.reasons))}[/]", soft_wrap=True)
        if not found.change.matches:
            out.print("  no trigger is met")
    if trigger and not any(m.trigger_id == trigger for f in kept.findings for m in f.change.matches):
        out.print(f"\nAttached to {escape(trigger)} by hand; the rules do not see it there.", soft_wrap=True)
