"""Sentences and list items: true offsets whatever the text, and cuts where a reader would make them."""

from __future__ import annotations

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.repair import repair
from rag.sentences import split_sentences
from rag.types import MAX_QUOTE_CHARS


def parts(text: str) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text)]


def kinds(text: str) -> list[str]:
    return [span.kind for span in split_sentences(text)]


# Whatever may stand in a text: all planes, both directions, marks, joiners, terminators, list markers, long words.
PIECES = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(
        [". ", "؟ ", "؛ ", "… ", "...", "!\n", "\n\n", "\n", " ", "\t", "1- ", "\n١- ", "\n• ", "\n(a) ", "\n- ", "«", "»", "د. ",
         "U.S. ", "3.5", "1.2.2023", "J. K. ", "\u200f", "\u202b", "\u2069", "\x00", "👩‍👩‍👧", "🇸🇾", "e\u0301", "كِتَابٌ", "قال ", "The ", "。", "x" * 450]
    ),
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=60).map("".join)


def assert_sound(text: str) -> None:
    spans = split_sentences(text)
    covered = ""
    last = 0
    for span in spans:
        quote = text[span.start : span.end]
        assert last <= span.start < span.end <= len(text)
        assert text[last : span.start].strip() == ""
        assert quote == quote.strip()
        assert len(quote) <= MAX_QUOTE_CHARS
        covered += quote
        last = span.end
    assert text[last:].strip() == ""
    assert "".join(covered.split()) == "".join(text.split())


@hypothesis.settings(deadline=None)
@given(TEXTS)
def test_spans_are_ordered_apart_short_and_hold_all_that_is_not_white_space(text: str) -> None:
    assert_sound(text)


@hypothesis.settings(deadline=None)
@given(TEXTS)
def test_the_same_holds_of_repaired_text(text: str) -> None:
    assert_sound(repair(text))


@hypothesis.settings(deadline=None)
@given(
    st.sampled_from([". ", "؟ ", "! ", "…\n", "e.g. ", "a", "\n", "- a\n", "«", ".»", " ", ","]), st.integers(1, 3000)
)
def test_one_thing_over_and_over_is_split_soundly(piece: str, times: int) -> None:
    assert_sound(piece * times)


@pytest.mark.parametrize(
    "sentences",
    [
        ["قال د. محمد علي إن القرار صدر.", "ورد م. عيسى عليه."],
        ["قال أ.د. محمد العلي إن ذلك صحيح.", "ورافقه ود. سمير."],
        ["أ. ب. ياسين كتب هذا.", "وقال س. ص. إنه صحيح."],
        ["J. K. Rowling wrote it.", "She said so."],
        ["J.D. Vance met Lt. Gen. Smith, Maj. Gen. Jones and Amb. Ford.", "They left."],
        ["Congress passed H.R. 6265 in 2022.", "See S. 3001 and Pub. L. 117-263 too."],
        ["It rose 3.5 percent on 1.2.2023.", "Then it fell to 2.5."],
        ["بلغ ٣٫٥ مليون في 1.2.2023.", "ثم انخفض إلى 2.5."],
        ["The U.S. Congress met the U.N. Security Council.", "U.S. Senator J. Risch spoke."],
        ["He lives in the U.S.", "The house is big."],
        ["At 5 p.m. Monday he met Mr. Smith.", "He left at 6 p.m.", "They stayed."],
        ["In Jan. 2023 they met.", "No. 5 is alive."],
        ["The answer is no.", "They left."],
        ["This is plan B.", "It works."],
        ["صدر في عام 2022 م.", "وكان ذلك في 1444 هـ.", "ثم سافر."],
        ["لا بد.", "ثم رجع.", "وهذا لص.", "وبلغ طوله 15 كم.", "انتهى."],
        ["He waited...", "Then he left."],
        ["She said… nothing."],
        ["انتظر...", "ثم رحل."],
        ["هل وافق الكونغرس؟", "نعم؛", "وافق عليه.", "ثم ماذا؟!", "لا شيء!"],
        ["قال: «لن نطبّع».", "ثم أضاف: «لا تراجع.»", "وانصرف."],
        ["He said “We will not.”", "Then he left.", "“Never!” she cried."],
        ["He said so.[1]", "Then he left.[2][3]", "End."],
        ["Visit www.example.com, e.g. today.", "It costs $3.5."],
        ["他说了。", "然后走了。"],
        ["वह आया।", "वह गया।"],
        ["هذه جملة، وفيها فاصلة: ونقطتان بلا قطع", "آخر الكلام"],
    ],
)  # fmt: skip
def test_sentences_end_where_they_should(sentences: list[str]) -> None:
    # all in one line, save where nothing but a new line tells them apart
    glue = "" if "。" in sentences[0] else "\n" if "بلا قطع" in sentences[0] else " "
    assert parts(glue.join(sentences)) == sentences


@pytest.mark.parametrize(
    "items",
    [
        ["1- الدعم الدبلوماسي: كجزء من ذلك. تعمل الوكالات معا.", "2- استخدام العقوبات.", "3- المساعدة"],
        ["١- الأول", "٢- الثاني. وتتمته", "٣- الثالث"],
        ["1. First. With more.", "2. Second", "3. Third"],
        ["(1) الأول", "(2) الثاني"],
        ["• one", "- two", "* three", "– four"],
        ["(a) one", "(b) two", "ii) three", "أ) أربعة"],
        ["أولاً: الدعم", "ثانيا: العقوبات", "ثالثًا - المساعدة"],
        ["ـ الأول", "ـ الثاني"],
    ],
)
def test_list_items_stay_whole(items: list[str]) -> None:
    text = "وتقوم على محاور:\n\n" + "\n".join(items) + "\n\nثم انتهى الأمر."
    assert parts(text)[1:-1] == items
    assert kinds(text) == ["sentence", *["item"] * len(items), "sentence"]


def test_the_indented_second_line_of_an_item_belongs_to_it() -> None:
    assert parts("1. Diplomats will support\n   law enforcement.\n2. Sanctions.") == [
        "1. Diplomats will support\n   law enforcement.",
        "2. Sanctions.",
    ]


def test_a_range_or_a_number_at_the_start_of_a_line_is_no_item() -> None:
    assert kinds("10 - 15 people attended the meeting.") == ["sentence"]
    assert kinds("5.3 ملايين حبة ضُبطت.") == ["sentence"]


@pytest.mark.parametrize(
    "label",
    ["2.3.", "123.", "II.", "§ 4.", "Article 2.", "Art. 12.", "Section 2.3.", "Article (7).", "Second.", "Rule IV.",
     "المادة ٤.", "المادة (٤).", "البند الثاني.", "الفقرة الحادية عشرة.", "المادة الأولى.", "القسم 3."],
)  # fmt: skip
@pytest.mark.parametrize("words", ["The bridge is closed to lorries.", "يُغلق الجسر أمام الشاحنات."])
def test_what_numbers_a_line_stays_with_its_words(label: str, words: str) -> None:
    line, before = f"{label} {words}", "The council decided, «قرر المجلس» at its meeting, what follows here."
    assert parts(f"{line} Nobody objected.") == [line, "Nobody objected."]
    assert parts(f"{before}\n\n{line}\n\n{line}") == [before, line, line]
    wrapped = f"{before}\n{line} And so it was, they say.\n{line}"  # lines that look like one paragraph
    assert line in parts(wrapped)


@pytest.mark.parametrize(
    "sentences",
    [
        ["It fell in 1923.", "The club was founded."],
        ["The town grew to 12.", "The next year it had 14."],
        ["وكان ذلك في العام 2.", "ثم عاد."],
        ["He won the second.", "Third. It rained."],
    ],
)
def test_a_number_at_the_end_of_a_sentence_ends_it(sentences: list[str]) -> None:
    assert parts(" ".join(sentences))[0] == sentences[0]


def test_an_item_too_long_to_quote_is_cut_at_sentences_into_few_pieces() -> None:
    first, second = "الأول " + "كلمة " * 60 + "انتهى.", "الثاني " + "كلمة " * 20 + "انتهى."
    text = f"1- {first} {second}\n2- قصير"
    assert parts(text) == [f"1- {first}", second, "2- قصير"]
    assert kinds(text) == ["item", "sentence", "item"]


def test_a_sentence_too_long_to_quote_is_cut_after_a_clause() -> None:
    clause = "وقالت الوزارة إنها ستواصل العمل مع شركائها في المنطقة على هذا الأمر المهم"
    pieces = parts("، ".join([clause] * 12) + ".")
    assert len(pieces) == 3
    assert all(piece.endswith("،") for piece in pieces[:-1])


def test_lines_broken_at_a_fixed_width_are_one_paragraph() -> None:
    text = (
        "The State Department published its strategy against the trade in\n"
        "captagon at the end of June 2023. Congress had ordered it in the\n"
        "previous December, in a provision of the defense act.\n"
        "\n"
        "A classified annex goes with the published text, as the act had\n"
        "asked for. Nobody has seen it."
    )
    assert parts(text) == [
        "The State Department published its strategy against the trade in\ncaptagon at the end of June 2023.",
        "Congress had ordered it in the\nprevious December, in a provision of the defense act.",
        "A classified annex goes with the published text, as the act had\nasked for.",
        "Nobody has seen it.",
    ]


def test_a_short_line_without_a_full_stop_is_a_heading_unless_it_heads_nothing() -> None:
    assert kinds("الخلفية\n\nأقر الكونغرس القانون.\n\nوانتهى الأمر عند هذا الحد") == ["heading", "sentence", "sentence"]
    assert (
        kinds("وقالت الوزارة إنها تتابع\n\nوأضافت أن الأمر خطير\n\nوختمت بيانها بالشكر\n\nثم انتهى.")
        == ["sentence"] * 4
    )


def test_hostile_texts_of_a_million_characters_are_split_soundly() -> None:
    for text in ("e.g. " * 200_000, "a" * 1_000_000 + " b. X ", "." + '"' * 1_000_000, "A short sentence. " * 50_000):
        spans = split_sentences(text)
        assert sum(span.end - span.start for span in spans) >= len(text.replace(" ", ""))
        assert max(span.end - span.start for span in spans) <= MAX_QUOTE_CHARS
