"""Who does it: the agent of a statement's verb must be that of the source's, in Arabic, English and across."""

from __future__ import annotations

import pytest

from rag.grounding.negation.verbs import is_verb, other_agent, subject
from rag.grounding.wording import read


def language(text: str) -> str:
    return "en" if text.isascii() else "ar"


def apart(statement: str, source: str, named: str) -> bool:
    tokens = read(statement)
    places = {at for at, token in enumerate(tokens) if statement[token.start : token.end] in named.split()}
    return other_agent(tokens, read(source), places, language(statement) != language(source)) is not None


@pytest.mark.parametrize(
    ("statement", "source", "named"),
    [
        (
            "UNODC has dismantled 15 laboratories since 2024.",
            "Since December 2024 the new authorities have dismantled 15 industrial laboratories.",
            "UNODC",
        ),
        ("قتل الجيش الأردني مرعي الرمثان.", "وفي 8 أيار 2023 قُتل مرعي الرمثان في غارة.", ""),
        (
            "قال سعيد إن ماهر بنى المصنع.",
            "وأضاف أن عامر خيتي، المقرب من ماهر، بنى المصنع.",
            "ماهر",
        ),
        ("Walid Bukhari denied it.", "نفى نعيم خليل ذلك.", "Walid Bukhari"),
        ("نفى وليد بخاري ذلك.", "Naim Khalil denied it.", "وليد بخاري"),
    ],
)
def test_another_agent_is_found(statement: str, source: str, named: str) -> None:
    assert apart(statement, source, named)


@pytest.mark.parametrize(
    ("statement", "source", "named"),
    [
        ("Naim Khalil denied it.", "نفى نعيم خليل ذلك.", "Naim Khalil"),
        ("نفى نعيم خليل ذلك.", "Naim Khalil denied it.", "نعيم خليل"),
        ("أوقفت السلطات السعودية ثمانية مقيمين.", "وأوقفت القوة ثمانية مقيمين.", "السعودية"),
        ("Hill introduced the bill.", "He introduced the bill in May.", "Hill"),
        ("The police seized the drugs.", "The drugs were seized on Monday.", ""),
        ("The weather closed the port.", "A strike closed the port.", ""),
        ("انتقد سامر الخطيب العقد.", "وانتقد الخبير الاقتصادي سامر الخطيب العقد.", "سامر الخطيب"),
    ],
)
def test_the_same_agent_or_none_is_left_alone(statement: str, source: str, named: str) -> None:
    assert not apart(statement, source, named)


@pytest.mark.parametrize(
    ("sentence", "verb", "who"),
    [
        ("Rose, who wrote the study, rejected the plan.", "rejected", ["Rose"]),
        ("Since 2023 the army has closed the road.", "closed", ["army"]),
        ("وغاب عنه وزير الخارجية القطري.", "وغاب", ["وزير", "الخارجية"]),
        ("Engineer Salim Aswad, who voted against it, spoke.", "voted", ["Engineer", "Salim", "Aswad"]),
        ("The plan which was adopted cost millions.", "adopted", ["plan"]),
        ("وصف سليم الأسود، الذي صوت ضدها، الخطة.", "صوت", ["سليم", "الأسود"]),
        ("زار دمشق، التي دمرتها الحرب، أمس.", "دمرتها", ["الحرب"]),
        ("وأضاف أن خيتي، المقرب من الأسد، رفض الخطة.", "رفض", ["خيتي"]),
    ],
)
def test_subjects(sentence: str, verb: str, who: list[str]) -> None:
    tokens = read(sentence)
    at = next(n for n, token in enumerate(tokens) if sentence[token.start : token.end] == verb)
    assert is_verb(tokens, at)
    assert [sentence[tokens[one].start : tokens[one].end] for one in subject(tokens, at)] == who


@pytest.mark.parametrize("sentence", ["record production", "في حظر الصيد"])
def test_nouns_are_no_verbs(sentence: str) -> None:
    assert not is_verb(read(sentence), 1)
