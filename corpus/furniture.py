"""What single lines of a scraped page are: a bilingual list of furniture labels, and the shape of prose.

A label counts only when it is the whole line (after normalisation), or stands before a colon: a sentence that merely
begins with "Share" or «اقرأ» is prose. Where a line stands is weighed in `corpus.cleaning`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.resources import files


class Kind(Enum):
    """What a line is, by itself."""

    TEXT = "text"
    NOISE = "control"  # stands alone: share buttons, advertisement marks, skip links
    NAV = "menu"  # furniture at the head or the tail; in the middle it may be a subheading
    META = "byline"  # date, author, counters: furniture around the body
    CREDIT = "caption"  # image source or caption
    LINKS = "links"  # opens a list of other headlines, inside or after the body
    TAGS = "tags"  # opens a list of topics
    PROMO = "promotion"  # newsletter, paywall, application, cookie banner: whole sentences too
    CLOSING = "tail"  # opens what follows a body: comments, about the author, contacts, legal lines


_MARKS = re.compile("[\u0640\u064b-\u065f\u0670]")
_FOLD = str.maketrans("أإآٱىئةؤ’‘`", "ااااييهو'''")
_EDGES = re.compile(r"^(?:[^\w#]|_)+|(?:[^\w#]|_)+$")
_NUMBERS = re.compile(r"\d[\d,.٬٫]*\s?[kKmM]?\b")
_BRACKETED_COUNT = re.compile(r"\s*[(\[]\s*#\s*[)\]]\s*$")


def normalise_label(line: str) -> str:
    """`line` as labels are compared: case, diacritics, letter variants, edge punctuation and numbers folded."""
    text = _MARKS.sub("", unicodedata.normalize("NFKC", line).casefold()).translate(_FOLD)
    text = _BRACKETED_COUNT.sub("", _NUMBERS.sub("#", text))
    text = " ".join(text.split())
    return _EDGES.sub("", text)


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The data file, ready to match: labels by their normalised form, and patterns."""

    labels: dict[str, Kind]
    with_content: dict[str, Kind]
    platform: re.Pattern[str]
    glue: re.Pattern[str]
    date: re.Pattern[str]
    counter: re.Pattern[str]
    promotion: re.Pattern[str]
    author: re.Pattern[str]
    copyright: re.Pattern[str]
    credit: re.Pattern[str]
    byline: re.Pattern[str]
    end: re.Pattern[str]
    block_end: re.Pattern[str]


@cache
def _lexicon() -> _Lexicon:
    data = tomllib.loads(files("corpus").joinpath("furniture_labels.toml").read_text(encoding="utf-8"))
    words = {name: "|".join(e.translate(_FOLD) for e in _entries(text)) for name, text in data["words"].items()}
    patterns = {name: "|".join(entries) for name, entries in data["patterns"].items()}
    return _Lexicon(
        labels=_index(data["labels"]),
        with_content=_index(data["with_content"]),
        platform=re.compile(rf"\b(?:{words['platform']})\b"),
        glue=re.compile(rf"\b(?:{words['glue']})\b"),
        date=re.compile(rf"\b(?:{words['date']})\b|#"),
        counter=re.compile(rf"(?:#|\b(?:no|zero|لا|بدون)\b) (?:{words['counter']})\b"),
        promotion=re.compile(rf"(?i)^[^\w\"'“”«»‘]*(?:{patterns['promotion']})"),
        author=re.compile(f"(?i){patterns['author']}"),
        copyright=re.compile(f"(?i){patterns['copyright']}"),
        credit=re.compile(f"(?i){patterns['credit']}"),
        byline=re.compile(f"(?i){patterns['byline']}"),
        block_end=re.compile(f"(?i){patterns['block_end']}"),
        end=re.compile(rf"(?i)^\W*(?:{patterns['end']})\W*$"),
    )


def _entries(text: str) -> list[str]:
    return [entry.strip() for entry in re.split(r"[;\n]", text) if entry.strip()]


def _index(lists: dict[str, str]) -> dict[str, Kind]:
    table: dict[str, Kind] = {}
    for kind, text in lists.items():
        for entry in _entries(text):
            table[normalise_label(entry)] = Kind[kind.upper()]  # a later list is the more particular one
    return table


_SEPARATOR = re.compile(r"^[\W_]*$")
_BREADCRUMB = re.compile(r"\s[>›»/|•·»«‹<:→←]+\s|\s*[|›»]\s*")
_URL_LINE = re.compile(r"(?i)^\W*(?:https?://|www\.)\S+\W*$")
_HANDLE = re.compile(r"^\W*[@#][\w_]+(?:[\s,،|]+[@#][\w_]+)*\W*$")
_PAGE = re.compile(
    r"(?i)^\W*(?:page|p\.|pg\.|صفحة|الصفحة|ص)\s*\d+(?:\s*(?:of|/|من|out of)\s*\d+)?\W*$|^\s*\d+\s*(?:/|of|من)\s*\d+\s*$"
)
_CITATION = re.compile(
    r"(?i)^\s*(?:[\^↑]|\[\d+\])|\b(?:retrieved|accessed|archived from|isbn|issn|doi|مؤرشف|اطلع عليه)\b"
)

INLINE_MARK = re.compile(
    r"[ \t]?\[(?:edit|edit source|citation needed|عدل|عدل المصدر|تعديل|بحاجة لمصدر)(?: \| \S+(?: \S+)?)?\]"
)
_LETTERS = re.compile(r"[^\W\d_]")
_SENTENCE_END = re.compile(r"[.!?؟…。](?:[\s\"'”’»)\]]|\[\d+\])*$")
_STOP_END = re.compile(r"[.…。](?:[\s\"'”’»)\]]|\[\d+\])*$|[”»\"’']\s*$")
_INNER_STOP = re.compile(r"[\w\"”»)][.!?؟](?:\[\d+\])*[\"”»)]?\s+[^\W\d_a-z]")
_LIST_ITEM = re.compile(
    r"^\s*(?:[-–—*•●▪◦⬤■□‣∙·○✓✔➢]\s*\S|\(?[\d٠-٩۰-۹]{1,3}\s?[-–.):ـ]\s*\D|[a-hA-H][.)]\s|\(?[أابجدهوزحط]\s?[-.)]\s|(?:أولا|ثانيا|ثالثا|رابعا|خامسا|سادسا|سابعا|ثامنا|تاسعا|عاشرا)\S?\s?[:،-])"
)
_TABLE_ROW = re.compile(r"^\s*\|[^|]*\|(?:[^|]*\|)+\s*$")


def line_kind(line: str) -> Kind:
    """What `line` is, whatever its place. Only short lines and known promotional sentences are anything but TEXT."""
    if len(line) > 400 or not line.strip():
        return Kind.TEXT
    line = INLINE_MARK.sub("", line)  # "References[edit]"
    if _lexicon().promotion.search(line):
        return Kind.PROMO
    if _lexicon().copyright.search(line) and len(line) <= 250:
        return Kind.CREDIT if _is_credit_line(line) else Kind.CLOSING
    if len(line) > 250:
        return Kind.TEXT
    if _lexicon().credit.search(line):
        return Kind.CREDIT
    if len(line) > 160 or _is_told_row(line):
        return Kind.TEXT
    label = normalise_label(line)
    if not label:
        return Kind.NOISE if _SEPARATOR.match(line) else Kind.TEXT
    kind = _lexicon().labels.get(label)
    if kind is not None:
        # "Yes." or "More!" alone is speech; a control has no full stop.
        spoken = re.search(r"\w[.!]\W*$", line) is not None and not line.rstrip().endswith("..")
        return Kind.TEXT if spoken and kind in (Kind.NOISE, Kind.NAV) else kind
    parts = [normalise_label(part) for part in re.split(r"\s[·•|–—-]\s", line)]
    if len(parts) > 1 and all(_lexicon().labels.get(part) is Kind.NOISE for part in parts):
        return Kind.NOISE
    kind = _prefix_kind(line)
    if kind is not None:
        return kind
    return _shape_kind(line, label)


def is_table_row(line: str) -> bool:
    """Whether a line is a row of a table: cells between bars, a bar at either end."""
    return _TABLE_ROW.match(line) is not None


def _is_told_row(line: str) -> bool:
    """Whether it is a row of a table that holds more than a page's controls: "| 11 to 25 | 0.45 | 0.60 |"."""
    if not is_table_row(line):
        return False
    cells = [label for cell in line.strip().strip("|").split("|") if (label := normalise_label(cell))]
    return any(cell not in _lexicon().labels for cell in cells)


def _is_credit_line(line: str) -> bool:
    return line.lstrip().startswith("©") and not re.search(r"(?:19|20)\d\d|rights|حقوق|٢٠", line)


def _prefix_kind(line: str) -> Kind | None:
    head, separator, rest = _split_label(line)
    if not separator:
        return None
    kind = _lexicon().with_content.get(normalise_label(head))
    if kind is None or not rest.strip():
        return kind
    words = len(rest.split())
    if kind is Kind.LINKS:
        return kind if words <= 25 and not _INNER_STOP.search(rest) else None
    if kind is Kind.META:
        return kind if words <= 14 and not _STOP_END.search(rest[-1:]) else None
    return kind if words <= 25 else None


def _split_label(line: str) -> tuple[str, str, str]:
    match = re.match(r"^(.{2,40}?)\s*([:：»|>]|\s[-–—]\s)\s*(.*)$", line)
    return (match[1], match[2], match[3]) if match else (line, "", "")


def _shape_kind(line: str, label: str) -> Kind:
    words = len(label.split())
    if _lexicon().byline.search(line.strip()) and words <= 16 and not _INNER_STOP.search(line):
        return Kind.META
    if words <= 14 and not _LETTERS.search(
        _lexicon().glue.sub("", _lexicon().platform.sub("", label.replace("_", " ")))
    ):
        return Kind.NOISE if _LETTERS.search(label) else Kind.META if re.search(r"\d.*[/.:\-].*\d", line) else Kind.TEXT
    if words <= 18 and "#" in label and not _LETTERS.search(_lexicon().date.sub("", _lexicon().counter.sub("", label))):
        return Kind.META
    if (
        words <= 12
        and not _LETTERS.search(_lexicon().date.sub("", label))
        and re.search(r"ago|منذ|yesterday|امس|قبل", label)
    ):
        return Kind.META
    if _URL_LINE.match(line) or _HANDLE.match(line):
        return Kind.NAV
    if _PAGE.match(line):
        return Kind.NOISE
    if _lexicon().end.match(line):
        return Kind.META
    if re.match(r"# (?:comments?|replies|responses|تعليقات|تعليق|ردود)\b", label) and words <= 8:
        return Kind.CLOSING
    return Kind.NAV if is_menu_line(line) else Kind.TEXT


def is_menu_line(line: str) -> bool:
    """Whether `line` is several menu entries or a breadcrumb ("Home > News > Syria"), not a table row or a sentence."""
    if line.lstrip().startswith("|") or _SENTENCE_END.search(line):
        return False
    parts = [part for part in _BREADCRUMB.split(line) if part and part.strip()]
    if len(parts) >= 2:
        known = sum(normalise_label(part) in _lexicon().labels for part in parts)
        return (known >= 1 and all(len(part.split()) <= 6 for part in parts)) or (
            len(parts) >= 3 and all(len(part.split()) <= 4 for part in parts)
        )
    words = normalise_label(line).split()
    return len(words) >= 3 and sum(word in _lexicon().labels for word in words) >= 0.6 * len(words)


def is_prose(line: str) -> bool:
    """Whether `line` is running text: it ends as a sentence or is long. A headline, even a long one, is not."""
    words = len(line.split())
    if line.lstrip().startswith(("^", "↑")):  # a wiki's references
        return False
    if words >= 28:
        return True
    if words >= 8 and _STOP_END.search(line) and not is_teaser(line):
        return bool(re.search(r"[.。]", line)) or words >= 16
    if words >= 6 and line.rstrip().endswith((":", "：")):
        return True
    return words >= 10 and bool(_INNER_STOP.search(line))


def is_teaser(line: str) -> bool:
    """Whether `line` was cut off to tempt: it ends in dots, or in "read more"."""
    return bool(re.search(r"(?i)(?:\.\.\.|…|\[…\]|\[\.\.\.\]|read more|المزيد|اقرأ المزيد|continue reading)\W*$", line))


def is_list_item(line: str) -> bool:
    """Whether `line` begins with a bullet or a number."""
    return bool(_LIST_ITEM.match(line))


def is_bio(line: str) -> bool:
    """Whether `line` introduces its author or names how to reach them."""
    return len(line) <= 400 and bool(_lexicon().author.search(line))


def is_reference(line: str) -> bool:
    """Whether `line` is an entry of a list of references."""
    return bool(_CITATION.search(line))


def ends_block(line: str) -> bool:
    """Whether `line` says that an inserted block ends here ("after newsletter promotion", «قصص مقترحة نهاية»)."""
    return len(line) <= 80 and _lexicon().block_end.search(line) is not None


def is_page_number(line: str) -> bool:
    """Whether `line` is a bare number, as pages carry."""
    return bool(re.fullmatch(r"[\s\-–—|]*[\d٠-٩]{1,4}[\s\-–—|]*", line))
