"""What a source gives as somebody's word must not be said as plain fact, nor as somebody else's word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from rag.bilingual import consonants
from rag.grounding.asserted import BESIDES, PREDICATE, assertions
from rag.grounding.attribution_words import (
    BARE_FRAMES,
    BY,
    DEEDS,
    DISPUTING,
    DOUBTED,
    EVENTS,
    GOVERNING,
    ITS,
    ITSELF,
    ITSELF_ARABIC,
    MODALS,
    OF_RECORD,
    OWN,
    PLAIN,
    PLANNED,
    POINTING,
    PRONOUNS,
    ROLES,
    SEIZED,
)
from rag.grounding.findings import Finding, Form, Source
from rag.grounding.governments import governments_of
from rag.grounding.speech import Speech, bare, contrasts, is_denial, is_saying, speeches
from rag.grounding.speech_words import AMOUNTS, CLEAR_ENGLISH, FRAMES, HEDGES
from rag.grounding.verbs import is_passive, subject
from rag.grounding.wording import Bearing, Token, answers, bearings, is_past, read, sentences_of, word_for_word

LEAST_SHARE = 0.2
"""Of the statement's words in a sentence, for it to be what the statement rests on; half of it across languages."""
GOVERNED = 0.6
"""The part of the words in common that must be in somebody's word for the statement to need saying whose."""
PLAINLY = 0.75
"""The part of those words that another sentence must have for it to say the same."""
MAIN_WORDS = 3
"""Words of a main clause that must be in somebody's word; one less where words answer across languages."""
INSIDE, ACROSS = 0.2, 0.15
"""The part of what a statement asserts that must be in somebody's word; less where words answer across languages."""
_SENTENCES = 6
"""Sentences of the source that are looked at, those with most of the statement's words."""
_NEAR = 5
"""Tokens between the names of one person."""


class _Word(NamedTuple):
    """Somebody's word in a sentence of the source, and the statement's words (places) that are in it."""

    bearing: Bearing
    speech: Speech
    words: frozenset[int]
    governs: bool


def _words_of(bearing: Bearing) -> list[_Word]:
    """Whose word a sentence is, as far as the statement rests on it."""
    found = []
    for speech in speeches(bearing.sentence.tokens):
        speaker = set(speech.speaker)
        places: dict[int, bool] = {}
        for said, at in bearing.pairs:
            if at not in speaker and at != speech.at:
                places[said] = places.get(said, False) or speech.first <= at < speech.last
        spoken = {said for said, at in bearing.pairs if at in speaker}
        counted = [said for said, inside in places.items() if inside or said not in spoken]
        inside = frozenset(said for said in counted if places[said])
        governs = bool(inside) and len(inside) >= min(2, len(counted)) and len(inside) >= GOVERNED * len(counted)
        found.append(_Word(bearing, speech, inside, governs))
    return found


def _made_by_saying(statement: Sequence[Token], word: _Word) -> bool:
    """Whether it is an announcement of what announcing makes so, or what somebody says of their own deeds."""
    tokens = word.bearing.sentence.tokens
    governed = {bare(token.folded) for token in tokens[word.speech.first : word.speech.first + 12]}
    said = {bare(token.folded) for token in statement}
    doubted = _in_doubt(word, said)
    if _of_themselves(word) and not doubted and not (governed | said) & (EVENTS - SEIZED):
        return True
    speaker = {bare(tokens[at].folded).removeprefix("لل") for at in word.speech.speaker}
    plainly = not doubted and tokens[word.speech.at].folded in PLAIN | BY
    if plainly and speaker & OF_RECORD:
        return True
    if (governed | said) & EVENTS:
        return False
    if plainly and speaker & GOVERNING and (governed | said) & (DEEDS - PLANNED) and not _of_another(word):
        return True
    if not word.speech.announces:
        return False
    return bool((governed | said) & DEEDS) or any(_future(one) for one in governed)


def _of_themselves(word: _Word) -> bool:
    """Whether a plain verb of saying opens what a speaker does: "it would lend", أن ضباطها ضبطوا, إحباط محاولة."""
    tokens = word.bearing.sentence.tokens
    speech = word.speech
    if tokens[speech.at].folded not in PLAIN:
        return False
    clause = tokens[speech.first : min(speech.last, speech.first + 14)]
    opening = [token.folded for token in clause if token.folded.isalnum()]
    if speech.announces and any(token.folded in SEIZED for token in clause[:9]):
        return True
    if speech.first > speech.at and opening:
        said = [token.folded for token in tokens[speech.at + 1 : speech.first]]
        if opening[0] == "لم":
            return False
        if any(one in ITSELF_ARABIC for one in said):
            return True
        if any(_possessed(one) and (not one.endswith("ها") or _may_be_hers(word)) for one in opening[:2]):
            return True
        if opening[0] in SEIZED or (opening[0] == "that" and opening[1:2] and opening[1] in SEIZED):
            return True
        if opening[0] in ITSELF and opening[1:2] != ["is"]:
            return "been" not in opening[:5]
        if any(one in ITSELF for one in opening[1:4]) and "been" not in opening[:6]:
            return True
    before = next((n for n in range(speech.at - 1, -1, -1) if tokens[n].folded in (",", "،", "”", '"')), -1)
    return speech.first < speech.at and before + 1 < speech.at and tokens[before + 1].folded in ITS


def _of_another(word: _Word) -> bool:
    """Whether the deeds that are told are another's: the ministry said that clinics had closed, not that they were."""
    tokens = word.bearing.sentence.tokens
    clause = range(word.speech.first, min(word.speech.last, word.speech.first + 12))
    deeds = [at for at in clause if bare(tokens[at].folded) in DEEDS - PLANNED]
    return bool(deeds) and all(
        is_past(tokens[at].folded)
        and not is_passive(tokens, at)
        and (who := subject(tokens, at)) != []
        and not any(is_role(tokens[one]) or one in word.speech.speaker for one in who)
        for at in deeds
    )


def _may_be_hers(word: _Word) -> bool:
    """Whether «ها» may be the speaker's: a woman's, a body's, or that of who speaks for one."""
    tokens = word.bearing.sentence.tokens
    feminine = tokens[word.speech.at].folded.endswith("ت")
    return feminine or any(is_role(tokens[at]) for at in word.speech.speaker)


def _possessed(word: str) -> bool:
    return (len(word) > 4 and word.endswith(("ها", "هم"))) or (len(word) > 3 and word in OWN)


def _in_doubt(word: _Word, said: AbstractSet[str] = frozenset()) -> bool:
    """Whether what is said is itself no more than suspected, possible or foreseen."""
    tokens = word.bearing.sentence.tokens[word.speech.first : word.speech.last]
    return any({token.folded, bare(token.folded)} & DOUBTED and bare(token.folded) not in said for token in tokens)


def _future(word: str) -> bool:
    return len(word) >= 5 and word.startswith(("سي", "ست", "سن")) and not word.endswith("ه")


def _segments(statement: Sequence[Token]) -> list[int]:
    """For each token, which side of the statement's contrasts it is on."""
    segment = 0
    found = []
    for at, token in enumerate(statement):
        following = statement[at + 1].folded if at + 1 < len(statement) else ""
        although = token.folded == "وان" and following in ("كان", "كانت", "كانوا")
        segment += bool(at) and (contrasts(statement, at) or although)
        segment += token.folded in (",", "،") and contrasts(statement, 0) and not segment
        found.append(segment)
    return found


def _hedged(statement: Sequence[Token], places: frozenset[int], own_frame: bool) -> bool:
    """Whether the words at `places` are no plain fact: beside a word of saying or opinion, or under "Minister: …".

    `own_frame` where it is a report or document that speaks in the source too.
    """
    segments = _segments(statement)
    sides = [segments[at] for at in places]
    side = max(set(sides), key=sides.count)
    spoken = speeches(statement)
    frames = [] if own_frame else [speech for speech in spoken if _frames(statement, speech)]
    spoken = [speech for speech in spoken if speech not in frames]
    framed = {at for speech in frames for at in (speech.at, *speech.speaker)}
    saying = {speech.at for speech in spoken}
    for at, token in enumerate(statement):
        word = token.folded
        if word in AMOUNTS:
            continue
        if word == "متهما" and at and statement[at - 1].folded.isdigit():
            continue
        if at in places and word in HEDGES and at not in saying:
            continue  # what was ignored were warnings: the source's clause has the word too
        if (
            at not in framed
            and segments[at] == side
            and (word in HEDGES or bare(word) in HEDGES or at in saying or _says(word))
        ):
            return True
    covered = {at for speech in spoken for at in range(speech.first, speech.last)}
    return 2 * len(places & covered) >= len(places) or ":" in [token.folded for token in statement[:8]]


def _frames(statement: Sequence[Token], speech: Speech) -> bool:
    """Whether it is only where a statement is from that is named: according to the text."""
    return len(speech.speaker) == 1 and _without_prefix(statement[speech.speaker[0]].folded) in FRAMES


def _without_prefix(word: str) -> str:
    """A folded Arabic word of saying's object without its preposition: للنص as النص."""
    return "ال" + word[2:] if word.startswith("لل") else word[1:] if word.startswith("بال") else word


def _says(word: str) -> bool:
    """Whether a word says something wherever it stands; English ones that are nouns too (a report, a state) do not."""
    return word in CLEAR_ENGLISH or (not word.isascii() and is_saying(word))


def _told_as_fact(statement: Sequence[Token], text: str, word: _Word, source: str) -> Finding | None:
    tokens = word.bearing.sentence.tokens
    own_frame = not word.speech.speaker or _document_speaks(source)
    if _hedged(statement, word.words, own_frame) or _made_by_saying(statement, word):
        return None
    if not word.speech.speaker and any(bare(token.folded) in MODALS for token in statement):
        return None
    places = sorted({*word.speech.speaker, word.speech.at})
    denial: Form = "denial" if is_denial(tokens[word.speech.at].folded) else ""
    return Finding("attribution", text.strip(), word.bearing.sentence.text[_span(tokens, places)], denial)


def _document_speaks(source: str) -> bool:
    """Whether a report or document says something in the source: a statement that names it names a speaker."""
    return any(
        bare(sentence.tokens[at].folded) in BARE_FRAMES
        for sentence in sentences_of(source)
        for speech in speeches(sentence.tokens)
        for at in speech.speaker
    )


def _span(tokens: Sequence[Token], places: Sequence[int]) -> slice:
    return slice(tokens[places[0]].start, tokens[places[-1]].end)


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


def _somebody_else(
    statement: Sequence[Token], written: str, said: Speech, words_: Sequence[_Word], language: str, source: Source
) -> Finding | None:
    across = language != source.language
    speaker = [statement[at] for at in said.speaker]
    if _speaks_otherwise(speaker, source, across):
        return None
    names = [token for token in speaker if token.folded not in PRONOUNS and not token.folded.isdigit()]
    if not names or _frames(statement, said):
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
        return Finding("attribution", written[_span(statement, said.speaker)], _speaker_text(meant[0]), "speaker")
    return None


def _speaker_text(word: _Word) -> str:
    speaker = word.speech.speaker
    return word.bearing.sentence.text[_span(word.bearing.sentence.tokens, speaker)] if speaker else ""


def _not_by(names: Sequence[Token], word: _Word, source: Source, across: bool) -> bool:
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


def _in_open_quotation(sentence: int, source: str) -> bool:
    """Whether a sentence stands inside a quotation that began before it."""
    depth = 0
    for one in sentences_of(source)[:sentence]:
        for mark in one.text:
            depth = depth + 1 if mark in "«“" else max(0, depth - 1) if mark in "»”" else depth
    return depth > 0


def _rests_on(weights: Mapping[int, float], found: Sequence[Bearing], word: _Word, source: str, across: bool) -> bool:
    """Whether what is asserted is borne out by somebody's word, and by no sentence of the narrator's own."""
    whole = sum(weights.values())
    inside = sum(weights.get(at, 0.0) for at in word.words)
    main = [at for at in word.words if weights.get(at, 0.0) not in (0.0, BESIDES)]
    least = ACROSS if across else INSIDE
    verb = next((at for at, weight in sorted(weights.items()) if weight >= PREDICATE), None)
    most = sum(weight > BESIDES for weight in weights.values())
    fewer = across + (word.bearing.sentence.tokens[word.speech.at].folded in DISPUTING)
    enough = len(main) >= min(max(1, MAIN_WORDS - fewer), most) or (across and verb in word.words)
    if inside < least * whole or not enough:
        return False
    for bearing in found:
        words = _words_of(bearing)
        spoken = {at for one in words for at in one.words} | (
            set() if not _in_open_quotation(bearing.sentence.number, source) else {at for at, _ in bearing.pairs}
        )
        plain = {at for at, _ in bearing.pairs} - spoken
        own = sum(weights.get(at, 0.0) for at in plain - word.words)
        theirs = sum(weights.get(at, 0.0) for at in word.words - plain)
        if plain and own >= theirs:
            return False
        shared = weights.keys() & word.words
        if bearing is not word.bearing and len(plain & shared) >= PLAINLY * len(shared):
            return False
    return True


def _unsaid(tokens: Sequence[Token], at: int) -> bool:
    """Whether it is only that somebody did not say it."""
    return any(token.folded in ("لم", "لن", "not", "never", "ولم", "ولن") for token in tokens[max(0, at - 2) : at])


def check_attribution(statement: str, language: str, source: Source) -> list[Finding]:
    """What the source gives as somebody's word, and `statement` as fact or as somebody else's."""
    tokens = read(statement)
    found = bearings(tokens, language, source.text, source.language)
    least = LEAST_SHARE if language == source.language else LEAST_SHARE / 2
    if not found or found[0].share < least or word_for_word(statement, source.text):
        return []
    across = language != source.language
    parts = assertions(tokens)
    for bearing in found[:_SENTENCES]:
        for word in _words_of(bearing):
            if word.governs and any(_rests_on(part, found, word, source.text, across) for part in parts):
                finding = _told_as_fact(tokens, statement, word, source.text)
                if finding:
                    return [finding]
                break
    everybody = [word for bearing in found[:6] for word in _words_of(bearing)]
    spoken = [speech for speech in speeches(tokens) if speech.speaker and not _unsaid(tokens, speech.at)]
    for said in spoken if len(spoken) == 1 else ():
        finding = _somebody_else(tokens, statement, said, everybody, language, source)
        if finding:
            return [finding]
    return []
