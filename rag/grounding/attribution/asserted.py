"""What a statement asserts: how much each of its words counts for what the statement says, rather than is about.

The main clause's predicate counts most; names, and what stands in subordinate clauses and leading phrases, least.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.analysis import folded_words
from rag.grounding.wording import Token, is_past

PREDICATE, MAIN, BESIDES, NAME = 2.0, 1.0, 0.4, 0.3
"""Weights of a word in the predicate, elsewhere in the main clause, outside it, and of a name in the main clause."""
_PREDICATE_WORDS = 5
"""Content words that a predicate has, at most: what comes later is when, where and with what."""


_AUXILIARIES = folded_words(
    """is are was were be been has have had will would can could may might must shall should does did do cannot
    remains remained became becomes"""
)
# Clauses and phrases that only say under what circumstances; those that open a statement end with a comma.
_SUBORDINATE = folded_words(
    """although though despite while whereas after before when because since unless until if during who which whose
    whom where following amid once
    بعد بعدما قبل قبيل عقب عندما حين حينما بينما فيما رغم لأن لأنه لأنها إذ إذا لو الذي التي الذين اللذان اللتان وذلك
    خلال أثناء منذ إثر نتيجة بسبب"""
)
_OPENING = _SUBORDINATE | folded_words(
    """in on at by for with yes no as according per from under
    نعم في على عن من وفق وفقا بحسب حسب طبقا رغم برغم مع منذ كلا أجل بفضل إلى خلافا"""
)
_PREPOSITIONS = folded_words("in on at by for with from to of under near during after before")
_BUT = folded_words("لكن ولكن لكنه لكنها لكنهم")
_LISTED = folded_words(
    "وذلك وهو وهي وفق وفقا والذي والتي وفي وعلى ومن وإلى وبين واحد واحدة وحده وحدها وسط وزير وزارة وكالة وقت"
)
_LEAST_WORDS = 3
"""Content words of an assertion."""
_RELATIVE = folded_words("who which whose whom that where الذي التي الذين")


def _opening(tokens: Sequence[Token]) -> int:
    """Where the main clause begins: behind the comma of a leading phrase or clause."""
    if not tokens or tokens[0].folded not in _OPENING:
        return 0
    comma = next((at for at, token in enumerate(tokens[:24]) if token.folded in (",", "،")), None)
    return 0 if comma is None or sum(token.content for token in tokens[comma:]) < 2 else comma + 1


def _main_clause(tokens: Sequence[Token]) -> list[int]:
    """The places of the main clause: a relative clause between commas and what is subordinate at its end left out."""
    found: list[int] = []
    at = _opening(tokens)
    content = 0
    while at < len(tokens):
        word = tokens[at].folded
        if content >= 2 and word in (".", "؛", ";"):
            break
        if content >= 1 and word in _RELATIVE and tokens[at - 1].folded in (",", "،"):
            close = next((n for n in range(at, len(tokens)) if tokens[n].folded in (",", "،")), len(tokens))
            at = close + 1
            continue
        if content >= 2 and word in _SUBORDINATE and not _is_attributive(tokens, at, found):
            break
        content += tokens[at].content
        found.append(at)
        at += 1
    return found


def _is_attributive(tokens: Sequence[Token], at: int, before: Sequence[int]) -> bool:
    """Whether a relative clause belongs to the subject, its verb still to come."""
    return tokens[at].folded in _RELATIVE and not any(_finite(tokens[n]) for n in before)


def _finite(token: Token) -> bool:
    word = token.folded
    return word in _AUXILIARIES or (word.isascii() and not token.capital and is_past(word))


def _predicate(tokens: Sequence[Token], main: Sequence[int]) -> set[int]:
    """The first words of the predicate in a main clause; none where no verb is known."""
    finite = [at for at in main if _finite(tokens[at])]
    helping = [at for at in finite if tokens[at].folded in _AUXILIARIES]
    # The drugs found in the shipment had been made: what comes before a preposition and an auxiliary is a participle.
    while helping and finite[0] < helping[0] and _is_participle(tokens, finite[0]):
        finite.pop(0)
    verb = finite[0] if finite else None
    if verb is None:
        return set()
    return set([at for at in main if at >= verb and tokens[at].content][:_PREDICATE_WORDS])


def _is_participle(tokens: Sequence[Token], at: int) -> bool:
    return at + 1 < len(tokens) and tokens[at + 1].folded in _PREPOSITIONS


def assertions(tokens: Sequence[Token]) -> list[dict[int, float]]:
    """The weights of the content words of each assertion that a statement makes: coordinate clauses one by one."""
    bounds = [at for at in range(2, len(tokens)) if _coordinates(tokens, at)]
    parts = [range(a, b) for a, b in zip((0, *bounds), (*bounds, len(tokens)), strict=True)]
    if any(sum(tokens[at].content for at in part) < _LEAST_WORDS for part in parts):
        parts = [range(len(tokens))]
    found = []
    for part in parts:
        weights = _weights_of(tokens[part.start : part.stop])
        found.append({part.start + at: weight for at, weight in weights.items()})
    return found


def _coordinates(tokens: Sequence[Token], at: int) -> bool:
    """Whether another clause of the same rank begins at a token: behind a comma, with a conjunction."""
    if tokens[at - 1].folded in (";", "؛"):
        return True
    if tokens[at - 1].folded not in (",", "،") or tokens[0].folded in _OPENING:
        return False
    word = tokens[at].folded
    if word in ("and", "but", "yet", "so"):
        return any(_finite(token) for token in tokens[at : at + 8])
    return word in _BUT or (word[0] == "و" and len(word) > 3 and not tokens[at].capital and word not in _LISTED)


def _weights_of(tokens: Sequence[Token]) -> dict[int, float]:
    main = _main_clause(tokens)
    inside = set(main)
    predicate = _predicate(tokens, main)
    first = next((at for at, token in enumerate(tokens) if token.content), 0)
    weights: dict[int, float] = {}
    for at, token in enumerate(tokens):
        if not token.content:
            continue
        if at not in inside:
            weights[at] = BESIDES
        elif token.capital and at != first:
            weights[at] = NAME
        else:
            weights[at] = PREDICATE if at in predicate else MAIN
    return weights
