"""Arabic words that end in a pronoun, and what a pronoun stands for where the question itself has that.

A question that has it asks for nothing earlier: "How many workers are waiting for their wages?", «كم دعامة جرفتها
المياه؟»: the workers' wages, the piers that are counted. By gender and number alone, and only of what such a pronoun
mostly goes back to; the rest is left to retrieval.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.analysis import fold, folded_words, is_stop_word, without_diacritics
from rag.grounding.numbers.units import unit_of

_PEOPLE = frozenset("people men women children police staff".split())
_NO_PLURAL = ("ss", "us", "is")
_DETERMINERS = frozenset("the a an which each every this that".split())
_SUBJECTS = frozenset("who what it he she".split())
_COUNTING = folded_words("كم أي أية")
_TIMES = folded_words("سنة عام عاما شهر شهرا يوم يوما ساعة دقيقة أسبوع أسبوعا مرة ليلة قرن قرنا عقد عقدا")
_BORNE = frozenset(fold(on + pronoun) for on in "علي إلي عن ب ل لدي عند".split() for pronoun in ("ه", "ها", "هم"))
"""By what a verb takes its object (عُثر عليها), and what has something (لديها)."""
_CLAUSES = frozenset("when that after before because if while since as until once".split())
_PERSONS = frozenset("he she they".split())
_LASTING = frozenset("take takes took cost costs".split())
_PRONOUNS = ("هما", "هم", "ها", "ه")
_FEMININE = ("ة", "ه", "ات", "اء")
"""Also a teh marbuta written as a heh."""
_PLURAL = ("ون", "ين")
BEARING = frozenset(
    fold(before + pronoun)
    for before in "ل ب في من عن علي إلي مع بعد قبل عند لدي بين حول ضد من".split()
    for pronoun in ("ه", "ها", "هم", "هما")
) | frozenset("منه منها منهم عنه عنها عنهم عنده بينهم".split())
"""Folded prepositions with a pronoun on them."""
# Words whose ه, ها or هم is their own.
_NO_PRONOUN = folded_words(
    """وجه شبه مياه اتجاه الله لله فقه تنبيه توجيه شبيه نزيه وجيه كره انتباه إله عبدالله طه جاه رفاه سفيه
    تشويه تشابه نبيه مها سها أهم مهم درهم مساهم متهم فهم سهم وهم أسهم تفاهم اتهم دراهم ألهم الهم أبيه شفاه
    جباه"""
)
ARTICLES = ("ال", "وال", "بال", "فال", "كال", "لل", "ولل")
"""With which a definite Arabic word begins: it has no pronoun."""
_ATTACHED = ("هما", "هم", "ها", "ه")


def explained(tokens: Sequence[str], at: int, bearing: bool) -> bool:
    """Whether the pronoun of tokens[at] (in lower case, without diacritics) stands for a word before it.

    `bearing`: an Arabic pronoun on a preposition.
    """
    if tokens[at].isascii():
        return _english(tokens, at) or _of_what_follows(tokens, at)
    return _counted(tokens, at, bearing) or (not bearing and _definite(tokens, at))


def _english(tokens: Sequence[str], at: int) -> bool:
    """The workers … their wages; which company … its shares. "It" is mostly something else than the subject."""
    plural = any(_is_plural(tokens, place) for place in range(1, at))
    one = any(
        not {tokens[place - 1], *tokens[max(0, place - 2) : place - 1]}.isdisjoint(_DETERMINERS)
        and not (is_stop_word(tokens[place]) or _is_plural(tokens, place))
        for place in range(1, at)
    )
    if tokens[at] in _PERSONS and tokens[at - 1] in _CLAUSES:
        return plural if tokens[at] == "they" else one
    return (tokens[at] == "their" and plural) or (tokens[at] == "its" and one)


def _of_what_follows(tokens: Sequence[str], at: int) -> bool:
    """How long does it take to … : the pronoun stands for the clause."""
    after = tokens[at + 1 :]
    if tokens[at] != "it" or not after or after[0] not in _LASTING or "to" not in after[:-1]:
        return False
    return after[after.index("to") + 1] not in _DETERMINERS


def _is_plural(tokens: Sequence[str], at: int) -> bool:
    word = tokens[at]
    if word in _PEOPLE:
        return True
    plural = word.endswith("s") and not word.endswith(_NO_PLURAL) and len(word) > 3
    return plural and not is_stop_word(word) and tokens[at - 1] not in _SUBJECTS


def _counted(tokens: Sequence[str], at: int, bearing: bool) -> bool:
    """The thing counted, taken up by its verb or owning what follows: كم دعامة جرفتها المياه, كم عاملا ينتظر أجره."""
    for place in range(1, at):
        thing = tokens[place]
        if fold(tokens[place - 1]).lstrip("وف") not in _COUNTING or not _agree(thing, tokens[at]):
            continue
        # How many years he spent (قضاها) asks who did, and how many tonnes there are of it, of what.
        if fold(thing) in _TIMES or unit_of(fold(thing), after_digits=False) is not None:
            return False
        whose = at > place + 1 and not bearing
        # Without more, who did it (كم حبة ضبطها؟) has to be known.
        more = any(not is_stop_word(fold(token)) for token in tokens[at + 1 :])
        return whose or (more and (not bearing or at == place + 1 or fold(tokens[at]) in _BORNE))
    return False


def _definite(tokens: Sequence[str], at: int) -> bool:
    """The workers got their wages: متى قبض العمال أجورهم."""
    return any(token.startswith("ال") and _agree(token, tokens[at]) for token in tokens[1:at])


def _agree(noun: str, host: str) -> bool:
    word = without_diacritics(host)
    pronoun = next((one for one in _PRONOUNS if word.endswith(one)), "")
    feminine = noun.endswith(_FEMININE)
    if pronoun == "ها":
        return feminine
    return not feminine and (pronoun == "هم" or (pronoun == "ه" and not noun.endswith(_PLURAL)))


def ends_in_pronoun(token: str, *, loose: bool = False) -> bool:
    """Whether an Arabic word has a pronoun at its end; `loose`: where a last heh may be a teh marbuta."""
    word = fold(token)
    bare = word.lstrip("وف") if word[:1] in "وف" and len(word) > 4 else word
    if word in BEARING or bare in BEARING:
        return True
    if word in _NO_PRONOUN or bare in _NO_PRONOUN or word.startswith(ARTICLES):
        return False
    for pronoun in _ATTACHED:
        if token.endswith(pronoun):
            return len(word) - len(pronoun) >= 3 and not (pronoun == "ه" and loose)
    return False
