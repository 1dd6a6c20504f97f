"""What a source gives as somebody's word must not be said as plain fact, nor as somebody else's word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.grounding.attribution.asserted import BESIDES, PREDICATE, assertions
from rag.grounding.attribution.reported import Reported, reported_in
from rag.grounding.attribution.speakers import somebody_else
from rag.grounding.attribution.speech import speeches
from rag.grounding.attribution.told_as_fact import told_as_fact
from rag.grounding.attribution.words import DISPUTING
from rag.grounding.findings import Finding, Source
from rag.grounding.wording import Bearing, Token, bearings, read, sentences_of, word_for_word

LEAST_SHARE = 0.2
"""Of the statement's words in a sentence, for it to be what the statement rests on; half of it across languages."""
PLAINLY = 0.75
"""The part of those words that another sentence must have for it to say the same."""
MAIN_WORDS = 3
"""Words of a main clause that must be in somebody's word; one less where words answer across languages."""
INSIDE, ACROSS = 0.2, 0.15
"""The part of what a statement asserts that must be in somebody's word; less where words answer across languages."""
_SENTENCES = 6
"""Sentences of the source that are looked at, those with most of the statement's words."""


def check_attribution(statement: str, language: str, source: Source) -> list[Finding]:
    """What the source gives as somebody's word, and `statement` as fact or as somebody else's."""
    tokens = read(statement)
    found = bearings(tokens, language, source.text, source.language)
    least = LEAST_SHARE if language == source.language else LEAST_SHARE / 2
    if not found or found[0].share < least or word_for_word(statement, source.text):
        return []
    across = language != source.language
    parts = assertions(tokens)
    for bearing in found[:_SENTENCES]:
        for word in reported_in(bearing):
            if word.governs and any(_rests_on(part, found, word, source.text, across) for part in parts):
                finding = told_as_fact(tokens, statement, word, source.text)
                if finding:
                    return [finding]
                break
    everybody = [word for bearing in found[:6] for word in reported_in(bearing)]
    spoken = [speech for speech in speeches(tokens) if speech.speaker and not _unsaid(tokens, speech.at)]
    for said in spoken if len(spoken) == 1 else ():
        finding = somebody_else(tokens, statement, said, everybody, language, source)
        if finding:
            return [finding]
    return []


def _rests_on(
    weights: Mapping[int, float], found: Sequence[Bearing], word: Reported, source: str, across: bool
) -> bool:
    """Whether what is asserted is borne out by somebody's word, and by no sentence of the narrator's own."""
    whole = sum(weights.values())
    inside = sum(weights.get(at, 0.0) for at in word.words)
    main = [at for at in word.words if weights.get(at, 0.0) not in (0.0, BESIDES)]
    least = ACROSS if across else INSIDE
    verb = next((at for at, weight in sorted(weights.items()) if weight >= PREDICATE), None)
    most = sum(weight > BESIDES for weight in weights.values())
    fewer = across + (word.bearing.sentence.tokens[word.speech.at].folded in DISPUTING)
    enough = len(main) >= min(max(1, MAIN_WORDS - fewer), most) or (across and verb in word.words)
    if inside < least * whole or not enough:
        return False
    for bearing in found:
        words = reported_in(bearing)
        spoken = {at for one in words for at in one.words} | (
            set() if not _in_open_quotation(bearing.sentence.number, source) else {at for at, _ in bearing.pairs}
        )
        plain = {at for at, _ in bearing.pairs} - spoken
        own = sum(weights.get(at, 0.0) for at in plain - word.words)
        theirs = sum(weights.get(at, 0.0) for at in word.words - plain)
        if plain and own >= theirs:
            return False
        shared = weights.keys() & word.words
        if bearing is not word.bearing and len(plain & shared) >= PLAINLY * len(shared):
            return False
    return True


def _in_open_quotation(sentence: int, source: str) -> bool:
    """Whether a sentence stands inside a quotation that began before it."""
    depth = 0
    for one in sentences_of(source)[:sentence]:
        for mark in one.text:
            depth = depth + 1 if mark in "«“" else max(0, depth - 1) if mark in "»”" else depth
    return depth > 0


def _unsaid(tokens: Sequence[Token], at: int) -> bool:
    """Whether it is only that somebody did not say it."""
    return any(token.folded in ("لم", "لن", "not", "never", "ولم", "ولن") for token in tokens[max(0, at - 2) : at])
