"""What the source gives as somebody's word, told by a statement as plain fact."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from rag.grounding.attribution.others import whose_deed
from rag.grounding.attribution.reported import Reported, names_frame, span
from rag.grounding.attribution.speakers import is_role
from rag.grounding.attribution.speech import speeches
from rag.grounding.attribution.speech_parts import contrasts, is_denial, is_saying
from rag.grounding.attribution.speech_words import AMOUNTS, CLEAR_ENGLISH, HEDGES
from rag.grounding.attribution.words import (
    BARE_FRAMES,
    BY,
    DEEDS,
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
    SEIZED,
)
from rag.grounding.findings import Finding, Form
from rag.grounding.inflection import bare
from rag.grounding.wording import Token, sentences_of


def told_as_fact(statement: Sequence[Token], text: str, word: Reported, source: str) -> Finding | None:
    """The finding where a statement tells as plain fact what is somebody's word in `source`."""
    tokens = word.bearing.sentence.tokens
    own_frame = not word.speech.speaker or _document_speaks(source)
    if _hedged(statement, word.words, own_frame) or _made_by_saying(statement, word):
        return None
    if not word.speech.speaker and any(bare(token.folded) in MODALS for token in statement):
        return None
    places = sorted({*word.speech.speaker, word.speech.at})
    denial: Form = "denial" if is_denial(tokens[word.speech.at].folded) else ""
    return Finding("attribution", text.strip(), word.bearing.sentence.text[span(tokens, places)], denial)


def _made_by_saying(statement: Sequence[Token], word: Reported) -> bool:
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
    whose = whose_deed(statement, word)
    if whose == "another":
        return False
    if plainly and (whose == "own" or (speaker & GOVERNING and (governed | said) & (DEEDS - PLANNED))):
        return True
    if not word.speech.announces:
        return False
    return bool((governed | said) & DEEDS) or any(_future(one) for one in governed)


def _of_themselves(word: Reported) -> bool:
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


def _may_be_hers(word: Reported) -> bool:
    """Whether «ها» may be the speaker's: a woman's, a body's, or that of who speaks for one."""
    tokens = word.bearing.sentence.tokens
    feminine = tokens[word.speech.at].folded.endswith("ت")
    return feminine or any(is_role(tokens[at]) for at in word.speech.speaker)


def _possessed(word: str) -> bool:
    return (len(word) > 4 and word.endswith(("ها", "هم"))) or (len(word) > 3 and word in OWN)


def _in_doubt(word: Reported, said: AbstractSet[str] = frozenset()) -> bool:
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
    frames = [] if own_frame else [speech for speech in spoken if names_frame(statement, speech)]
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


def _says(word: str) -> bool:
    """Whether a word says something wherever it stands; English ones that are nouns too (a report, a state) do not."""
    return word in CLEAR_ENGLISH or (not word.isascii() and is_saying(word))


def _document_speaks(source: str) -> bool:
    """Whether a report or document says something in the source: a statement that names it names a speaker."""
    return any(
        bare(sentence.tokens[at].folded) in BARE_FRAMES
        for sentence in sentences_of(source)
        for speech in speeches(sentence.tokens)
        for at in speech.speaker
    )
