"""Names of a statement that its source does not bear out: people, places, organisations, nationalities, titles.

A name may be said in part, in another spelling or in the other language; another name may not stand in its place. Words
that may be ordinary vocabulary are no names, so that right statements stay.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from rag.analysis import folded_words
from rag.grounding.findings import Finding, Source
from rag.grounding.names.arabic import arabic_mentions, is_head
from rag.grounding.names.contexts import swapped_contexts
from rag.grounding.names.english import english_mentions
from rag.grounding.names.english_words import common_ending
from rag.grounding.names.gazetteer import NameKind
from rag.grounding.names.mentions import Mention
from rag.grounding.names.replaced import replaced_names
from rag.grounding.names.roles import swapped_roles
from rag.grounding.names.source import Read, bears_meaning, bears_word, is_person_word, read
from rag.grounding.names.titles import changed_titles
from rag.grounding.names.tokens import Token, is_ordinary


@dataclass(frozen=True, slots=True)
class Name:
    """A name at text[start:end] (code points).

    `keys` are its words, folded; `means` is what the lists know it as, the same in both languages (a country by its
    code), empty for most names of persons.
    """

    start: int
    end: int
    text: str
    kind: NameKind
    keys: tuple[str, ...]
    means: frozenset[str] = frozenset()


def names(text: str, language: str) -> list[Name]:
    """The names in `text`, in order."""
    content = read(text)
    found = []
    for mention in _mentions(content, language):
        start, end = content.tokens[mention.first].start, content.tokens[mention.last - 1].end
        keys = tuple(token.word for token in mention.words)
        found.append(Name(start, end, text[start:end], mention.kind, keys, mention.means))
    return found


def check_names(statement: str, language: str, source: Source) -> list[Finding]:
    """The names, titles and roles in a statement that its source does not bear out."""
    said = read(statement)
    have = read(source.text)
    mentions = _mentions(said, language)
    theirs = _mentions(have, source.language)
    across = language != source.language
    findings = [
        Finding("name", _text(said, mention), _instead(mention, said, have, theirs))
        for mention in mentions
        if not _borne_out(mention, said, have, theirs, across=across)
    ]
    findings += [] if findings else _mixed(said, have, mentions, theirs)
    findings += _exchanged(said, have, theirs) if language == source.language == "ar" and not findings else []
    findings += changed_titles(said, have, mentions, theirs)
    if not findings:
        swapped = swapped_roles(said, have, mentions, theirs)
        findings += swapped_contexts(said, have, mentions, theirs) if swapped is None else swapped
    if not findings:
        findings += replaced_names(said, have, mentions, theirs)
    return findings


def _mentions(content: Read, language: str) -> list[Mention]:
    return arabic_mentions(content) if language == "ar" else english_mentions(content)


def _text(content: Read, mention: Mention) -> str:
    return content.text[content.tokens[mention.first].start : content.tokens[mention.last - 1].end]


_IN_A_PLACE = frozenset(
    """in at from to near inside outside across around of into through toward towards
    في من الى داخل خارج قرب وسط شرق غرب شمال جنوب مدينه محافظه ريف نحو عبر شرقي غربي شمالي جنوبي ضواحي""".split()
)


_IN = frozenset("in to في".split())
_BODIES = folded_words("""according government cabinet parliament lawmakers legislators deputies mps senators ministers
    officials
    authorities judges court courts rulers leaders leadership peers administration presidency policymakers military
    الحكومة حكومة البرلمان برلمان النواب نواب المسؤولون المسؤولين مسؤولون مسؤولين السلطات سلطات القضاة قضاة المحكمة
    محكمة الحكام حكام القيادة قيادة الإدارة الرئاسة الوزراء وزراء المشرعون المشرعين مشرعون مشرعين""")
"""The government of a country is meant by "lawmakers in" its capital."""


def _borne_out(mention: Mention, said: Read, have: Read, theirs: list[Mention], *, across: bool) -> bool:
    if mention.means:
        before = said.tokens[mention.first - 1].word.lstrip("و") if mention.first else ""
        byword = before not in _IN_A_PLACE and said.tokens[mention.first].word[0] not in "بل"
        if before in _IN and mention.first > 1:
            byword = said.tokens[mention.first - 2].word in _BODIES
        if bears_meaning(have, mention.means, byword=byword):
            return True
        translated = mention.kind == "organisation" and len(mention.words) > 1
        return all(bears_word(have, token, translated=translated) for token in mention.words)
    borne = [bears_word(have, token) for token in mention.words]
    for token, known in zip(mention.words, borne, strict=True):
        if known or (across and any(borne) and _nearly(token, mention, have, theirs)):
            continue
        if (
            across
            and not token.arabic
            and (is_ordinary(token.word) or common_ending(token.word) or _acronym(token.raw))
        ):
            continue
        return False
    return True


def _mixed(said: Read, have: Read, mentions: list[Mention], theirs: list[Mention]) -> list[Finding]:
    """The first name of one person of the source before the last name of another, where a statement has one person."""
    persons = [one for one in theirs if one.kind == "person" and len(one.words) > 1]
    if len(persons) < 2:
        return []
    given = [read(one.words[0].raw) for one in persons]
    family = [read(one.words[-1].raw) for one in persons]
    listed = {at for one in mentions if one.means for at in range(one.first, one.last)}
    named = {one.first for one in mentions if one.kind == "person" and len(one.words) > 1}
    for at, (first, last) in enumerate(itertools.pairwise(said.tokens)):
        if last.gap != " " or listed & {at, at + 1} or min(len(first.word), len(last.word)) < 3:
            continue
        if not (first.arabic or (first.capital and last.capital)):
            continue
        if at not in named and (is_ordinary(first.word) or is_ordinary(last.word)):
            continue
        left = {n for n, one in enumerate(given) if bears_word(one, first, translated=False)}
        right = {n for n, one in enumerate(family) if left and bears_word(one, last, translated=False)}
        if right and not left & right and not any(_both(have, one, first, last) for one in theirs):
            return [Finding("name", said.text[first.start : last.end])]
    return []


def _both(have: Read, mention: Mention, first: Token, last: Token) -> bool:
    alone = read(_text(have, mention))
    return all(bears_word(alone, one, translated=False) for one in (first, last))


def _nearly(token: Token, mention: Mention, have: Read, theirs: list[Mention]) -> bool:
    """Whether one of the source's names that shares a word with `mention` has this word in a less usual spelling."""
    for other in theirs:
        near = read(" ".join(one.raw for one in have.tokens[other.first : other.last + 1]))
        shared = other.kind == "person" and any(bears_word(near, one) for one in mention.words if one is not token)
        if shared and bears_word(near, token, loose=True):
            return True
    return False


def _acronym(raw: str) -> bool:
    return 2 <= len(raw) <= 6 and raw.replace(".", "").isupper()


def _instead(mention: Mention, said: Read, have: Read, theirs: list[Mention]) -> str:
    """The one name of the source that a wrong one may stand for, if there is only one."""
    others: dict[str, str] = {}
    shared = ""
    for other in theirs:
        if other.kind != mention.kind or bool(other.means) != bool(mention.means):
            continue
        borne = [bears_word(said, token) for token in other.words]
        if other.means and bears_meaning(said, other.means, byword=False):
            continue
        if all(borne):
            continue
        if any(borne):
            shared = shared or _text(have, other)
        others.setdefault("|".join(sorted(other.means)) or _text(have, other), _text(have, other))
    return shared or (next(iter(others.values())) if len(others) == 1 else "")


def _exchanged(said: Read, have: Read, theirs: list[Mention]) -> list[Finding]:
    """Arabic words where the source has a name: between the same neighbours, or after the same head noun."""
    named = {token.word for mention in theirs for token in mention.words}
    words = have.tokens
    heads = {token.word for token in words if is_head(token.word)}
    between: dict[tuple[str, str], list[int]] = {}
    for at in range(1, len(words) - 1):
        between.setdefault((words[at - 1].word, words[at + 1].word), []).append(at)
    found = []
    ours = said.tokens
    for at in range(1, len(ours) - 1):
        token = ours[at]
        for place in between.get((ours[at - 1].word, ours[at + 1].word), ()):
            other = words[place]
            if other.word == token.word or other.word in said.words or bears_word(have, token):
                continue
            if is_ordinary(token.word) and not is_person_word(token.word):
                continue
            if other.word in named and (is_person_word(token.word) or not is_ordinary(other.word)):
                found.append(Finding("name", token.raw, other.raw))
                break
    for at in range(1, len(ours)):
        head, token = ours[at - 1].word, ours[at]
        if head in heads and token.gap == " " and token.word.startswith("ال") and not bears_word(have, token):
            after = [words[i] for i in range(1, len(words)) if words[i - 1].word == head and words[i].gap == " "]
            rivals = [one for one in after if one.word.startswith("ال") and not bears_word(said, one)]
            if rivals and not found:
                found.append(Finding("name", token.raw, rivals[0].raw if len(rivals) == 1 else ""))
    return found
