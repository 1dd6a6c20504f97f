"""A government by its country, its capital or its seat: Ankara is Turkey where it speaks."""

from __future__ import annotations

from collections.abc import Sequence

from rag.analysis import fold
from rag.grounding.names.gazetteer import load_lists, means_of
from rag.grounding.wording import Token

# Seats and houses that no list of cities has, by the country that speaks from them.
_SEATS = {
    fold(seat): country
    for country, seats in {
        "US": "white_house|pentagon|state_department|البيت_الأبيض|البنتاغون",
        "GB": "downing_street|whitehall|داونينغ_ستريت",
        "FR": "elysee|quai_dorsay|الإليزيه",
    }.items()
    for seat in seats.split("|")
}


def governments_of(speaker: Sequence[Token]) -> frozenset[str]:
    """The countries (ISO 3166) whose government is named by a speaker's words, nisbas among them."""
    lists = load_lists()
    words = [token.folded for token in speaker]
    found: set[str] = set()
    for size in (2, 1):
        for at in range(len(words) - size + 1):
            name = words[at : at + size]
            if seat := _SEATS.get("_".join(name)):
                found.add(seat)
            for meaning in means_of(" ".join(name)):
                found.add(lists.governments.get(meaning, meaning if len(meaning) == 2 else ""))
    return frozenset(found - {""})
