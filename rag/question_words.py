"""Question words of the Arabic dialects, and those written together or misspelt, read as the standard ones.

«مين», «شو» and «ماهو» ask as من, ما and «ما هو» do. All that analyses a question knows the standard words alone:
`standard` is what it is given, in one place, before anything else; what was asked is shown and stored as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rag.analysis import fold, folded_words, has_arabic
from rag.grounding.negation.verbs import may_be_verb

_WHAT = "ما"
"""Stands for ماذا too, which is taken before a verb."""

_WORDS = {
    "من": "مين منو مينو",
    _WHAT: "شو ايش اش وش ويش شنو شنوه اشنو شنهو شنهي",
    "لماذا": "ليش ليه علاش لويش علويش ليشن لماذه لمذا لماذ",
    "أين": "وين فين وينه",
    "كم": "قديش اديش كديش قداش كام شكد شقد شكثر چم",
    "بكم": "بكام بقديش باديش",
    "متى": "ايمتى ايمتا امتى امتا متين ايمت متا فوقاش وقتاش شوكت",
    "كيف": "كيفاش ازاي ازيك شلون اشلون",
    "لمن": "لمين",
    "ممن": "ممين",
    "من أين": "منين",
    "إلى أين": "لوين لفين",
    "ما هو": "ماهو شوهو",
    "ما هي": "ماهي ماهى شوهي",
    "ما هم": "ماهم",
    "ما هما": "ماهما",
    "من هو": "منهو مينهو",
    "من هي": "منهي مينهي",
    "من هم": "منهم",
    "ماذا": "ماذ ماذه",
}
_STANDARD = {word: asked for asked, listed in _WORDS.items() for word in folded_words(listed)}
"""The standard words for each folded one."""
_PAIRS = {
    ("لما", "ذا"): "لماذا",
    ("لم", "اذا"): "لماذا",
    ("ما", "ذا"): "ماذا",
    ("قد", "ايش"): "كم",
    ("قد", "ايه"): "كم",
    ("من", "وين"): "من أين",
    ("من", "فين"): "من أين",
    ("عن", "مين"): "عمن",
    ("ايه", "هو"): "ما هو",
    ("ايه", "هي"): "ما هي",
    ("ايه", "اللي"): "ما الذي",
    ("مين", "اللي"): "من الذي",
    ("وش", "اللي"): "ما الذي",
    ("شو", "اللي"): "ما الذي",
    ("شنو", "اللي"): "ما الذي",
    ("ايش", "اللي"): "ما الذي",
}
"""Two folded words that ask together."""
_OTHERS = folded_words("منهم منهي ماهم متين منو وش اش كام شوكت وينه ماهما ازيك لماذ ماذه")
"""They are other words too (of them, two hundred, a face): taken only where a question begins."""
_NAMES = folded_words("شو وين فين مين ليه")
"""They end names too (George Bernard Shaw, Vin Diesel): not taken but where a question, or a part of one, begins."""
_ASKING = folded_words("من ما ماذا متى أين كيف كم هل لماذا أي أية بماذا لمن ممن عم فيم بكم مم")
_BEFORE = folded_words("طيب يعني في من عن على إلى مع ب ل الى بدي أعرف اعرف قل لي قولي قلي خبرني يا ترى")
"""Before a question word that begins a question all the same: «طيب مين», «في أي», «عن شو»."""
_COPULAS = folded_words("كان كانت كانوا هو هي هم هما هذا هذه")
_NOUNS = folded_words("سبب أسباب رأي رد دور هدف شعار حكم أثر")
"""Before them "what" is ما, though some are written as verbs are."""
_AMOUNTS = folded_words(
    """عدد قيمة حجم كمية ثمن سعر كلفة تكلفة أجرة أجر أجور راتب رواتب رسوم رسم غرامة ميزانية موازنة مبلغ نسبة مساحة طول
    ارتفاع عمق وزن عمر سرعة"""
)
"""Before them "what" is كم: «شو كانت أجرة النقل» asks for a sum."""
_PRESENT = re.compile(r"ب[يتن]\w{3,}|عم|راح")
"""A verb of the present as the dialects have it: «شو بيقول», «شو عم يعمل»."""

_PIECE = re.compile(r"[^\W\d_\u0640]+(?:[\u064b-\u0652\u0640]+[^\W\d_\u0640]*)*")
_BORDER = re.compile(r"[؟?،,؛;:.!\n]")
_MARKED = re.compile(r"[؟?.!:…\"»)]\s*$|[؟?]")
_OPENS = re.compile(
    r"\s*(?:(?:who|whose|what|when|where|why|how|which|did|does|is|are|was|were)\b(?=.*\s.*\s)"
    r"|[وف]?(?:من|ما|ماذا|متي|اين|كيف|كم|بكم|هل|لماذا|اي|لمن)\s(?=.*\s))"
)
"""How a question of some words begins, folded."""
_CONSONANT_HEH = folded_words(
    """الله المياه الوجه الفقه الشبه الاتجاه الكره الفقيه النزيه الوجيه الشبيه التشبيه التنبيه التوجيه الترفيه التنويه
    السفيه البديه الفواكه المنتزه الإله الشفاه الجباه الانتباه الاشتباه التافه المكروه الأبله الوله الأفواه الأشباه
    المعتوه المشبوه المنبه الموجه النبيه الكنه السفه التيه الإكراه الاكتناه التأليه التمويه"""
)
"""Words with an article whose last heh is no teh marbuta."""


@lru_cache(1 << 8)
def standard(question: str) -> str:
    """`question` with the standard question words for those of a dialect, run together or misspelt; else as it is.

    So is a heh written for the teh marbuta of a word with an article (المضبوطه), which cannot be a pronoun, and a
    question mark that is not typed: the embedding and the network read both.
    """
    return _with_mark(_in_arabic(question) if has_arabic(question) else question)


def _in_arabic(question: str) -> str:
    """As `standard`, of an Arabic question, without its mark."""
    pieces = list(_PIECE.finditer(question))
    folded = [fold(piece[0]) for piece in pieces]
    changes = [*_asking(question, pieces, folded), *_spelling(pieces, folded)]
    for start, end, text in sorted(changes, reverse=True):
        question = question[:start] + text + question[end:]
    return question


def _asking(question: str, pieces: list[re.Match[str]], folded: list[str]) -> Iterator[tuple[int, int, str]]:
    """What is to stand for question[start:end]: the question words that are not the standard ones."""
    asked = skip = False
    opening = True
    for at, (piece, word) in enumerate(zip(pieces, folded, strict=True)):
        if at and _BORDER.search(question, pieces[at - 1].end(), piece.start()):
            opening = True
        if skip:
            skip = False
            continue
        joined, bare = _without_and(word)
        pair = _PAIRS.get((bare, folded[at + 1])) if at + 1 < len(folded) else None
        begins = opening or bool(joined and asked and bare not in _OTHERS)
        if pair is not None and (begins or not asked):
            yield piece.start(), pieces[at + 1].end(), joined + pair
            asked = skip = True
            opening = False
            continue
        found = _STANDARD.get(bare)
        last = at + 1 == len(pieces) and question.rstrip().endswith(("؟", "?"))
        if found is not None and (begins or (not asked and bare not in _OTHERS and (bare not in _NAMES or last))):
            yield piece.start(), piece.end(), joined + (_what(folded, at + 1) if found == _WHAT else found)
            asked, opening = True, False
            continue
        if last and bare == "ايه" and not asked:
            yield piece.start(), piece.end(), joined + "ماذا"
        asked = asked or bare in _ASKING
        opening = opening and word in _BEFORE


def _spelling(pieces: list[re.Match[str]], folded: list[str]) -> Iterator[tuple[int, int, str]]:
    """What is to stand for question[start:end]: a heh for a teh marbuta."""
    for piece, word in zip(pieces, folded, strict=True):
        bare = word[1:] if word.startswith(("وال", "بال", "فال", "كال")) else word
        if piece[0].endswith("ه") and bare.startswith("ال") and len(bare) > 4 and bare not in _CONSONANT_HEH:
            yield piece.end() - 1, piece.end(), "ة"


def _with_mark(question: str) -> str:
    """A question with its mark, which is often not typed; what does not begin as one does stays as it is."""
    if _MARKED.search(question) or not _OPENS.match(fold(question)):
        return question
    return f"{question.rstrip()}{'؟' if has_arabic(question) else '?'}"


def _without_and(word: str) -> tuple[str, str]:
    """A folded word in two: its «و» or «ف», if a question word comes after that, and the rest."""
    if word not in _STANDARD and word[:1] in ("و", "ف") and word[1:] in _STANDARD.keys() | _ASKING:
        return word[0], word[1:]
    return "", word


def _what(folded: list[str], at: int) -> str:
    """What "what" is before the words from `at` on: كم before an amount, ماذا before a verb, which «ما» would deny."""
    after = folded[at + 1] if folded[at : at + 1] and folded[at] in _COPULAS and folded[at + 1 :] else ""
    noun = after or (folded[at] if folded[at:] else "")
    if not noun:
        return "ماذا"
    if noun in _AMOUNTS:
        return "كم"
    if after or noun in _COPULAS | _NOUNS or noun.startswith("ال"):
        return _WHAT
    return "ماذا" if _PRESENT.fullmatch(noun) or noun in ("صار", "صارت") or may_be_verb(noun) else _WHAT
