"""Which words of a claim its evidence leaves without any counterpart: those it must have, if it bears the claim out.

A thing that the claim names (cocaine, tomatoes, useless) must be in the passage, in whatever form or language, and so
must a verb that has an opposite (lifted, boycotted). Of the verb of the main clause, it or another of its meaning, by
the glossary or `deeds.tsv`, must be in the sentence: who opened the plant has not resigned. Any other verb may be said
in too many ways to be looked for.
What the embedding model's token states say beside that was measured on right development pairs of grounding, and tells
too little: a word that is said otherwise is nearer to the source's nearest word than another put in its place in only
64 to 74 of 100 comparisons (AUC, by direction).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from rag.analysis import Words, folded_words, stem
from rag.bilingual import Bridge, Glossary, load_glossary, search_glossary
from rag.claims.deeds import families, families_at, phrase_families
from rag.grounding.attribution.asserted import PREDICATE, assertions
from rag.grounding.attribution.speech import speeches
from rag.grounding.attribution.speech_parts import Speech
from rag.grounding.attribution.words import BY, PLAIN
from rag.grounding.findings import Source
from rag.grounding.nearby import TELLS_NOTHING
from rag.grounding.negation.modality import modals
from rag.grounding.negation.negations import negations
from rag.grounding.negation.opposites import End, ends_at, loose, quantity
from rag.grounding.negation.verbs import is_verb
from rag.grounding.numbers.words import number_word
from rag.grounding.wording import Token, bearings, read, sentences_of

SPARED = 8
"""Across languages one in so many words may be without counterpart: translations are free, and glossaries have gaps."""

_SHORT = 6
"""Words of a claim of which the verb is much: that somebody resigned."""

_LIGHT = TELLS_NOTHING | folded_words(
    """thing things way part parts case matter fact kind type group member level amount use own whole same new such
    called named known while due result order form number numbers figure favour favor most near
    بأن بأنه بأنها بشأن بخصوص عبارة أدى أدت
    شيء أمر قضية مسألة ملف مجال إطار جانب عملية حالة نوع جزء طرف بعض كل جميع نفس ذات بين بينهم بينها ضمن خلال حول
    تجاه إزاء قرابة يوم أيام تاريخ جديد جديدة مجموعة عدد صاحب أصحاب أصحابها الأول الثاني مقابل لصالح ضد أغلبية بأغلبية
    المسمى المعروف معروف"""
)
"""Words that say nothing by themselves, and stand beside any other."""
_LIGHT_VERBS = folded_words(
    """put puts use used uses made makes took takes gave gives held holds came comes went goes kept keeps set sets
    brought brings began begins started starts got gets ran runs carried carries led leads remain remained became
    becomes lie lies lay lain stand stands stood turn turns turned
    قام قامت يقوم تقوم جعل جعلت يجعل أخذ أخذت وضع وضعت يضع عمل عملت يعمل جرى جرت يجري تجري وقع وقعت حصل حصلت بدأ بدأت
    يبدأ أصبح أصبحت يصبح ظل ظلت بقي بقيت صار صارت بلغ بلغت يبلغ تبلغ شكل شكلت يشكل تشكل ضم ضمت يضم تضم"""
)
"""Verbs that say little without what they govern: the source may say it in many others."""
_PARTICLES = folded_words("down up out off away over back aside apart")


def uncovered(
    claim: str, language: str, near: Source, passage: Source, besides: set[int], *, strict: bool = False
) -> list[Token]:
    """The words of `claim` (`language`: ISO 639-1) without a counterpart, those at `besides` left out.

    `strict`: across languages a word is looked for if it is known for searching, not only by the smaller glossary.

    Things are looked for in the whole `passage`, verbs that have an opposite `near` the sentence. Across languages a
    word that no glossary knows is left out too: it cannot be looked for.
    """
    tokens = read(claim)
    across = language != passage.language
    close, found = (_found(claim, tokens, language, source) for source in (near, passage))
    stems, beside = (_stems(source) for source in (passage, near))
    ends = frozenset(end for part in sentences_of(near.text) for end in _ends(part.tokens))
    # Across languages translations are free: there, only where the verb is most of what is claimed.
    free = across and sum(token.content for token in tokens) > _SHORT
    told = None if free or _says_lightly(near) else _told(tokens)
    deeds = frozenset(
        one
        for part in sentences_of(near.text)
        for place in range(len(part.tokens))
        for one in families_at(part.tokens, place)
    )
    turned = {at for operator in (*negations(tokens), *modals(tokens)) for at in operator.governed}
    things: list[Token] = []
    verbs: list[Token] = []
    for at, token in enumerate(tokens):
        if at in close or at in besides or not _tells(tokens, at) or (at and phrase_families(tokens, at - 1)):
            continue
        mine = {end for end in ends_at(tokens, at) if not loose(end.axis)}
        verb = is_verb(tokens, at)
        if mine & ends or ((verb or not token.folded.isascii()) and not families_at(tokens, at).isdisjoint(deeds)):
            continue
        if verb:
            opposed = len({end.sign for end in mine}) == 1  # not رفع: raised, and lifted
            main = at == told and _known(token.folded) and _said_otherwise(token.folded).isdisjoint(beside)
            if (opposed or main) and at not in turned:
                verbs.append(token)
        elif not (at in found or _ways(token.folded) & stems or (across and not _known(token.folded, strict=strict))):
            things.append(token)
    spared = sum(token.content for token in tokens) // SPARED if across else 0
    return verbs + (things if len(things) > spared else [])


def _deeds(tokens: Sequence[Token]) -> Iterator[int]:
    """The families of the deeds that a sentence tells, and does not negate."""
    turned = {at for operator in negations(tokens) for at in operator.governed}
    for at, token in enumerate(tokens):
        if at not in turned:
            yield from families(token.folded)


def _told(tokens: Sequence[Token]) -> int | None:
    """The place of the verb of a claim's main clause, where it says more than that somebody did something."""
    predicate = [at for part in assertions(tokens)[:1] for at, weight in part.items() if weight >= PREDICATE]
    arabic = [at for at, token in enumerate(tokens) if token.content and not token.folded.isascii()]
    first = next((at for at in predicate or arabic if is_verb(tokens, at)), None)
    if first is None or tokens[first].folded in _LIGHT_VERBS:
        return None
    # Stepped down, turned out: another verb than by itself.
    return None if first + 1 < len(tokens) and tokens[first + 1].folded in _PARTICLES else first


def _says_lightly(source: Source) -> bool:
    """Whether a sentence has a verb that says little by itself: "lay inside" for hidden, "made" for produced."""
    return any(token.folded in _LIGHT_VERBS for part in sentences_of(source.text) for token in part.tokens)


def _stems(source: Source) -> frozenset[str]:
    """The stems of the words of `source` that say something."""
    return frozenset(token.stem for part in sentences_of(source.text) for token in part.tokens if token.content)


def saying(claim: str, sentence: Source) -> set[int]:
    """The places of the claim's plain words of saying, where the sentence gives something as somebody's word too.

    «أكد» for «أوضح», "according to" for "said": whose word it is, is looked at by itself.
    """

    def plain(tokens: Sequence[Token]) -> list[Speech]:
        return [one for one in speeches(tokens) if one.speaker and tokens[one.at].folded in PLAIN | BY]

    if not plain(read(sentence.text)):
        return set()
    return {one.at for one in plain(read(claim))}


def _found(claim: str, tokens: Sequence[Token], language: str, source: Source) -> set[int]:
    """The places of the claim's words that `source` has, in whatever form; across languages as phrases too."""
    found = {at for bearing in bearings(tokens, language, source.text, source.language) for at, _ in bearing.pairs}
    if language != source.language:
        # A counterpart is one by whatever is known for searching.
        ways = search_glossary().ways(claim, inflected=True)
        bridge = Bridge(claim, {word: 1.0 for word, _ in ways}, search_glossary(), inflected=True)
        phrases = {word for phrase in bridge.found(Words.of(source.text)) for word in phrase.split()}
        found |= {at for at, token in enumerate(tokens) if token.folded in phrases}
    return found


def _ends(tokens: Sequence[Token]) -> Iterator[End]:
    """The ends of axes that a text has, turned round where they are negated."""
    over: dict[int, int] = {}
    for operator in negations(tokens):
        for at in operator.governed:
            over[at] = over.get(at, 0) + 1
    for at, token in enumerate(tokens):
        if token.stem:
            for end in ends_at(tokens, at):
                yield End(end.axis, end.sign * (-1) ** over.get(at, 0))


def _tells(tokens: Sequence[Token], at: int) -> bool:
    """Whether a word is one that a source must have: no number, no name's article, none that says nothing."""
    token = tokens[at]
    word = token.folded
    bare = word.removeprefix("و").removeprefix("ال")
    if not token.content or word[0].isdigit() or len(bare) < 3 or number_word(word) or quantity(word):
        return False
    return _LIGHT.isdisjoint((word, bare, "ال" + bare))


@lru_cache(1 << 14)
def _ways(word: str) -> frozenset[str]:
    """The stems of the words of either language that mean the same by the glossary: synonyms share a translation."""
    return _meaning(word, load_glossary())


@lru_cache(1 << 10)
def _said_otherwise(verb: str) -> frozenset[str]:
    """The stems of the words by which a verb may be said, by all that is known for searching."""
    return _meaning(verb, search_glossary())


def _meaning(word: str, glossary: Glossary) -> frozenset[str]:
    over = {part for _, ways in glossary.ways(word) for way in ways if len(way) == 1 for part in way}
    back = {part for other in over for _, ways in glossary.ways(other) for way in ways if len(way) == 1 for part in way}
    return frozenset(over | back | {stem(word)})


def _known(word: str, *, strict: bool = False) -> bool:
    return any(ways for _, ways in (search_glossary() if strict else load_glossary()).ways(word, inflected=strict))
