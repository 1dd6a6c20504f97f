"""A name at its place in a text, and the listed ones."""

from __future__ import annotations

from dataclasses import dataclass

from rag.analysis import folded_words
from rag.grounding.names.gazetteer import NameKind
from rag.grounding.names.source import Read
from rag.grounding.names.tokens import Token


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at tokens[first:last] of a text; `means` is what it is listed as, `words` the words that must agree."""

    first: int
    last: int
    kind: NameKind
    words: tuple[Token, ...]
    means: frozenset[str] = frozenset()


PARTICLES = folded_words("""al el ul ad as ash an ar at bin ibn ben bint abu abou umm van von der den de da
    di del della dos du la le les of st san saint ter abd abdul abdel abdal بن ابن بنت أبو أبي أبا
    أم آل عبد دي دا ديل فان فون لا
    لو""")
"""Small words inside names; they may be left out or spelt otherwise."""


def listed(text: Read) -> tuple[list[Mention], set[int]]:
    """The names of a text that a list is sure of, and the places of their words."""
    found = []
    taken: set[int] = set()
    for hit in text.hits:
        words = text.tokens[hit.first : hit.last]
        if hit.entry.sure:
            found.append(Mention(hit.first, hit.last, hit.entry.kind, words, hit.entry.means))
            taken.update(range(hit.first, hit.last))
    return found, taken
