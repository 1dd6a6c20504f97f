"""Language: is the answer in the language of the question?"""

from __future__ import annotations

from evals.cases import Case
from rag.answering.generation.answer_language import language_besides


def answer_language(case: Case) -> float | None:
    """1 if the answer's own words are in the question's language, else 0; unscored where it has none.

    Quotes stay in their source's language, so in quotes mode the words are those of the frame around them, and of a
    "not in the documents". Names, addresses and what stands in quotation marks do not tell.
    """
    answer = case.answer
    if answer is None:
        return None
    if answer.status == "not_found":
        own = [answer.text]
    elif answer.mode == "quotes":
        own = [words for words in ((answer.frame.before, answer.frame.after) if answer.frame else ()) if words]
    else:
        own = [statement.text for statement in answer.statements if statement.support != "quoted"]
    if not own:
        return None
    return float(answer.language == case.question.language and language_besides(own, case.question.language) is None)
