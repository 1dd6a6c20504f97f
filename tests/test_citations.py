"""Citations: a model's numbers against the passages that it was given, and the quotes that they come to."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.citations import Judgement, Resolution, closest_quote, resolve, word_overlap
from rag.grounding.findings import Source
from rag.markers import parse_reply
from rag.settings import Grounding
from rag.types import MAX_QUOTE_CHARS, Passage, ScoredPassage

ACT = (
    "The bill was first offered in 2021.\n\nThe House passed that bill on September 20, 2022. It did not become law on "
    "its own. The Senate cleared the package on December 15 by 83 votes to 11.\n\nHill has argued that the matter "
    "cannot wait."
)
STRATEGY = (
    "أقرّ الكونغرس قانون الكبتاغون في كانون الأول 2022. ويرافق النص المعلن ملحق سري يفصّل أثر الجهود الأمريكية.\n\n"
    "1. تساند واشنطن تحقيقات إنفاذ القانون بالدبلوماسية.\n2. تُستخدم العقوبات الاقتصادية ضد شبكات التهريب."
)


@dataclass(frozen=True)
class Facts:
    text: str
    publisher: str | None = "Tawthiq samples"
    published: date | None = date(2023, 7, 2)

    def page_at(self, offset: int) -> int | None:
        return None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


DOCUMENTS = {"act": Facts(ACT), "strategy": Facts(STRATEGY)}


def passage(document: str, start: int = 0, end: int | None = None, language: str = "en") -> ScoredPassage:
    text = DOCUMENTS[document].text
    end = len(text) if end is None else end
    return ScoredPassage(Passage(document, start, end, language, text[start:end], f"{document}.md", document), 1.0, 1)


ACT_PASSAGE = passage("act", ACT.index("The House"))
PASSAGES = (ACT_PASSAGE, passage("strategy", language="ar"))


def settle(reply: str, passages: Sequence[ScoredPassage] = PASSAGES, language: str = "en") -> Resolution:
    return resolve(reply, passages, DOCUMENTS.__getitem__, language=language)


@pytest.mark.parametrize(
    ("reply", "numbers"),
    [
        ("It passed. [1]", [(1,)]),
        ("It passed [1].", [(1,)]),
        ("It passed.[1]It failed.[2]", [(1,), (2,)]),
        ("It passed [1][2].", [(1, 2)]),
        ("It passed [1] [2].", [(1, 2)]),
        ("It passed [1, 2].", [(1, 2)]),
        ("It passed [1-3].", [(1, 2, 3)]),
        ("It passed [1–3, 5].", [(1, 2, 3, 5)]),
        ("It passed [2-900000].", [(2, 900000)]),
        ("أُقرّ القانون [١].", [(1,)]),
        ("أُقرّ القانون [١، ٢].", [(1, 2)]),
        ("أُقرّ القانون [۲].", [(2,)]),
        ("أُقرّ القانون. [1] وبقي الملحق سريا. [2]", [(1,), (2,)]),
        ("It passed【1】.", [(1,)]),
        ("It passed【1†L3-L9】.", [(1,)]),
        ("It passed ［2］.", [(2,)]),
        ("It passed [passage 2].", [(2,)]),
        ("It passed [Source: 2].", [(2,)]),
        ("أُقرّ القانون [المقطع 2].", [(2,)]),
        ("It passed [^1].", [(1,)]),
        ("It passed [[1]].", [(1,)]),
        ("It passed [1[2]3].", [(2, 1, 3)]),
        ("[1] It passed. [2] It failed.", [(1,), (2,)]),
        ("[1] It passed.\n[2] It failed.", [(1,), (2,)]),
        ("It passed.\n[1]\nIt failed.\n[2]", [(1,), (2,)]),
        ("It passed. [1] It failed.", [(1,), ()]),
        ("1. It passed. [1]\n2. It failed. [2]", [(1,), (2,)]),
        ("It is in article (5) of the law.", [()]),
        ("It passed in [no] year.", [()]),
        ("It passed.", [()]),
        ("[1] [2] [3]", []),
        ("", []),
    ],
)
def test_markers_belong_to_their_sentences(reply: str, numbers: list[tuple[int, ...]]) -> None:
    clean, sentences = parse_reply(reply)
    assert [sentence.numbers for sentence in sentences] == numbers
    assert not re.search(r"[\[【［]\d", clean)
    for sentence in sentences:
        assert clean[sentence.start : sentence.end] == sentence.text


@pytest.mark.parametrize(
    ("reply", "texts", "numbers"),
    [
        ("sentence [1] It passed.\nsentence [2] It failed.", ["It passed.", "It failed."], [(1,), (2,)]),
        ("Sentence [1] [2] أُقرّ القانون.", ["أُقرّ القانون."], [(1, 2)]),
        ("الجملة [1] أُقرّ القانون.", ["أُقرّ القانون."], [(1,)]),
        ("sentence [1] It passed.\nsentence [2] sentence [3]", ["It passed."], [(1, 2, 3)]),
        ("Sentence [1] [1847]", [], []),
        ("He served his sentence [1].", ["He served his sentence."], [(1,)]),
    ],
)
def test_the_form_that_a_small_model_copies_is_no_part_of_its_answer(
    reply: str, texts: list[str], numbers: list[tuple[int, ...]]
) -> None:
    _, sentences = parse_reply(reply)
    assert [sentence.text for sentence in sentences] == texts
    assert [sentence.numbers for sentence in sentences] == numbers


def test_a_cited_statement_is_linked_to_the_closest_sentence_of_the_passage() -> None:
    found = settle("The Senate voted 83 to 11 to clear it. [1] A secret annex goes with the text. [2]")
    first, _ = found.citations
    assert first.quote == "The Senate cleared the package on December 15 by 83 votes to 11."
    assert ACT[first.start : first.end] == first.quote
    assert first.document_sha256 == hashlib.sha256(ACT.encode()).hexdigest()
    assert (first.publisher, first.published, first.language) == ("Tawthiq samples", date(2023, 7, 2), "en")
    assert [statement.support for statement in found.statements] == ["weak", "weak"]
    assert found.statements[0].text == "The Senate voted 83 to 11 to clear it."
    assert found.statements[0].reasons == ("Not checked against the source yet.",)
    assert found.text == "The Senate voted 83 to 11 to clear it. [1] A secret annex goes with the text. [2]"


def test_arabic_spelling_does_not_matter_for_the_link() -> None:
    found = settle("أقر الكونجرس قانون الكبتاجون فى كانون الاول ٢٠٢٢. [2]", language="ar")
    assert found.citations[0].quote == "أقرّ الكونغرس قانون الكبتاغون في كانون الأول 2022."
    assert found.statements[0].reasons == ("لم يُتحقَّق منها على المصدر بعد.",)


def test_a_plugged_in_similarity_decides() -> None:
    def last(statement: str, candidates: Sequence[str]) -> list[float]:
        assert statement == "A secret annex."
        return [float(index) for index, _ in enumerate(candidates)]

    found = resolve("A secret annex. [2]", PASSAGES, DOCUMENTS.__getitem__, similarity=last)
    assert found.citations[0].quote == "2. تُستخدم العقوبات الاقتصادية ضد شبكات التهريب."


def test_unknown_numbers_are_dropped_and_counted() -> None:
    found = settle("The House passed the bill. [1][7] The Senate did not. [0] Nobody knows. [٩٩، 12345678901234567890]")
    assert found.dropped == 4
    assert [statement.citations for statement in found.statements] == [(1,), (), ()]
    assert [statement.support for statement in found.statements] == ["weak", "unsupported", "unsupported"]
    assert found.statements[1].reasons == ("The source that it names is not among those found.",)
    assert found.text == "The House passed the bill. [1] The Senate did not. Nobody knows."


def test_a_statement_without_a_source_is_unsupported() -> None:
    found = settle("Everybody knows that it passed.")
    assert found.citations == ()
    assert found.statements[0].support == "unsupported"
    assert found.statements[0].reasons == ("No source is cited.",)
    assert settle("هذا معروف.", language="ar").statements[0].reasons == ("لا يُذكر لها مصدر.",)


def test_citations_are_numbered_by_appearance_and_one_quote_has_one_number() -> None:
    found = settle("A secret annex is there. [2] The House passed that bill. [1] A secret annex accompanies it. [2]")
    same = "ويرافق النص المعلن ملحق سري يفصّل أثر الجهود الأمريكية."
    found_ar = settle("الملحق سري. [2] أقر مجلس النواب القانون. [1] الملحق المعلن سري. [2]", language="ar")
    assert [citation.number for citation in found.citations] == list(range(1, len(found.citations) + 1))
    assert found_ar.citations[0].quote == same
    assert [statement.citations for statement in found_ar.statements] == [(1,), (2,), (1,)]
    assert found_ar.text == "الملحق سري. [1] أقر مجلس النواب القانون. [2] الملحق المعلن سري. [1]"


def test_overlapping_passages_give_one_citation() -> None:
    whole = passage("act")
    found = settle("The House passed that bill in September 2022. [1][2]", (ACT_PASSAGE, whole))
    assert len(found.citations) == 1
    assert found.statements[0].citations == (1,)


def test_a_sentence_copied_word_for_word_is_a_quote_even_without_its_number() -> None:
    found = settle(
        "1. تساند واشنطن تحقيقات إنفاذ القانون بالدبلوماسية.\nHill disagrees with everything.", language="ar"
    )
    copied, other = found.statements
    assert (copied.support, copied.citations, copied.reasons) == ("quoted", (1,), ())
    assert copied.text == "تساند واشنطن تحقيقات إنفاذ القانون بالدبلوماسية."
    assert found.citations[0].document_id == "strategy"
    assert other.support == "unsupported"


def test_a_whole_sentence_copied_from_a_list_item_is_a_quote_of_the_item() -> None:
    text = "1. The House helps the investigations. It names the traders.\n2. Sanctions are used against them."
    item = ScoredPassage(Passage("d", 0, len(text), "en", text, "d", "d"), 1.0, 1)
    found = resolve("The House helps the investigations. It names.", (item,), lambda _: Facts(text))
    assert [statement.support for statement in found.statements] == ["quoted", "unsupported"]
    assert found.citations[0].quote == "1. The House helps the investigations. It names the traders."


def test_part_of_a_sentence_is_not_a_quote() -> None:
    assert settle("The matter cannot wait. [1]").statements[0].support == "weak"
    assert settle("Hill has argued that the matter cannot wait. [1]").statements[0].support == "quoted"


def test_a_long_sentence_is_quoted_in_part_and_still_verbatim() -> None:
    text = "The committee heard witnesses, " * 30 + "and it closed."
    long = ScoredPassage(Passage("long", 50, 50 + len(text), "en", text, "l", "l"), 1.0, 1)
    where = closest_quote("The committee closed.", long.passage)
    assert where is not None
    start, end = where
    assert 0 < end - start <= MAX_QUOTE_CHARS
    assert text[start - 50 : end - 50].strip() == text[start - 50 : end - 50]


def test_a_passage_without_words_gives_no_citation() -> None:
    empty = ScoredPassage(Passage("act", 0, 3, "en", "---", "x", "x"), 1.0, 1)
    assert closest_quote("Anything.", empty.passage) is None
    assert settle("Anything. [1]", (empty,)).statements[0].support == "unsupported"


def test_word_overlap_is_between_nothing_and_one() -> None:
    assert word_overlap("قانون الكبتاغون", ["القانون والكبتاغون", "the law", ""])[1:] == [0.0, 0.0]
    assert word_overlap("The bill passed", ["passing the bills"])[0] == pytest.approx(1.0)


def judge(statement: str, sources: Sequence[Source]) -> Judgement:
    """Believes a statement whose last word one of the sources has."""
    last = statement.rstrip(".").split()[-1]
    if any(last in source.text for source in sources):
        return Judgement("supported", ())
    return Judgement("unsupported", (f"no {last}",))


JUDGED = (
    "The House passed that bill in September. [1] The Senate wept. [1]\n\n"
    "- It was the weather. [7]\n- So it ended in December. [1]"
)


def judged(reply: str, policy: Grounding, passages: Sequence[ScoredPassage] = PASSAGES) -> Resolution:
    return resolve(reply, passages, DOCUMENTS.__getitem__, judge=judge, policy=policy)


def test_statements_that_the_sources_do_not_bear_out_are_removed_and_kept_apart() -> None:
    found = judged(JUDGED, "remove")
    assert found.text == "The House passed that bill in September. [1]\n\n- So it ended in December. [2]"
    assert [statement.support for statement in found.statements] == ["supported", "supported"]
    assert [(statement.text, statement.citations, statement.reasons) for statement in found.removed] == [
        ("The Senate wept.", (), ("no wept",)),
        ("It was the weather.", (), ("The source that it names is not among those found.",)),
    ]
    assert [citation.number for citation in found.citations] == [1, 2]


def test_or_they_are_marked_or_shown_with_what_they_cite() -> None:
    marked, shown = judged(JUDGED, "mark"), judged(JUDGED, "show")
    assert [s.support for s in marked.statements] == ["supported", "unsupported", "unsupported", "supported"]
    assert [s.citations for s in marked.statements] == [(1,), (), (), (2,)]
    assert "The Senate wept.\n" in marked.text
    assert [bool(s.citations) for s in shown.statements] == [True, True, False, True]
    assert [s.support for s in shown.statements] == [s.support for s in marked.statements]
    assert marked.removed == shown.removed == ()


def test_unchecked_means_that_nobody_judges() -> None:
    found = judged(JUDGED, "off")
    assert [statement.support for statement in found.statements] == ["weak", "weak", "unsupported", "weak"]
    assert found.removed == ()


def test_what_another_passage_bears_out_is_cited_to_that_one() -> None:
    reply = "تساند واشنطن التحقيقات بالدبلوماسية. [1] ويرافقه ملحق سري"
    found = judged(reply, "remove")
    assert [statement.support for statement in found.statements] == ["supported", "supported"]
    assert {citation.document_id for citation in found.citations} == {"strategy"}


@pytest.mark.parametrize("said", ["It passed in September. [1][2]", "It passed in September. [2] [1]"])
def test_a_passage_that_alone_comes_to_nothing_is_not_cited_beside_one_that_is_enough(said: str) -> None:
    found = judged(said, "remove")
    (statement,) = found.statements
    assert (statement.support, len(statement.citations), found.idle, found.dropped) == ("supported", 1, 1, 0)
    assert [citation.document_id for citation in found.citations] == ["act"]
    assert found.text == "It passed in September. [1]"


def test_nor_beside_one_that_is_copied_in_arabic_too() -> None:
    quote = "تُستخدم العقوبات الاقتصادية ضد شبكات التهريب."
    found = judged(f"{quote} [1][2]", "remove")
    assert [(citation.document_id, found.idle) for citation in found.citations] == [("strategy", 1)]
    assert found.statements[0].support == "quoted"


def test_passages_that_bear_a_statement_out_only_together_are_all_cited() -> None:
    def both(statement: str, sources: Sequence[Source]) -> Judgement:
        return Judgement("supported" if len(sources) == 2 else "unsupported", ())

    found = resolve("It passed, with an annex. [1][2]", PASSAGES, DOCUMENTS.__getitem__, judge=both)
    assert (len(found.citations), found.idle) == (2, 0)


def test_what_is_copied_word_for_word_is_not_judged() -> None:
    found = resolve("Hill has argued that the matter cannot wait. [1]", PASSAGES, DOCUMENTS.__getitem__, judge=_refuse)
    assert found.statements[0].support == "quoted"


def _refuse(statement: str, sources: Sequence[Source]) -> Judgement:
    raise AssertionError(statement)


SCRIPTS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("[]【】［］()0123456789٠١٢٣۴५ ,،;-–—.!؟?\n†:#^و"),
        st.sampled_from("أبتثجحخدقانونabcdefSenate"),
        st.sampled_from("\ud800\udfff\U000f0000\u202e\u200f\x00"),
    ),
    max_size=120,
)
PIECES = st.lists(
    st.one_of(
        SCRIPTS,
        st.sampled_from(
            ["[1]", "[2]", "[3]", "[٢]", "【1】", "[1, 2]", "[99]", "[", "]", "[passage ", " 1]", "\n", ". "]
        ),
        st.sampled_from(["The Senate cleared the package on December 15", "الملحق سري", "1. ", "- "]),
    ),
    max_size=12,
).map("".join)


@given(PIECES)
def test_whatever_a_model_writes_every_quote_is_verbatim_and_every_marker_ours(reply: str) -> None:
    found = settle(reply)
    for citation in found.citations:
        document = DOCUMENTS[citation.document_id].text
        assert document[citation.start : citation.end] == citation.quote
        assert 0 < len(citation.quote) <= MAX_QUOTE_CHARS
    assert [citation.number for citation in found.citations] == list(range(1, len(found.citations) + 1))
    known = {citation.number for citation in found.citations}
    _, sentences = parse_reply(found.text)
    assert {number for sentence in sentences for number in sentence.numbers} <= known
    for statement in found.statements:
        assert set(statement.citations) <= known
        assert (statement.support == "unsupported") == (not statement.citations)
        assert bool(statement.reasons) == (statement.support != "quoted")
        assert not re.search(r"[\[【［〔]\s*\d+\s*[\]】］〕]", statement.text)
    found.text.encode("utf-8")


@given(SCRIPTS, SCRIPTS, st.integers(0, 50))
def test_the_closest_quote_of_any_passage_is_a_stretch_of_it(statement: str, text: str, start: int) -> None:
    where = closest_quote(statement, Passage("d", start, start + len(text), "ar", text, "d", "d"))
    if where is None:
        assert not any(c.isalnum() for c in text)
    else:
        assert start <= where[0] < where[1] <= start + len(text)
        assert where[1] - where[0] <= MAX_QUOTE_CHARS
