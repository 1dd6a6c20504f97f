"""Whom a sentence means that does not name who did it, by the sentences before: in Arabic, English and across."""

from __future__ import annotations

import pytest

from rag.claims.antecedents import antecedent
from rag.claims.rivals import Claimed
from rag.grounding.findings import Source


def language(text: str) -> str:
    return "en" if text.isascii() else "ar"


def found(claim: str, *sentences: str) -> tuple[int, bool] | None:
    *before, last = [Source(one, language(one)) for one in sentences]
    one = antecedent(Claimed(claim, language(claim)), before, last)
    return None if one is None else (one.back, one.same)


CRITICISED = "Samer Khatib criticised the contract."
IN_ARABIC = "انتقد الخبير سامر الخطيب عقد القمح."


@pytest.mark.parametrize(
    ("claim", "sentences", "expected"),
    [
        (CRITICISED, ["Samer Khatib is an economist.", "He criticised the contract."], (1, True)),
        (CRITICISED, ["Samer Khatib is an economist.", "It rained.", "He criticised the contract."], (2, True)),
        (CRITICISED, ["Samer Khatib met Karim Haddad.", "He criticised the contract."], (1, False)),
        (CRITICISED, ["Karim Haddad is an economist.", "He criticised the contract."], (1, False)),
        (IN_ARABIC, ["تحدث الخبير سامر الخطيب إلى الصحيفة.", "ونُشر انتقاده للعقد أمس."], (1, True)),
        (IN_ARABIC, ["تحدث الخبير سامر الخطيب إلى الصحيفة.", "وانتقد العقد لأن سعره مرتفع."], (1, True)),
        (IN_ARABIC, ["تحدث كريم حداد إلى الصحيفة.", "وانتقد العقد لأن سعره مرتفع."], (1, False)),
        (CRITICISED, ["تحدث الخبير سامر الخطيب إلى الصحيفة.", "وانتقد العقد لأن سعره مرتفع."], (1, True)),
        (IN_ARABIC, ["Samer Khatib is an economist.", "He criticised the contract."], (1, True)),
        # Whoever spoke goes on speaking.
        ("Ali Mansour said the search had begun.", ["Ali Mansour said that Omar Nasser resigned.", "He added that the search had begun."], (1, True)),
        ("Omar Nasser said the search had begun.", ["Ali Mansour said that Omar Nasser resigned.", "He added that the search had begun."], (1, False)),
        ("قال علي منصور إن البحث بدأ.", ["قال علي منصور إن عمر ناصر استقال.", "وأضاف أن البحث بدأ."], (1, True)),
        ("قال عمر ناصر إن البحث بدأ.", ["قال علي منصور إن عمر ناصر استقال.", "وأضاف أن البحث بدأ."], (1, False)),
        # Named in the sentence itself, or nowhere before, or no person at all.
        (CRITICISED, ["Karim Haddad spoke.", "Samer Khatib criticised the contract."], None),
        (CRITICISED, ["It was a rainy day.", "He criticised the contract."], None),
        ("The ministry criticised the contract.", ["Samer Khatib spoke.", "He criticised the contract."], None),
        (CRITICISED, ["Samer Khatib is an economist.", "The ministry criticised the contract."], None),
    ],
)  # fmt: skip
def test_whom_a_sentence_means(claim: str, sentences: list[str], expected: tuple[int, bool] | None) -> None:
    assert found(claim, *sentences) == expected
