"""Which words of a sentence are its verbs, as far as a glossary and endings tell, and who does what they say."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache

from rag.analysis import fold, folded_words
from rag.bilingual import glossary_entries, same_name
from rag.grounding.attribution.speech import speeches
from rag.grounding.attribution.speech_parts import is_saying
from rag.grounding.inflection import arabic_forms
from rag.grounding.names.source import is_person_word
from rag.grounding.names.tokens import is_ordinary
from rag.grounding.nearby import TELLS_NOTHING
from rag.grounding.negation.opposites import arabic_verbs, without_object
from rag.grounding.wording import Token, answers, is_past

_NOUN_ENDINGS = ("tion", "sion", "ment", "ness", "ity", "er", "or", "ance", "ence", "al", "ing", "ure", "ist", "ship")
_AUXILIARIES = folded_words(
    "is are was were be been being has have had will would shall should may might can could must do does did"
)
_BEFORE_NOUNS = folded_words(
    """the a an this these those its his her their our my your of in on at for with by from no
    في من على إلى عن بعد قبل منذ مع ضد بشأن بسبب رغم حول"""
)
_ENDS_SUBJECT = folded_words(
    """in on at of for with by from to and or that who which as than into over under since after before during
    في من على عن إلى مع حتى منذ بعد قبل خلال أن إن أنه أنها بأن بأنه بأنها التي الذي كما قد كان كانت ثم أو
    ضد ضده ضدها لصالح لصالحه لصالحها"""
)
_BEFORE_BARE = folded_words(
    "to not and or who that they we you i people police men women never also both please let help"
)
_OF_IT = folded_words("عنه عنها عنهم فيه فيها به بها بهم له لها لهم منه منها منهم عليه عليها عليهم إليه إليها معه معها")
_AFTER_THAT = folded_words("أن إن بأن")
_RELATIVE = folded_words("who which الذي التي الذين اللذان اللتان")
_BEFORE_VERBS = folded_words("قد لم لن كان كانت كانوا لا سوف")
_AGENCIES = folded_words(
    """authorities authority officers officer police force forces troops army military government ministry agency
    officials customs security service services guards company group court
    السلطات سلطات القوة قوة القوات قوات الشرطة شرطة الجيش الحكومة الوزارة الوكالة الضباط ضباط المسؤولون الجمارك الأمن
    الأجهزة الشركة المجموعة المحكمة"""
)
"""Words that texts go on with after a name was given: one of them does not tell of somebody else than another."""
_REACH = 8
"""Tokens before or after a verb in which its subject stands."""
_HEAD = 2
_TITLED = 6
"""Words after an Arabic verb among which a full name stands after a title."""
_FULL_NAME = 2


@cache
def _glossary_verbs() -> tuple[frozenset[str], frozenset[str]]:
    """English verbs (folded, no endings) and the forms of Arabic ones: where a past stands before its imperfect."""
    english: set[str] = set()
    pairs: list[str] = []
    for ours, theirs in glossary_entries():
        arabic = [fold(one) for one in theirs]
        both = [
            f"{past}/{imperfect}"
            for past, imperfect in itertools.pairwise(arabic)
            if imperfect[0] == "ي"
            and past[0] != "ي"
            and " " not in past + imperfect
            and 3 <= len(past) <= len(imperfect)
        ]
        if both:
            pairs += both
            english |= {fold(one) for one in ours if " " not in one and not one.endswith(_NOUN_ENDINGS)}
    return frozenset(english), arabic_forms(" ".join(pairs)) | arabic_verbs()


@lru_cache(1 << 14)
def may_be_verb(word: str) -> bool:
    """Whether a folded word, by itself, may be a verb."""
    english, arabic = _glossary_verbs()
    if not word.isascii():
        return is_saying(word) or not arabic.isdisjoint((word, word.removeprefix("س"), without_object(word)))
    return is_past(word) or any(
        word.removesuffix(ending) + rest in english for ending in ("", "s", "es", "ing") for rest in ("", "e")
    )


def is_verb(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word of a sentence may be a verb."""
    before = tokens[at - 1].folded if at else ""
    word = tokens[at].folded
    if before in _BEFORE_NOUNS or _compound(before, word):
        return False
    return before in ("to", "will", "لم", "لن", "قد", "سوف") or may_be_verb(word)


def _compound(before: str, word: str) -> bool:
    """Whether an English word without an ending is a noun, by what stands before it: the canal plan, not they plan."""
    if not (word.isascii() and before.isascii() and before.isalpha()):
        return False
    ending = is_past(word) or word.endswith(("s", "ing"))
    return not ending and not (before in _BEFORE_BARE or before.endswith("s") or before in _AUXILIARIES)


def like_a_name(token: Token) -> bool:
    """Whether an Arabic word may be a person's name by itself: a given name, or a word that is in no vocabulary."""
    word = token.folded
    if word.isascii() or not word.isalpha() or word.startswith("ال"):
        return False
    return is_person_word(word) or not is_ordinary(word)


def other_agent(
    statement: Sequence[Token], source: Sequence[Token], named: AbstractSet[int], across: bool
) -> tuple[list[int], list[int]] | None:
    """A verb of the statement that the source's sentence has of somebody else alone: the places of who does it in both.

    Only somebody is looked for: what is at `named`, or a body like the army. A sentence that does not name who does it
    (they, he, it was seized) says nothing of that.
    """
    verbs = [at for at in range(len(source)) if source[at].content and is_verb(source, at)]
    for at, token in enumerate(statement):
        if not token.content or not is_verb(statement, at) or is_passive(statement, at):
            continue
        mine = subject(statement, at)
        head = mine[-1 if token.folded.isascii() else 0] if mine else at
        known = head in named or statement[head].folded in _AGENCIES or like_a_name(statement[head])
        if not mine or not known:
            continue
        same = [place for place in verbs if answers(token, source[place], across)]
        theirs = [(place, [] if is_passive(source, place) else subject(source, place)) for place in same]
        others = [
            who
            for place, who in theirs
            if who
            and _apart(statement, mine, source, who, across)
            and not _titled(statement, mine, source, place, across)
            and not _speaks(statement, at, source, place, across)
        ]
        if same and len(others) == len(same):
            return mine, others[0]
    return None


def _titled(statement: Sequence[Token], mine: Sequence[int], source: Sequence[Token], verb: int, across: bool) -> bool:
    """Whether the whole name of who does it stands after a title: انتقد الخبير الاقتصادي سامر الخطيب."""
    if source[verb].folded.isascii() or len(mine) < _FULL_NAME:
        return False
    theirs = subject(source, verb, _TITLED)
    return all(any(answers(statement[one], source[other], across) for other in theirs) for one in mine)


def _speaks(statement: Sequence[Token], at: int, source: Sequence[Token], place: int, across: bool) -> bool:
    """Whether two verbs of saying have one speaker, wherever the name stands: قال السفير في بيروت وليد بخاري.

    All of the name must be there, or what it ends with: what was said in Beirut, Beirut has not said.
    """
    if not is_saying(statement[at].folded):
        return False
    mine, theirs = _speaker(statement, at), _speaker(source, place)
    if len(mine) == 1:
        theirs = theirs[-1:]
    return bool(mine) and all(any(answers(statement[one], source[other], across) for other in theirs) for one in mine)


def _speaker(tokens: Sequence[Token], at: int) -> tuple[int, ...]:
    return next((speech.speaker for speech in speeches(tokens) if speech.at == at), ())


def _apart(
    statement: Sequence[Token], mine: Sequence[int], source: Sequence[Token], theirs: Sequence[int], across: bool
) -> bool:
    """Whether two subjects name different ones."""
    if any(answers(statement[one], source[other], across) for one in mine for other in theirs):
        return False
    if same_name(*(" ".join(side[at].folded for at in who) for side, who in ((statement, mine), (source, theirs)))):
        return False
    if statement[mine[0]].folded in _AGENCIES and any(source[other].folded in _AGENCIES for other in theirs):
        return False
    return not any(answers(statement[one], other, across) for one in mine for other in source) or len(theirs) > 1


def subject(tokens: Sequence[Token], at: int, most: int = _HEAD) -> list[int]:
    """The places of the content words that name who does what the verb at `at` says; none for a pronoun.

    Of what follows a verb, `most` words are taken: after them may come what it is done to.
    """
    if tokens[at].folded.isascii():
        return _before(tokens, at)
    start = at - 1
    while start >= 0 and tokens[start].folded in _BEFORE_VERBS:
        start -= 1
    set_off = start > 1 and tokens[start].folded in _RELATIVE and tokens[start - 1].folded in (",", "،")
    if set_off and without_object(tokens[at].folded) == tokens[at].folded:  # عمر ناصر، الذي صوت ضدها
        return _back(tokens, start - 1)[-most:]
    first = next(iter(_clause(tokens, at)), at)
    # Arabic names who does it first after "that", else behind the verb.
    if first < at and tokens[first].folded in _AFTER_THAT:
        end = next(one for one in range(first + 1, at + 1) if one == at or not tokens[one].stem)
        return [one for one in range(first + 1, end) if _names(tokens[one])][:most]
    found: list[int] = []
    for one in range(at + 1, min(len(tokens), at + 1 + _REACH)):
        token = tokens[one]
        if not token.stem or token.folded in _ENDS_SUBJECT or token.folded[0].isdigit():
            break
        if _names(token):
            found.append(one)
    return found[:most]


def _clause(tokens: Sequence[Token], at: int) -> Iterator[int]:
    """The last "that" before a verb, where only its subject and what is set off by commas stands between."""
    commas = 0
    for one in range(at - 1, max(-1, at - 1 - 2 * _REACH), -1):
        if tokens[one].folded in ("،", ","):
            commas += 1
        elif not tokens[one].stem:
            return
        elif tokens[one].folded in _AFTER_THAT:
            if commas in (0, 2):
                yield one
            return


def _before(tokens: Sequence[Token], at: int) -> list[int]:
    one = at - 1
    while one >= 0 and (tokens[one].folded in _AUXILIARIES or tokens[one].folded.endswith("ly")):
        one -= 1
    if one >= 0 and tokens[one].folded == ",":  # what is set off by commas: Rose, who wrote it, said
        one = next(
            (place - 1 for place in range(one - 1, max(-1, one - 3 * _REACH), -1) if tokens[place].folded == ","), -1
        )
    if one > 0 and tokens[one].folded in _RELATIVE:  # Nasser, who voted against it
        one -= 1
    return _back(tokens, one)


def _back(tokens: Sequence[Token], one: int) -> list[int]:
    """The places of the content words of what ends at `one`, or before its comma."""
    found: list[int] = []
    one -= one >= 0 and tokens[one].folded in (",", "،")
    for place in range(one, max(-1, one - _REACH), -1):
        token = tokens[place]
        if not token.stem or token.folded in _ENDS_SUBJECT or token.folded[0].isdigit():
            break
        if _names(token):
            found.append(place)
    return found[::-1]


def _names(token: Token) -> bool:
    word = token.folded
    return token.content and word not in TELLS_NOTHING and word not in _OF_IT and not word[0].isdigit()


def is_passive(tokens: Sequence[Token], at: int) -> bool:
    """Whether an English verb says what is done to its subject."""
    before = [token.folded for token in tokens[max(0, at - 3) : at]]
    return is_past(tokens[at].folded) and any(
        word in ("is", "are", "was", "were", "be", "been", "being") for word in before
    )
