"""Whether the speaker whom a statement names is who says it in the source, or somebody else."""

from __future__ import annotations

from collections.abc import Sequence

from rag.bilingual import consonants
from rag.grounding.attribution.governments import governments_of
from rag.grounding.attribution.reported import Reported, names_frame, span
from rag.grounding.attribution.speech import speeches
from rag.grounding.attribution.speech_parts import Speech, is_saying
from rag.grounding.attribution.words import POINTING, PRONOUNS, ROLES
from rag.grounding.findings import Finding, Source
from rag.grounding.inflection import bare
from rag.grounding.wording import Token, answers, sentences_of

_NEAR = 5
"""Tokens between the names of one person."""


def somebody_else(
    statement: Sequence[Token], written: str, said: Speech, words_: Sequence[Reported], language: str, source: Source
) -> Finding | None:
    """The finding where the speaker whom a statement names is none of those whose word it is in the source."""
    across = language != source.language
    speaker = [statement[at] for at in said.speaker]
    if _speaks_otherwise(speaker, source, across):
        return None
    names = [token for token in speaker if token.folded not in PRONOUNS and not token.folded.isdigit()]
    if not names or names_frame(statement, said):
        return None
    scope = set(range(said.first, said.last)) - set(said.speaker)
    shared: dict[int, int] = {}
    for number in {word.bearing.sentence.number for word in words_}:
        held = {at for word in words_ if word.bearing.sentence.number == number for at in word.words}
        for at in held & scope:
            shared[at] = shared.get(at, 0) + 1
    scores = [(sum(1.0 / shared[at] ** 2 for at in word.words & scope), word) for word in words_]
    best = max((score for score, _ in scores), default=0.0)
    if best < (1.5 if across else 1.0):
        return None
    meant = [word for score, word in scores if score >= 0.8 * best]
    theirs = {at for word in meant for at in word.words & scope}
    # What only the speaker whom the statement names says: it puts two people's words together.
    for word in words_:
        own = word.words & scope - theirs
        speakers = [word.bearing.sentence.tokens[at] for at in word.speech.speaker]
        if own and governments_of(names) & governments_of(speakers):
            return None
        if own and 3 * len(own) > len(theirs - word.words) and not _not_by(names, word, source, across):
            return None
    results = [_not_by(names, word, source, across) for word in meant]
    if all(results):
        return Finding("attribution", written[span(statement, said.speaker)], _speaker_text(meant[0]), "speaker")
    return None


def _speaker_text(word: Reported) -> str:
    speaker = word.speech.speaker
    return word.bearing.sentence.text[span(word.bearing.sentence.tokens, speaker)] if speaker else ""


def _not_by(names: Sequence[Token], word: Reported, source: Source, across: bool) -> bool:
    """Whether the people of `names` are not who speaks."""
    tokens = word.bearing.sentence.tokens
    speakers = [tokens[at] for at in word.speech.speaker]
    if all(token.folded in PRONOUNS for token in speakers):
        pronoun = _speakers_before(word.bearing.sentence.number, source.text)
        own = [token for token in tokens if token.content]
        return bool(pronoun) and not any(_same(name, other, across) for name in names for other in (*pronoun, *own))
    if governments_of(names) & governments_of(speakers):
        return False
    missing = [name for name in names if not any(_same(name, other, across) for other in speakers)]
    if not missing:
        return False
    telling = [name for name in missing if not is_role(name)]
    matched = [name for name in names if name not in missing]
    elsewhere = _speaks_elsewhere(telling, source, across)
    if not elsewhere and (any(not is_role(name) for name in matched) or all(map(is_role, speakers))):
        stands = [one for name in telling for one in _where_stands(name, source, across)]
        if matched or across or stands:
            return False
    if any(not is_role(name) for name in matched) and across:
        return False
    if not telling:
        if matched:
            return False
        telling = missing
    others = [token for token in speakers if not is_role(token)] or speakers
    # Who speaks elsewhere is somebody else, unless both stand side by side.
    if any(_together(name, others, source.text, across, 2 if elsewhere else _NEAR) for name in telling):
        return False
    stands = [one for name in telling for one in _where_stands(name, source, across)]
    # Nowhere in the source: another word for the same office, or a name of nobody, which is for the check of names.
    return bool(stands) or not (matched or (across and not any(name.capital for name in telling)))


def _speaks_otherwise(speaker: Sequence[Token], source: Source, across: bool) -> bool:
    """Whether a speaker stands by a verb of saying whose object is no clause (confirmed his death): of what is open."""
    named = [token for token in speaker if not is_role(token)]
    for sentence in sentences_of(source.text):
        read_as = {speech.at for speech in speeches(sentence.tokens)}
        open_ = any(
            is_saying(token.folded)
            and at not in read_as
            and any(one.folded in POINTING for one in sentence.tokens[at + 1 : at + 3])
            for at, token in enumerate(sentence.tokens)
        )
        if open_ and any(_same(name, other, across) for name in named for other in sentence.tokens):
            return True
    return False


def is_role(token: Token) -> bool:
    """Whether a word is an office or a kind of speaker, which two people may have."""
    word = token.folded
    return word in ROLES or bare(word) in ROLES or word.removesuffix("ها").removesuffix("ه") in ROLES


def _speakers_before(number: int, source: str) -> list[Token]:
    """Who may be meant by a pronoun: the words of the three sentences before."""
    before = sentences_of(source)[max(0, number - 3) : number]
    return [token for sentence in before for token in sentence.tokens if token.content]


def _same(name: Token, other: Token, across: bool) -> bool:
    """Whether two words may name one person; short names by what consonants they have (Haddad, حداد)."""
    if answers(name, other, across) or (name.content and _without_article(name) == _without_article(other)):
        return True
    if not across:
        return False
    keys, others = ({consonants(one), consonants(one.removeprefix("al"))} for one in (name.folded, other.folded))
    return any(len(key) >= 2 for key in keys & others)


def _without_article(token: Token) -> str:
    return token.folded.removeprefix("ال").removeprefix("لل")


def _together(name: Token, others: Sequence[Token], source: str, across: bool, reach: int = _NEAR) -> bool:
    """Whether a name stands near one of `others` anywhere in the source: one person, by name and by office."""
    for sentence in sentences_of(source):
        here = [at for at, token in enumerate(sentence.tokens) if _same(name, token, across)]
        for at in here[:6]:
            near = sentence.tokens[max(0, at - reach) : at + reach + 1]
            if any(is_saying(token.folded) for token in near) and len(here) > 1:
                continue
            if any(answers(one, token, False) for token in near for one in others):
                return True
    return False


def _where_stands(name: Token, source: Source, across: bool) -> list[Token]:
    return [token for one in sentences_of(source.text) for token in one.tokens if _same(name, token, across)]


def _speaks_elsewhere(names: Sequence[Token], source: Source, across: bool) -> bool:
    return any(
        answers(name, sentence.tokens[at], across)
        for sentence in sentences_of(source.text)
        for speech in speeches(sentence.tokens)
        for at in speech.speaker
        for name in names
    )
