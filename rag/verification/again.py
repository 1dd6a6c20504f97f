"""Asking again what a saved answer answered, or checking again what it checked: does it still come out so?

Quotes and verdicts are made without chance: the same question over the same documents gets the same answer. What a
language model wrote is not asked again, nor a follow-up, whose earlier questions the file does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from rag.claims.verdicts import Verdict
from rag.errors import TawthiqError
from rag.saved_answers import SavedAnswer
from rag.types import Answer, AnswerLanguage, Citation
from rag.verification.phrases import quoted, say
from rag.verification.verify import MAX_PROBLEMS, CheckedAnswer

ANSWERED: dict[str, tuple[str, str]] = {
    "answered": ("an answer", "جواب"),
    "not_found": ("“not in the documents”", "«ليس في الوثائق»"),
}


def asked_again(
    answer: SavedAnswer,
    checked: CheckedAnswer,
    ask: Callable[[SavedAnswer], Answer],
    check: Callable[[SavedAnswer], Verdict],
    language: AnswerLanguage,
) -> CheckedAnswer:
    """`checked` with what comes out otherwise now among its problems; as it is where it cannot be asked again."""
    if answer.followed or (not answer.verdicts and answer.mode != "quotes"):
        return checked
    try:
        if answer.verdicts:
            found = list(_other_verdict(answer, check(answer), language))
        else:
            found = list(_other_answer(answer, ask(answer), language))
    except TawthiqError as error:
        found = [say(language, "again_failed", reason=str(error))]
    told = ("verdict",) if answer.verdicts else ("frame",)
    rest = tuple(name for name in checked.unverified if found or name not in told)
    return replace(checked, problems=(*checked.problems, *found)[:MAX_PROBLEMS], unverified=rest, again=True)


def _other_answer(answer: SavedAnswer, now: Answer, language: AnswerLanguage) -> Iterator[str]:
    if now.status != answer.status:
        named = {code: texts[language == "ar"] for code, texts in ANSWERED.items()}
        yield say(
            language,
            "again_status",
            now=named[now.status],
            said=named.get(answer.status, quoted(language, answer.status)),
        )
    elif _places(now.citations) != [(one.document_id, one.start, one.end) for one in answer.citations]:
        yield say(language, "again_quotes")
    elif answer.text is not None and now.text != answer.text:
        yield say(language, "again_text")


def _other_verdict(answer: SavedAnswer, now: Verdict, language: AnswerLanguage) -> Iterator[str]:
    said = answer.verdicts
    names = (now.verdict, *(one.verdict for one in now.sentences))
    if said != names:
        said_text, now_text = (quoted(language, ", ".join(one)) for one in (said, names))
        if said[0] != names[0]:
            said_text, now_text = quoted(language, said[0]), quoted(language, names[0])
        yield say(language, "again_verdict", now=now_text, said=said_text)
    elif [(one.citation.document_id, one.citation.start, one.citation.end, one.stance) for one in now.evidence] != [
        (one.document_id, one.start, one.end, one.stance) for one in answer.citations
    ]:
        yield say(language, "again_evidence")


def _places(citations: Sequence[Citation]) -> list[tuple[str, int, int]]:
    return [(one.document_id, one.start, one.end) for one in citations]
