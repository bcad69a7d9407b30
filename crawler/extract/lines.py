"""The one text form: NFC, white space folded, one sentence, row or bullet a line, headings start with '# '."""

from __future__ import annotations

import re
import unicodedata

LONGEST_LINE = 4_000
"""Characters; a longer sentence is cut at a space or, in Chinese, at a comma."""

# invisible: soft hyphen, zero-width characters, direction marks, byte order mark, variation selectors
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]"
)
CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003134f"
_CLOSING = "\"'”’»›)]}」』）】》〉〕］"
_END_CJK = re.compile(rf"[。！？；｡]+[{re.escape(_CLOSING)}。！？；]*")
_END_LATIN = re.compile(r"(?:[.!?]+|…)[\"'”’»›)\]]*(?=\s+[\"'“‘«(\[¿¡]*(?:[A-Z0-9À-ÖØ-ÞĀ-ſА-ЯЁΑ-Ω一-鿿]))")
_WORD_BEFORE = re.compile(r"([^\W_]+(?:\.[^\W_]+)*)\.$")
_NUMBERING = re.compile(r"[\"'“(\[]*(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivxlcIVXLC]{1,6})[.)]+$")

# words that end in a full stop without ending a sentence; lower case
_ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr prof rev hon gen col maj capt lt sgt st mt sr jr messrs mme mlle pres gov sen rep amb inc ltd
    co corp llc plc bros dept univ assn est e.g i.e eg ie cf viz vs etc al ca approx no nos art arts sec secs
    para paras pp p vol vols ch chap fig figs eq ed eds trans op cit ibid jan feb mar apr jun jul aug sep sept
    oct nov dec mon tue tues wed thu thur thurs fri sat sun u.s u.k u.n e.u p.r d.c a.m p.m ph.d m.d b.a m.a
    b.sc m.sc ll.m bzw z.b u.a d.h usw nr abs bspw ggf inkl ca evtl s.o vgl m mm av bd boul env ex p.ex т.е
    т.д т.п др ст п г стр
    tel fax ext
    """.split()  # noqa: SIM905
)
_ALWAYS_GO_ON = frozenset(["mr", "mrs", "ms", "dr", "prof", "rev", "hon", "e.g", "i.e", "cf", "viz", "vs", "approx"])


def fold_space(text: str) -> str:
    """One line: NFC, without invisible characters, white space folded to single spaces."""
    if not text.isascii():
        if _INVISIBLE.search(text):
            text = _INVISIBLE.sub("", text)
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def sentences(text: str) -> list[str]:
    """Split one paragraph (white space folded) into sentences; nothing is lost but the space between them.

    Chinese ends 。！？； take their closing quotes and brackets with them; Latin ends need a space and a capital, a
    digit or a Chinese character after them, and are no abbreviation, initial or numbering.
    """
    if len(text) < 2:
        return [text] if text else []
    ends = [] if text.isascii() else [m.end() for m in _END_CJK.finditer(text)]
    if "." in text or "!" in text or "?" in text or "…" in text:
        ends = sorted({*ends, *(m.end() for m in _END_LATIN.finditer(text))})
    if not ends:
        return _cut(text)
    out: list[str] = []
    start = 0
    for end in ends:
        if end > start and not _goes_on(text, start, end):
            out.append(text[start:end].strip())
            start = end
    out.append(text[start:].strip())
    return [cut for sentence in out if sentence for cut in _cut(sentence)]


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether what ends there is no sentence yet: the stop of an abbreviation, an initial, a numbering, or no word."""
    tail = text[max(start, end - 40) : end].strip()
    if not tail or (end - start <= 40 and not any(c.isalnum() for c in tail)):
        return True
    if tail[-1] != ".":
        return False
    if end - start <= 14 and _NUMBERING.fullmatch(tail):
        return True
    word = _WORD_BEFORE.search(tail)
    if not word:
        return False
    last = word.group(1)
    if len(last) == 1 and last.isalpha() and last.isupper():
        return True
    return last.casefold() in _ABBREVIATIONS and (last.casefold() in _ALWAYS_GO_ON or last[0].isupper() or "." in last)


def _cut(sentence: str) -> list[str]:
    if len(sentence) <= LONGEST_LINE:
        return [sentence]
    out = []
    while len(sentence) > LONGEST_LINE:
        at = max(sentence.rfind(mark, LONGEST_LINE // 2, LONGEST_LINE) for mark in (" ", "，", "、", ","))
        at = at + 1 if at > 0 else LONGEST_LINE
        out.append(sentence[:at].strip())
        sentence = sentence[at:].strip()
    return [*out, sentence] if sentence else out


def normalise(text: str) -> str:
    """Bring plain text into the one text form; idempotent.

    Every line of the input is a paragraph, row, bullet or heading of its own.
    """
    out: list[str] = []
    for line in text.splitlines():
        folded = fold_space(line)
        if folded:
            out.extend(as_lines(folded))
    return "\n".join(out)


def as_lines(folded: str) -> list[str]:
    """The lines that one folded paragraph, row, bullet or heading makes."""
    if folded.startswith("# ") or " | " in folded:
        first, *rest = _cut(folded)
        return [first, *(line for piece in rest for line in as_lines(piece))]
    return sentences(folded)
