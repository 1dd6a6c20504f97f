"""What speaks for a stretch of sentences as a list in prose, and how much (`rag.answering.lists.prose_lists`)."""

from __future__ import annotations

from typing import NamedTuple

from rag.logistic import weighed


class Signals(NamedTuple):
    """What speaks for a stretch of sentences as the list that is asked for; also the type of the weights.

    asked, perhaps, unasked: 1 where several things are asked for, where what is asked for is several things as a rule,
    and where neither is said (`rag.answering.lists.requested_items`). Of its first sentence: opens, goes_on: 1 if it
    begins as the first or a later item does. Of the later ones, how many have no word that goes on with a list, begin
    otherwise than the one before and do not tell of the kind of thing that is asked for: joined: in Arabic, with "and";
    bare: others. Of the sentence before: announced: 1 if it names this number of things; other_number: another number;
    several: it says that there are several; announcer: it does one of these and is one of the two best; led: its score;
    named: 1 if it has the word for what is asked for, and is no item itself; named_first: 1 if the first item has it.
    Then best, mean: the best and the mean score of the items, below that of the best sentence, as is led; context: how
    far their vectors, read with what stands around them, stand below the one that is most like the question; cut: 1 if
    the sentence after goes on with a list; wanted, unwanted: 1 if the question names this number, or another; values:
    the share of items with a value as it is asked for; kin: the share, and unkin: the number without, of what tells of
    the kind that is asked for: advice, terms, reasons, steps; parties: how many of those are named of whom "each" is
    asked; strangers: items that name none of them; strays: 1 if the last one says no more than "he" or "both" of whom
    it tells; coherent: mean cosine of each item and the one before; leaving: that of the sentence after and the last
    item (both times 10, above .8); broken: the share of items that begin a paragraph, but for the first; closes: 1 if
    the last ends one; coordinated: 1 if one of the two best sentences has a list in itself; pair: 1 for two items;
    length: how many; size: mean log of their characters over 100; lead: 1 if it begins with the first sentence that was
    found of the document.
    """

    asked: float
    perhaps: float
    unasked: float
    opens: float = 0.0
    goes_on: float = 0.0
    joined: float = 0.0
    bare: float = 0.0
    announced: float = 0.0
    other_number: float = 0.0
    several: float = 0.0
    best: float = 0.0
    mean: float = 0.0
    cut: float = 0.0
    wanted: float = 0.0
    unwanted: float = 0.0
    values: float = 0.0
    parties: float = 0.0
    strangers: float = 0.0
    coherent: float = 0.0
    leaving: float = 0.0
    coordinated: float = 0.0
    pair: float = 0.0
    length: float = 0.0
    size: float = 0.0
    lead: float = 0.0
    announcer: float = 0.0
    led: float = 0.0
    named: float = 0.0
    named_first: float = 0.0
    kin: float = 0.0
    unkin: float = 0.0
    broken: float = 0.0
    closes: float = 0.0
    context: float = 0.0
    strays: float = 0.0

    def dot(self, weights: Signals) -> float:
        return weighed(self, weights)


WEIGHTS = Signals(
    asked=3.74,
    perhaps=2.96,
    unasked=0.27,  # by hand 1 less than fitted: most of such stretches are no list
    opens=-0.32,
    goes_on=-2.07,
    joined=-0.39,
    bare=-1.07,
    announced=0.74,
    other_number=-0.93,
    several=1.61,
    best=-0.06,
    mean=0.19,
    cut=-0.82,
    wanted=1.03,
    unwanted=-1.58,
    values=3.08,
    parties=1.43,
    strangers=-0.94,
    coherent=1.41,
    leaving=-1.75,
    coordinated=-2.0,
    pair=-3.49,
    length=-0.45,
    size=-1.87,
    lead=-2.28,
    announcer=0.67,
    led=0.31,
    named=1.19,
    named_first=0.68,
    kin=0.94,
    unkin=-0.11,
    broken=-2.92,
    closes=0.22,
    context=0.78,
    strays=-1.21,
)
"""Fitted by `python -m evals.benchmarks.fit_enumerations MIXED_DEV`."""
