"""No text brings the checks of grounding down: they read what models and strangers write."""

from __future__ import annotations

import hypothesis
from hypothesis import given
from hypothesis import strategies as st

from rag.grounding.findings import Source
from rag.grounding.verdict import findings_of

PIECES = st.sampled_from(
    """و ف ال لل « » " ' ’s - – , ، ؛ : . ؟ ... ( ) % ٪ 3 ٣٫٥ 1,000 2023-06-30 12/2021 million مليون ألف tonnes طنا دولار $
    not no never لم لا لن ليس deny denied نفى نفت said says قال وقال قالت إن أن that who in of the and or بن أبو عبد آل
    الرئيس President Minister وزير French Hill فرنسا Salerno ساليرنو محمد Mohammed تسلا لودج جون Tesla's U.S. Dr. last
    December Tuesday الثلاثاء كانون الأول الماضي yesterday أمس half نصف twice ضعف أكثر من at least all كل none ـ ً \u200f \u0000""".split()
)
TEXT = st.lists(PIECES, max_size=14).map(" ".join) | st.text(max_size=40)
LANGUAGE = st.sampled_from(["ar", "en"])


@hypothesis.settings(deadline=None, max_examples=300)
@hypothesis.example("أشاد تسلا و جون", "ar", "The army led by Marconi", "en")
@hypothesis.example(
    "Tesla and Oliver Lodge had earlier patents.",
    "en",
    "في 1943، أعاد قرار صادر عن المحكمة العليا براءات الاختراع السابقة لكل من تسلا و أوليفر لودج و جون ستون.",
    "ar",
)
@given(TEXT, LANGUAGE, TEXT, LANGUAGE)
def test_the_checks_bear_any_text(statement: str, language: str, source: str, source_language: str) -> None:
    for finding in findings_of(statement, language, [Source(source, source_language, None)]):
        assert finding.kind
