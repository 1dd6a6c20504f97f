"""What stands around a number or a date, comparable within and across languages: which thing it belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.analysis import is_stop_word, stem
from rag.bilingual import MIN_CONSONANTS, consonants, load_glossary
from rag.grounding.numbers.words import number_word
from rag.grounding.tokens import Token, peeled, tokens

_REACH = 4
"""Words taken on each side."""
_ENDS = frozenset('.,،;؛:!?؟()[]«»"“”…–—')
_CONJUNCTIONS = frozenset(
    "and but while whereas when after before then as where which who whose although though or than "
    "بينما فيما لكن ثم او التي الذي الذين عندما حين بعدما بعد قبل".split()
)
"""Where another clause begins, and with it what belongs to another number."""
_JOINTS = frozenset("- – — to and or الي و حتي او /".split())
TELLS_NOTHING = frozenset(
    "about around more less least over nearly almost number total said say according report نحو اكثر "
    "اقل عدد حوالي اجمالي قال "
    "وقال اضاف ذكر بلغ بلغت وصل percent per cent million billion thousand dollar dollars دولار مليون "
    "شخص اشخاص شخصا people person "
    "year years month months عام سنه شهر day days يوم ايام january february march april june july "
    "august september october "
    "november december last next this early late الماضي الجاري المقبل".split()
)
"""Words around numbers and dates that do not tell one of them from another."""


@lru_cache(1 << 14)
def keys(word: str) -> frozenset[str]:
    """What a folded word is compared by: its stem, its translations' stems, for an unknown word its consonants."""
    if not word or is_stop_word(word) or word in TELLS_NOTHING or number_word(word):
        return frozenset()
    for prefix, rest in peeled(word):
        if prefix and rest in TELLS_NOTHING:
            return frozenset()
    found = {stem(word)}
    known = load_glossary().ways(word)
    for _, ways in known:
        found.update(part for way in ways if len(way) == 1 for part in way)
    if not any(ways for _, ways in known) and len(skeleton := consonants(word)) >= MIN_CONSONANTS:
        found.add(f"~{skeleton}")
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Around:
    """The words that belong to a span, each as its `keys`."""

    words: tuple[frozenset[str], ...]
    nearest: tuple[frozenset[str], ...] = ()
    """The one before and the one after."""

    def shared(self, other: Around, besides: Iterable[frozenset[str]] = ()) -> int:
        """How many of the words stand around the other too; words that share a key with `besides` do not count."""
        theirs = frozenset().union(*other.words)
        out: frozenset[str] = frozenset().union(*besides)
        return sum(1 for word in self.words if not word.isdisjoint(theirs) and word.isdisjoint(out))


def surroundings(text: str, spans: Sequence[tuple[int, int]]) -> list[Around]:
    """For each span, in order, what stands around it in its clause, as far as the next span."""
    stream = tokens(text)
    found = []
    inside = [_index(stream, start, end) for start, end in spans]
    for number, (begin, last) in enumerate(inside):
        first_of, last_of = number, number  # "10 to 15" stands as one: both have what is around it
        while first_of and _joined(stream, inside[first_of - 1][1], inside[first_of][0]) and number - first_of < _REACH:
            first_of -= 1
        while (
            last_of + 1 < len(inside)
            and _joined(stream, inside[last_of][1], inside[last_of + 1][0])
            and last_of - number < _REACH
        ):
            last_of += 1
        begin, last = inside[first_of][0], inside[last_of][1]
        previous = inside[first_of - 1][1] if first_of else 0
        following = inside[last_of + 1][0] if last_of + 1 < len(inside) else len(stream)
        before = _words(
            stream, range(begin - 1, max(previous, begin - 2 * _REACH) - 1, -1), previous if first_of else 0
        )
        after = _words(stream, range(last, min(following, last + 2 * _REACH)), following)
        found.append(Around((*before, *after), (*before[:1], *after[:1])))
    return found


def _joined(stream: Sequence[Token], end: int, start: int) -> bool:
    """Whether only a dash, to, or and stands between two spans."""
    return start - end <= 1 and all(token.text in _JOINTS for token in stream[end:start])


def _index(stream: Sequence[Token], start: int, end: int) -> tuple[int, int]:
    from bisect import bisect_left

    first = bisect_left(stream, start, key=lambda token: token.start)
    return first, bisect_left(stream, end, key=lambda token: token.start)


def _words(stream: Sequence[Token], places: range, other: int) -> list[frozenset[str]]:
    """The keys of the words at `places`, as far as the clause goes; none where it goes on to the previous span."""
    found: list[frozenset[str]] = []
    backwards = places.step < 0
    for at in places:
        token = stream[at]
        if token.text in _ENDS or token.text in _CONJUNCTIONS:
            return found
        conjoined = token.text.startswith("و") and len(token.text) > 3 and token.text not in NOT_CONJOINED
        if conjoined and not backwards:
            return found
        if token.kind == "word" and (word := keys(token.text)):
            found.append(word)
        if (conjoined and backwards) or len(found) == _REACH:
            return found
    return [] if backwards and places and other and places[-1] <= other else found


NOT_CONJOINED = frozenset(
    "وزاره وزير وزراء ولايه ولايات واشنطن وكاله وكالات وسط وفق وفقا وفاه وفيات وثيقه وثائق وحده وحدات "
    "وقود وطن وطني وطنيه واردات وجبه".split()
)
"""Words that begin with a و of their own."""
