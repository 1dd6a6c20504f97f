"""Finding the names of an English text: by lists and by capitals."""

from __future__ import annotations

import re

from rag.analysis import is_stop_word
from rag.grounding.names.english_words import ENDINGS, GENERIC, GIVEN_NAMES, SAYING, STARTERS
from rag.grounding.names.mentions import PARTICLES, Mention, listed
from rag.grounding.names.source import Read
from rag.grounding.names.tokens import Token, is_ordinary

_SENTENCE_START = re.compile(r"[.!?؟…:\n\"“«‘(\[]")
_JOINS = re.compile(r"(?:[ \u00a0\u200f]|[-‑–]|\. |')?")


def english_mentions(text: Read) -> list[Mention]:
    """The names of an English text."""
    words = text.tokens
    found, taken = listed(text)
    given = [one for one in found if _given_to_persons(words, one)]
    found = [one for one in found if one not in given]
    taken -= {one.first for one in given}
    titles = {at for hit in text.titles for at in range(hit.first, hit.last)}
    long = [token for token in words if len(token.word) > 3]
    headline = len(long) >= 4 and sum(token.capital for token in long) > 0.7 * len(long)
    shouting = text.text.isupper()
    candidates = {
        at
        for at, token in enumerate(words)
        if at not in taken and at not in titles and not shouting and _may_be_name(words, at, headline=headline)
    }
    at = 0
    while at < len(words):
        if at not in candidates:
            at += 1
            continue
        first, last = at, at + 1
        while last < len(words) and _JOINS.fullmatch(words[last].gap):
            if last in candidates:
                last += 1
            elif words[last].word in PARTICLES and last + 1 in candidates and words[last].word != "of":
                last += 2
            else:
                break
        at = last
        chosen = tuple(one for one in words[first:last] if one.word not in PARTICLES and len(one.word) > 1)
        proper = [one for one in chosen if not is_ordinary(one.word)]
        if chosen and (proper or (len(chosen) > 1 and not headline)):
            found.append(Mention(first, last, "person" if proper and len(chosen) < 5 else "other", chosen))
    return sorted(found, key=lambda one: one.first)


_ALSO_GIVEN = frozenset("israel jordan georgia chad paris florence sydney victoria charlotte".split())


def _given_to_persons(words: tuple[Token, ...], one: Mention) -> bool:
    """Whether a listed name is rather the first name of a person: Israel Katz."""
    if one.last - one.first > 1 or words[one.first].word not in _ALSO_GIVEN or one.last >= len(words):
        return False
    word = words[one.last]
    return (
        word.gap == " " and not is_possessive(words[one.first], word)
        and word.capital and not is_ordinary(word.word) and not word.word.endswith(ENDINGS)
        and word.word not in GENERIC and word.word not in STARTERS
    )  # fmt: skip


def _may_be_name(words: tuple[Token, ...], at: int, *, headline: bool) -> bool:
    token = words[at]
    word = token.word
    if (
        token.arabic
        or not token.capital
        or word in GENERIC
        or word in PARTICLES
        or word in STARTERS
        or is_stop_word(word)
    ):
        return False
    if len(word) == 1:
        return False
    ordinary = is_ordinary(word)
    if at and not _SENTENCE_START.search(token.gap):
        return not (headline and ordinary)
    if ordinary or (word.endswith(ENDINGS) and word not in GIVEN_NAMES):
        # a first name that is also a word is seen by the name after it
        return False
    following = words[at + 1] if at + 1 < len(words) else None
    if following is not None and following.capital and following.gap in (" ", "-"):
        return True
    return following is not None and (is_possessive(token, following) or following.word in SAYING)


def is_possessive(token: Token, following: Token) -> bool:
    """Whether a word ends in an apostrophe or 's, which are no part of it."""
    return following.start - len(following.gap) > token.end
