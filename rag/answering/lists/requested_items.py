"""What a question says of how many things it asks for, and of what kind they are: advice, terms, reasons, steps.

"What did the inquiry recommend?" asks for several things as a rule, though no plural says so, and the sentences that
tell them have the words of advice: called for, urged, should.
"""

from __future__ import annotations

import re
from typing import Literal

from rag.analysis import fold, is_stop_word, stem, without_diacritics, words
from rag.answering.lists.marked_lists import asks_for_list

Many = Literal["several", "perhaps", "unsaid"]
"""Several things are asked for; what is several things as a rule is; neither is said."""

_EACH = re.compile(
    r"\beach\b|\bboth\b|\bwho (?:are|were) the\b|\b(?:what|which) (?:\w+ )?(?:goals|steps|ways|kinds)\b"
    r"|(?:^|\s)(?:ل|ب)?كل من\b|(?:^|\s)من (?:هما|هم)\b|^[وف]?من ال\w+(?:ان|ون)\b"
)
"""In a folded question: that several things are asked for, though no plural stands after "what"."""
_ONE = re.compile(
    r"(?:and )?(?:when|where|who|whose|whom|in which|at which|on which|how (?:many|much|long|old|far|often))\b"
    r"|و?(?:متي|اين|كم|بكم|من(?= (?!ال\w+ون\b))|هل|اي|ايه|في اي)\b"
)
"""How a folded question begins that asks for one thing, as a rule."""
_BROKEN_PLURAL = re.compile(
    r"(?:^|\s)[وف]?(?:ما|ماهي) (?:هي )?(?:أبرز |أهم |أكبر )?(?:ال)?(?!ال)"
    r"(?:[أآ]\w{1,2}ا\w|مآ\w+|(?:أدل|أسلح|أنظم|أجهز|أدوي|أغذي|أمتع)ة|(?!جنوب|سكون)\w{2}و[بطدقن]"
    r"|نسب|سبل|\w{3,}(?<!س)تان|\w+يوهان)(?=\s)"
)
"""Plurals and duals of things that folding makes like singulars: أضرار، مآخذ، عيوب، النقطتان. No diacritics."""

_ADVICE = (
    r"\brecommend|\badvi[sc]|\burg(?:e|ing)|\bcall(?:s|ed|ing)? (?:for|on)\b|\bdemand|\bask(?:s|ed|ing)? (?:for|of)\b"
    r"|\bpropos|\bsuggest|\brequest|\binsist|\bcondition"
    r"|(?:^|\s)[وفبل]?(?:ال)?(?:[يتن]?وص[يت]\w*|اوص\w*|توصي\w*|[يتن]?طالب\w*|مطالب\w*|مطلب\w*|[يت]طلب\w*|طلبت?"
    r"|[يت]?قترح\w*|اقترا?ح\w*|مقترح\w*|[يت]دعو|دعا|دعت|دعوا|[يت]?ناشد\w*|[يت]?حث|حثت|شروط\w*|شرط\w*|[يت]?شترط\w*|اشترط\w*)\b"
)
_TERMS = (
    r"\bcontain|\binclude|\bprovide|\bstipulat|\bagreed?\b|\bterms\b|\bcomprise"
    r"|(?:^|\s)[وفبل]?(?:[يت]تضمن\w*|تضمن\w*|[يت]شمل\w*|[يت]نص|نصت?|بنود\w*|(?:ال)?مضمون\w*|[يت]حتوي|[يت]قضي|اتفق\w*)\b"
)
_REASONS = (
    r"\bwhy\b|\breason|\bcaus|\bled to\b|\bexpla[in]|\bobject|\bcritici|\bblam|\bbecause\b"
    r"|(?:^|\s)[وفبل]?(?:ال)?(?:سبب\w*|اسباب\w*|لماذا|عزا|عزت|[يت]فسر\w*|لان\w*|نتيجه|اعتراض\w*|ماخذ)\b"
)
_STEPS = (
    r"\bsteps?\b|\bmeasures?\b|\bactions?\b|\bdo(?:ne|ing)? (?:to|about|against|for|after|in response)\b"
    r"|\bhow (?:will|does|do)\b|\bannounce|\brespon[ds]|\breact"
    r"|(?:^|\s)[وفبل]?(?:ال)?(?:خطوات|اجراءات|تدابير|فعل|فعلت|اتخذ\w*|[يت]تخذ\w*|اعلن\w*|رد|ردت)\b|كيف س\w+"
)
_TELLS = (
    (
        rf"{_ADVICE}|\b(?:should|ought|must)\b|\b(?:need|ha[sd]|have)s? to\b|\b(?:is|are) to\b|\bwants?\b"
        r"|(?:^|\s)[وف]?(?:[يت]نبغي|[يت]جب|[يت]تعين|[يت]لزم|ضروره|لا بد|[يت]ريد\w*|[يت]ري)\b|(?:^|\s)ان علي\b"
    ),
    (
        rf"{_TERMS}|{_ADVICE}|\b(?:shall|will|would|must|may)\b|\b(?:is|are|ha[sd]|have) to\b|\bunder th(?:e|is)\b"
        r"|(?:^|\s)[وف]?(?:س[يتن]\w{3,}|[يت]لتزم\w*|[يت]منع\w*|[يت]سمح\w*|[يت]تعهد\w*|بموجب\w*|بمقتض\w+|كذلك|كما)\b"
    ),
    (
        rf"{_REASONS}|\bdue\b|\bowing\b|\black\b|\bfail|\bfear|\btoo\b|\bfault|\bneglig"
        r"|(?:^|\s)[وف]?(?:فقد|[يت]عود|[يت]رجع|[يت]خش\w+|نقص|ضعف|غياب|[يت]?عترض\w*|اهمال)\b"
    ),
    (
        rf"{_STEPS}|\b(?:will|would|shall)\b|\b(?:was|were|has|have|had) (?:been )?\w+(?:ed|en|nt|ld|de)\b"
        r"|(?:^|\s)[وف]?(?:س[يتن]\w{3,}|[يت]عتزم\w*|[يت]نوي\w*|جري|تم|تمت)\b"
    ),
)
_KINDS = tuple(
    (re.compile(asked), re.compile(told))
    for asked, told in zip((_ADVICE, _TERMS, _REASONS, _STEPS), _TELLS, strict=True)
)
"""Of folded text: what asks for advice, terms, reasons, steps, and what tells them."""
_OPEN = re.compile(
    r"(?:and |but )?(?:(?:on |to |of |in |from )?what|why|how)\b"
    r"|[وف]?(?:ماذا|ما الذي|ما (?:ابرز|اهم) ما|بماذا|بم|علام|علي ماذا|الام|الي ماذا|فيم|لماذا|كيف)\b"
)
"""How a folded question begins that does not ask for one thing of a kind that it names."""
_ASKING = frozenset(
    "what which who how why where did does do has have are were is was ما ماذا ماهي هي من بماذا".split()
)


def many(question: str) -> Many:
    """Whether `question` asks for more than one thing."""
    if asks_for_several(question):
        return "several"
    folded = fold(question)
    return "perhaps" if _OPEN.match(folded.strip()) and any(asked.search(folded) for asked, _ in _KINDS) else "unsaid"


def asks_for_several(question: str) -> bool:
    """Whether `question` says that it asks for more than one thing."""
    if asks_for_list(question) is not None or _EACH.search(fold(question)):
        return True
    return _BROKEN_PLURAL.search(without_diacritics(question)) is not None


def asks_for_one(question: str) -> bool:
    """Whether `question` begins as those that ask for one thing do: when, who, how many."""
    return _ONE.match(fold(question)) is not None


def told_by(question: str) -> re.Pattern[str] | None:
    """What in a folded sentence tells of the kind of thing that is asked for; None where it is of no such kind."""
    folded = fold(question)
    return next((told for asked, told in _KINDS if asked.search(folded)), None)


def heads(question: str) -> frozenset[str]:
    """The stems of the words of `question` that name what it asks for: the conditions, to recommend."""
    said = words(question)
    first = next((word for word in said if word not in _ASKING and not is_stop_word(word)), "")
    found = {first} if first else set()
    found |= {word for word in said if any(asked.search(word) for asked, _ in _KINDS) and not is_stop_word(word)}
    return frozenset(map(stem, found))


def parties_asked(question: str) -> tuple[frozenset[str], ...]:
    """The stems of each of those of whom "each" is asked: of Norway, Iceland and the Faroe Islands, three sets."""
    if not re.search(r"\beach\b|(?:^|\s)[لب]?كل من\b", fold(question)):
        return ()
    named = re.search(r"\beach of ([^?؟]+)|كل من ([^?؟]+)", question)
    run = (named[1] or named[2]) if named else ""
    if not run or not re.search(r",| and |،| و", run):
        listed = re.search(
            r"(?:(?:the )?[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*(?:,? and |, )){1,}(?:the )?[A-Z][\w'’-]+", question
        )
        run = listed[0] if listed else run
    pieces = re.split(r",|،| and |\sو(?=\w{3})", run)
    sets = [frozenset(stem(word) for word in words(piece) if not is_stop_word(word)) for piece in pieces]
    sets = [one for one in sets if one]
    return tuple(sets) if len(sets) > 1 else ()
