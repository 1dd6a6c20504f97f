"""Whose word a sentence gives a claim as: in the source's own words, and by name where only "he" says so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.claims.antecedents import REACH, persons_in
from rag.grounding.attribution.speech import speeches
from rag.grounding.attribution.speech_parts import Speech, is_saying
from rag.grounding.findings import Finding, Source
from rag.grounding.wording import read

_ARTICLE = re.compile(r"\b(?:the|an?|its|his|her|their)\s+$", re.IGNORECASE)


def whose(doubt: Finding, near: Source, before: Sequence[Source]) -> Finding:
    """A finding that `near` gives the claim as somebody's word, as it is told of a claim; any other as it is.

    `before` are the sentences before the one that reports it, in order: they name whom a mere "he added" means.
    """
    if doubt.kind != "attribution" or doubt.form or not doubt.instead:
        return doubt
    return Finding("attributed", "" if _named(doubt.instead) else _before(before), _with_article(doubt.instead, near))


def reporting(doubts: Sequence[Finding], sentences: Sequence[tuple[int, Source]]) -> int | None:
    """The number of the sentence, of those with their numbers, that has the words of saying which a doubt names."""
    said = [one.instead for one in doubts if one.kind == "attribution" and one.instead]
    return next((number for number, source in sentences if any(one in source.text for one in said)), None)


def _named(saying: str) -> bool:
    return any(token.content and not is_saying(token.folded) for token in read(saying))


def _with_article(saying: str, near: Source) -> str:
    """The words of saying with the article that stands before them: a reader takes them for a quote."""
    article = _ARTICLE.search(near.text[: max(0, near.text.find(saying))])
    return (article[0] if article else "") + saying


def _before(before: Sequence[Source]) -> str:
    """Who spoke in the nearest of the sentences before, or else the one person whom it names; "" where unsure."""
    for source in reversed(before[-REACH:]):
        spoken = [_speaker(speech, source) for speech in speeches(read(source.text))]
        speakers = [one for one in dict.fromkeys(spoken) if one]
        named = speakers or [one.text for one in persons_in(source.text, source.language)]
        if named:
            return named[0] if len(named) == 1 else ""
    return ""


def _speaker(speech: Speech, source: Source) -> str:
    """Who speaks, as the source has it; "" for a pronoun or nobody."""
    tokens = read(source.text)
    if not speech.speaker:
        return ""
    said = source.text[tokens[speech.speaker[0]].start : tokens[speech.speaker[-1]].end]
    return _with_article(said, source) if _named(said) else ""
