"""A follow-up as the question that was asked before, with the part exchanged that the two differ in.

"And who voted against?" after "Who voted for the plan?" is "Who voted against the plan?". Only what the words make
plain is put together: two ends of one question, a pronoun in the place of the one thing that was spoken of, or another
place. All else is left to the topic beside the follow-up (`rag.answering.followups.topic_phrases`).
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.analysis import fold, folded_words, has_arabic, without_diacritics
from rag.answering.followups.dependence import AROUND, ASKING, topic_words
from rag.grounding.inflection import arabic_forms
from rag.grounding.names.tokens import is_ordinary

_AND = frozenset("and but so or also then".split())
_PREPOSITIONS = folded_words("""for against in at on from with about to of before after by during
    في ضد مع من على إلى عن قبل بعد""")
_TIMES = folded_words("from during after before since by around منذ بعد قبل خلال عام سنة")
"""Before them a thing ends: when it was says nothing of when the other deed was done."""
_OBJECTS = frozenset(("it", "them"))
_WHO = frozenset(("who", "من"))
_COPULAS = folded_words("is are was were be did does do has have had will هو هي هم كان كانت")
_FEMININE = ("ة", "ات")
_GOVERN = arabic_forms(
    """رحب/يرحب أشاد/يشيد ندد/يندد نوه/ينوه قبل/يقبل اعترف/يعترف طالب/يطالب شكك/يشكك أقر/يقر أمر/يأمر قام/يقوم
    استخف/يستخف تمسك/يتمسك سمح/يسمح روج/يروج صفق/يصفق"""
)
"""Verbs whose object hangs on a letter before it: رحّب بالقرار, صفّق للقرار."""
_VOTED = arabic_forms("صوت/يصوت")


def restated(question: str, before: str) -> str | None:
    """`question` in full, in the words of the question `before` it; None where they do not make it plain."""
    new, old = _tokens(question), _tokens(before)
    if len(new) < 2 or len(old) < 3:
        return None
    found = _other_end(new, old) or _object(new, old) or _other_place(new, old)
    if found is None:
        return None
    mark = "؟" if has_arabic(question) else "?"
    whole = " ".join(found)
    return whole[:1].upper() + whole[1:] + mark


def _tokens(question: str) -> list[str]:
    """The words of a question without the "and" that it begins with."""
    tokens = [token for token in (piece.strip(AROUND) for piece in question.split()) if token]
    if tokens and fold(tokens[0]) in _AND:
        return tokens[1:]
    if tokens and tokens[0][0] in "وف" and (fold(tokens[0])[1:] in ASKING or fold(tokens[0])[1:] in _PREPOSITIONS):
        return [tokens[0][1:], *tokens[1:]]
    return tokens


def _other_end(new: Sequence[str], old: Sequence[str]) -> list[str] | None:
    """Who voted against | (Who voted) for the plan."""
    same = len(new) - 1
    if same < 2 or len(old) < same + 2 or [*map(fold, new[:same])] != [*map(fold, old[:same])]:
        return None
    ends = fold(new[-1]), fold(old[same])
    return [*new, *old[same + 1 :]] if _PREPOSITIONS.issuperset(ends) and ends[0] != ends[1] else None


def _object(new: Sequence[str], old: Sequence[str]) -> list[str] | None:
    """Who opposed it | Who (introduced) the act; من عارضه | من (أيّد) القرار."""
    thing = old[2:]
    if not (fold(new[0]) == fold(old[0]) and fold(new[0]) in _WHO) or fold(old[1]) in _COPULAS:
        return None
    if _numbered(thing) or any(fold(one) in _TIMES for one in thing) or not topic_words(" ".join(thing)):
        return None
    hangs = len(new) == 4 and fold(new[2]) in _PREPOSITIONS  # who voted for it
    if (len(new) == 3 or hangs) and new[-1].lower() in _OBJECTS and fold(new[1]) not in _COPULAS:
        # What follows a verb at once is its object, and a preposition is not.
        return None if fold(thing[0]) in _PREPOSITIONS else [*new[:-1], *thing]
    if len(new) == 2 and fold(new[0]) == "من":
        return _arabic_object(new, _direct(fold(old[1]), thing))
    return None


def _arabic_object(new: Sequence[str], thing: Sequence[str]) -> list[str] | None:
    if not thing:
        return None
    verb, head = without_diacritics(new[1]), without_diacritics(thing[0])
    for pronoun, feminine in (("ها", True), ("ه", False)):
        if verb.endswith(pronoun) and len(verb) - len(pronoun) >= 3:
            agrees = head.endswith(_FEMININE) is feminine
            return [new[0], verb[: -len(pronoun)], *thing] if agrees else None
    return None


def _direct(verb: str, thing: Sequence[str]) -> list[str]:
    """The object of a folded verb as that of one that takes it at once: القرار of رحّب بالقرار; empty of none."""
    head = without_diacritics(thing[0])
    folded = fold(head)
    if verb in _VOTED:
        return list(thing[1:]) if folded in ("لصالح", "ضد", "علي") else []
    if folded in _PREPOSITIONS:
        return []
    if head[:1] not in ("ب", "ل", "ك") or not is_ordinary(f"ا{folded[1:]}" if head[:2] == "لل" else folded[1:]):
        return list(thing)
    # What hangs on a letter is no object of another verb as it stands.
    if verb not in _GOVERN or head[:1] == "ك":
        return []
    return [f"ا{head[1:]}" if head[:2] == "لل" else head[1:], *thing[1:]]


def _other_place(new: Sequence[str], old: Sequence[str]) -> list[str] | None:
    """In the Senate | (How many votes did it get) in the House."""
    preposition = fold(new[0])
    if preposition not in _PREPOSITIONS or any(fold(one) in ASKING or fold(one) == "which" for one in new):
        return None
    at = max((place for place in range(2, len(old)) if fold(old[place]) == preposition), default=None)
    if at is None or len(old) - at < 2:
        return None
    ended = old[at + 1 :]
    if any(fold(one) in _PREPOSITIONS for one in ended) or _numbered(new) is not _numbered(ended):
        return None
    return [*old[:at], old[at], *new[1:]]


def _numbered(tokens: Sequence[str]) -> bool:
    return any(letter.isdigit() for token in tokens for letter in token)
