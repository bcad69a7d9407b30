"""`explain` for a person: what `crawler.explain` tells, in paragraphs."""

from __future__ import annotations

from crawler.cli.common import out
from crawler.cli.pieces import facts, quote, rule, say
from crawler.digest.safe import address

MOST_HEADERS = 40
MOST_DIFFERENCES = 60


def show(told: dict) -> None:
    """Print why."""
    say((told["level"].upper(), "bold"), f" · change {told['change']} · {told['kind']} · {told['seen_at']}")
    document, source = told["document"], told["source"]
    say((source["title"], "bold"), f" ({source['id']}, {source['role']})")
    say(document["title"] or document["key"])
    say((address(document["url"]), "dim"))
    for reason in told["why"]:
        say("· " + reason, indent="  ")
    marks = [
        ("found by reading the archive again", told["reprocessed"]),
        ("outside the main text", told["outside_main"]),
    ]
    facts([("also", "; ".join(mark for mark, there in marks if there)), ("digest", told["digest"])])
    for each in told["notes"]:
        held = f" (held to be evidence on {each['trigger']})" if each["trigger"] else ""
        say(("note: ", "bold yellow"), f"{each['note'] or 'captured by hand'}{held}", indent="  ")
    _evidence(told["evidence"])
    _also(told)
    _significance(told["significance"])
    _differences(told["differences"])
    _history(document, told["variants"])
    _reviews(told["reviews"])
    _proof(told["proof"])


def _evidence(matches: list[dict]) -> None:
    if not matches:
        return
    out.print()
    rule("evidence")
    for match in matches:
        state = {True: "fired", False: "did not fire", None: "firing not recorded"}[match["fired"]]
        if match["against"]:
            state += ", speaks against"
        if match["known"]:
            state += ", known already"
        bar = "" if match["threshold"] is None else f" (threshold {match['threshold']:g})"
        say(
            (match["title"] or match["trigger"], "bold"),
            f" · match {match['match']} · {match['assertion']} · score {match['score']:.2f}{bar} · {state}",
        )
        quote(match["sentence"], match["start"], match["end"])
        for reason in match["reasons"]:
            say(("· " + reason, "dim"), indent="  ")
        for each in match["opinions"]:
            rests = f", resting on “{each['quotation']}”" if each["quotation"] else ""
            say((f"the judge ({each['model']}) says: ", "dim"), (each["verdict"], "bold"), rests, indent="  ")


def _also(told: dict) -> None:
    """Who else has the news, in the digest that told it."""
    if not told["also"]:
        return
    out.print()
    rule("the same news")
    for each in told["also"]:
        how = f"repeats change {each['copy_of']}" if each["copy_of"] else "own words"
        marks = ["this one" if each["change"] == told["change"] else "", how, "told first" if each["first"] else ""]
        say(
            (f"change {each['change']}  ", "bold"),
            f"{each['title']} · {' · '.join(m for m in marks if m)}",
            indent="  ",
        )


def _significance(significance: dict) -> None:
    if not significance["parts"]:
        return
    out.print()
    rule(f"significance {significance['total']:.2f}")
    for part in significance["parts"]:
        name = part["part"] if part["why"] == part["part"] else f"{part['part']}: {part['why']}"
        say((f"{part['weight']:+.2f}  ", "bold"), name, indent="  ")


def _differences(differences: list[dict]) -> None:
    if not differences:
        return
    out.print()
    rule(f"differences ({len(differences)})")
    told = sorted(differences, key=lambda each: each["noise"] is not None)  # what counts first
    for each in told[:MOST_DIFFERENCES]:
        where = "" if each["part"] == "main" else f", {each['part']}"
        say((f"{each['kind']}{where}", "bold"), *([(f" under {each['heading']}", "dim")] if each["heading"] else []))
        if each["old"]:
            say(("- ", "red"), each["old"], indent="  ")
        if each["new"]:
            say(("+ ", "green"), each["new"], indent="  ")
        if each["noise"]:
            say((f"noise by the rule “{each['noise']['rule']}”: {each['noise']['why']}", "yellow"), indent="  ")
        if each["ledger"]:
            seen = each["ledger"]
            documents = f", shown by {seen['documents']} document(s)"
            say((f"first seen {seen['first_seen_at'][:10]} in {seen['source_id']}{documents}", "dim"), indent="  ")
    if len(differences) > MOST_DIFFERENCES:
        say((f"… {len(differences) - MOST_DIFFERENCES} more; --json has all", "dim"))


def _history(document: dict, variants: list[dict]) -> None:
    if not variants:
        return
    out.print()
    rule(f"the document's texts ({len(variants)})")
    for each in variants[-12:]:
        side = f" · {each['side']} this change" if each["side"] else ""
        span = f"{each['first_seen_at'][:10]} to {each['last_seen_at'][:10]}"
        say(f"version {each['version']} · {span} · seen {each['seen']} time(s){side}", indent="  ")
    learned = document["learned"]
    if learned.get("alternates"):
        say("alternates between texts it has shown before", indent="  ")
    if learned.get("restless_places") or learned.get("lines_that_come_and_go"):
        say(
            (
                f"learned in {learned['looks_compared']} looks: {learned['restless_places']} place(s) that differed, "
                f"{learned['lines_that_come_and_go']} line(s) that came or went",
                "dim",
            ),
            indent="  ",
        )


def _reviews(reviews: list[dict]) -> None:
    if reviews:
        out.print()
        rule("verdicts")
    for each in reviews:
        on = f" on match {each['match']}" if each["match"] else ""
        who = f" by {each['reviewer']}" if each["reviewer"] else ""
        note = f": {each['note']}" if each["note"] else ""
        say((each["verdict"], "bold"), f"{on}{who}, {each['reviewed_at'][:10]}{note}", indent="  ")


def _proof(proof: dict) -> None:
    out.print()
    rule("proof")
    version, reading, capture, fetch = (proof[key] for key in ("version", "reading", "capture", "fetch"))
    if version:
        facts([("version", version["id"]), ("text sha256", version["sha256"]), ("read by", version["extractor"])])
    if reading:
        facts([("reading", f"{reading['health']} · {reading['reader']}"), ("", reading["detail"])])
    if capture is None:
        say("no capture: told by the outcome of fetches alone", indent="  ")
        return
    facts(
        [
            (
                "capture",
                f"{capture['id']} · {capture['fetched_at']} · {capture['size']} bytes · {capture['media_type']}",
            ),
            ("sha256", capture["sha256"]),
            ("asked", address(capture["url"])),
            ("answered", address(capture["final_url"]) if capture["final_url"] != capture["url"] else None),
            ("status", capture["status"]),
        ]
    )
    if fetch:
        hops = " → ".join(f"{status} {address(target)}" for status, target in fetch["redirects"])
        facts(
            [
                ("fetch", f"{fetch['id']} · {fetch['outcome']} · {fetch['started_at']} · by {fetch['address'] or '?'}"),
                ("redirects", hops),
            ]
        )
    for name, value in capture["headers"][:MOST_HEADERS]:
        say((f"{name}: {value}", "dim"), indent="    ")
