"""A saved answer against itself: what is wrong with it whatever its documents say. Pure functions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import cast

from rag.claims.verdicts import VerdictName, combined
from rag.saved_answers import SavedAnswer
from rag.types import AnswerLanguage
from rag.verification.phrases import quoted, say

_MARKERS = re.compile(r"\[(\d{1,9})\]")
_RESTS_ON = {"supported": "for", "contradicted": "against"}


def contradictions(answer: SavedAnswer, language: AnswerLanguage) -> Iterator[str]:
    """Each in one line, in `language`; the digest first, because it concerns all of the answer."""
    if answer.seal == "differs":
        yield say(language, "digest_differs")
    quotes = {citation.number: citation.quote for citation in answer.citations}
    counts = Counter(citation.number for citation in answer.citations)
    for number, count in counts.items():
        if count > 1:
            yield say(language, "same_number", count=count, number=number)
    if answer.status == "answered" and not answer.citations:
        yield say(language, "cites_nothing")
    for place, (text, numbers) in enumerate(answer.statements, start=1):
        for number in dict.fromkeys(numbers):
            if number not in quotes:
                yield say(language, "no_such_citation", place=place, number=number)
        if answer.mode == "quotes" and text not in [quotes.get(number) for number in numbers]:
            yield say(language, "not_its_quote", place=place)
    yield from _disputed_problems(answer, quotes, language)
    if answer.mode == "quotes" and answer.status == "answered" and answer.text is not None:
        yield from _text_problems(answer.text, answer, language)
    if answer.verdicts:
        yield from _verdict_problems(answer, language)


def _disputed_problems(answer: SavedAnswer, quotes: dict[int, str], language: AnswerLanguage) -> Iterator[str]:
    dates = {citation.number: dict(citation.stated).get("published") for citation in answer.citations}
    for value, numbers, published in answer.disputed:
        said = quoted(language, value)
        if not numbers or value not in " ".join(quotes.get(numbers[0], "").split()):
            yield say(language, "not_in_cited", value=said)
        elif published is not None and published != dates.get(numbers[0]):
            now = quoted(language, dates.get(numbers[0]))
            yield say(language, "disputed_date", value=said, said=quoted(language, published), now=now)


def _verdict_problems(answer: SavedAnswer, language: AnswerLanguage) -> Iterator[str]:
    """Where a verdict does not go with those on the claim's sentences, or with its evidence."""
    verdict, parts = answer.verdicts[0], answer.verdicts[1:]
    if parts and all(parts):
        made = combined(cast("Sequence[VerdictName]", parts))
        if made != verdict:
            yield say(
                language, "verdict_not_combined", verdict=quoted(language, verdict), combined=quoted(language, made)
            )
    stances = {citation.stance for citation in answer.citations}
    stance = _RESTS_ON.get(verdict)
    if stance is not None and answer.citations and stances <= {"for", "against"} - {stance}:
        yield say(language, "verdict_without", verdict=quoted(language, verdict), stance=say(language, stance))
    at = 0
    for place, (text, _) in enumerate(answer.statements, start=1):
        found = answer.question.find(text, at)
        if found < 0:
            yield say(language, "sentence_not_in_claim", place=place)
            return
        at = found + len(text)


def _text_problems(text: str, answer: SavedAnswer, language: AnswerLanguage) -> Iterator[str]:
    """Where the text, which is what people read, says other than frame, statements and their markers."""
    before, after = answer.frame
    text = text.removeprefix(before).removesuffix(after)
    cited: tuple[int, ...] = ()
    at = 0
    for place, (statement, numbers) in enumerate(answer.statements, start=1):
        found = text.find(statement, at)
        if found < 0:
            yield say(language, "not_in_text", place=place)
            return
        yield from _between(text[at:found], cited, language)
        at, cited = found + len(statement), numbers
    yield from _between(text[at:], cited, language)


def _between(text: str, cited: Sequence[int], language: AnswerLanguage) -> Iterator[str]:
    """Problems with what stands after a statement that cites `cited`: markers of these, and nothing else."""
    known = frozenset(cited)
    for number in dict.fromkeys(map(int, _MARKERS.findall(text))):
        if number not in known:
            yield say(language, "marker", number=number)
    rest = _MARKERS.sub("", text)
    if any(character.isalnum() for character in rest):
        yield say(language, "more_said", words=quoted(language, rest))
