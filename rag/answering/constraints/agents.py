"""Who did the very deed that a question asks for: the subject beside its verb, or who stands after "by".

The subject stands directly before the verb in English, and directly after it in Arabic. A body that is named as the one
to which something was sent, to which it was done, or in another clause did not do it: only where its place beside the
verb leaves no doubt is it told as the one that did.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from rag.analysis import has_arabic
from rag.grounding.wording import Token, answers, read


class Named(NamedTuple):
    """A body named at text[start:end]; of Arabic the text is folded."""

    body: str
    text: str
    start: int
    end: int

    @property
    def before(self) -> str:
        return self.text[: self.start]

    @property
    def after(self) -> str:
        return self.text[self.end :]


LAWMAKERS = frozenset(("house", "senate", "lords", "commons", "parliament"))
_PERSONS = frozenset(("president", "premier", "ministry", "court"))
"""Who may be a person, to whom the deed may have been done: سُجن الرئيس is written as سجن الرئيس is."""

_OF = r"(?: of Representatives| of (?:the )?\w+(?: and \w+)?)?"
_ADVERB = r"(?: (?:has|have|had|then|also|later|already|finally|first|\w+ly))*"
_VERB = r" (?P<verb>[a-z]+)\b(?:(?<=voted) to (?P<to>[a-z]+)\b)?"
_VERB_AFTER = re.compile(rf"^{_OF}{_ADVERB}{_VERB}")
_VERB_AFTER_NAME = re.compile(rf"^{_OF}(?: [A-Z][\w.’'-]+){{0,4}}{_ADVERB}{_VERB}")
"""After a body in English: the House of Representatives then passed, President Joe Biden signed."""
_OBJECT = re.compile(
    r"^ (?!(?:in|on|by|for|at|after|before|to|from|with|under|over|last|this|and|or|but|was|were|is|has|had|of|as|until"
    r"|during|when|who|that)\b)[\w\"“]"
)
"""After a verb of which what follows is the object; "the president jailed in 2012" was jailed."""
_NO_ADJECTIVE = (
    r"(?!(?:former|late|ousted|deposed|ex|to|in|of|by|for|from|with|against|at|on|under|and|or|than)\b"
    r"|[a-z]+(?:ed|ing)\b)"
)
_ARTICLE = r"(?:[Tt]he|[Aa]n?|[Ii]ts|[Hh]is|[Tt]heir|\w+['’]s)"
_OWN = rf"(?:{_ARTICLE} (?:{_NO_ADJECTIVE}[\w.-]+ ){{0,2}}|(?:[A-Z][\w.]* ){{0,2}})"
_BEGINS = re.compile(
    rf"(?:^[\"“]?|[.,;:!?(”\"—–] ?(?:(?:and|but|while) )?|\b(?:but|while) |^(?:In|On|Last) [\w,]+(?: \d+,?)* ){_OWN}$"
)
"""Before a body that is the subject: where a clause begins, with its own article and adjectives."""
_BY = re.compile(rf"\b(?P<verb>\w+)(?: (?:up|down|off|out|unanimously))? by {_OWN}$")
_BY_AR = re.compile(r"(?<!\w)(?P<verb>\w+) (?:(?P<it>\w+) )?(?:من قبل|علي يد|من جانب) $")
_BEFORE_AR = re.compile(r"(?<!\w)(?P<verb>\w+) $")
_ALONE_AR = re.compile(r"ال|مجلس|رييس|وزار|وزير|بلدي|برلمان|محكم|حكوم|قاض|ادار")
"""How one begins in Arabic to which no preposition and no «and» is written on."""
_DEFINITE = re.compile(r"^ \w+(?: وال\w+)? ال(?!\w*يه(?!\w)|عالي|سابق)\w+")
"""After a ministry in Arabic: a definite noun that is no adjective of it, the object (أغلقت وزارة الداخلية المشفى)."""
_ITS_AR = re.compile(r"\w{3,}(?:ه|ها|هم)$")
"""An Arabic verb with its object written on: أقره, after which the one that did it stands."""
_VOTED = re.compile(
    r"\b(?:pass(?:ed|es)|approv(?:ed|es)|voted|clear(?:ed|s)|adopt(?:ed|s))\b"
    r"|(?<!\w)[وف]?(?:صوتت?|(?:اقر|مرر|اجاز|اجز|صادق|اعتمد)(?:ته|تها|ت|ه|ها)?|تبن(?:ي|ت|اه|اها|ته|تها))(?!\w)",
    re.IGNORECASE,
)
_VOTE = re.compile(r"(?:pass|approve|votes?d?|clear|adopt|get|receive|win)$|[وف]?(?:نال|حصل|حاز)ت?$")
"""What lawmakers are asked about, of which any verb of `_VOTED` tells."""
_PARTS = re.compile(r"^(?P<and>[وف]?)(?P<verb>\w{2,}?)(?:تهم|تها|ته|هم|ها|وا|ت|ه)?$")


class Deed(NamedTuple):
    """What a question asks of a body: its verb, as read; `vote`: any that tells of a vote of lawmakers will do."""

    verb: Token | None
    vote: bool


def deed_of(asked: Named) -> Deed:
    """What the question does that names the body `asked` as the one that acts."""
    if has_arabic(asked.text):
        found = _BY_AR.search(asked.before) or _BEFORE_AR.search(asked.before)
    else:
        found = _BY.search(asked.before) or _VERB_AFTER_NAME.search(asked.after)
    word = found["verb"] if found else ""
    lawmaker = asked.body in LAWMAKERS
    vote = lawmaker and (not word or bool(_VOTE.match(word) or _VOTED.fullmatch(word)) or word in ("في", "فى"))
    return Deed(next(iter(read(word)), None), vote)


def agents(deed: Deed, text: str, bodies: Iterable[Named]) -> dict[int, Named | None]:
    """Where the deed stands in a text, as read for `bodies`, each with the body that plainly did it, if any."""
    places: dict[int, Named | None] = dict.fromkeys(one.start for one in read(text) if _same(deed.verb, one))
    if deed.vote:
        places |= dict.fromkeys(found.start() for found in _VOTED.finditer(text))
    for one in bodies:
        for at in _verbs(one):
            if at in places:
                places[at] = one
    return places


def _verbs(one: Named) -> list[int]:
    """Where the verbs stand of which a body is the subject or the agent."""
    if has_arabic(one.text):
        return _verbs_ar(one)
    if one.after[:2] in ("'s", "’s"):
        return []
    by = _BY.search(one.before)
    if by:
        return [by.start("verb")]
    does = (_VERB_AFTER_NAME if one.body in _PERSONS else _VERB_AFTER).search(one.after)
    if not does or not _BEGINS.search(one.before):
        return []
    votes = one.body not in _PERSONS and _VOTED.fullmatch(does["verb"])
    verbs = [one.end + does.start(part) for part in ("verb", "to") if does[part]]
    return verbs if votes or _OBJECT.search(one.after[does.end() :]) else []


def _verbs_ar(one: Named) -> list[int]:
    if not _ALONE_AR.match(one.text, one.start):
        return []
    by = _BY_AR.search(one.before)
    if by:
        return [by.start("verb"), *([by.start("it")] if by["it"] else [])]
    verb = _BEFORE_AR.search(one.before)
    if not verb:
        return []
    ministry = "وزار" in one.text[one.start : one.end] and _DEFINITE.search(one.after)
    votes = one.body not in _PERSONS and _VOTED.fullmatch(verb["verb"])
    return [verb.start("verb")] if votes or ministry or _ITS_AR.match(verb["verb"]) else []


def _same(asked: Token | None, there: Token) -> bool:
    if asked is None:
        return False
    if any(answers(asked, there, across) for across in (False, True)):
        return True
    return has_arabic(asked.folded) and has_arabic(there.folded) and not _forms(asked).isdisjoint(_forms(there))


def _forms(one: Token) -> frozenset[str]:
    """An Arabic word without what is written on to a verb in the past: اغلق of فاغلقته."""
    found = _PARTS.match(one.folded)
    return frozenset((found["verb"], found["and"] + found["verb"])) if found else frozenset((one.folded,))
