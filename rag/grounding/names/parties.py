"""The names beside a verb: who did it, and who had it done to them, in English and Arabic clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.analysis import folded_words, is_stop_word
from rag.grounding.names.arabic_shapes import like_a_verb
from rag.grounding.names.clauses import borders, deeds_of
from rag.grounding.names.english import is_possessive
from rag.grounding.names.mentions import Mention
from rag.grounding.names.source import Read

_AUXILIARY = frozenset(
    """had has have having is was are were be been known said believed thought reported to also later then
    first still will would did does yet due set expected likely able agreed planned plans wants continued
    going only himself herself itself once again not never قد وقد لقد كان""".split()
)
"""What may stand between an English subject and its verb."""
_PASSIVE = frozenset("was were is are been being be got".split())
_DETERMINERS = frozenset("the a an his her its their".split())
_RELATIVES = frozenset("who which that الذي التي الذين".split())


@dataclass(frozen=True, slots=True)
class Role:
    """A name beside a verb; `part` is "either" where an Arabic clause leaves it open."""

    verb: int
    """The place of the verb among the words."""
    name: Mention
    part: Literal["agent", "patient", "either"]


def roles_of(text: Read, names: Sequence[Mention]) -> list[Role]:
    """The names beside the verbs of a text."""
    found: list[Role] = []
    for at, token in enumerate(text.tokens):
        if any(one.first <= at < one.last for one in names) or not _is_verb(text, at):
            continue
        found += _arabic(text, at, names) if token.arabic else _english(text, at, names)
    return found


def _english(text: Read, at: int, names: Sequence[Mention]) -> list[Role]:
    words = text.tokens
    parts = borders(text.text)
    found: list[Role] = []
    passive = False
    place = at - 1
    relative = False
    while place >= 0 and at - place < 9:
        word = words[place].word
        owner = next((one for one in names if one.last == place + 1), None)
        if owner is not None and parts[place + 1] and not relative:
            break  # "Nadia Salem, born in Homs"
        if owner is not None and is_possessive(words[place], words[place + 1]):
            break
        if owner is not None:
            # "the American sanctions" is no deed
            noun = owner.means and words[at].word.endswith("s") and not words[at].word.endswith("ss")
            if _subject(text, owner) and not noun:
                found.append(Role(at, owner, "patient" if passive else "agent"))
            break
        if parts[place + 1] and not relative:
            aside = _before_aside(text, place) if place == at - 1 else None
            if aside is None:
                break
            place, relative = aside, True
            continue
        if word in _RELATIVES and not relative:
            relative = True
        elif word not in _AUXILIARY and not word.endswith("ly"):
            break
        passive = passive or (word in _PASSIVE and place == at - 1)
        place -= 1
    after = _object(text, at + 1, names)
    if passive:
        if at + 1 < len(words) and words[at + 1].word == "by":
            agent = _object(text, at + 2, names)
            if agent is not None:
                found.append(Role(at, agent, "agent"))
    elif after is not None:
        found.append(Role(at, after, "patient"))
    return found


def _before_aside(text: Read, place: int) -> int | None:
    """The word before "…, who drafted it," where such an aside ends at `place`."""
    start = place
    while start > 0 and not borders(text.text)[start]:
        start -= 1
    return start - 1 if start and text.tokens[start].word in _RELATIVES and "," in text.tokens[start].gap else None


def _subject(text: Read, name: Mention) -> bool:
    """Whether an English name before a verb is its subject: not after a preposition or "and"."""
    at = name.first - 1
    while at >= 0 and not borders(text.text)[at + 1] and text.tokens[at + 1].gap == " ":
        word = text.tokens[at].word
        if word in ("and", "or") and borders(text.text)[at]:
            return True
        if word in ("of", "in", "at", "from", "with", "by", "to", "for", "on", "near", "and", "or", "against", "over"):
            return False
        if is_stop_word(word):
            return True
        at -= 1
    return True


def _object(text: Read, at: int, names: Sequence[Mention]) -> Mention | None:
    """The name that ends the noun phrase which begins at `at`."""
    words = text.tokens
    for place in range(at, min(at + 7, len(words))):
        if place > at and (words[place].gap.strip(' «“"') or borders(text.text)[place]):
            return None
        name = next((one for one in names if one.first == place), None)
        if name is not None:
            follows = words[name.last] if name.last < len(words) else None
            adjective = name.means and follows is not None and follows.gap == " " and not is_stop_word(follows.word)
            if follows is not None and is_possessive(words[name.last - 1], follows):
                return None
            if not adjective:
                return name
        elif is_stop_word(words[place].word) and words[place].word not in _DETERMINERS:
            return None
    return None


def _arabic(text: Read, at: int, names: Sequence[Mention]) -> list[Role]:
    """An Arabic verb's names: the one right before it did it, the one after it in the next noun phrase either."""
    words = text.tokens
    before = next(
        (
            one
            for one in names
            if one.last == at or (one.last == at - 1 and words[at - 1].word in ("قد", "الذي", "التي"))
        ),
        None,
    )
    found: list[Role] = []
    if before is not None and not borders(text.text)[at] and _nominative(text, before):
        found.append(Role(at, before, "agent"))
    for place in range(at + 1, min(at + 7, len(words))):
        if words[place].gap.strip(' «“"\u200f') or borders(text.text)[place]:
            break
        name = next((one for one in names if one.first == place), None)
        word = words[place].word
        if name is not None:
            if word[0] in "بل" and not name.means and not words[place].raw.startswith(("ب", "ل")):
                break
            follows = words[name.last] if name.last < len(words) else None
            if name.means and follows is not None and follows.gap in (" ", " «") and name.first > at + 1:
                continue
            found.append(Role(at, name, "patient" if found else "either"))
            break
        if is_stop_word(word) and not word.endswith(("ها", "ه", "هم")):
            break
    over = _over(text, at, names) if _bare(text, at) in _BEATING else None
    if over is not None:
        found.append(Role(at, over, "patient"))
    elif before is not None and found == [Role(at, before, "agent")]:
        found = [Role(at, before, "either")]  # it may be said in the passive, which is written alike
    return found


_BEATING = folded_words("فاز تغلب تفوق انتصر")


def _bare(text: Read, at: int) -> str:
    """An Arabic verb without "and" and the feminine ending."""
    word = text.tokens[at].word
    word = word[1:] if word[0] in "وف" and word[1:] and word != "فاز" and word != "فازت" else word
    return word.removesuffix("ت")


def _over(text: Read, at: int, names: Sequence[Mention]) -> Mention | None:
    """Whom an Arabic sentence says somebody won over."""
    words = text.tokens
    for place in range(at + 1, min(at + 9, len(words) - 1)):
        if borders(text.text)[place]:
            return None
        if words[place].word == "علي":
            return next((one for one in names if place < one.first <= place + 2), None)
    return None


def _nominative(text: Read, name: Mention) -> bool:
    if not name.first:
        return True
    return text.tokens[name.first - 1].word not in ("في", "من", "الي", "علي", "عن", "مع", "ضد", "بين", "و")


def _is_verb(text: Read, at: int) -> bool:
    deeds, nouns = deeds_of()
    word = text.tokens[at].word
    if word in deeds:
        return word not in nouns
    if text.tokens[at].arabic:
        return like_a_verb(text.tokens[at]) and not is_stop_word(word) and not word.startswith("ال")
    if text.tokens[at].capital or is_stop_word(word):
        return False
    return (word.endswith("ed") and len(word) > 4) or (at > 0 and text.tokens[at - 1].word in _BEFORE_VERBS)


_BEFORE_VERBS = frozenset("will would to can could may might must should did".split())
