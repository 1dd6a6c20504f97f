"""Bodies that stand for each other: the Senate, where the source says that the House passed it.

Two chambers, two courts, two ministries are named in the same sentences and do different things. One that stands
elsewhere in the passage bears nothing out, where the sentence itself has another in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from rag.analysis import fold, folded_words
from rag.claims.rivals import Claimed
from rag.grounding.findings import Finding, Source
from rag.grounding.names.source import read as read_names
from rag.grounding.names.titles import offices
from rag.grounding.nearby import Around, surroundings
from rag.grounding.wording import Token, read

_ARTICLES = folded_words("the US")
_WRITTEN_ON = frozenset("وفبلك")
MINISTRY = "ministry"
"""The group of the bodies that stand for a minister, too."""
_BEFORE_IT = 3
"""Words between a word for ministry and what it is of."""


class Form(NamedTuple):
    """A form of a body: its folded words, whether only a capital after an article tells it (the House), if it is sure.

    It may be of several (`names`): Congress is both houses.
    """

    words: tuple[str, ...]
    group: str
    names: frozenset[str]
    capital: bool
    sure: bool


@dataclass(frozen=True, slots=True)
class Body:
    """A body named at text[start:end] (code points): one of several `names` of a `group` that exclude each other."""

    group: str
    names: frozenset[str]
    start: int
    end: int
    sure: bool = True
    """Whether the form is of nothing else: the interior may be a country's, too."""


class InPlace(NamedTuple):
    """A body of the claim, and the one that a sentence has in its place, with where both stand."""

    mine: Body
    other: Body


def bodies(text: str) -> list[Body]:
    """The chambers, courts, councils and ministries that a text names, in order."""
    tokens = read(text)
    found: list[Body] = []
    at = 0
    while at < len(tokens):
        form = _form_at(tokens, at)
        if form is not None:
            end = at + len(form.words)
            found.append(Body(form.group, form.names, tokens[at].start, tokens[end - 1].end, form.sure))
        at += len(form.words) if form is not None else 1
    taken = [(one.start, one.end) for one in found if one.sure]
    ministries = [
        one for one in _ministries(text) if not any(one.start < end and start < one.end for start, end in taken)
    ]
    covered = [(one.start, one.end) for one in ministries]
    found = [one for one in found if not any(one.start < end and start < one.end for start, end in covered)]
    found += ministries
    return sorted(found, key=lambda one: one.start)


def other_body(claim: Claimed, sentence: Source) -> InPlace | None:
    """A body of the claim in whose place, beside the same words, the sentence has another, and not that one."""
    for one, same, rivals in _opposed(claim, sentence):
        slot = surroundings(claim.text, [(one.start, one.end)])[0]
        if any(_beside(slot, sentence, other, close=False) for other in same):
            continue
        for other in rivals:
            if _beside(slot, sentence, other, close=True):
                return InPlace(one, other)
    return None


def body_unknown(claim: Claimed, sentence: Source) -> Finding | None:
    """A body of the claim that the sentence does not name, where it names another, if not in its place."""
    for one, same, rivals in _opposed(claim, sentence):
        if not same:
            other = rivals[0]
            return Finding("unsure", claim.text[one.start : one.end], sentence.text[other.start : other.end])
    return None


def _opposed(claim: Claimed, sentence: Source) -> Iterator[tuple[Body, list[Body], list[Body]]]:
    """The bodies of the claim with those of the sentence that may be the same, and those that stand against them."""
    stated, there = bodies(claim.text), bodies(sentence.text)
    for one in stated:
        alike = [other for other in there if other.group == one.group]
        same = [other for other in alike if not other.names.isdisjoint(one.names)]
        rivals = [other for other in alike if other.sure and all(other.names.isdisjoint(mine.names) for mine in stated)]
        if rivals and one.sure:
            yield one, same, rivals


def body_before(claim: Claimed, sentence: Source, before: Sequence[Source]) -> Finding | None:
    """A body of the claim that a sentence without any may mean, where the nearest `before` it that has one has another.

    "The House has voted. The act passed by 389 votes": that does not say that it passed the Senate.
    """
    stated, there = bodies(claim.text), bodies(sentence.text)
    for one in stated:
        if any(other.group == one.group for other in there):
            continue
        for source in reversed(before):
            alike = [other for other in bodies(source.text) if other.sure and other.group == one.group]
            if alike and all(other.names.isdisjoint(mine.names) for other in alike for mine in stated):
                return Finding("unsure", claim.text[one.start : one.end], source.text[alike[0].start : alike[0].end])
            if alike:
                break
    return None


def as_finding(found: InPlace, claim: Claimed, sentence: Source) -> tuple[Finding, str]:
    """What is told of it: the claim's body, and the sentence's in its place."""
    return (
        Finding("body", claim.text[found.mine.start : found.mine.end]),
        sentence.text[found.other.start : found.other.end],
    )


def _beside(slot: Around, sentence: Source, body: Body, *, close: bool) -> bool:
    """Whether a body stands in one clause with the words next to the claim's; if `close`, next to them too."""
    around = surroundings(sentence.text, [(body.start, body.end)])[0]
    return bool(Around(slot.nearest).shared(Around(around.nearest) if close else around))


def _form_at(tokens: Sequence[Token], at: int) -> Form | None:
    """The longest form that begins at a word."""
    bare = {tokens[at].folded}
    for _ in range(2):  # وللمحكمة
        bare |= {word[1:] for word in bare if word[0] in _WRITTEN_ON and len(word) > 3}
        bare |= {"ال" + word[2:] for word in bare if word.startswith("لل")}
    for form in (one for start in bare for one in _forms().get(start, ())):
        rest = tokens[at + 1 : at + len(form.words)]
        if tuple(token.folded for token in rest) != form.words[1:]:
            continue
        before = tokens[at - 1].folded if at else ""
        if not form.capital or (tokens[at].capital and before in _ARTICLES):
            return form
    return None


@cache
def _forms() -> dict[str, tuple[Form, ...]]:
    """The forms by their first word, longest first."""
    text = (files("rag.claims") / "bodies.tsv").read_text(encoding="utf-8")
    found: dict[str, list[Form]] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            group, named, *listed = line.split("\t")
            names = frozenset(named.split("+"))
            for written in (form for forms in listed for form in forms.split("|")):
                words = tuple(fold(written.lstrip("^~")).split())
                form = Form(words, group, names, written.startswith("^"), not written.startswith("~"))
                found.setdefault(words[0], []).append(form)
    return {first: tuple(sorted(forms, key=lambda one: -len(one.words))) for first, forms in found.items()}


def _ministries(text: str) -> Iterator[Body]:
    """Ministries and ministers, by what they are of: the Ministry of Defence, وزير الداخلية."""
    content = read_names(text)
    for hit, word in offices(content):
        places = range(min(hit.first, word), max(hit.last, word + 1))
        if len(places) > _BEFORE_IT + hit.last - hit.first:
            continue
        start, end = content.tokens[places[0]].start, content.tokens[places[-1]].end
        yield Body(MINISTRY, hit.entry.means, start, end)
