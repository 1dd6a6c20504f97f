"""What a sentence of the source gives as somebody's word, as far as a statement rests on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rag.grounding.attribution.speech import speeches
from rag.grounding.attribution.speech_parts import Speech
from rag.grounding.attribution.speech_words import FRAMES
from rag.grounding.wording import Bearing, Token

GOVERNED = 0.6
"""The part of the words in common that must be in somebody's word for the statement to need saying whose."""


class Reported(NamedTuple):
    """Somebody's word in a sentence of the source, and the statement's words (places) that are in it."""

    bearing: Bearing
    speech: Speech
    words: frozenset[int]
    governs: bool


def reported_in(bearing: Bearing) -> list[Reported]:
    """Whose word a sentence is, as far as the statement rests on it."""
    found = []
    for speech in speeches(bearing.sentence.tokens):
        speaker = set(speech.speaker)
        places: dict[int, bool] = {}
        for said, at in bearing.pairs:
            if at not in speaker and at != speech.at:
                places[said] = places.get(said, False) or speech.first <= at < speech.last
        spoken = {said for said, at in bearing.pairs if at in speaker}
        counted = [said for said, inside in places.items() if inside or said not in spoken]
        inside = frozenset(said for said in counted if places[said])
        governs = bool(inside) and len(inside) >= min(2, len(counted)) and len(inside) >= GOVERNED * len(counted)
        found.append(Reported(bearing, speech, inside, governs))
    return found


def names_frame(statement: Sequence[Token], speech: Speech) -> bool:
    """Whether it is only where a statement is from that is named: according to the text."""
    return len(speech.speaker) == 1 and _without_prefix(statement[speech.speaker[0]].folded) in FRAMES


def _without_prefix(word: str) -> str:
    """A folded Arabic word of saying's object without its preposition: للنص as النص."""
    return "ال" + word[2:] if word.startswith("لل") else word[1:] if word.startswith("بال") else word


def span(tokens: Sequence[Token], places: Sequence[int]) -> slice:
    """Where the tokens from the first of `places` to the last stand in their text."""
    return slice(tokens[places[0]].start, tokens[places[-1]].end)
