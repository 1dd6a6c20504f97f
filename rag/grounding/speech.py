"""Who says it: verbs and phrases of saying, believing, estimating and alleging, with what they govern and by whom.

Arabic verbs are listed once, in the third person of past and imperfect; the other forms are made from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.grounding.speech_words import (
    ACCUSING,
    ACCUSING_OBJECT,
    ADVERBS,
    AMOUNTS,
    ANNOUNCING,
    AROUND_PASSIVE,
    BEFORE_BUT,
    BEFORE_NOUNS,
    BESIDE_OBJECTS,
    BESIDES,
    BREAKS,
    CLAIMED,
    CLAUSES,
    CLEAR_ARABIC,
    CLEAR_ENGLISH,
    CLOSES,
    COMPLEMENT,
    CONTRASTS,
    DATES,
    DENYING,
    DETERMINERS,
    EXPECTING,
    FINITE,
    FORWARD,
    HELD,
    HOLDING,
    INSERTED,
    INSTRUMENTS,
    NAMED_AS,
    NOUNS_TOO,
    OPINING,
    OPINING_ARABIC,
    OTHER_ARABIC,
    OTHER_ENGLISH,
    PARTS,
    PASSIVE,
    PHRASES,
    PHRASES_BEFORE_SPEAKER,
    PRONOUNS,
    QUOTES,
    RELAYING,
    TRACING,
    WHERE_SAID,
)
from rag.grounding.wording import Token, is_past

MOST_SPEAKER = 14
"""Tokens of a speaker's name and office."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Somebody's word in tokens: what marks it stands at `at`, governs [first, last), and is spoken by `speaker`.

    `speaker` are places of the content words that name them: none for a pronoun or nobody.
    """

    at: int
    first: int
    last: int
    speaker: tuple[int, ...]
    announces: bool = False


def _named(tokens: Sequence[Token], first: int, last: int) -> tuple[int, ...]:
    places = [at for at in range(max(0, first), last) if _may_name(tokens[at])]
    return tuple(places[-MOST_SPEAKER:])


def _may_name(token: Token) -> bool:
    return token.content and token.folded not in DATES and not token.folded[0].isdigit()


def _subject(tokens: Sequence[Token], first: int, last: int) -> tuple[int, ...]:
    """The speaker before an English verb: up to another verb of which they are the subject too (X left and said)."""
    begin = next((n + 1 for n in range(last - 1, first - 1, -1) if _opens_clause(tokens, n)), first)
    first = begin if _named(tokens, begin, last) else first
    named = _named(tokens, first, last)
    verb = next((at for at in range(first, last) if _another_verb(tokens, at)), None)
    if verb is None and tokens[last].folded.endswith("ing"):  # X rejected the findings, saying
        verb = next((at for at in range(first + 1, last) if _is_finite(tokens[at])), None)
    before = tuple(at for at in named if verb is None or at < verb)
    return before or named


def _opens_clause(tokens: Sequence[Token], at: int) -> bool:
    """Whether another clause, with a subject of its own, may begin behind a token."""
    return contrasts(tokens, at) or tokens[at].folded in CLAUSES


def _is_finite(token: Token) -> bool:
    return token.folded in FINITE or (token.folded.isascii() and not token.capital and is_past(token.folded))


def _another_verb(tokens: Sequence[Token], at: int) -> bool:
    finite = _is_finite(tokens[at])
    following = {one.folded for one in tokens[at + 1 :]}
    return finite and "and" in following and at > 0 and tokens[at - 1].folded not in ("who", "which", ",")


def _phrase(tokens: Sequence[Token], at: int, phrase: tuple[str, ...]) -> bool:
    return all(at + n < len(tokens) and tokens[at + n].folded == word for n, word in enumerate(phrase))


_STARTS = {phrase[0]: True for phrase in (*PHRASES, *PHRASES_BEFORE_SPEAKER)}


def _until(tokens: Sequence[Token], at: int, marks: frozenset[str], reach: int = MOST_SPEAKER) -> int:
    end = min(len(tokens), at + reach)
    return next((place for place in range(at, end) if tokens[place].folded in marks), end)


def speeches(tokens: Sequence[Token]) -> list[Speech]:
    """Whose word the sentence is, part by part."""
    found: list[Speech] = []
    size = len(tokens)
    for at, token in enumerate(tokens):
        word = token.folded
        if word in _STARTS:
            if any(_phrase(tokens, at, phrase) for phrase in PHRASES):
                found.append(Speech(at, 0, size, ()))
                continue
            phrase = next((p for p in PHRASES_BEFORE_SPEAKER if _phrase(tokens, at, p)), None)
            if phrase is not None:
                begin = at + len(phrase)
                end = _until(tokens, begin, frozenset(",.،؛;:!?؟()—–"), 10)
                said = next((n for n in range(begin, min(begin + 3, size)) if is_saying(tokens[n].folded)), None)
                if begin < size and bare(tokens[begin].folded) in INSTRUMENTS:
                    continue
                scope = _contrast_before(tokens, at), _contrast(tokens, begin)
                found.append(Speech(at, *scope, _named(tokens, begin if said is None else said + 1, end)))
                continue
        if word in ADVERBS:
            found.append(Speech(at, *_of_adverb(tokens, at), ()))
        elif word in ANNOUNCING or word in CLEAR_ENGLISH or word in OTHER_ENGLISH:
            one = _in_english(tokens, at)
            if one:
                found.append(one)
        elif word in AMOUNTS and at + 1 < size and not tokens[at + 1].folded[0].isalpha():
            continue
        elif word in ACCUSING_OBJECT and (accused := _accused(tokens, at)) is not None:
            found.append(Speech(at, accused, _contrast(tokens, at + 1), _named(tokens, at + 1, accused)))
        elif word in HOLDING and any("مسوولي" in one.folded for one in tokens[at + 1 : at + 7]):
            found.append(Speech(at, at + 1, _contrast(tokens, at + 1), _subject_before(tokens, max(0, at - 12), at)))
        elif word in RELAYING and (one := _relayed(tokens, at)):
            found.append(one)
        elif word in CLEAR_ARABIC or word in OTHER_ARABIC:
            one = _in_arabic(tokens, at)
            if one:
                found.append(one)
    return found


def _of_adverb(tokens: Sequence[Token], at: int) -> tuple[int, int]:
    """What "apparently" is over: its own part of the sentence, between commas where it does not open it."""
    marks = frozenset(",،;؛")
    begin = next((n + 1 for n in range(at - 1, -1, -1) if tokens[n].folded in marks), 0)
    end = _until(tokens, at + 1 if at > begin else at + 2, marks, len(tokens))
    return begin, end


def bare(word: str) -> str:
    """A folded Arabic word without و and ال."""
    return (word[1:] if word[0] == "و" and len(word) > 4 else word).removeprefix("ال")


def contrasts(tokens: Sequence[Token], at: int) -> bool:
    """Whether another side's word may begin with a token."""
    word = tokens[at].folded
    if word == "but" and at and tokens[at - 1].folded in BEFORE_BUT:
        return False  # all but three
    return word in CONTRASTS


def _contrast(tokens: Sequence[Token], first: int) -> int:
    """Where what begins at `first` ends at the latest: another side's word, or another main clause, follows."""
    return next(
        (n for n in range(first, len(tokens)) if contrasts(tokens, n) or tokens[n].folded in PARTS), len(tokens)
    )


def _contrast_before(tokens: Sequence[Token], last: int) -> int:
    return next((n for n in range(last - 1, -1, -1) if contrasts(tokens, n)), 0)


def is_saying(word: str) -> bool:
    """Whether a folded word is a form of a verb of saying."""
    return (
        word in CLEAR_ENGLISH
        or word in OTHER_ENGLISH
        or word in OTHER_ARABIC
        or word in CLEAR_ARABIC
        or (word in ANNOUNCING)
    )


def is_denial(word: str) -> bool:
    """Whether a folded verb of saying says that something is not so."""
    return word in DENYING


def _clause_follows(tokens: Sequence[Token], first: int) -> bool:
    """Whether a noun phrase at `first` is the subject of a clause: the report noted the bank had lost money."""
    for token in tokens[first : first + 7]:
        if not token.folded[0].isalnum():
            return False
        if token.folded in FINITE:
            return True
    return False


def _dated(tokens: Sequence[Token], first: int) -> bool:
    """Whether it is only said when, up to a clause: concluded on 23 November 2023 that."""
    if first >= len(tokens) or tokens[first].folded not in ("on", "in", "at", "last", "late", "early"):
        return False
    that = next((n for n in range(first, min(first + 8, len(tokens))) if tokens[n].folded == "that"), None)
    return that is not None and not any(
        (_is_finite(token) and not token.capital) or not token.folded[0].isalnum() for token in tokens[first:that]
    )


def _set_off(tokens: Sequence[Token], begin: int, at: int) -> int | None:
    """The comma behind the subject of an English verb, where only what is set off by commas parts them.

    "Rose, who wrote the study, called the plan …", "Lowe, the director, told …": not "It was a bad year, she added".
    """
    if at == begin or tokens[at - 1].folded != ",":
        return None
    comma = next((n for n in range(at - 2, begin - 1, -1) if tokens[n].folded == ","), None)
    if comma is None or not _named(tokens, begin, comma):
        return None
    verbs = (tokens[n] for n in range(begin, comma) if not tokens[n].capital)
    if any(one.folded in FINITE or is_past(one.folded) for one in verbs):
        return None
    # "In the north, wheat, said the minister, was scarce": the speaker comes behind.
    ends = {","} if tokens[at].folded in OPINING else {",", *CLOSES}  # called the delay “indefensible”
    return None if any(token.folded in ends for token in tokens[at + 1 : at + 6]) else comma


def _in_english(tokens: Sequence[Token], at: int) -> Speech | None:
    if not tokens[at].folded.isascii():
        return _in_arabic(tokens, at)
    word = tokens[at].folded
    size = len(tokens)
    following = [token.folded for token in tokens[at + 1 : at + 5]]
    following += [token.folded for token in tokens[at + 5 : at + 9]] if _dated(tokens, at + 1) else []
    before = tokens[at - 1].folded if at else ""
    if word in ("point", "points", "pointed") and "out" not in following[:1]:
        return None
    if word in OTHER_ENGLISH and before in BEFORE_NOUNS:
        return None
    passive = before in PASSIVE or (before in AROUND_PASSIVE and at > 1 and tokens[at - 2].folded in PASSIVE)
    if word in NOUNS_TOO and before in BEFORE_NOUNS and following[:1] != ["that"]:
        return None
    if (word == "alleged" and before in DETERMINERS) or (word.startswith("claim") and following[:1] in CLAIMED):
        return None  # an alleged thief was arrested; the party claimed victory
    if word in NOUNS_TOO and (before.endswith("ing") or following[:1] in (["for"], ["of"], ["in"])):
        return None
    if before == "to" and not (at > 1 and is_saying(tokens[at - 2].folded)):
        return None  # what somebody was to say, or a device to predict
    begin = next((n + 1 for n in range(at - 1, -1, -1) if tokens[n].folded in BREAKS), 0)
    broken = any(tokens[n].folded in {",", *CLOSES} for n in range(begin, at))
    after = sum(token.content and token.folded not in DATES for token in tokens[at + 1 :])
    alone = not following or following[0] in {",", ".", ":", *CLOSES, "!", "?"} or after <= 2
    if following and following[0] in PRONOUNS and len(following) > 1 and following[1] in FINITE:
        alone = False  # a request the governor said she would consider
    going_on = word.endswith("ing")  # "…, saying that …"
    parenthetical = begin < at and following[:1] == [","] and after > 2 and not passive
    subject_end = _set_off(tokens, begin, at)
    comma = next((n for n in range(at - 1, max(begin, at - INSERTED) - 1, -1) if tokens[n].folded == ","), None)
    if parenthetical and comma is not None:  # "It could, scientists say, be a sign"
        return Speech(at, begin, _contrast(tokens, at + 1), _named(tokens, comma + 1, at), word in ANNOUNCING)
    if (
        broken
        and subject_end is None
        and not going_on
        and "that" not in following[:1]
        and (before in {",", *CLOSES} or (alone and following[:1] != [":"]))
    ):
        ends = [n for n in range(begin, at) if tokens[n].folded in CLOSES]
        commas = [n for n in range(begin, at) if tokens[n].folded == ","]
        close = ends[-1] if ends and at - ends[-1] <= MOST_SPEAKER else commas[-1] if commas else at
        if close == at - 1 and not ends and following[:1] != ["the"] and not tokens[min(at + 1, size - 1)].capital:
            close = commas[-2] if len(commas) > 1 else close  # "…, the minister, Ali Hassan, said"
        speaker = _named(tokens, close + 1, at)
        if not speaker and close == at - 1:
            speaker = _named(tokens, at + 1, _until(tokens, at + 1, frozenset(".;")))
        return Speech(at, _contrast_before(tokens, close), close, speaker, word in ANNOUNCING)
    if passive and following[:1] == ["to"] and word in HELD:
        return Speech(at, begin, _contrast(tokens, at + 1), ())
    clause = "that" in following or any(mark in following[:1] for mark in (*QUOTES, ":"))
    if word not in CLEAR_ENGLISH and word not in ANNOUNCING and not clause:
        subject = bool(following) and (
            following[0] in PRONOUNS
            or (following[0] in DETERMINERS and (word in OPINING or _clause_follows(tokens, at + 1)))
        )
        if word in EXPECTING and not passive and "to" in [token.folded for token in tokens[at + 2 : at + 8]]:
            subject = True  # pollsters expect her to win
        elif word == "called" and any(token.folded in NAMED_AS for token in tokens[at + 2 : at + 7]):
            subject = True  # the mayor called the fire an attack
        elif word in {"expected", "called", "see", "saw"}:
            return None
        if passive or not subject:
            return None
    if passive and word in {"expected", "projected", "added", "decided"}:
        return None
    by = next((n for n in range(at + 1, min(size, at + 8)) if passive and tokens[n].folded == "by"), None)
    that = next((n for n in range(at + 1, min(size, at + 9)) if tokens[n].folded == "that"), at)
    last = at if subject_end is None else subject_end
    speaker = () if passive else _subject(tokens, max(begin, last - 2 * MOST_SPEAKER), last)
    if by is not None:
        speaker = _named(tokens, by + 1, _until(tokens, by + 1, frozenset(",.;"), 6))
    first = begin if passive and that == at else max(at, that) + 1  # "He is said to …": he too
    return Speech(at, first, _contrast(tokens, at + 1), speaker, word in ANNOUNCING)


def _subject_before(tokens: Sequence[Token], first: int, last: int) -> tuple[int, ...]:
    """The speaker before an Arabic verb: of the clause that it stands in, or goes on with, without its objects."""
    begin = next((n + 1 for n in range(last - 1, first - 1, -1) if contrasts(tokens, n)), first)
    first = begin if _named(tokens, begin, last) else first
    stop = next((n for n in range(first + 2, last) if tokens[n].folded in BESIDE_OBJECTS), last)
    return _named(tokens, first, stop) or _named(tokens, first, last)


def _goes_on(tokens: Sequence[Token], at: int) -> bool:
    """Whether a main clause of the narrator's own begins: behind a comma or quotation, with و but no أن."""
    word = tokens[at].folded
    if tokens[at - 1].folded not in {"،", ",", *CLOSES} or word[0] != "و" or len(word) < 4:
        return False
    return word[1:] not in COMPLEMENT and word not in BESIDES and tokens[at].content


def _subject_behind(tokens: Sequence[Token], first: int, last: int) -> tuple[int, ...]:
    """The speaker behind an Arabic verb, up to whom or where it is said; nobody where that stands first."""
    if first < last and tokens[first].folded in WHERE_SAID:
        return ()
    stop = next((n for n in range(first + 1, last) if tokens[n].folded in BESIDE_OBJECTS), last)
    return _named(tokens, first, stop)


def _relayed(tokens: Sequence[Token], at: int) -> Speech | None:
    """What is passed on or talked of: نقلت الصحيفة عن مسؤول أن, تحدث شهود عن انهيار جسر."""
    size = len(tokens)
    about = next((n for n in range(at + 1, min(size, at + 7)) if tokens[n].folded == "عن"), None)
    opens = next((n for n in range(at + 1, min(size, at + 16)) if tokens[n].folded in COMPLEMENT), None)
    if about is None or (opens is not None and opens < about):
        return None if "نقل" in tokens[at].folded else _in_arabic(tokens, at)
    if "نقل" in tokens[at].folded:
        return Speech(at, opens + 1, _contrast(tokens, opens + 1), _named(tokens, about + 1, opens)) if opens else None
    return Speech(at, about + 1, _contrast(tokens, about + 1), _named(tokens, at + 1, about))


def _accused(tokens: Sequence[Token], at: int) -> int | None:
    """Where what somebody is accused of begins: اتهمت النقابة الإدارة بتجاهل التحذيرات."""
    near = range(at + 2, min(len(tokens), at + MOST_SPEAKER))
    return next((n for n in near if tokens[n].folded[0] == "ب" and len(tokens[n].folded) > 3), None)


def _in_arabic(tokens: Sequence[Token], at: int) -> Speech | None:
    word = tokens[at].folded
    size = len(tokens)
    begin = next((n + 1 for n in range(at - 1, -1, -1) if tokens[n].folded in BREAKS), 0)
    reach = min(size, at + 2 + MOST_SPEAKER)
    marks = (*COMPLEMENT, ":", *QUOTES)
    opens = next((n for n in range(at + 1, reach) if tokens[n].folded in marks), None)
    if opens is not None and word in CLEAR_ARABIC and any(is_saying(tokens[n].folded) for n in range(at + 1, opens)):
        opens = None  # انتقد الخبير العقد، معتبرا أن السعر مرتفع: the clause is the other verb's
    after = sum(token.content and token.folded not in DATES for token in tokens[at + 1 :])
    comma = next((n for n in range(at - 1, begin - 1, -1) if tokens[n].folded in {"،", ",", *CLOSES}), None)
    if (
        opens is None
        and word not in FORWARD
        and comma is not None
        and after <= 6
        and at - comma <= 3
        and (_contrast_before(tokens, at) <= comma)
    ):
        speaker = _named(tokens, at + 1, _until(tokens, at + 1, frozenset(".،"))) or _named(tokens, comma + 1, at)
        return Speech(at, begin, comma, speaker, word in ANNOUNCING)
    if word in ACCUSING and (accused := _accused(tokens, at)) is not None:
        *accuser, who = _named(tokens, at + 1, accused) or (accused,)  # the accused is part of what is said
        return Speech(at, who, _contrast(tokens, at + 1), tuple(accuser))
    if opens is None:
        if word not in CLEAR_ARABIC and word not in ANNOUNCING:
            return None
        speaker = _subject_behind(tokens, at + 1, min(size, at + 4)) or _named(tokens, begin, at)
        if word in TRACING:
            speaker = _subject_behind(tokens, at + 1, min(size, at + 12))
            speaker = speaker[: max(1, len(speaker) // 2)]  # who, then what they trace back
        return Speech(at, at + 1, _contrast(tokens, at + 1), speaker, word in ANNOUNCING)
    speaker = _subject_behind(tokens, at + 1, opens)
    if len(speaker) > 1 and word in OPINING_ARABIC:
        speaker = speaker[:-1]  # whom, then what they describe
    speaker = speaker or _subject_before(tokens, max(begin, at - MOST_SPEAKER), at)
    last = _contrast(tokens, opens + 1)
    going_on = next((n for n in range(opens + 2, last) if _goes_on(tokens, n)), last)
    return Speech(at, opens + 1, going_on, speaker, word in ANNOUNCING)
