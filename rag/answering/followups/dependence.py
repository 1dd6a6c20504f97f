"""Whether a question leans on an earlier one: by its pronouns, its opening, and how little it says by itself.

Only the question's words are looked at; what is made of it is decided by what retrieval finds (`rag.conversation`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from rag.analysis import fold, folded_words, has_arabic, is_stop_word, without_diacritics, words
from rag.answering.question.pronouns import ARTICLES, BEARING, ends_in_pronoun, explained

Dependence = Literal["none", "perhaps", "likely", "surely"]
"""How far a question needs an earlier one: not at all; it says little, or has a pronoun among much else; it begins as
one goes on ("And in Salerno?"); it has a pronoun, or nothing but asking words ("By whom?")."""

FEW = 2
"""A question with no more topic words than this may leave out what it is about."""
SOME = 4
"""With more topic words than this, a pronoun is as likely to mean something in the question itself."""

AROUND = ".,:;!?()[]\"'«»،؛؟…-–—“”‘’ـ"
ASKING = folded_words("من ما ماذا متى أين كيف كم هل لماذا أي أية بماذا لمن ممن عم فيم لم بكم مم شو ليش وين مين ليه")
_ENGLISH_ASKING = frozenset("who whom whose what which when where why how".split())
_ASKED_FOR = folded_words(
    "year date day month place reason exactly happen happened عام سنة تاريخ يوم شهر مكان سبب تحديدا"
)
_WHERE = folded_words("أين وين فين")
MOVES = folded_words(
    """come came comes get got bring brought originate originated originally arrive arrived ship shipped sent
    جاء جاءت أتى أتت قدم قدمت وصل وصلت خرج خرجت شحن شحنت جيء مصدر مصدره مصدرها أصل أصله أصلها"""
)
"""Words of a question where something came from that say no more than that."""
_AND = frozenset("and but or so also then plus".split())
# Words after which "that" is a thing ("about that", "does that weigh"), not the beginning of a clause.
_THAT_AFTER = frozenset(
    "about after before of than does did do is was for in on at by to from with despite like".split()
)
_ENGLISH = frozenset("it its they them their theirs he him his she her hers this these those".split())
_ENGLISH_LAST = frozenset("that there one ones others else instead afterwards same".split())
_ENGLISH_TIMES = frozenset("year month week century time".split())
_AUXILIARIES = frozenset("is are was were did does do has have had will would can could".split())
_LAST = frozenset("for against about with from to".split())
_DETERMINERS = frozenset("the a an its their his her this that these those our your my".split())
_ARABIC = folded_words("هذا هذه ذلك تلك هؤلاء ذاك هذان هاتان أولئك")
_THIS = folded_words("هذا هذه")
_ARABIC_TIMES = folded_words("العام السنة الشهر الأسبوع القرن اليوم الموسم")
_ARABIC_COPULAS = frozenset("هو هي هم هما".split())
_RELATIVE = folded_words("الذي التي الذين اللذين اللتين اللذان اللتان اللواتي اللاتي والذي والتي")
_ARABIC_STOPS_BEFORE = folded_words("في من على إلى عن منذ حتى قبل بعد مع بين")


def dependence(question: str) -> Dependence:
    """Whether `question` needs an earlier one to be understood: by its words alone, so "perhaps" is often no."""
    tokens = [token for token in (piece.strip(AROUND) for piece in _plain(question).split()) if token]
    topic = topic_words(question)
    if not tokens:
        return "none"
    if not topic or _is_cut_short(tokens) or (asks_whence([fold(one) for one in tokens]) and MOVES.issuperset(topic)):
        return "surely"
    at = _reference(tokens)
    if at is not None:
        # "Where did Tesla live for much of his life?"
        named = any(piece.strip(AROUND)[:1].isupper() for piece in question.split()[1:at])
        if fold(tokens[at]) not in _ARABIC and explained(tokens, at, fold(tokens[at]).lstrip("وف") in BEARING):
            return "likely" if _goes_on(tokens) else "perhaps"
        return "surely" if len(topic) <= SOME and not named else "perhaps"
    if _asks_who_somebody_is(question, tokens):
        return "none"
    if len(topic) > FEW:
        return "perhaps" if _goes_on(tokens) else "none"
    return "likely" if _goes_on(tokens) else "perhaps"


def topic_words(question: str) -> list[str]:
    """The words of `question` that carry a topic, folded, in order: not "it", and not the year in "which year"."""
    return [word for word in words(question) if not is_stop_word(word) and word not in BEARING | _ASKED_FOR]


def definite(question: str) -> list[str]:
    """The topic words of `question` that have an article and are no part of a name: "the ban", «الحظر»."""
    tokens = [token for token in (piece.strip(AROUND) for piece in question.split()) if token]
    topic = topic_words(question)
    found = []
    for at, token in enumerate(tokens):
        word, before = fold(token), fold(tokens[at - 1]) if at else ""
        if word in topic and (before == "the" if token.isascii() else _plain(token).startswith(ARTICLES)):
            named = token[:1].isupper() or (tokens[at + 1 : at + 2] and tokens[at + 1][:1].isupper())
            if not named:
                found.append(word)
    return found


def asks_nothing(question: str) -> bool:
    """Whether a question names something and asks of it what was asked before: "What about Lebanon?", «وقطر؟»."""
    tokens = [token for token in (piece.strip(AROUND) for piece in _plain(question).split()) if token]
    if not tokens or not topic_words(question):
        return False
    if tokens[:2] in (["what", "about"], ["how", "about"]) or [fold(one).lstrip("وف") for one in tokens[:2]] == [
        "ماذا",
        "عن",
    ]:
        return True
    asks = any(is_asking(fold(token)) for token in tokens)
    return not asks and len(topic_words(question)) <= FEW and (_goes_on(tokens) or tokens[0][0] == "و")


def asks_whence(tokens: Sequence[str]) -> bool:
    """Whether the folded words of a question ask where something came from: "Where … from?", «ومن أين»."""
    if "where" in tokens and tokens[-1] == "from":
        return True
    from_where = [("from", "where"), *(("من", one) for one in _WHERE), *(("ومن", one) for one in _WHERE)]
    return any(pair in from_where for pair in pairwise(tokens))


def is_asking(word: str) -> bool:
    """Whether a folded word is a question word, with «و» before it or without."""
    return word in _ENGLISH_ASKING or word in ASKING or (word[:1] in "وف" and word[1:] in ASKING)


def _is_cut_short(tokens: list[str]) -> bool:
    """Whether a question ends where what it is about should stand: "Who voted against?"."""
    asked = tokens[1:] if fold(tokens[0]) in _AND else tokens
    return len(asked) > 2 and asked[0] == "who" and asked[1] not in _AUXILIARIES and asked[-1] in _LAST


def _asks_who_somebody_is(question: str, tokens: list[str]) -> bool:
    """Whether it is asked who somebody is, or has an office, and which is said: "Who is the president of Peru?"."""
    if has_arabic(question):
        rest = tokens[2:]
        # A noun with neither article nor pronoun is a name, or the office of one: رئيس بيرو, not رئيس المؤسسة.
        bare = not any(fold(one).startswith(ARTICLES) for one in rest)
        return fold(tokens[0]).lstrip("وف") == "من" and len(tokens) > 2 and tokens[1] in _ARABIC_COPULAS and bare
    written = [piece.strip(AROUND) for piece in question.split()]
    asked = tokens[1:] if fold(tokens[0]) in _AND else tokens
    if len(asked) < 3 or asked[0] != "who" or asked[1] not in ("is", "was"):
        return False
    rest = asked[2:]
    if "of" in rest[1:-1]:
        return rest[rest.index("of") + 1] not in _DETERMINERS or written[-1][:1].isupper()
    return rest[0] not in _DETERMINERS and all(one[:1].isupper() for one in written[-len(rest) :])


def _plain(text: str) -> str:
    """Lower case without diacritics; teh marbuta and heh stay apart, since only heh can be a pronoun."""
    return without_diacritics(text).lower().replace("’", "'")


def _goes_on(tokens: list[str]) -> bool:
    """Whether the question begins as a conversation goes on: "And …?", "What about …?", "وفي …؟"."""
    first = fold(tokens[0])
    if first in _AND or tokens[:2] in (["what", "about"], ["how", "about"]):
        return True
    if [fold(token).lstrip("و") for token in tokens[:2]] == ["ماذا", "عن"]:
        return True
    return first[0] in "وف" and (first[1:] in ASKING or first[1:] in _ARABIC_STOPS_BEFORE)


def _reference(tokens: list[str]) -> int | None:
    """Where the first pronoun or demonstrative stands that no relative clause of the question's own explains."""
    folded = [fold(token) for token in tokens]
    # Whoever writes السعوديه writes every teh marbuta so: then a last heh says nothing.
    loose = any(token.startswith(ARTICLES) and token.endswith("ه") and len(token) > 4 for token in tokens)
    clause = False
    for at, (token, word) in enumerate(zip(tokens, folded, strict=True)):
        last = at == len(tokens) - 1
        clause = clause or word in _RELATIVE
        if word in _ENGLISH and not (word == "this" and not last and folded[at + 1] in _ENGLISH_TIMES):
            return at
        if (last and at and word in _ENGLISH_LAST) or (word == "that" and at and folded[at - 1] in _THAT_AFTER):
            return at
        if word in _ARABIC and not (word in _THIS and not last and folded[at + 1] in _ARABIC_TIMES):
            return at
        if word in _ARABIC_COPULAS and (last or not at or folded[at - 1].lstrip("وف") not in ASKING):
            return at
        if not clause and ends_in_pronoun(token, loose=loose):
            return at
    return None
