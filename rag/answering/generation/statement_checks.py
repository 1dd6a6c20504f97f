"""How the statements of one answer are checked: what they are linked to by, and what judges them, by the settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.language import detect_language
from rag.analysis import Words
from rag.bilingual import Bridge, load_glossary
from rag.citations import Judge, Judgement, Similarity, word_overlap
from rag.errors import GenerationError
from rag.grounding.findings import Source
from rag.grounding.inference import InferenceModel
from rag.grounding.meaning import Vectors
from rag.grounding.verdict import Reader, Reading, judge, meaning_by
from rag.query_vectors import QueryVectors
from rag.settings import Grounding, Settings
from rag.tracing.steps import Step
from rag.types import Notice


@dataclass(frozen=True, slots=True)
class Checks:
    """What `rag.citations.resolve` checks the statements of one answer by.

    `ask_model`, where the language model judges, is for a second round: it asks the model about what `judge` was asked
    in the first, and gives a judge that goes by its verdicts, a Notice where there are none, None where nothing was
    asked.
    """

    similarity: Similarity = word_overlap
    judge: Judge | None = None
    policy: Grounding = "remove"
    ask_model: Callable[[Step], Judge | Notice | None] | None = None


UNCHECKED = Checks()
"""Statements are linked by their words, and judged by nothing."""


def checks_for(
    language: str,
    settings: Settings,
    encode: Callable[[str], NDArray[np.float32]],
    entailment: Callable[[], Reader | InferenceModel | None] = lambda: None,
) -> Checks:
    """The checks of one answer; `language` is the one in which reasons are given. `encode` is asked once for a text.

    `entailment` gives what the settings have judge meaning, None for the embedding; it may raise ModelError.
    """
    vectors = QueryVectors(lambda texts: np.stack([encode(text) for text in texts]))

    def similarity(statement: str, candidates: Sequence[str]) -> Sequence[float]:
        return _similarity(statement, candidates, vectors)

    def judging(reader: Reader | InferenceModel | None) -> Judge:
        from rag.grounding.reasons import reasons

        def judged(statement: str, sources: Sequence[Source]) -> Judgement:
            written = detect_language(statement)
            verdict = judge(statement, language if written == "und" else written, sources, vectors, reader)
            return Judgement(verdict.support, reasons(verdict.findings, language))

        return judged

    if settings.grounding == "off":
        return Checks(similarity, policy="off")
    if settings.support_judge != "llm":
        return Checks(similarity, judging(entailment()), settings.grounding)
    asked: dict[tuple[str, tuple[Source, ...]], None] = {}

    def noting(statement: str, written: str, sources: Sequence[Source]) -> Reading:
        asked[statement, tuple(sources)] = None
        return Reading(meaning_by(statement, written, sources, vectors))

    def ask_model(step: Step) -> Judge | Notice | None:
        from rag.grounding import judges

        if not asked:
            return None
        questions = list(asked)
        asked.clear()  # an answer in the wrong language is written, and asked about, anew
        try:
            with step.step("judge") as part:
                verdicts = dict(zip(questions, judges.ask_model(questions, settings, part), strict=True))
        except GenerationError as error:
            return judges.fallback_notice(error, language)
        # What the model rejects is looked for in passages that the first round had no need to try, nor to ask about.
        return judging(lambda statement, _, sources: verdicts.get((statement, tuple(sources)), Reading(0.0)))

    return Checks(similarity, judging(noting), settings.grounding, ask_model)


def _similarity(statement: str, candidates: Sequence[str], vectors: Vectors) -> Sequence[float]:
    """Words, across languages by glossary and names, and meaning; both count."""
    glossary = load_glossary()
    bridge = Bridge(statement, {word: 1.0 for word, _ in glossary.ways(statement)}, glossary)
    bridged = [sum(bridge.share[word] for word in bridge.found(Words.of(one))) for one in candidates]
    overlap = np.maximum(word_overlap(statement, candidates), bridged)
    rows = vectors([statement, *candidates])
    return list(map(float, overlap + rows[1:] @ rows[0]))
