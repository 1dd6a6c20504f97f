"""What a question is about: its names and noun phrases, in order, without the words that only ask and without verbs.

A follow-up is searched for with these beside it, and shown with them (`with_topic`): the whole question that was asked
before would ask it again. Nothing is parsed: a phrase ends at a verb, a pronoun or a word of grammar other than the
prepositions that hold one together, so an unknown verb may stay in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.analysis import fold, folded_words, has_arabic, is_stop_word, stem, without_diacritics
from rag.answering.followups.dependence import AROUND, is_asking, topic_words
from rag.answering.question.pronouns import ends_in_pronoun
from rag.grounding.negation.verbs import may_be_verb
from rag.grounding.wording import is_past

SEPARATOR = " — "
"""Between a question and the topic carried over to it."""
MAX_PHRASES = 5

_ABOUT = {"ar": "عن: ", "en": "about: "}
_COMMA = {"ar": "، ", "en": ", "}
_COMMAS = re.compile("[,،] ")

_HOLD_EN = frozenset("of in at on for from against by with to over between and the a an near".split())
_HOLD_AR = folded_words("في من على عن إلى ضد بين مع قرب بشأن حول")
_HOLD = _HOLD_EN | _HOLD_AR
_NO_NAME = frozenset(
    "many much long often far old first ever meant said called worth since until".split()
) | folded_words("عدد مرة أول منذ حتى")
"""Words that carry no topic by themselves, at the end of a phrase."""
_AUXILIARY = frozenset("did does do will would can could should may might must has have had".split())
_IS = frozenset("is are was were".split())
_SUBJECT = frozenset("who which what".split())
_ARABIC_DO = folded_words("متى أين كيف لماذا ماذا بماذا هل من كم بكم")
"""Question words that a verb may follow at once."""
_COUNTING = folded_words("كم بكم")
_COPULAS = frozenset("هو هي هم كان كانت".split())
_COUNTED = re.compile(r"\W*(?:and )?(?:how many|how much|which|what) (?!is|are|was|were)|\W*[وف]?(?:كم|اي|ايه) ")
_DAMMA = "\u064f"


def phrases(question: str) -> list[str]:
    """The phrases of `question` that say what it is about, in its own words."""
    tokens = [token for token in (piece.strip(AROUND) for piece in question.split()) if token]
    arabic = has_arabic(question)
    ends = _arabic_ends(tokens) if arabic else _english_ends(tokens)
    found: list[list[str]] = [[]]
    for at, (piece, token) in enumerate(zip(question.split(), tokens, strict=False)):
        word = fold(token)
        named = at > 0 and token[:1].isupper()  # May is a month
        if at in ends or (is_stop_word(word) and word not in _HOLD and not named) or is_asking(word):
            found.append([])
            continue
        if found[-1] and arabic and _begins_anew(found[-1][-1], token):
            found.append([])
        found[-1].append(token)
        if piece[-1:] in ",،;؛:":
            found.append([])
    kept = list(dict.fromkeys(" ".join(phrase) for phrase in map(_trimmed, found) if phrase))
    # "How many pills", "كم طنا": a thing in one word that is only counted or asked for says little.
    asked_for = len(kept) > 1 and " " not in kept[0] and not kept[0][0].isupper() and _COUNTED.match(fold(question))
    return kept[1:] if asked_for else kept


def with_topic(question: str, topic: Iterable[str], language: str) -> str:
    """`question` followed by those phrases of `topic` that it lacks, labelled; by all of them where it lacks none."""
    topic = list(topic)
    said = {stem(word) for word in topic_words(question)}
    lacking = [one for one in topic if not {stem(word) for word in topic_words(one)} <= said] or topic
    shown = language if language in _ABOUT else "en"
    return f"{question}{SEPARATOR}{_ABOUT[shown]}{_COMMA[shown].join(lacking[:MAX_PHRASES])}"


def carried(question: str, standalone: str) -> list[str] | None:
    """The topic that `with_topic` put beside `question`; None where `standalone` is not made so."""
    asked = " ".join(question.split()) + SEPARATOR
    if not standalone.startswith(asked):
        return None
    rest = standalone[len(asked) :]
    for label in _ABOUT.values():
        rest = rest.removeprefix(label)
    return [one for one in _COMMAS.split(rest) if one]


def _english_ends(tokens: Sequence[str]) -> frozenset[int]:
    """The places of verbs: they end a phrase."""
    words = [fold(token) for token in tokens]
    found: set[int] = set()
    base = False
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        if word in _AUXILIARY:
            base = word not in ("has", "have", "had")
            continue
        if tokens[at][:1].isupper() or before in _HOLD:
            continue
        who = at == 1 or (at == 2 and words[0] in ("and", "but", "so"))
        # "Who voted", and "did the House pass": a form that is also a noun is a verb where one is due.
        due = base and at > 1 and before not in _AUXILIARY and not (at + 1 < len(words) and may_be_verb(words[at + 1]))
        after_subject = due and (tokens[at - 1][:1].isupper() or may_be_verb(word))
        if is_past(word) or (who and before == "who" and word not in _IS) or after_subject:
            found.add(at)
            base = False
    return frozenset(found)


def _arabic_ends(tokens: Sequence[str]) -> frozenset[int]:
    """The places of verbs, and of what a pronoun hangs on: they end a phrase."""
    words = [fold(token) for token in tokens]
    found: set[int] = set()
    verbs = 0
    for at, (token, word) in enumerate(zip(tokens, words, strict=True)):
        before = words[at - 1] if at else ""
        asked = before if before in _ARABIC_DO else before.lstrip("وف")
        if _has_article(token) or word in _HOLD:
            continue
        due = asked in _ARABIC_DO and word not in _COPULAS and at <= 2
        counted = due and asked in _COUNTING and not _looks_like_verb(token, word)
        # كم صوتا نال
        after_counted = at > 1 and words[at - 2] in _COUNTING and before.endswith("ا")
        another = not verbs and before not in _HOLD and _looks_like_verb(token, word)
        if (due and not counted) or after_counted or another or _is_passive(token):
            found.add(at)
            verbs += 1
        if ends_in_pronoun(token):
            found.add(at)
    return frozenset(found)


def _has_article(token: str) -> bool:
    """Whether an Arabic word has its article: المصنع, not ألغي."""
    return without_diacritics(token).startswith(("ال", "وال", "بال", "لل"))


def _is_passive(token: str) -> bool:
    return token[1:2] == _DAMMA and token[0] != "م"


def _looks_like_verb(token: str, word: str) -> bool:
    """Whether an Arabic word has the shape of a verb: a passive that is written as one, a feminine past, or known."""
    if _is_passive(token):
        return True
    if len(word) > 3 and word[-1] == "ت" and word[-2:] != "ات":
        return True
    return (len(word) > 3 and word[0] == "ي") or may_be_verb(word)


def _begins_anew(before: str, token: str) -> bool:
    """Whether another noun phrase begins: a noun without its article does not go on from one that has it."""
    if not _has_article(before) or _has_article(token):
        return False
    return fold(token) not in _HOLD and token[0] not in "لبو"


def _trimmed(phrase: Sequence[str]) -> list[str]:
    """A phrase without articles and prepositions at its ends; none where no topic is left."""
    kept = list(phrase)
    while kept and (fold(kept[0]) in _HOLD or fold(kept[0]) in _NO_NAME):
        kept = kept[1:]
    while kept and fold(kept[-1]) in _HOLD | _NO_NAME:
        kept = kept[:-1]
    return kept if topic_words(" ".join(kept)) else []
