"""Whose something is, in a statement and in its source: the French ambassador, وزارة الخارجية الجزائرية."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.analysis import is_stop_word
from rag.grounding.findings import Finding
from rag.grounding.names.clauses import alike, borders, deeds_of, same_name, written
from rag.grounding.names.english import is_possessive
from rag.grounding.names.english_words import SAYING
from rag.grounding.names.mentions import Mention
from rag.grounding.names.source import Read

_ENGLISH_ADJECTIVES = ("an", "ish", "ese", "i", "ch", "eek", "ic", "ss", "ot")
_ARABIC_ADJECTIVES = ("ي", "يه", "يين", "يون", "يتين", "يتان", "يات")
_PAST = frozenset("built made won took gave met lost held sent found beat fell rose went came left wrote".split())
_LONGEST = 3
"""How many words of the thing that is somebody's are read."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """A nation's name and the thing that is said to be its: its words, the head first, and where they stand."""

    name: Mention
    words: tuple[str, ...]
    at: tuple[int, ...]


def changed_holders(said: Read, have: Read, ours: Sequence[Mention], others: Sequence[Mention]) -> list[Finding]:
    """The first nation whose something is another nation's in the source, if any."""
    mine, theirs = belongings(said, ours), belongings(have, others)
    for belonging in mine:
        head = belonging.words[0]
        same = [
            other
            for other in theirs
            if alike(head, other.words[0])
            and _is_title(said, belonging.at[0]) == _is_title(have, other.at[0])
            and all(any(alike(one, word) for word in other.words) for one in belonging.words[: len(other.words)])
        ]
        near = [other for other in theirs if any(alike(head, word) for word in other.words)]
        if not same or any(same_name(said, belonging.name, have, other.name) for other in near):
            continue
        if not _named(belonging, ours) and any(
            _named(one, others) for one in theirs if same_name(said, belonging.name, have, one.name)
        ):
            continue  # "a Japanese swimmer" may be the Aoi Tanaka of the source
        if sum(alike(head, token.word) for token in have.tokens) > len(same):
            continue
        if any(
            alike(one.words[0], head) and any(same_name(said, one.name, have, other.name) for other in same)
            for one in mine
            if one.name != belonging.name
        ):
            continue
        return [Finding("name", written(said, belonging.name), written(have, same[0].name))]
    return []


def _is_title(text: Read, at: int) -> bool:
    return any(hit.first <= at < hit.last for hit in text.titles)


def _named(belonging: Belonging, names: Sequence[Mention]) -> bool:
    """Whether what belongs is somebody or something with a name of its own."""
    return any(name.first <= at < name.last for name in names if not name.means for at in belonging.at)


def belongings(text: Read, names: Sequence[Mention]) -> list[Belonging]:
    """What stands beside the name of a nation and is said to be its."""
    found = []
    for name in names:
        if not name.means or name.kind != "place" or name.last - name.first > 2:
            continue
        kept = _before(text, name, names) if text.tokens[name.first].arabic else _after(text, name, names)
        if kept:
            found.append(Belonging(name, tuple(text.tokens[at].word for at in kept), tuple(kept)))
    return found


def _listed_at(names: Sequence[Mention], at: int) -> bool:
    return any(name.first <= at < name.last for name in names if name.means)


def _before(text: Read, name: Mention, names: Sequence[Mention]) -> list[int]:
    """The noun before an Arabic adjective; the first noun of an annexation is its head."""
    words = text.tokens
    word = words[name.first].word.removeprefix("و")
    if not word.startswith("ال") or not word.endswith(_ARABIC_ADJECTIVES):
        return []
    verbs, nouns = deeds_of()
    kept: list[int] = []
    for at in range(name.first - 1, max(-1, name.first - 1 - _LONGEST), -1):
        quoted = ' »”"\u200f' if at + 1 == name.first else " \u200f"
        if words[at + 1].gap.strip(quoted) or borders(text.text)[at + 1]:
            break
        word = words[at].word
        if is_stop_word(word) or _listed_at(names, at) or (word in verbs and word not in nouns):
            break
        kept.append(at)
        if word.startswith("لل"):
            break
    return [kept[-1], *kept[:-1]] if kept else []


def _after(text: Read, name: Mention, names: Sequence[Mention]) -> list[int]:
    """The noun after an English adjective or possessive; its last word is its head."""
    words = text.tokens
    possessive = name.last < len(words) and is_possessive(words[name.last - 1], words[name.last])
    if not possessive and not words[name.last - 1].word.endswith(_ENGLISH_ADJECTIVES):
        return []
    kept: list[int] = []
    starts = {one.first for one in names}
    for at in range(name.last, min(name.last + _LONGEST + 1, len(words))):
        if words[at].gap.strip("‑- ") or is_stop_word(words[at].word) or _listed_at(names, at):
            break
        if kept and (words[at].word in SAYING or words[at].word in _PAST or words[at].word.endswith("ed")):
            break
        kept.append(at)
        if at + 1 in starts or any(hit.last == at + 1 for hit in text.titles):
            break
        if at + 1 < len(words) and is_possessive(words[at], words[at + 1]):
            break
    return kept[::-1]
