"""Whether what is quoted bears out what a question names.

Its places and other names, the office whose holder it asks for, the things that it counts, the deed whose reason it
wants. Words alone do not tell: "the Saudi interior ministry" has all of "Who is the Saudi interior minister?", and no
name; of "Why did Biden veto the bill?" the sentence that tells of his signing it has all but the veto.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.analysis import fold, is_stop_word, stem, words
from rag.answering.question.answer_type import asked_of, counted_in, values_of
from rag.answering.question.effects import kinds_in
from rag.answering.question.reason_cues import asks_why
from rag.answering.question.vote_counts import unvoted
from rag.bilingual import load_glossary
from rag.grounding.names.check import Name, names
from rag.grounding.names.gazetteer import load_lists
from rag.grounding.names.source import Read, bears_meaning, bears_word, read
from rag.grounding.names.tokens import tokens as name_tokens
from rag.grounding.negation.modality import modals
from rag.grounding.negation.negations import negations
from rag.grounding.negation.opposites import End, ends_at, loose
from rag.grounding.negation.verbs import is_verb
from rag.grounding.numbers.quantities import quantities
from rag.grounding.numbers.units import family
from rag.grounding.wording import Token
from rag.grounding.wording import read as read_words

_WHO = re.compile(
    r"(?:and )?(?:who|what) (?:is|was|are|were) (?:the )?(?:name of )?(?:the )?"
    r"|و?(?:من|ما) (?:هو|هي|كان|كانت|اسم) (?:اسم )?"
)
_BARE_WHO = re.compile(r"و?من ")
"""«من مدير المصرف؟»: before a title."""
_SMALL = frozenset(("of", "the", "in", "for", "at"))
_HEADS = re.compile(
    r"(?:and )?who (?:now |currently )?(?:heads|leads|chairs|governs|presides over)\b"
    r"|و?من (?:[يت]راس|[يت]تراس|[يت]قود)\b"
)
_OF_A_UNIVERSITY = frozenset(("president", "rector"))
"""One and the same in Arabic («رئيس جامعة»)."""
_ANY_HEAD = frozenset(("head", "president", "director", "speaker", "secretary-general", "mayor", "governor"))
"""Whom "who heads" may ask for."""
_HAPPENED = re.compile(r"(?:and )?what (?:happened|took place|occurred)\b|و?ماذا (?:حدث|جري|حصل|وقع)\b")
_YEAR = re.compile(r"\b(?:1[0-9]|20)[0-9]{2}\b")
_CLAUSE = re.compile(r"\b(?:who|that|when|which|الذي|التي|عندما|حين)\b")
_OFFICES = frozenset(
    (
        "ambassador,commander,consul,crown prince,dean,director,emir,envoy,foreign minister,governor,head,king,mayor,"
        "minister,mufti,patriarch,pope,president,prime minister,prosecutor,queen,rector,secretary-general,speaker,"
        "spokesperson,sultan,supreme leader,undersecretary"
    ).split(",")
)
"""Of the listed titles, those of one who holds an office: there are many players, and one president."""
_LONGEST = 8
"""Words of a question that asks for nothing but who holds an office."""

_DID = frozenset(("did", "does", "do"))
_LIFTED = re.compile("[وف]?[يتن]?رفع(?:ت|وا)?")
_LIFTABLE = re.compile("حظر|عقوب|حصار|قيود|تدابير|منع")
_LIFTED_REACH = 4
"""رفع is to raise, and of a ban, which stands within so many words, to lift."""
_INITIAL = 5
"""Letters from which on a word that begins with a name is of it: Amazon, Amazonian."""


def elsewhere(question: str, language: str, text: str) -> bool:
    """Whether a place that `question` names is not in `text`, in either language, nor a part of it (Damascus)."""
    listed = [name for name in names(question, language) if name.means and name.kind == "place"]
    if not listed:
        return False
    have = read(text)
    return any(not bears_meaning(have, name.means, byword=True) for name in listed)


def absent(question: str, language: str, text: str, written: str) -> bool:
    """Whether something that `question` names is nowhere in `text`, in `written`: a place, a body, somebody.

    A name that no list knows is looked for in its own language alone, since it may be spelt otherwise in the other, and
    a single Arabic word that none knows is perhaps no name. `text` should be all that was found of one document: the
    sentence that answers often has a pronoun.
    """
    if elsewhere(question, language, text):
        return True
    wanted = [
        name
        for name in names(question, language)
        if (name.kind != "place" if name.means else language == written and (language != "ar" or len(name.keys) > 1))
    ]
    if not wanted:
        return False  # to read a text for its names takes milliseconds
    have = read(text)
    return any(not _bears(have, name) for name in wanted)


def _bears(have: Read, name: Name) -> bool:
    """Whether a text has a word of a name, or one that begins with it."""
    if name.means:
        # A body of a state (Congress) is also spoken of by its parts and its members: the state is enough.
        states = frozenset(state for one in name.means for state in load_lists().parents.get(one, ()))
        if bears_meaning(have, name.means | states, byword=True):
            return True
    return any(
        bears_word(have, one) or (len(one.word) >= _INITIAL and any(word.startswith(one.word) for word in have.words))
        for one in name_tokens(name.text)
    )


def uncounted(question: str, language: str, sentences: Sequence[tuple[str, str]], passage: str) -> bool:
    """Whether `question` asks how many there are of something that none of the sentences (text, language) counts.

    The passage that the first of them is from must not speak of it either, by that word.
    """
    asked = asked_of(question)
    things = counted_in(asked) if asked is not None and not asked.persons else ()
    if asked is None or not things or any(values_of(text, written, None, asked) for text, written in sentences):
        return False
    if asked.votes and any(unvoted(text) for text, _ in sentences):
        return False  # that nobody has voted is the answer
    if asked.family:
        return not any(family(one.unit) == asked.family for one in quantities(passage, ""))
    if sentences[0][1] != language:
        return False  # a thing has many names in another language
    there = frozenset(map(stem, words(passage)))
    return all(there.isdisjoint(_forms(thing)) for thing in things)


def _forms(word: str) -> frozenset[str]:
    """The stems of an Arabic noun with and without what its case and its plural add (جنديا, مدمني), or of another."""
    bare = word[:-1] if word[-1] in "اي" and len(word) > 4 else word
    return frozenset((stem(word), stem(bare)))


def undone(question: str, sentences: Sequence[str]) -> bool:
    """Whether `question` asks why something was done that has an opposite, and the sentences tell of no such deed.

    Whoever asks why a ban was lifted, of documents that only tell of the ban, is not answered by them.
    """
    if not asks_why(question):
        return False
    asked = read_words(question)
    operators = (*negations(asked), *modals(asked))
    turned = {at for one in operators for at in one.governed if one.at < at}  # not by the ban that was lifted
    happened = frozenset().union(*map(kinds_in, sentences))
    there = [read_words(text) for text in sentences]
    ends = {end for tokens in there for at, one in enumerate(tokens) if one.stem for end in ends_at(tokens, at)}
    stems = {one.stem for tokens in there for one in tokens}
    for at, one in enumerate(asked):
        wanted = set() if not one.stem or at in turned else ends_of_deed(asked, at)
        if not happened.isdisjoint(kinds_in(one.folded)):
            continue  # "later than promised" tells of a delay
        if len({end.sign for end in wanted}) == 1 and not wanted & ends and stems.isdisjoint(_said_as(one)):
            return True
    return False


def _possessed(tokens: Sequence[Token], at: int) -> bool:
    """Whether an English word is somebody's: the plant's opening. The word before it is folded to "plant"."""
    return tokens[at].start - tokens[at - 1].start - len(tokens[at - 1].folded) == len("'s ")


def ends_of_deed(tokens: Sequence[Token], at: int) -> set[End]:
    """Where a verb of a question stands on the axes of opposites."""
    if _LIFTED.fullmatch(tokens[at].folded):
        after = tokens[at + 1 : at + 1 + _LIFTED_REACH]
        if any(_LIFTABLE.search(one.folded) for one in after):
            return {End("impose", -1)}
    before = tokens[at - 1].folded if at else ""
    if before.isascii() and tokens[at].folded.endswith("ing") and _possessed(tokens, at):
        return set()  # the plant's opening was delayed: the opening is no deed whose reason is asked
    deed = tokens[at].folded in ("against", "ضد") or is_verb(tokens, at)
    if not deed and not (_DID.isdisjoint(one.folded for one in tokens[:2]) or is_stop_word(before)):
        deed = not tokens[at].capital  # Why did the president veto it?
    if not deed:
        return set()
    return {end for end in ends_at(tokens, at) if not loose(end.axis)}


def _said_as(token: Token) -> set[str]:
    """The stems by which a deed may be told: its own, but not that of رفع, and those of its translations."""
    if _LIFTED.fullmatch(token.folded):
        return {"lift", "eas"}
    return {token.stem} | {part for _, ways in load_glossary().ways(token.folded) for way in ways for part in way}


def missed(question: str, language: str, text: str) -> bool:
    """Whether `question` asks for nothing but what happened in a place and a year, and one of them is not in `text`."""
    folded = fold(question).strip()
    years = set(_YEAR.findall(folded))
    if not years or not _HAPPENED.match(folded) or len(folded.split()) > _LONGEST:
        return False
    return not years <= set(_YEAR.findall(fold(text))) or elsewhere(question, language, text)


def unheld(question: str, sentences: Iterable[str]) -> bool:
    """Whether `question` asks for nothing but who holds an office, and none of the sentences has one with that title.

    Of a minister it must be the same ministry. The holder's name is not looked for: not every one is known for a name.
    """
    asked, portfolio = office_of(question), _portfolio(question)
    if not asked or _HEADS.match(fold(question).strip()):
        return False  # who heads it may be said with many words
    return not any(asked & _titles(text) and (not portfolio or portfolio & _portfolio(text)) for text in sentences)


def _titles(text: str) -> frozenset[str]:
    return frozenset().union(*(hit.entry.means for hit in read(text).titles))


def _portfolio(text: str) -> frozenset[str]:
    """What the ministries named in `text` are for."""
    return frozenset().union(*(hit.entry.means for hit in read(text).portfolios))


def office_of(question: str) -> frozenset[str]:
    """What the office is known as whose holder is asked for; empty where a question asks for something else."""
    folded = " ".join(fold(question).split()).rstrip(" ?؟.!")
    if _HEADS.match(folded) and len(folded.split()) <= _LONGEST:
        return _ANY_HEAD
    opening = _WHO.match(folded) or _BARE_WHO.match(folded)
    words_of_it = [word for word in folded.split() if word not in _SMALL]
    if opening is None or len(words_of_it) > _LONGEST or _CLAUSE.search(folded, opening.end()):
        return frozenset()
    if opening.re is _BARE_WHO and not any(hit.first == 1 for hit in read(question).titles):
        return frozenset()
    found = _titles(question) & _OFFICES
    return found | _OF_A_UNIVERSITY if found & _OF_A_UNIVERSITY else found
