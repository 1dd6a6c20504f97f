"""Words of which one says the opposite of the other, and quantities that exclude each other, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from rag.analysis import folded_words
from rag.grounding.inflection import arabic_forms
from rag.grounding.wording import Token, same_language_stem

_QUANTITIES = {
    "all": "all every each entire whole everyone everybody unanimously unanimous both always كل جميع كافة "
    "جميعهم جميعها كلهم "
    "كلها بالإجماع كامل كاملة دائما الجميع جميعا",
    "most": "most majority mostly mainly predominantly largely معظم أغلب أغلبية غالبية الغالبية الأغلبية "
    "معظمهم معظمها أغلبهم",
    "half": "half نصف",
    "some": "some several partly partially sometimes بعض عدد بعضهم بعضها عدة أحيانا جزئيا",
    "few": "few handful minority rarely قلة قليل قليلة أقلية الأقلية نادرا حفنة",
    "none": "none nobody لا_أحد",
    "least": "least over exceeding minimum exceeded يقل تقل فوق أكثر يزيد تزيد يفوق تفوق تجاوز تجاوزت الأقل",
    "most of": "under below fewer less maximum دون أقل الأكثر",
    "exact": "exactly precisely بالضبط تماما تحديدا بالتحديد",
}
EXCLUDING = {
    frozenset(pair.split("/"))
    for pair in """all/most all/some all/few all/half all/none most/few most/none most/half some/none few/half half/none
    most/some least/most-of least/exact most-of/exact""".split()
}
"""Quantities of the same thing that are not both so: as the one says, the other does not follow."""


_TURNED = {
    **dict.fromkeys(("less", "fewer", "يقل", "تقل"), "least"),
    **dict.fromkeys(("more", "يزيد", "تزيد", "يتجاوز", "تتجاوز", "يتعدي", "تتعدي", "يفوق", "تفوق"), "most-of"),
}
"""What bounds say after a negation (no less than, لا يقل عن)."""


class End(NamedTuple):
    """One end of an axis."""

    axis: str
    sign: int


@cache
def _axes() -> tuple[tuple[str, ...], ...]:
    """The lines of `opposites.tsv`: name, flags, and the words of each end."""
    text = (files("rag.grounding.negation") / "opposites.tsv").read_text(encoding="utf-8")
    return tuple(tuple(line.split("\t")) for line in text.splitlines() if line and not line.startswith("#"))


@cache
def _flagged(flag: str) -> frozenset[str]:
    return frozenset(name for name, flags, *_ in _axes() if flag in flags.split(","))


@cache
def _ends() -> tuple[dict[str, tuple[End, ...]], dict[str, tuple[End, ...]]]:
    """The ends by English stem, and by folded Arabic form."""
    english: dict[str, list[End]] = {}
    arabic: dict[str, list[End]] = {}
    for name, _, *lists in _axes():
        for number, listed in enumerate(lists):
            end = End(name, 1 if number % 2 == 0 else -1)
            for word in listed.split():
                if number < 2:
                    # The stemmer takes one of two letters before an ending alone: boycott, boycotted.
                    for form in {same_language_stem(word), same_language_stem(word + "ed")}:
                        english.setdefault(form, []).append(end)
                else:
                    forms = arabic_forms(word) if "/" in word else folded_words(word)
                    for form in forms | {"ال" + one for one in forms if "/" not in word}:
                        arabic.setdefault(form, []).append(end)
    return {k: tuple(v) for k, v in english.items()}, {k: tuple(v) for k, v in arabic.items()}


@cache
def arabic_verbs() -> frozenset[str]:
    """The forms of the Arabic verbs that have an opposite."""
    verbs = {word for _, _, _, _, *lists in _axes() for listed in lists for word in listed.split() if "/" in word}
    return frozenset(form for verb in verbs for form in arabic_forms(verb))


@cache
def _quantities() -> dict[str, str]:
    return {word: name.replace(" ", "-") for name, listed in _QUANTITIES.items() for word in folded_words(listed)}


def ends_of(word: str) -> tuple[End, ...]:
    """Where a folded word stands on the axes of opposites."""
    english, arabic = _ends()
    if word in _OTHER_WORDS:
        return ()
    if word.isascii():
        return english.get(same_language_stem(word), ())
    for form in (word, word[1:] if word[0] in "وفبل" else word, word.removeprefix("س")):
        for bare in (form, without_object(form)):
            if bare in arabic:
                return arabic[bare]
    return ()


def without_object(word: str) -> str:
    """A folded Arabic verb without the pronoun of what it is done to (أيدها as أيد)."""
    return next(
        (word[: -len(end)] for end in ("ها", "هم", "ه") if word.endswith(end) and len(word) - len(end) >= 3), word
    )


# Verbs that a particle turns into another, by the particle.
_VOTES = folded_words("vote votes voted voting ballot")
_VOTES_IN_ARABIC = folded_words("صوت صوتت صوتوا يصوت تصوت يصوتون تصويت التصويت وصوت وصوتت وصوتوا ويصوت")
_WITH_PARTICLES = {
    "against": (_VOTES, End("yes", -1)),
    **dict.fromkeys(("ضد", "ضده", "ضدها"), (_VOTES_IN_ARABIC, End("yes", -1))),
    **dict.fromkeys(("for", "favour", "favor"), (_VOTES, End("yes", 1))),
    **dict.fromkeys(("لصالح", "لصالحه", "لصالحها", "لمصلحه"), (_VOTES_IN_ARABIC, End("yes", 1))),
    "مع": (_VOTES_IN_ARABIC, End("yes", 1)),
    "down": (folded_words("turn turned turns turning vote voted votes strike struck shot"), End("yes", -1)),
    "out": (folded_words("throw threw thrown throws"), End("yes", -1)),
}
_RULED = folded_words("rule rules ruled ruling")
_OTHER_WORDS = folded_words(
    """authority authorities author authors important importance importantly publication publications publicity
    publicly presentation presentations presently"""
)
"""Words that have the stem of one with an opposite, and none themselves."""
_PARTICLE_REACH = 8
"""Tokens between a verb and its particle."""
_FAR = frozenset(_WITH_PARTICLES) - {"for", "مع", "down", "out"}
"""Particles that belong to a verb further before them too."""
_WHEN = folded_words("first second third last hours days weeks months years once now many several")
"""After "for": when and how long it was voted."""


def ends_at(tokens: Sequence[Token], at: int) -> tuple[End, ...]:
    """Where a word of a sentence stands on the axes of opposites; a particle with its verb (voted against) too."""
    word = tokens[at].folded
    if word in _WITH_PARTICLES:
        verbs, end = _WITH_PARTICLES[word]
        if word == "out" and at and tokens[at - 1].folded in _RULED:
            return (End("exclude", 1),)
        reach = _PARTICLE_REACH if word in _FAR else 1
        timed = word in ("for", "مع") and any(one.folded in _WHEN for one in tokens[at + 1 : at + 3])
        if not timed and any(token.folded in verbs for token in tokens[max(0, at - reach) : at]):
            return (end,)
    return () if word == "قبل" else ends_of(word)  # far more often "before" than "accepted"


def with_verb(tokens: Sequence[Token], at: int) -> int:
    """Where the verb of a particle stands (voted, for "against"); the word's own place where it has none."""
    if tokens[at].folded not in _WITH_PARTICLES or not ends_at(tokens, at):
        return at
    verbs = _WITH_PARTICLES[tokens[at].folded][0]
    return next((one for one in range(at - 1, max(-1, at - 4), -1) if tokens[one].folded in verbs), at)


def quantity(word: str, before: str = "", after: str = "") -> str:
    """What a folded word says of how much, between its neighbours: a name of `_QUANTITIES`, or ""."""
    if before in ("no", "not", "لا", "ولا") and word in _TURNED:
        return _TURNED[word]
    if word in ("more", "greater", "اكثر", "ازيد") and after in ("than", "من"):
        return "least"
    if word in ("less", "fewer", "اقل") and after in ("than", "من"):
        return "most-of"
    if word in ("least", "most", "الاقل", "الاكثر") and before in ("at", "علي"):
        return "least" if word in ("least", "الاقل") else "most-of"
    if word in ("over", "above", "under", "below", "فوق", "دون", "exceeding") and not after[:1].isdigit():
        return ""
    if word in ("least", "less", "fewer", "اقل", "اكثر", "الاقل", "الاكثر", "maximum", "minimum", "عدد", "يقل", "تقل"):
        return "some" if word == "عدد" and after == "من" else ""
    if word == "most" and (before in ("the", "one") or not after):
        return ""
    if word == "few" and before == "a":
        return "some"
    return _quantities().get(word.removeprefix("و") if len(word) > 3 else word, "")


def loose(axis: str) -> bool:
    """Whether an axis is only for words that stand next to the same thing."""
    return axis in _flagged("loose")


def of_subject(axis: str) -> bool:
    """Whether an axis is only for verbs of the very same subject, where standing near the same words is not enough."""
    return axis in _flagged("subject")


def converse(axis: str) -> bool:
    """Whether the ends of an axis say one thing with the parties exchanged."""
    return axis in _flagged("converse")
