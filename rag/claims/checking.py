"""Checking claims: they are searched for like questions, and the sentences that share most with them decide.

A claim is searched for in every language of the documents, and what is found is read closely (`rag.claims.evidence`). A
claim of several sentences is checked sentence by sentence.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.catalog import Catalog, Entry
from corpus.language import detect_language, partition_of_query
from rag.analysis import stem, words
from rag.background import Background
from rag.claims.evidence import readings
from rag.claims.reading import Reading, Stretch
from rag.claims.rivals import Claimed
from rag.claims.unclear import kind_of
from rag.claims.verdicts import CheckedSentence, Evidence, Stance, Verdict, VerdictName, check_text, combined
from rag.embedding import Encoder
from rag.errors import InvalidQuery
from rag.grounding.findings import Finding
from rag.grounding.names.check import names
from rag.grounding.reasons import instead, listed, reasons
from rag.index import PARTITIONS, Index
from rag.query_vectors import QueryVectors
from rag.reranking import Candidate
from rag.retrieval import Retriever
from rag.scope import left_out
from rag.sentences import split_sentences
from rag.types import AnswerLanguage, Citation, Filters, Models

MAX_SENTENCES = 10
"""A longer text is no claim, and every sentence of one costs a search."""
PASSAGES = 10
"""Passages whose sentences are compared with a claim."""
RELATED = 3
"""Passages that are given, as related, where nothing can be cited."""
SHOWN = 3
"""Citations on each side of a sentence of a claim."""
BEHIND = 0.35
"""A sentence that fits this much worse than the best of its side adds nothing to it; and this much better than the
other side's best, it outweighs that."""
ANOTHER_SOURCE = 0.75
"""Share of a claim's words from which on a sentence of another document contradicts a source that bears the claim
out."""
MOST_WORDS = 4
"""Words of a claim that a reason lists as not answered."""

_PRONOUNS = frozenset("he she it they his her its their both هو هي هم وهو وهي وهم".split())


class ClaimChecker:
    """Checks claims against one index. Holds nothing but its parts; safe for several threads."""

    def __init__(
        self,
        index: Index,
        catalog: Catalog,
        retriever: Retriever,
        encoder: Callable[[], Encoder],
        background: Callable[[], Background],
    ) -> None:
        self._index = index
        self._catalog = catalog
        self._retriever = retriever
        self._encoder = encoder
        self._background = background
        self._vectors = QueryVectors(lambda texts: encoder().encode_queries(texts))

    def check(
        self, claim: str, filters: Filters | None = None, answer_language: AnswerLanguage | None = None
    ) -> Verdict:
        """The verdict on `claim`, told in `answer_language`, or its own. Raises InvalidQuery."""
        started = time.perf_counter()
        claim = check_text(claim)
        detected = detect_language(claim)
        language = detected if detected != "und" else "en"
        told = answer_language or language
        parts = [claim[span.start : span.end] for span in split_sentences(claim, language)]
        parts = [part for part in parts if any(character.isalnum() for character in part)]
        if len(parts) > MAX_SENTENCES:
            raise InvalidQuery(
                f"The claim has {len(parts)} sentences; at most {MAX_SENTENCES} are checked at a time.",
                "Check its sentences one by one.",
                reason="too_long",
            )
        whole = self._retriever.retrieve(claim, PASSAGES, filters, translate=True)
        citations: dict[tuple[str, int, int, Stance], Evidence] = {}
        checked = []
        for part in parts:
            found = [*whole.candidates]
            if len(parts) > 1:
                found += self._retriever.retrieve(part, PASSAGES, filters, translate=True).candidates
            cited = {document_id for document_id, *_ in citations}
            if cited and _goes_on(part, language):
                found = [one for one in found if one.indexed.document_id in cited]
            verdict, read = _decide(self._readings(Claimed(part, language), found))
            numbers = [self._cite(reading, stance, told, citations) for reading, stance in read]
            why = kind_of(read) if verdict == "unclear" else None
            checked.append(CheckedSentence(part, verdict, tuple(dict.fromkeys(numbers)), why))
        missing = any(one.verdict == "not_found" for one in checked)
        notice = left_out(self._catalog, filters, told) if missing else None
        return Verdict(
            claim=claim,
            language=told,
            verdict=combined([one.verdict for one in checked]),
            sentences=tuple(checked),
            evidence=tuple(citations.values()),
            passages=() if citations else tuple(self._retriever.passages(whole.candidates[:RELATED])),
            index_generation=self._index.generation,
            models=Models(self._encoder().identity),
            elapsed_ms=round(1000 * (time.perf_counter() - started)),
            filters=filters or None,
            notices=(notice,) if notice is not None else (),
        )

    def _readings(self, claim: Claimed, candidates: Sequence[Candidate]) -> list[Reading]:
        unique = {candidate.indexed.key: candidate for candidate in candidates}
        stretches = list(self._stretches(list(unique.values()), self._vectors([claim.text])[0]))
        return readings(claim, stretches, self._rarity(claim), self._vectors)

    def _rarity(self, claim: Claimed) -> Callable[[str], float]:
        partition = partition_of_query(claim.text, claim.language)
        within = PARTITIONS if partition == "other" else (partition,)
        total = sum(map(self._index.lexical.total, within))

        def rarity(word: str) -> float:
            frequency = sum(self._index.lexical.frequency(one, stem(word)) for one in within)
            return math.log(1 + (total + 0.5) / (frequency + 0.5))

        return rarity

    def _stretches(self, candidates: Sequence[Candidate], vector: NDArray[np.float32]) -> Iterator[Stretch]:
        pieces = [candidate.indexed for candidate in candidates]
        entries = self._entries([piece.document_id for piece in pieces])
        texts = self._catalog.slices((piece.document_id, piece.start, piece.end) for piece in pieces)
        partitions = {piece.partition for piece in pieces}
        level = {one: float(self._background().similarities(one, vector).mean()) for one in partitions}
        for piece, text in zip(pieces, texts, strict=True):
            entry = entries.get(piece.document_id)
            if entry is None or not text:
                continue  # removed meanwhile
            similar = piece.own_vectors @ vector - level[piece.partition]
            yield Stretch(
                piece.document_id, piece.language, piece.start, text, piece.sentences, tuple(map(float, similar)),
                entry.title, entry.published,
            )  # fmt: skip

    def _entries(self, document_ids: Sequence[str]) -> dict[str, Entry]:
        return {entry.document_id: entry for entry in self._catalog.entries(list(dict.fromkeys(document_ids)))}

    def _cite(
        self, reading: Reading, stance: Stance, language: str, citations: dict[tuple[str, int, int, Stance], Evidence]
    ) -> int:
        """The number of the citation of that sentence: the one that there is already, or a new one, which is added."""
        stretch, span = reading.stretch, reading.span
        key = (stretch.document_id, span.start, span.end, stance)  # it may bear out one sentence and contradict another
        if key in citations:
            return citations[key].citation.number
        entry = self._entries([stretch.document_id])[stretch.document_id]
        citation = Citation(
            number=len(citations) + 1,
            document_id=stretch.document_id,
            document_sha256=entry.sha256,
            title=entry.title,
            source=entry.source,
            publisher=entry.publisher,
            published=entry.published,
            language=stretch.language,
            start=span.start,
            end=span.end,
            quote=stretch.text[span.start - stretch.start : span.end - stretch.start],
            page=entry.page_at(span.start),
        )
        citations[key] = Evidence(citation, stance, _reasons(reading, language))
        return citation.number


def _goes_on(sentence: str, language: str) -> bool:
    """Whether a sentence is about what the one before it named: "He resigned in 2023." is true of many."""
    return not names(sentence, language) or words(sentence)[0] in _PRONOUNS


def _decide(found: Sequence[Reading]) -> tuple[VerdictName, list[tuple[Reading, Stance]]]:
    """The verdict on one sentence of a claim, and the readings that it rests on, best first."""
    sides = {side: _best([one for one in found if one.side == side]) for side in ("for", "against", "near")}
    speak, deny, near = sides["for"], sides["against"], sides["near"]
    if speak and near and near[0].apart and near[0].fit > speak[0].fit:
        # What is nearest to the claim is of somebody else, or negated: its neighbours bear nothing out.
        speak, deny = [], [one for one in deny if one.fit >= near[0].fit]
    if speak and deny:
        deny = [one for one in deny if _outweighs(one, speak)]
        if deny and deny[0].fit >= speak[0].fit + BEHIND:
            speak = []
    if near and _reported(near[0]):
        # All of it stands there, as somebody's words: a sentence that is less about it does not say otherwise.
        deny = [one for one in deny if one.fit >= near[0].fit]
    if near and deny and not speak and near[0].fit >= deny[0].fit + BEHIND:
        deny = []  # another vote, another seizure: what is said of it contradicts nothing
    evidence: list[tuple[Reading, Stance]] = [(one, "for") for one in speak]
    evidence += [(one, "against") for one in deny]
    if speak and deny:
        return "unclear", evidence
    if evidence:
        return ("supported" if speak else "contradicted"), evidence
    if near:
        # What lacks nothing but a narrator who says so tells a reader most.
        return "unclear", [(one, "for") for one in sorted(near, key=lambda one: not one.attributed)]
    return "not_found", []


def _reported(reading: Reading) -> bool:
    """Whether nothing but that somebody is said to say so keeps a sentence from bearing the claim out."""
    return bool(reading.doubts) and not reading.faults and not reading.apart


def _best(found: Sequence[Reading]) -> list[Reading]:
    ranked = sorted(found, key=lambda one: -one.fit)
    return [one for one in ranked if one.fit >= ranked[0].fit - BEHIND][:SHOWN]


def _outweighs(against: Reading, speak: Sequence[Reading]) -> bool:
    """Whether what a sentence says otherwise stands beside what others bear out: much nearer, or another source."""
    if against.fit >= speak[0].fit + BEHIND:
        return True
    return against.alone >= ANOTHER_SOURCE and all(
        against.stretch.document_id != one.stretch.document_id for one in speak
    )


def _reasons(reading: Reading, language: str) -> tuple[str, ...]:
    if reading.side == "near" and (reading.lacking or reading.overstated):
        lacking = [Finding("word", listed(reading.lacking, language))] if reading.lacking else []
        return reasons([*reading.doubts, *reading.overstated, *lacking], language)
    if reading.side == "near" and not reading.faults and not reading.doubts:
        return reasons(reading.apart or [_meaning(reading, language)], language)
    said = []
    for finding, rival in reading.faults:
        if finding.kind == "name" and rival:
            said.append(instead(finding.said, rival, language))
        elif finding.kind == "negation" and rival is not None and reading.side == "against":
            said += reasons([Finding("opposite", finding.said, rival)], language)
        else:
            said += reasons([Finding(finding.kind, finding.said, rival or "")], language)
    if reading.side != "against":
        said += reasons(reading.doubts, language)
    return tuple(dict.fromkeys(said))


def _meaning(reading: Reading, language: str) -> Finding:
    """That a sentence is near and does not say it: by the claim's words without counterpart, if any."""
    words = reading.unanswered[:MOST_WORDS]
    return Finding("unanswered", listed(words, language)) if words else Finding("meaning", "", reading.stretch.title)
