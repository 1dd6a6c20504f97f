"""Clauses of a text, the words that tell of a name in them, and whether two words say the same in either language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files

from rag.analysis import fold, is_stop_word, western_digits
from rag.grounding.names.arabic import is_place_head, not_a_name, unlisted
from rag.grounding.names.arabic_shapes import like_a_verb
from rag.grounding.names.english_words import ENDINGS, GENERIC, STARTERS
from rag.grounding.names.mentions import Mention
from rag.grounding.names.source import Read, bears_meaning, bears_word, read
from rag.grounding.names.tokens import is_ordinary, stem_of, ways_of

_SENTENCE = re.compile(r"[!?؟\n]|\.(?:\s|$|[\"”»])|\.$")
_CLAUSE = re.compile(r"[;؛:—–,،()]")
_NUMBER = re.compile(r"\d+(?:[.,٫]\d+)*")
_TURNS = frozenset(
    """while whereas but although though before after when because
    بينما فيما لكن ولكن حين عندما بعدما قبل بعد اما واما حيث اذ لان الذي التي الذين""".split()
)
"""A new clause begins with these."""


@cache
def deeds_of() -> tuple[dict[str, frozenset[int]], frozenset[str]]:
    """The lines of `verbs.tsv` that a folded form is in, and the nouns among the forms."""
    text = (files("rag.grounding.names") / "lists" / "verbs.tsv").read_text(encoding="utf-8")
    found: dict[str, set[int]] = {}
    nouns: set[str] = set()
    for number, line in enumerate(text.splitlines()):
        if line.startswith("#") or "\t" not in line:
            continue
        english, _, arabic = line.partition("\t")
        for form in english.split():
            found.setdefault(form, set()).add(number)
        for form in arabic.split():
            word = fold(form.lstrip("="))
            if form[0] == "=":
                nouns.add(word)
            for inflected in _inflected(word, noun=form[0] == "="):
                found.setdefault(inflected, set()).add(number)
    return {form: frozenset(numbers) for form, numbers in found.items()}, frozenset(nouns)


def _inflected(word: str, *, noun: bool) -> tuple[str, ...]:
    if noun:
        return (word, "و" + word, "ب" + word, "ل" + word)
    if word[0] == "ي":
        forms: tuple[str, ...] = (word, "ت" + word[1:], "س" + word, "ست" + word[1:])
    else:
        stem = word[:-1] if word.endswith(("ي", "ا")) else word
        forms = (word, stem + "ت", word + "ت")
    return (*forms, *("و" + form for form in forms), *("ف" + form for form in forms))


@lru_cache(1 << 15)
def alike(one: str, other: str) -> bool:
    """Whether two folded words, of one language or two, may say the same."""
    if one == other or stem_of(one) == stem_of(other):
        return True
    if one[0].isdigit() or other[0].isdigit():
        return False
    deeds = deeds_of()[0]
    if not deeds.get(one, frozenset()).isdisjoint(deeds.get(other, ())):
        return True
    return frozenset({stem_of(other)}) in ways_of(one)


@lru_cache(256)
def borders(content: str) -> tuple[int, ...]:
    """What parts each word of a text from the one before: 2 the end of a sentence, 1 that of a clause, 0 nothing."""
    words = read(content).tokens
    found = []
    for at, token in enumerate(words):
        before = words[at - 1] if at else None
        ends = _SENTENCE.search(token.gap) is not None and not (
            before is not None and len(before.word) == 1 and not before.arabic
        )
        if at == 0 or (ends and (token.arabic or token.capital or "\n" in token.gap)):
            found.append(2)
        elif (
            _CLAUSE.search(token.gap)
            or token.word in _TURNS
            or (
                token.arabic
                and token.word[0] == "و"
                and len(token.word) > 3
                and (token.word in deeds_of()[0] or (like_a_verb(token) and is_ordinary(token.word[1:])))
            )
        ):
            found.append(1)
        else:
            found.append(0)
    return tuple(found)


def stretch(text: Read, first: int, last: int, strength: int) -> range:
    """The words around tokens[first:last] up to borders of `strength`."""
    parts = borders(text.text)
    start, end = first, last
    while start > 0 and parts[start] < strength:
        start -= 1
    while end < len(parts) and parts[end] < strength:
        end += 1
    return range(start, end)


def telling(text: Read, span: range, names: Sequence[Mention], *, numbers: bool = True) -> list[str]:
    """The words in a stretch that are neither grammar nor names, and its numbers."""
    inside = {at for name in names for at in range(name.first, name.last)}
    found = []
    for at in span:
        token = text.tokens[at]
        if numbers and at > span.start:
            found += _NUMBER.findall(western_digits(token.gap))
        if at not in inside and len(token.word) > 1 and not is_stop_word(token.word):
            found.append(token.word)
    if numbers:
        end = text.tokens[span.stop].start if span.stop < len(text.tokens) else len(text.text)
        found += _NUMBER.findall(western_digits(text.text[text.tokens[span.stop - 1].end : end]))
    return list(dict.fromkeys(found))


def shared(ours: Sequence[str], theirs: Sequence[str]) -> int:
    """How many of our words say what one of theirs says."""
    return sum(any(alike(one, other) for other in theirs) for one in ours)


_BEFORE_NAMES = frozenset("في الي عند قرب ففي وفي حتي نحو من".split())


def _apart(text: Read, mention: Mention, others: Sequence[Read]) -> list[Mention]:
    """A mention, or the two that it is where the other text has them apart: Arabic names stand side by side."""
    if mention.means or len(mention.words) < 2 or not mention.words[0].arabic:
        return [mention]
    bears = [{n for n, one in enumerate(others) if bears_word(one, word, translated=False)} for word in mention.words]
    for at in range(1, len(bears)):
        left, right = set.intersection(*bears[:at]), set.intersection(*bears[at:])
        if left and right and not left & right:
            middle = text.tokens.index(mention.words[at])
            first, second = mention.words[:at], mention.words[at:]
            return [
                Mention(mention.first, middle, mention.kind, first),
                Mention(middle, mention.last, mention.kind, second),
            ]
    return [mention]


def after_heads(text: Read, names: Sequence[Mention]) -> list[Mention]:
    """`names` and the Arabic words that stand where names do: unlisted ones after a preposition or "district"."""
    words = text.tokens
    taken = {at for one in names for at in range(one.first, one.last)}
    taken |= {at for hit in (*text.titles, *text.portfolios) for at in range(hit.first, hit.last)}
    found = list(names)
    for at in range(1, len(words)):
        token, before = words[at], words[at - 1].word
        if at in taken or not token.arabic or token.gap != " ":
            continue
        head = is_place_head(before)
        article = token.word.startswith("ال") and len(token.word) > 4 and not not_a_name(token)
        following = words[at + 1] if at + 1 < len(words) else None
        foreign = unlisted(token) or (
            following is not None and following.gap == " " and unlisted(following) and not is_ordinary(token.word)
            and not token.word.startswith("ال") and not not_a_name(token)
        )  # fmt: skip
        if (before in _BEFORE_NAMES and foreign) or (head and (article or unlisted(token))):
            last = at + 1
            while last < len(words) and last not in taken and words[last].gap == " " and unlisted(words[last]):
                last += 1
            found.append(Mention(at, last, "place" if head else "other", words[at:last]))
            taken.update(range(at, last))
    known = {token.word for one in found if not one.means for token in one.words if len(token.word) > 3}
    for at, token in enumerate(words):
        # somebody named again, by the last name
        if at not in taken and token.word in known and (token.arabic or token.capital) and not is_ordinary(token.word):
            found.append(Mention(at, at + 1, "person", (token,)))
            taken.add(at)
    for at in range(len(words) - 1):
        # a sentence that begins with a word in no vocabulary, then a verb
        token, verb = words[at], words[at + 1]
        if (
            at not in taken and not token.arabic and token.capital and borders(text.text)[at] == 2 and verb.gap == " "
            and len(token.word) > 2 and not is_ordinary(token.word) and not token.word.endswith(ENDINGS)
            and token.word not in GENERIC and token.word not in STARTERS
            and (verb.word in _AUXILIARY or verb.word in deeds_of()[0] or verb.word.endswith("ed"))
        ):  # fmt: skip
            found.append(Mention(at, at + 1, "person", (token,)))
    return sorted(found, key=lambda one: one.first)


_AUXILIARY = frozenset("was is had has will would can could may might".split())


def same_name(one: Read, mention: Mention, other: Read, candidate: Mention) -> bool:
    """Whether two mentions may name the same, or what belongs to it."""
    alone = read(other.text[other.tokens[candidate.first].start : other.tokens[candidate.last - 1].end])
    if mention.means:
        if bears_meaning(alone, mention.means, byword=True):
            return True
        back = read(one.text[one.tokens[mention.first].start : one.tokens[mention.last - 1].end])
        if candidate.means and bears_meaning(back, candidate.means, byword=True):
            return True
        if candidate.means:
            return False
    return any(bears_word(alone, token, translated=False) for token in mention.words)


def written(text: Read, mention: Mention) -> str:
    """A mention as it stands."""
    return text.text[text.tokens[mention.first].start : text.tokens[mention.last - 1].end]


def with_shared(text: Read, mentions: Sequence[Mention], other: Read, theirs: Sequence[Mention]) -> list[Mention]:
    """`mentions` and the words of the text, in no vocabulary, that are part of names in the other text."""
    if not theirs:
        return list(mentions)
    alone = [read(written(other, one)) for one in theirs]
    named = read(" ".join(one.text for one in alone))
    taken = {at for mention in mentions for at in range(mention.first, mention.last)}
    taken |= {at for hit in text.titles for at in range(hit.first, hit.last)}
    chosen = [
        at
        for at, token in enumerate(text.tokens)
        if at not in taken
        and len(token.word) > 2
        and (token.arabic or token.capital)
        and not is_ordinary(token.word)
        and not not_a_name(token)
        and bears_word(named, token, translated=False)
    ]
    found = [part for mention in mentions for part in _apart(text, mention, alone)]
    while chosen:
        first = last = chosen.pop(0)
        while chosen and chosen[0] == last + 1 and text.tokens[chosen[0]].gap in (" ", "-"):
            pair = text.tokens[first], text.tokens[chosen[0]]
            if not any(all(bears_word(one, token, translated=False) for token in pair) for one in alone):
                break  # two names, one after the other
            last = chosen.pop(0)
        found.append(Mention(first, last + 1, "person", text.tokens[first : last + 1]))
    return sorted(found, key=lambda one: one.first)
