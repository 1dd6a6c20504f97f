"""What the bundled question set is made of: whoever adds to it, or takes from it, keeps the balance it is judged by."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pytest

from corpus.sources import read_document, sample_documents
from evals import question_sets
from evals.cases import direction_of
from evals.normalisation import contains, normalised_tokens
from evals.question_set import Question, QuestionSet, load_question_set

ASKED_FOR = {"number", "when", "who", "where", "what", "why", "definition", "list"}
WHY_UNANSWERABLE = {"near-topic", "off-topic", "false-premise"}
DIFFICULTIES = {"attribution", "disagreement", "negation", "false-premise", "follow-up"}
FEWER = {"definition": 2, "where": 4}
"""How many of a tag each language has at least, where they are not five."""

COPIED_WORDS = 7
"""So many words in a row of a document are a sentence copied into the question; a long name has six."""


@pytest.fixture(scope="module")
def bundled() -> QuestionSet:
    return load_question_set(question_sets.path("samples"))


@pytest.fixture(scope="module")
def sample_texts() -> dict[str, tuple[str, str]]:
    """File stem to stored text and language."""
    read = {path.stem: read_document(path) for path in sample_documents().glob("*.md")}
    return {stem: (document.text, document.language) for stem, document in read.items()}


def test_directions_and_languages(bundled: QuestionSet, sample_texts: dict[str, tuple[str, str]]) -> None:
    directions = Counter(direction_of(q, {sample_texts[d][1] for d in q.documents}) for q in bundled.questions)
    assert len(bundled.questions) >= 90
    assert all(directions[direction] >= 12 for direction in ("ar→ar", "en→en", "ar→en", "en→ar")), directions
    assert all(directions[direction] >= 7 for direction in ("ar→none", "en→none")), directions
    assert all(directions[direction] >= 5 for direction in ("ar→ar+en", "en→ar+en")), directions
    assert set(directions) <= {f"{asked}→{held}" for asked in ("ar", "en") for held in ("ar", "en", "ar+en", "none")}
    languages = Counter(q.language for q in bundled.questions)
    assert abs(languages["ar"] - languages["en"]) <= 0.1 * languages.total()


def test_every_question_is_in_its_language(bundled: QuestionSet) -> None:
    script = {q.id: "ar" if re.search("[\u0621-\u064a]", q.question) else "en" for q in bundled.questions}
    assert [q.id for q in bundled.questions if q.language != script[q.id]] == []
    assert [q.id for q in bundled.questions if not q.id.startswith(f"{q.language}-")] == []


def test_tags_are_known_and_each_kind_is_asked_in_both_languages(bundled: QuestionSet) -> None:
    counts = Counter((tag, q.language) for q in bundled.questions for tag in q.tags)
    assert {tag for tag, _ in counts} == ASKED_FOR | WHY_UNANSWERABLE | DIFFICULTIES | {"unanswerable"}
    yes_or_no = "negation"
    assert [q.id for q in bundled.questions if not (ASKED_FOR | {yes_or_no}) & set(q.tags)] == []
    wanted = ASKED_FOR | DIFFICULTIES | {"near-topic", "unanswerable"}
    few = {key: counts[key] for tag in wanted for key in ((tag, "ar"), (tag, "en")) if counts[key] < FEWER.get(tag, 5)}
    assert few == {}


def test_tags_agree_with_the_rest_of_the_question(bundled: QuestionSet) -> None:
    def those(tag: str) -> list[str]:
        return [q.id for q in bundled.questions if tag in q.tags]

    assert those("follow-up") == [q.id for q in bundled.questions if q.turns]
    assert those("unanswerable") == [q.id for q in bundled.questions if not q.answerable]
    for question in bundled.questions:
        reasons = WHY_UNANSWERABLE & set(question.tags)
        assert len(reasons) == 1 if not question.answerable else reasons <= {"false-premise"}, question.id
        # what a false premise or a disagreement is about is not seen in the question: somebody has to say it
        assert question.notes or not {"false-premise", "disagreement", "near-topic"} & set(question.tags), question.id
        assert "list" not in question.tags or len(question.answers) > 1, question.id


def test_false_premises_are_met_both_ways(bundled: QuestionSet) -> None:
    """Some a source denies in so many words, which answers; of others the documents hold nothing that answers."""
    premises = Counter((q.language, q.answerable) for q in bundled.questions if "false-premise" in q.tags)
    assert all(premises[language, answerable] >= 3 for language in ("ar", "en") for answerable in (True, False))


def test_pairs_are_one_question_in_two_languages(bundled: QuestionSet) -> None:
    pairs: dict[str, list[Question]] = defaultdict(list)
    for question in bundled.questions:
        if question.pair is not None:
            pairs[question.pair].append(question)
    assert len(pairs) >= 15
    for name, members in pairs.items():
        assert sorted(q.language for q in members) == ["ar", "en"], name
        one, other = members
        assert set(one.spans) == set(other.spans), name
        assert set(one.documents) == set(other.documents), name
        assert (one.answerable, set(one.tags)) == (other.answerable, set(other.tags)), name


def test_every_span_is_its_quote(bundled: QuestionSet, sample_texts: dict[str, tuple[str, str]]) -> None:
    spans = [span for question in bundled.questions for span in question.spans]
    assert len(spans) >= 100
    assert [s for s in spans if sample_texts[s.document][0][s.start : s.end] != s.quote] == []


def test_every_reference_stands_in_the_spans_and_every_span_holds_one(bundled: QuestionSet) -> None:
    for question in bundled.questions:
        held = {
            answer: {span for span in question.spans if contains(span.quote or "", answer)}
            for answer in question.answers
        }
        assert all(held.values()), (question.id, held)
        assert set().union(*held.values()) == set(question.spans), question.id
        assert not question.answerable or question.answers, question.id
        assert {span.document for span in question.spans} == set(question.documents), question.id


def test_every_document_is_asked_about(bundled: QuestionSet, sample_texts: dict[str, tuple[str, str]]) -> None:
    asked = Counter(document for question in bundled.questions for document in question.documents)
    assert set(asked) == set(sample_texts)
    assert min(asked.values()) >= 3, asked


def test_no_question_stands_twice(bundled: QuestionSet) -> None:
    asked = Counter(
        (tuple(normalised_tokens(q.question)), *(tuple(normalised_tokens(t)) for t in q.turns))
        for q in bundled.questions
    )
    assert [question for question, count in asked.items() if count > 1] == []


def test_no_question_is_a_sentence_of_a_document(
    bundled: QuestionSet, sample_texts: dict[str, tuple[str, str]]
) -> None:
    texts = [f" {' '.join(normalised_tokens(text))} " for text, _ in sample_texts.values()]
    for question in bundled.questions:
        words = normalised_tokens(question.question)
        for start in range(len(words) - COPIED_WORDS + 1):
            copied = " ".join(words[start : start + COPIED_WORDS])
            assert not any(f" {copied} " in text for text in texts), (question.id, copied)
