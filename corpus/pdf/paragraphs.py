"""Lines to paragraphs: joined where the page broke them, apart where the writer did."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from corpus.furniture import is_list_item
from corpus.pdf.lines import Line
from corpus.repair import repair

_WIDE_GAP = 1.3
"""A gap this many times the usual one stands between paragraphs."""
_INDENT = 0.7
_SIZE = 0.07
_NOTE_SIZE = 0.92
"""Lines at the foot of a page that are smaller than this beside the running text are notes."""
_ENDS = re.compile(r"[.!?؟؛:…。][\"'»”’)\]]*(?:\[\d{1,3}\])*$")
_HYPHEN = re.compile("[-\u2010\u00ad]$")
_LATIN_HEAD = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")
_LOWER = re.compile(r"[^\W\d_]+")
_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NOTE = re.compile(r"^(?:\[?[\d٠-٩]{1,3}[\]).]?\s?|\*+\s?|†\s?)\S")
# Beginnings of words that keep their hyphen whether a line ends there or not.
_KEEP = frozenset(
    "twenty thirty forty fifty sixty seventy eighty ninety self non ex so vice well anti pro mid cross half all".split()
)


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together. `breaks`: for each page that begins inside it, how much text stands before that."""

    lines: list[Line]
    item: bool = False
    text: str = ""
    breaks: list[tuple[int, int]] = field(default_factory=list)

    @property
    def last(self) -> Line:
        return self.lines[-1]


def paragraphs(pages: Sequence[Sequence[Line]]) -> list[Paragraph]:
    """The paragraphs of the pages' lines, with their text."""
    body = body_size([line for lines in pages for line in lines])
    words = Counter(word.casefold() for lines in pages for line in lines for word in _WORDS.findall(line.text))
    found: list[Paragraph] = []
    waiting: list[Line] = []
    for lines in pages:
        running, notes = _notes_apart(lines, body)
        at = len(found)
        for _, column in groupby(running, key=lambda line: line.column):
            for number, block in enumerate(_grouped(list(column))):
                if number == 0 and found and _goes_on(found[-1], block):
                    found[-1].lines += block.lines
                else:
                    found.append(block)
        if running:
            # Notes of the page before: not inside a paragraph that goes on to this one, but before it.
            if waiting and at and found[at - 1].last.page != found[at - 1].lines[0].page:
                at -= 1
            found[at:at] = _grouped(waiting)
            waiting = []
        waiting += notes
    found += _grouped(waiting)
    for paragraph in found:
        _write(paragraph, words)
    return found


def body_size(lines: Sequence[Line]) -> float:
    """The size of running text: that of most letters."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _notes_apart(lines: Sequence[Line], body: float) -> tuple[list[Line], list[Line]]:
    """Running text, and the notes at the foot of the page: they would stand in the middle of a sentence."""
    first = len(lines)
    while first > 0 and lines[first - 1].size < _NOTE_SIZE * body:
        first -= 1
    if 0 < first < len(lines) and _NOTE.match(lines[first].text):
        return list(lines[:first]), list(lines[first:])
    return list(lines), []


def _grouped(lines: Sequence[Line]) -> list[Paragraph]:
    """Lines of one column, grouped."""
    found: list[Paragraph] = []
    usual = _usual_gap(lines)
    margins = _margins(lines, usual)
    for number, line in enumerate(lines):
        before = lines[number - 1] if number else None
        if before is None or not found or _begins(line, before, found[-1], usual, margins[number - 1]):
            found.append(Paragraph([line], item=line.cells or is_list_item(line.text)))
        else:
            found[-1].lines.append(line)
    return found


def _usual_gap(lines: Sequence[Line]) -> float:
    """From baseline to baseline in running text, in sizes of the type."""
    gaps = [
        (one.base - two.base) / one.size
        for one, two in pairwise(lines)
        if one.base > two.base and abs(one.size - two.size) <= _SIZE * one.size
    ]
    close = [gap for gap in gaps if gap < 2.6]
    if not close:
        return 1.3
    # Most gaps are inside paragraphs; where most paragraphs are of one line, the smallest are.
    common = Counter(round(gap, 1) for gap in close).most_common(1)[0][0]
    smallest = [gap for gap in close if gap <= min(close) * 1.12]
    return statistics.median(smallest) if len(smallest) * 4 >= len(close) else common


def _wide(one: Line, two: Line, usual: float) -> bool:
    return one.base - two.base > _WIDE_GAP * usual * max(one.size, two.size) or two.base > one.base + 0.1 * one.size


def _margins(lines: Sequence[Line], usual: float) -> list[float]:
    """For each line, how far the lines around it reach that begin at about the same place."""
    margins: list[float] = []
    run: list[Line] = []

    def close() -> None:
        margins.extend([max((line.end for line in run), default=0.0)] * len(run))

    for line in lines:
        if run and (
            _wide(run[-1], line, usual) or abs(line.start - run[-1].start) > 3 * line.size or line.rtl != run[-1].rtl
        ):
            close()
            run = []
        run.append(line)
    close()
    return margins


def _begins(line: Line, before: Line, current: Paragraph, usual: float, margin: float) -> bool:
    """Whether a paragraph begins with `line`, which stands below `before`."""
    if abs(line.size - before.size) > _SIZE * max(line.size, before.size) or _wide(before, line, usual):
        return True
    if line.cells or before.cells:
        return True
    if _HYPHEN.search(before.text) and not is_list_item(line.text):
        return False
    left_over = margin - before.end
    would_fit = left_over > line.first_word + 0.45 * line.size
    ended = _ENDS.search(before.text) is not None
    if is_list_item(line.text) and (ended or would_fit or current.item or left_over > 1.5 * line.size):
        return True
    if would_fit:
        return True
    indented = line.start - before.start
    if current.item and before is current.lines[0] and 0 <= indented <= 4.5 * line.size:
        return False
    if current.item and indented < -_INDENT * line.size and ended:
        return True
    opens = current.lines[0] is before or before.start - current.lines[0].start <= 0.3 * line.size
    return opens and _INDENT * line.size < indented < 5 * line.size and (ended or left_over > line.size)


def _ended(paragraph: Paragraph) -> bool:
    return _ENDS.search(paragraph.last.text) is not None


def _goes_on(before: Paragraph, following: Paragraph) -> bool:
    """Whether a paragraph goes on with the first one of the next column or page."""
    one, two = before.last, following.lines[0]
    if following.item or one.cells or abs(one.size - two.size) > _SIZE * max(one.size, two.size) or one.rtl != two.rtl:
        return False
    if _HYPHEN.search(one.text):
        return True
    widest = max(line.end - line.start for line in before.lines)
    full = len(before.lines) == 1 or one.end - one.start > 0.75 * widest
    return full and not _ended(before)


def _write(paragraph: Paragraph, words: Counter[str]) -> None:
    """Sets the paragraph's text, repaired as everything that is stored, and where pages begin in it."""
    text = ""
    page = paragraph.lines[0].page
    for line in paragraph.lines:
        joint = _joint(text, line.text, words) if text else (text, "")
        text = joint[0] + joint[1]
        if line.page != page:
            page = line.page
            paragraph.breaks.append((page, len(repair(f"{text}.")) - 1))
        text += line.text
    paragraph.text = repair(text)


def _joint(text: str, following: str, words: Counter[str]) -> tuple[str, str]:
    """What is written, and what stands between it and the next line: the hyphen of a broken word goes."""
    if not _HYPHEN.search(text):
        return text, " "
    head = _LATIN_HEAD.search(text)
    tail = _LOWER.match(following)
    if head is None:
        return text, "" if text[-2:-1].isdigit() else " "
    if tail is None or not tail[0][0].islower() or not head[1].isascii():
        return (text, "") if tail is not None or following[:1].isdigit() else (text, " ")
    if text[-1] != "-":
        return text[:-1], ""
    one, two = head[1].casefold(), tail[0].casefold()
    whole, compound = words[one + two], words[f"{one}-{two}"]
    if compound > whole or one in _KEEP:
        return text, ""
    # Both parts are words of this document: "long-term", broken where its hyphen stands.
    if not whole and len(one) > 3 and len(two) > 3 and words[one] and words[two] > 1:
        return text, ""
    return text[:-1], ""


def assemble(found: Sequence[Paragraph], pages: int) -> tuple[str, tuple[int, ...]]:
    """The text of the paragraphs, and where each page begins in it."""
    starts: dict[int, int] = {}
    pieces: list[str] = []
    length = 0
    for before, paragraph in _with_before(found):
        if not paragraph.text:
            continue
        if pieces:
            gap = "\n" if before is not None and before.item and paragraph.item else "\n\n"
            pieces.append(gap)
            length += len(gap)
        starts.setdefault(paragraph.lines[0].page, length)
        for page, inside in paragraph.breaks:
            starts.setdefault(page, length + inside)
        pieces.append(paragraph.text)
        length += len(paragraph.text)
    offsets: list[int] = []
    at = length
    for page in reversed(range(pages)):  # a page without text begins where the next one does
        at = min(at, starts.get(page, at))
        offsets.append(at)
    offsets.reverse()
    if offsets:
        offsets[0] = 0
    return "".join(pieces), tuple(offsets)


def _with_before(found: Sequence[Paragraph]) -> Iterator[tuple[Paragraph | None, Paragraph]]:
    before = None
    for paragraph in found:
        yield before, paragraph
        if paragraph.text:
            before = paragraph
