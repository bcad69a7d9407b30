"""Differences as a reader sees them: pairs of sentences, words marked, the unchanged middle folded.

Words are the grain in Latin text and characters in Chinese, Japanese and Korean.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from crawler.change import tokens
from crawler.digest.account import Limits, Piece, Redline, Row
from crawler.digest.safe import cut, plain
from storage.records import Hunk, HunkKind, Part

_WIDE = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_MOST = 480
"""Characters of a sentence that are compared; of a longer one, a window where the difference begins."""
_MOST_PAIRS = 20_000
"""Pairs of equal tokens in two sentences that are compared; an English sentence of 80 words has some 7,000."""
_ATOM = re.compile(r"[^\W\u3040-\u9fff]+|.", re.DOTALL)
_NUMBER = re.compile(r"\d[\d,.:]*$")
_KEEP, _KEEP_WIDE = 48, 20
"""Characters left standing on each side of a folded run; Chinese ones say more."""
_NUMERAL = re.compile("[零〇一二两兩三四五六七八九十百千万萬亿億]+")
_FOLD = Piece(mark="fold", text="…")


def redline(hunks: Sequence[Hunk], limits: Limits, quoted: Sequence[str] = ()) -> Redline:
    """The differences of one change, main text first, in the order of the text; noise counted by rule.

    Beside a change of the main text, what changed around it is counted only, unless it holds a sentence of `quoted`.
    """
    noise = Counter(cut(plain(hunk.noise), 80) for hunk in hunks if hunk.noise)
    told = sorted((hunk for hunk in hunks if not hunk.noise), key=_order)
    main = any(hunk.part is not Part.REST for hunk in told)
    shown = [hunk for hunk in told if not main or hunk.part is not Part.REST or {hunk.old, hunk.new} & {*quoted}]
    rows, room = [], limits.changed
    for hunk, follows in _blocks(shown)[: limits.rows]:
        if room <= 0:
            break
        rows.append(row(hunk, limits, shown=rows[-1] if rows else None, follows=follows))
        room -= sum(len(piece.text) for piece in rows[-1].old + rows[-1].new)
    return Redline(
        rows=tuple(rows),
        more=len(shown) - len(rows),
        outside=len(told) - len(shown),
        noise=tuple(sorted(noise.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _blocks(hunks: Sequence[Hunk]) -> list[tuple[Hunk, bool]]:
    """Hunks with what went before what came where one passage took the place of another, sentence by sentence.

    Each with whether it follows the one above without a sentence between them.
    """
    blocks: list[list[Hunk]] = []
    ends: set[str | None] = set()
    for hunk in hunks:
        whole = hunk.kind in (HunkKind.ADDED, HunkKind.REMOVED)
        follows = whole and blocks and hunk.part is blocks[-1][0].part and hunk.before in ends
        if follows:
            blocks[-1].append(hunk)
            ends.add(hunk.new or hunk.old)
        else:
            blocks.append([hunk])
            ends = {hunk.before, hunk.new or hunk.old} - {None} if whole else set()
    return [
        (hunk, place > 0)
        for block in blocks
        for place, hunk in enumerate(sorted(block, key=lambda hunk: hunk.kind is not HunkKind.REMOVED))
    ]


def row(hunk: Hunk, limits: Limits, *, shown: Row | None = None, follows: bool = False) -> Row:
    """One hunk with its pieces marked; `shown`: the row above, context enough where it `follows` that, or quotes it."""
    old, new = _sentence(hunk.old), _sentence(hunk.new)
    if hunk.kind is HunkKind.EDITED and old and new:
        old_pieces, new_pieces = pair(old, new)
    elif hunk.kind is HunkKind.MOVED:
        old_pieces, new_pieces = (), (Piece(mark="same", text=new or old),)
    else:
        old_pieces = (Piece(mark="del", text=old),) if old else ()
        new_pieces = (Piece(mark="ins", text=new),) if new else ()
    heading, before = _sentence(hunk.heading), _sentence(hunk.before)
    above = "".join(piece.text for piece in shown.new) if shown else ""
    told = follows or (bool(above) and before.endswith(above[-12:]))
    return Row(
        kind=str(hunk.kind),
        old=_shorten(old_pieces, limits.sentence),
        new=_shorten(new_pieces, limits.sentence),
        heading=cut(heading, 120) or None,
        before=_tail(before, 36 if _wide(before) else 90) if before and before != heading and not told else None,
        where=str(hunk.part),
        is_heading=(hunk.new or hunk.old or "").lstrip().startswith("#"),
    )


def pair(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The old sentence with what went marked, and the new one with what came."""
    cut_head = cut_tail = False
    if len(old) > _MOST or len(new) > _MOST:
        start = max(0, _common(old, new) - 80)
        cut_head, cut_tail = start > 0, max(len(old), len(new)) > start + _MOST
        old, new = old[start : start + _MOST], new[start : start + _MOST]
    runs: list[list[str]] = []
    for piece in _differences(old, new):
        if piece.kind == "same":
            runs.append(["same", piece.text, piece.text])
        elif runs and runs[-1][0] == "change":
            runs[-1][1 if piece.kind == "old" else 2] += piece.text
        else:
            runs.append(["change", *((piece.text, "") if piece.kind == "old" else ("", piece.text))])
    joined = _join(_whole_numbers(runs))
    if not _alike(joined):
        joined = [["change", old, new]]
    sides = _side(joined, 1, "del"), _side(joined, 2, "ins")
    return tuple(_cut_off(side, head=cut_head, tail=cut_tail) for side in sides)


def _differences(old: str, new: str) -> tuple[tokens.Piece, ...]:
    """The token diff; of text that repeats itself so much that comparing takes for ever, the whole as replaced."""
    left, right = Counter(_ATOM.findall(old)), Counter(_ATOM.findall(new))
    if sum(number * right[atom] for atom, number in left.items()) > _MOST_PAIRS:
        return (tokens.Piece(kind="old", text=old), tokens.Piece(kind="new", text=new))
    return tokens.redline(old, new)


def _cut_off(pieces: tuple[Piece, ...], *, head: bool, tail: bool) -> tuple[Piece, ...]:
    """Pieces of a window: a fold at each end where the window leaves text out and no fold stands yet."""
    head = head and not (pieces and pieces[0] == _FOLD)
    tail = tail and not (pieces and pieces[-1] == _FOLD)
    return (_FOLD,) * head + pieces + (_FOLD,) * tail


def _join(runs: list[list[str]]) -> list[list[str]]:
    """Runs with the specks of agreement between two changes given to the change: they only hinder reading."""
    kept: list[list[str]] = []
    for index, (mark, went, came) in enumerate(runs):
        speck = mark == "same" and 0 < index < len(runs) - 1 and len(went.strip()) < (2 if _wide(went) else 3)
        name = "change" if speck else mark
        if kept and kept[-1][0] == name:
            kept[-1][1] += went
            kept[-1][2] += came
        else:
            kept.append([name, went, came])
    return kept


def _whole_numbers(runs: list[list[str]]) -> list[list[str]]:
    """Runs with the rest of a number that changed given to the change: 19,014 became 19,939, not 014 939.

    So with Chinese numerals: 九十 became 三十, not 九 三.
    """
    for run, after in pairwise(runs):
        if run[0] == after[0]:
            continue
        if run[0] == "same":
            head = _NUMBER.search(run[1])
            digits = head and after[1][:1].isdigit() and after[2][:1].isdigit()
            if not digits:
                head = _numeral_end(run[1])
                digits = head and _NUMERAL.match(after[1]) and _NUMERAL.match(after[2])
            if head and digits:
                run[1] = run[2] = run[1][: head.start()]
                after[1], after[2] = head.group() + after[1], head.group() + after[2]
            continue
        tail = _NUMERAL.match(after[1])
        if tail and _numeral_end(run[1]) and _numeral_end(run[2]):
            run[1], run[2] = run[1] + tail.group(), run[2] + tail.group()
            after[1] = after[2] = after[1][tail.end() :]
    return [run for run in runs if run[1] or run[2]]


def _numeral_end(text: str) -> re.Match[str] | None:
    """The Chinese numeral that a text ends with."""
    found = list(_NUMERAL.finditer(text[-12:]))
    if not found or found[-1].end() != len(text[-12:]):
        return None
    return re.compile(re.escape(found[-1].group()) + r"\Z").search(text)


def _alike(runs: list[list[str]]) -> bool:
    """Enough stands unchanged for marks to help: else they are a rash, and the two sentences read better whole."""
    same = sum(len(went.strip()) for mark, went, _ in runs if mark == "same")
    longest = max(sum(len(run[side].strip()) for run in runs) for side in (1, 2))
    return same >= longest * (0.2 if len(runs) <= 3 else 0.4)


def _side(runs: list[list[str]], side: int, mark: str) -> tuple[Piece, ...]:
    pieces = []
    for place, run in enumerate(runs):
        text = run[side]
        if not text:
            continue
        if run[0] == "change":
            pieces.append(Piece(mark=mark, text=text))
        else:
            pieces.extend(_folded(text, first=place == 0, last=place == len(runs) - 1))
    return tuple(pieces)


def _folded(text: str, *, first: bool, last: bool) -> list[Piece]:
    """An unchanged run; its middle gives way to '…' where it is long and a change is near."""
    keep = _KEEP_WIDE if len(_WIDE.findall(text)) * 2 > len(text) else _KEEP
    keep_head = 0 if first and not last else keep
    keep_tail = 0 if last and not first else keep
    if (first and last) or len(text) <= keep_head + keep_tail + keep // 2:
        return [Piece(mark="same", text=text)]
    head, tail = _lead(text, keep_head), _tail(text, keep_tail).removeprefix("…") if keep_tail else ""
    around = [Piece(mark="same", text=head), _FOLD, Piece(mark="same", text=tail)]
    return [piece for piece in around if piece.text]


def _lead(text: str, most: int) -> str:
    """The first `most` characters, to the end of a word where one is near."""
    cutting = text[:most]
    blank = cutting.rfind(" ")
    return cutting[: blank + 1] if blank > most - 16 else cutting


def _tail(text: str, most: int) -> str:
    """The last `most` characters after a '…', from the start of a word where one is near; all of a short `text`."""
    if len(text) <= most:
        return text
    cutting = text[-most:]
    blank = cutting.find(" ")
    return "…" + (cutting[blank:] if 0 <= blank < 16 else cutting)


def _shorten(pieces: tuple[Piece, ...], most: int) -> tuple[Piece, ...]:
    """Pieces up to `most` characters in all."""
    kept, left = [], most
    for piece in pieces:
        if left <= 0:
            kept.append(_FOLD)
            break
        kept.append(Piece(mark=piece.mark, text=cut(piece.text, left)))
        left -= len(piece.text)
    return tuple(kept)


def _sentence(text: str | None) -> str:
    return re.sub(r"^\s*#+ ", "", plain(text)).strip()


def _common(a: str, b: str) -> int:
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _wide(text: str) -> bool:
    return bool(_WIDE.search(text))


def _order(hunk: Hunk) -> tuple[int, int, int]:
    return ((Part.TITLE, Part.MAIN, Part.REST).index(hunk.part), hunk.kind is HunkKind.MOVED, hunk.position)
