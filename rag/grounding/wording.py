"""A statement's words and its source's, side by side: which sentences it rests on, and which word answers to which.

Words answer to each other by stem or Arabic root letters inside a language, by the glossary and the consonants of names
across. Everything is linear in the length of the text, but for a limit on how often one word may stand in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.analysis import LONGEST, fold, in_one_piece, is_stop_word, stem, without_possessive
from rag.bilingual import MIN_CONSONANTS, consonants, load_glossary
from rag.sentences import split_sentences

_PIECE = re.compile(
    r"\d+(?:[.,٫٬]\d+)*|[^\W\d_](?:\.[^\W\d_])+\.?"
    r"|(?:[^\W\d_]|[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640])+"
    r"(?:['’][^\W\d_]+)*|[,;:.!?،؛؟()«»“”\"—–…]"
)
_ARABIC = re.compile("[\u0621-\u064a]")
_SHORT_SKELETON = 3
"""Consonants that are too few for a word without a capital to be a name, spelt alike in the other language."""
_MANY = 12
"""A word that stands more often than this in a source says nothing about where a statement rests: the first count."""

# Past forms that no stemmer knows, with the form that the others have.
_IRREGULAR = dict(
    pair.split(":")
    for pair in """rose:rise risen:rise fell:fall fallen:fall won:win lost:lose said:say told:tell took:take taken:take
    gave:give given:give went:go gone:go came:come made:make held:hold met:meet paid:pay sold:sell bought:buy left:leave
    led:lead found:find felt:feel kept:keep built:build sent:send spent:spend began:begin begun:begin grew:grow
    grown:grow
    knew:know known:know saw:see seen:see broke:break broken:break chose:choose chosen:choose drew:draw drawn:draw
    drove:drive driven:drive ate:eat flew:fly flown:fly forgot:forget forbade:forbid forbidden:forbid froze:freeze
    frozen:freeze hid:hide hidden:hide laid:lay lent:lend meant:mean rode:ride ran:run sought:seek shook:shake
    shot:shoot
    sank:sink sunk:sink spoke:speak spoken:speak stole:steal stolen:steal stood:stand struck:strike swore:swear
    sworn:swear taught:teach thought:think threw:throw thrown:throw understood:understand withdrew:withdraw
    withdrawn:withdraw withheld:withhold wrote:write written:write became:become brought:bring caught:catch fought:fight
    got:get heard:hear fled:flee died:die dying:die beaten:beat hurt:hurt worn:wear woken:wake bitten:bite
    cut:cut hit:hit
    set:set put:put shut:shut quit:quit cast:cast bore:bear born:bear overthrew:overthrow overthrown:overthrow
    children:child women:woman men:man people:person countries:country denied:deny denies:deny""".split()
)
_PLURALS = frozenset("children women men people countries dying".split())
# Words after which another clause begins, and those before which one does.
_OPENS_CLAUSE = frozenset(
    """but while although though whereas because however since unless despite which who whose whom where when yet
    لكن ولكن لكنه لكنها بينما فيما حيث رغم بعدما عندما حين الا الذي التي الذين اللذين وهو وهي اذ لان لانه
    لانها""".split()
)
_STOPS = frozenset(",;:.!?،؛؟()—–…")
_QUOTES = frozenset('«»“”"')
_CONJUGATED = re.compile("^(?:[وف]?س?[يتنا](?=...)|[وف](?=....)|[بلك](?=....))")
_INFLECTED = re.compile("(?:وا|ون|ين|ان|ات|تا|نا|هم|ها|ه|ت|ي|ة)$")
_WEAK = re.compile("[اويىءة]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or punctuation mark at text[start:end]; `clause` counts up through a text."""

    folded: str
    stem: str
    start: int
    end: int
    capital: bool
    content: bool
    clause: int
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """The tokens of a sentence, and where it stands among its text's sentences."""

    text: str
    number: int
    tokens: tuple[Token, ...]


def same_language_stem(word: str) -> str:
    """The stem of a folded word, past forms of irregular verbs too."""
    return stem(_IRREGULAR.get(word, word))


_NO_PAST = frozenset("need indeed seed feed speed breed deed shed hundred embed".split())


def is_past(word: str) -> bool:
    """Whether a folded English word looks like a verb's past."""
    if word in _NO_PAST or word in _PLURALS:
        return False
    return word in _IRREGULAR or (len(word) > 3 and word.endswith("ed"))


@lru_cache(1 << 15)
def root_letters(word: str) -> str:
    """What the forms of an Arabic verb mostly share: its letters without inflection and weak letters; may be ""."""
    if word.startswith(("ال", "وال", "بال", "لل")):
        word = word.split("ل", 1)[1].removeprefix("ل")
    shorter = _CONJUGATED.sub("", word)
    for _ in range(2):
        cut = _INFLECTED.sub("", shorter)
        if len(cut) >= 3:
            shorter = cut
    letters = _WEAK.sub("", shorter)
    if len(letters) >= 4 and letters[0] in "تن":  # the ت and ن of derived forms (توقيع as وقع)
        letters = letters[1:]
    return letters


@lru_cache(1 << 15)
def _own_keys(word: str) -> frozenset[str]:
    keys = {same_language_stem(word)}
    if _ARABIC.search(word):
        for letters in {root_letters(word), root_letters(_CONJUGATED.sub("", word))}:
            if len(letters) >= 3 or (len(letters) == 2 and len(word) <= 5):
                keys.add("r:" + letters)
        if len(word) >= 5 and word.removeprefix("ال")[0] == "م" and len(rest := root_letters(word)[1:]) >= 3:
            keys.add("r:" + rest)  # participles: مشمولة as يشمل
        if len(word) == 4 and word[0] in "بل" and len(rest := root_letters(word[1:])) == 3:
            keys.add("r:" + rest)  # بقتل as قتل
        if len(word) >= 4 and word[0] in "تن":
            keys.add(stem("ي" + word[1:]))
    keys |= _skeletons(word)
    return frozenset(keys)


def _skeletons(word: str) -> set[str]:
    """The consonants of a name; th and ch may be one letter or another."""
    spellings = {consonants(word)}
    if "th" in word or "ch" in word:
        spellings.add(consonants(word.replace("th", "t").replace("ch", "k")))
    return {"s:" + skeleton for skeleton in spellings if len(skeleton) >= MIN_CONSONANTS}


@lru_cache(1 << 15)
def _other_keys(word: str) -> frozenset[str]:
    """The keys that a word may have in a text of the other language."""
    if word[0].isdigit():
        return frozenset((word,))
    glossary = load_glossary()
    keys: set[str] = set()
    forms = [word, _IRREGULAR.get(word, word)]
    arabic = bool(_ARABIC.search(word))
    if arabic:
        bare = _CONJUGATED.sub("", word)
        forms += [bare, "ي" + bare]
    for form in dict.fromkeys(forms):
        for _, ways in glossary.ways(form):
            for way in ways:
                if len(way) <= 2:
                    keys |= way
    keys |= {"r:" + letters for key in list(keys) if not arabic and len(letters := root_letters(key)) >= 3}
    keys |= _skeletons(word)
    keys.add(stem(word))
    return frozenset(keys)


def _of_case(keys: frozenset[str], word: str, capital: bool) -> frozenset[str]:
    """The keys of a word by how it is written: short English words without a capital are no names (between, بوتين)."""
    if capital or not word.isascii():
        return keys
    return frozenset(key for key in keys if not key.startswith("s:") or len(key) > _SHORT_SKELETON + 2)


@lru_cache(1 << 15)
def _of(piece: str) -> tuple[str, str, bool, frozenset[str]]:
    folded = in_one_piece(without_possessive(fold(piece)))
    if not folded or not folded[0].isalnum():
        return folded or piece, "", False, frozenset()
    if folded[0].isdigit():
        return folded.replace(",", ""), folded, True, frozenset((folded.replace(",", ""),))
    content = not is_stop_word(folded) and len(folded) > 1
    return folded, same_language_stem(folded), content, _of_case(_own_keys(folded), folded, not piece[0].islower())


def read(text: str, clause: int = 0) -> tuple[Token, ...]:
    """The tokens of `text`."""
    found: list[Token] = []
    bracketed = False
    for piece in _PIECE.finditer(text):
        written = piece.group()
        if len(written) > LONGEST:
            continue
        if written in _STOPS or written in _QUOTES:
            folded, stemmed, content, keys = written, "", False, frozenset[str]()
            clause += written in _STOPS
        else:
            folded, stemmed, content, keys = _of(written)
            clause += folded in _OPENS_CLAUSE
        bracketed = written == "(" or (bracketed and written != ")")
        found.append(Token(folded, stemmed, piece.start(), piece.end(), written[0].isupper(), content, clause, keys))
    return tuple(found)


@lru_cache(256)
def sentences_of(text: str) -> tuple[Sentence, ...]:
    """The sentences of a text, each read."""
    found: list[Sentence] = []
    clause = 0
    for number, span in enumerate(split_sentences(text)):
        part = text[span.start : span.end]
        tokens = read(part, clause + 1)
        clause = tokens[-1].clause if tokens else clause
        found.append(Sentence(part, number, tokens))
    return tuple(found)


def _keys_across(token: Token) -> frozenset[str]:
    return _of_case(_other_keys(token.folded), token.folded, token.capital)


def answers(one: Token, other: Token, across: bool) -> bool:
    """Whether a statement's word answers to a source's."""
    if not one.content or not other.content:
        return False
    return not (_keys_across(one) if across else one.keys).isdisjoint(other.keys)


@dataclass(frozen=True, slots=True)
class Bearing:
    """A statement and a sentence of its source: `pairs` are the content words that answer to each other.

    `share` is the part of the statement's content words that the sentence has.
    """

    sentence: Sentence
    pairs: tuple[tuple[int, int], ...]
    share: float


def bearings(statement: Sequence[Token], language: str, source: str, source_language: str) -> list[Bearing]:
    """The sentences of `source`, best first, that hold some of the statement's content words."""
    across = language != source_language
    wanted = [
        (at, _keys_across(token) if across else token.keys) for at, token in enumerate(statement) if token.content
    ]
    if not wanted:
        return []
    by_key: dict[str, list[int]] = {}
    for at, keys in wanted:
        for key in keys:
            where = by_key.setdefault(key, [])
            if len(where) < _MANY:
                where.append(at)
    rows: list[tuple[Sentence, list[tuple[int, int]]]] = []
    spread: dict[int, int] = {}
    for sentence in sentences_of(source):
        pairs: dict[tuple[int, int], None] = {}
        for at, token in enumerate(sentence.tokens):
            if token.content:
                for key in token.keys:
                    for one in by_key.get(key, ()):
                        pairs[one, at] = None
        if pairs:
            rows.append((sentence, sorted(pairs)))
            for one in {one for one, _ in pairs}:
                spread[one] = spread.get(one, 0) + 1
    weight = {at: 1.0 / (1 + 0.3 * (spread.get(at, 1) - 1)) for at, _ in wanted}
    whole = sum(weight.values())
    found = [
        Bearing(sentence, tuple(pairs), sum(weight[one] for one in {one for one, _ in pairs}) / whole)
        for sentence, pairs in rows
    ]
    return sorted(found, key=lambda bearing: (-bearing.share, bearing.sentence.number))


def resting(found: Sequence[Bearing], more: float = 0.18) -> list[Bearing]:
    """The best sentence, and those that add at least `more` of the statement's words to what it has."""
    chosen: list[Bearing] = []
    had: set[int] = set()
    for bearing in found[:8]:
        words = {one for one, _ in bearing.pairs}
        gain = len(words - had) / max(1, len(words)) * bearing.share
        if not chosen or gain >= more:
            chosen.append(bearing)
            had |= words
    return chosen


def word_for_word(statement: str, source: str) -> bool:
    """Whether every sentence of a statement is a whole sentence of the source."""
    there = {sentence.text for sentence in sentences_of(source)}
    return all(sentence.text in there for sentence in sentences_of(statement))
