"""What the outward form of an Arabic word tells: verbs and participles are no names."""

from __future__ import annotations

from rag.grounding.names.source import is_person_word
from rag.grounding.names.tokens import Token


def like_a_participle(word: str) -> bool:
    """Whether an Arabic word may be a participle (مطلوب, معتقل), as most words of its shape are."""
    return 4 <= len(word) <= 7 and word[0] == "م" and word[1] not in "اوي" and word[-1] != "ي"


def like_a_verb(token: Token) -> bool:
    """Whether an Arabic word has the outward form of a verb."""
    word = token.word.removeprefix("و")
    raw = token.raw
    if word[:1] in ("ي", "ت", "ن") and len(word) >= 4 and not is_person_word(word):
        return True
    if word.startswith(("سي", "ست", "است", "انت", "اع", "اق", "ات", "اف", "اح", "اش", "اج")) and not is_person_word(
        word
    ):
        return True
    return (word.endswith(("ت", "وا")) and not is_person_word(word)) or (
        raw[0] == "أ" and len(word) == 4 and not is_person_word(word)
    )
