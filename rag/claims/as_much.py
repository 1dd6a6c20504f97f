"""What says as much as all, only, always or never does, in other words: in full, stayed, refused to."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from rag.analysis import folded_words
from rag.grounding.inflection import arabic_forms, with_conjunctions
from rag.grounding.negation.negations import negations
from rag.grounding.wording import Token, answers

AS_MUCH: dict[str, frozenset[str]] = {
    "all": folded_words(
        """both entire entirely whole unanimous unanimously any everywhere always without altogether total annually
        yearly daily weekly monthly per none nobody throughout fully completely
        كامل كاملة كامله بالكامل برمتها برمته بأكملها بأكمله بالإجماع إجماع سائر أي عموم سنويا يوميا أسبوعيا شهريا كلا
        كلتا كليهما كلاهما دائما كليا تماما"""
    ),
    "only": folded_words(
        """alone sole single just merely except but nothing none unique exclusive limited restricted
        سوى إلا غير الوحيد الوحيدة وحيد وحيدة اقتصر اقتصرت يقتصر تقتصر مقتصر مقتصرة إنما حصري حصرية مجرد محصور
        محصورة دون"""
    ),
    "always": folded_words("all every ever continuously throughout كل طوال لطالما جميع مستمر مستمرة"),
    "never": folded_words(
        "no not none neither nor without nobody first أول أولى الأول الأولى لم لا لن ليس ليست ما دون بدون غير أي سبق"
    ),
    "start": folded_words("always immediately initially originally دائما فورا أصلا"),
}
"""Words that say as much in other words: unanimously, the sole, without exception."""
_STAYED = folded_words("remain remains remained stay stays stayed kept") | with_conjunctions(
    arabic_forms("ظل/يظل بقي/يبقى مكث/يمكث لازم/يلازم")
)
_INCLUDING = (("including",), ("بما", "في"), ("بما", "فيها"), ("بما", "فيهم"), ("بمن", "فيهم"), ("بمن", "فيهن"))
_AFTER = 6
"""Words after "including" among which those whom it tells of stand."""


def never_done(verb: Sequence[Token], there: Sequence[Token], across: bool) -> bool:
    """Whether a sentence tells that something was never done by what was: refused to, or stayed where one would leave.

    Who stayed and left, or left and refused something else, has left: what is refused must be the claim's own verb,
    and beside "stayed" it must not stand.
    """
    done = {at for at, token in enumerate(there) if any(answers(mine, token, across) for mine in verb)}
    if done:
        return any(not done.isdisjoint(operator.governed[:2]) for operator in negations(there))
    return any(token.folded in _STAYED for token in there)


def with_them(head: Token, rest: Sequence[Token], there: Sequence[Token], across: bool) -> int | None:
    """The place of an "including" that goes on to more of the `head`: the workers were paid, including those at night.

    None where there is none, or the `rest` of the claim is not said before it of the head.
    """
    for at in range(1, len(there)):
        phrase = next((one for one in _INCLUDING if tuple(t.folded for t in there[at : at + len(one)]) == one), None)
        if phrase is None:
            continue
        more = there[at + len(phrase) : at + len(phrase) + _AFTER]
        same = all(_said(one, there[:at], across) for one in (head, *rest))
        if same and _said(head, more, across):
            return at
    return None


def in_full(there: Sequence[Token]) -> bool:
    """Whether something is done in full."""
    return any(one.folded == "in" and two.folded == "full" for one, two in itertools.pairwise(there))


def _said(word: Token, there: Iterable[Token], across: bool) -> bool:
    return any(answers(word, one, across) for one in there)
