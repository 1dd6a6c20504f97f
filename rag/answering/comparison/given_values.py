"""The values that a sentence gives for what was asked, read more widely than `rag.answering.question.answer_type` does.

That module's readings decide what is quoted, so they are narrow. Here two sentences are compared that speak of one
thing anyway: «بلغ عدد القتلى 94», "left 63 dead" and «العقيد محسن مخلوف» give a number of killed, and a name, too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from rag.analysis import fold, folded_words, is_stop_word
from rag.answering.comparison.event_words import Sense, senses_of_word
from rag.answering.question.answer_type import Asked, Value, counted_keys, values_of
from rag.grounding.attribution.speech_parts import is_saying
from rag.grounding.names.source import is_person_word, read
from rag.grounding.names.tokens import is_ordinary
from rag.grounding.numbers.quantities import Quantity, quantities
from rag.grounding.tokens import Token, tokens

_PERSONS = folded_words("""people person persons individuals شخص شخصا أشخاص الأشخاص فرد فردا أفراد إنسان إنسانا""")
_OF_PERSONS: frozenset[Sense] = frozenset(("dead", "wounded", "displaced", "affected", "missing", "held", "executed"))
"""What people suffer: of "63 dead" and «41 قتيلا» the noun says that people are counted, and which."""
_NUMBER_OF = folded_words("number count toll total tally عدد حصيلة أعداد إجمالي مجموع")
_NOUN_REACH = 4
"""Words after "the number of" in which the thing counted is looked for."""
_NAMED_AFTER = 2
_IN = frozenset("in at near on from to of into outside around across toward towards".split())
"""Before a single English word they make it a place: the hills of Zabadin."""
_ACCORDING = folded_words("according وفق وفقا بحسب حسب")


def given_in(text: str, language: str, published: date | None, asked: Asked) -> list[Value]:
    """The values of the kind that is asked for in a sentence; relative dates count from `published`."""
    if asked.kind == "name":
        return _persons(text, language, asked)
    found = [one for one in values_of(text, language, published, asked) if not _of_month(text, one)]
    if asked.kind == "number" and not asked.family and not found:
        found = list(_counted_otherwise(text, asked))
    return found


def persons_asked(asked: Asked) -> frozenset[Sense]:
    """What the people of whom a question asks the number suffered; empty where it asks for no number of people."""
    words = [token.text for token in tokens(asked.question) if token.kind == "word"]
    senses = frozenset().union(*map(senses_of_word, words)) & _OF_PERSONS
    named = any(
        senses_of_word(word) & _OF_PERSONS and not asked.counted.isdisjoint(counted_keys(word)) for word in words
    )
    return senses if asked.persons or named else frozenset()


def _counted_otherwise(text: str, asked: Asked) -> Iterator[Value]:
    """Numbers of what is asked for by another noun (63 dead), and by one before them: the number of dead rose to 94."""
    stream = tokens(text)
    numbers = [one for one in quantities(text, "") if not (one.ordinal or one.vague or one.unit or one.share)]
    senses = persons_asked(asked)
    for one in numbers:
        after = _after(stream, one)
        if _of_month(text, Value(one.start, one.end, quantity=one)):
            continue
        if (
            senses
            and after
            and (after[0] in _PERSONS or any(not senses.isdisjoint(senses_of_word(word)) for word in after[:2]))
        ) or ((not after or is_stop_word(after[0]) or after[0] in _PERSONS) and _number_of(stream, one, asked, senses)):
            yield Value(one.start, one.end, quantity=one)


def _after(stream: Sequence[Token], one: Quantity) -> list[str]:
    """The words that follow a number at once."""
    found: list[str] = []
    for token in stream:
        if token.start >= one.end:
            if token.kind != "word" or len(found) == _NOUN_REACH:
                break
            found.append(token.text)
    return found


def _number_of(stream: Sequence[Token], one: Quantity, asked: Asked, senses: frozenset[Sense]) -> bool:
    """Whether "the number of", and what is counted, stand before a number, with no other number between."""
    before = [token for token in stream if token.end <= one.start]
    last = max((at for at, token in enumerate(before) if token.kind == "number"), default=-1)
    words = [token.text for token in before[last + 1 :] if token.kind == "word"]
    at = next((at for at, word in enumerate(words) if _is(word, _NUMBER_OF)), None)
    if at is None:
        return False
    if words[at + 1 : at + 2] == ["من"] or (at and words[at - 1] in ("a", "any")):
        return False  # "a number of families" is none that is told
    # "The death toll": what is counted may stand before the word, too.
    near = words[max(0, at - 1) : at + 1 + _NOUN_REACH]
    return any(
        not counted_keys(word).isdisjoint(asked.counted)
        or not senses.isdisjoint(senses_of_word(word))
        for word in near
    )  # fmt: skip


def _of_month(text: str, value: Value) -> bool:
    """Whether a number is that of a day: في 23 من الشهر."""
    following = [token.text for token in tokens(text[value.end :])[:2]]
    return value.quantity is not None and following[:1] == ["من"] and following[-1].endswith("شهر")


def _is(word: str, listed: frozenset[str]) -> bool:
    return word in listed or (len(word) > 3 and word[0] in "وفبل" and word[1:] in listed)


def _persons(text: str, language: str, asked: Asked) -> list[Value]:
    """The persons of a sentence, but for places that no list knows and for those who say what it says."""
    told = any(is_saying(token.text) for token in tokens(asked.question))
    found = [one for one in values_of(text, language, None, asked) if one.name and not _placed(text, one)]
    found = [one for one in found if told or not _says(text, one)]
    return found or [one for one in _ranked(text, asked) if told or not _says(text, one)]


def _placed(text: str, value: Value) -> bool:
    before = [token.text for token in tokens(text[: value.start])][-1:]
    return " " not in text[value.start : value.end] and bool(before) and before[0] in _IN


def _says(text: str, value: Value) -> bool:
    """Whether a name is that of who says it: according to Rami Ghanem, قال سامر الحمدان."""
    before = [token.text for token in tokens(text[: value.start]) if token.kind == "word"]
    after = [token.text for token in tokens(text[value.end :]) if token.kind == "word"]
    return (
        not _ACCORDING.isdisjoint(before[-3:])
        or any(is_saying(word) for word in before[-1:])
        or any(is_saying(word) for word in after[:1])
    )


def _ranked(text: str, asked: Asked) -> Iterator[Value]:
    """A name in no list after an Arabic rank with its article: العقيد محسن مخلوف."""
    from rag.grounding.names.check import Name

    content = read(text)
    words = content.tokens
    for hit in content.titles:
        at = hit.last
        if not (hit.entry.sure and words[hit.first].arabic and words[hit.first].word.startswith("ال")):
            continue
        last = at
        while last < len(words) and last - at < _NAMED_AFTER and words[last].gap == " " and _nameable(words[last].word):
            last += 1
        chosen = words[at:last]
        if len(chosen) == _NAMED_AFTER and not all(fold(one.word) in asked.question for one in chosen):
            start, end = chosen[0].start, chosen[-1].end
            name = Name(start, end, text[start:end], "person", tuple(one.word for one in chosen))
            yield Value(start, end, name=name)


def _nameable(word: str) -> bool:
    if is_stop_word(word) or (word.startswith(("ال", "لل")) and not is_person_word(word) and is_ordinary(word)):
        return False
    return is_person_word(word) or not is_ordinary(word)
