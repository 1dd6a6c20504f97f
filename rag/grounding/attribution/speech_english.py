"""Who says it in English: a verb of saying with its subject, before or behind what is said."""

from __future__ import annotations

from collections.abc import Sequence

from rag.grounding.attribution.speech_parts import (
    MOST_SPEAKER,
    Speech,
    contrast_before,
    contrast_behind,
    contrasts,
    is_saying,
    named,
    until,
)
from rag.grounding.attribution.speech_words import (
    ANNOUNCING,
    AROUND_PASSIVE,
    BEFORE_NOUNS,
    BREAKS,
    CLAIMED,
    CLAUSES,
    CLEAR_ENGLISH,
    CLOSES,
    DATES,
    DETERMINERS,
    EXPECTING,
    FINITE,
    HELD,
    INSERTED,
    NAMED_AS,
    NOUNS_TOO,
    OPINING,
    OTHER_ENGLISH,
    PASSIVE,
    PRONOUNS,
    QUOTES,
)
from rag.grounding.wording import Token, is_past


def in_english(tokens: Sequence[Token], at: int) -> Speech | None:
    """Somebody's word by an English word of saying; None where that is a noun, or says nothing."""
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
        return Speech(at, begin, contrast_behind(tokens, at + 1), named(tokens, comma + 1, at), word in ANNOUNCING)
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
        speaker = named(tokens, close + 1, at)
        if not speaker and close == at - 1:
            speaker = named(tokens, at + 1, until(tokens, at + 1, frozenset(".;")))
        return Speech(at, contrast_before(tokens, close), close, speaker, word in ANNOUNCING)
    if passive and following[:1] == ["to"] and word in HELD:
        return Speech(at, begin, contrast_behind(tokens, at + 1), ())
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
        speaker = named(tokens, by + 1, until(tokens, by + 1, frozenset(",.;"), 6))
    first = begin if passive and that == at else max(at, that) + 1  # "He is said to …": he too
    return Speech(at, first, contrast_behind(tokens, at + 1), speaker, word in ANNOUNCING)


def _subject(tokens: Sequence[Token], first: int, last: int) -> tuple[int, ...]:
    """The speaker before an English verb: up to another verb of which they are the subject too (X left and said)."""
    begin = next((n + 1 for n in range(last - 1, first - 1, -1) if _opens_clause(tokens, n)), first)
    first = begin if named(tokens, begin, last) else first
    places = named(tokens, first, last)
    verb = next((at for at in range(first, last) if _another_verb(tokens, at)), None)
    if verb is None and tokens[last].folded.endswith("ing"):  # X rejected the findings, saying
        verb = next((at for at in range(first + 1, last) if _is_finite(tokens[at])), None)
    before = tuple(at for at in places if verb is None or at < verb)
    return before or places


def _opens_clause(tokens: Sequence[Token], at: int) -> bool:
    """Whether another clause, with a subject of its own, may begin behind a token."""
    return contrasts(tokens, at) or tokens[at].folded in CLAUSES


def _is_finite(token: Token) -> bool:
    return token.folded in FINITE or (token.folded.isascii() and not token.capital and is_past(token.folded))


def _another_verb(tokens: Sequence[Token], at: int) -> bool:
    finite = _is_finite(tokens[at])
    following = {one.folded for one in tokens[at + 1 :]}
    return finite and "and" in following and at > 0 and tokens[at - 1].folded not in ("who", "which", ",")


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
    if comma is None or not named(tokens, begin, comma):
        return None
    verbs = (tokens[n] for n in range(begin, comma) if not tokens[n].capital)
    if any(one.folded in FINITE or is_past(one.folded) for one in verbs):
        return None
    # "In the north, wheat, said the minister, was scarce": the speaker comes behind.
    ends = {","} if tokens[at].folded in OPINING else {",", *CLOSES}  # called the delay “indefensible”
    return None if any(token.folded in ends for token in tokens[at + 1 : at + 6]) else comma
