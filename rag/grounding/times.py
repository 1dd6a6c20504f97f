"""Whether a source bears out the dates, times and durations of a statement, each for the event that it is said of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rag.grounding.arithmetic import same_span, same_year
from rag.grounding.calendar_words import DAYS_IN
from rag.grounding.findings import Finding, Source
from rag.grounding.moment import Moment, agree, full_date, precision, same_duration
from rag.grounding.moments import moments
from rag.grounding.nearby import Around, surroundings
from rag.grounding.quantities import quantities
from rag.grounding.tokens import tokens

__all__ = ["Moment", "check_times", "moments"]

Verdicts = Sequence[bool | None]
_WIDE = frozenset(("today",))
"""Words that as often mean nowadays: they bear out, and need no bearing out."""


def check_times(statement: str, language: str, source: Source) -> list[Finding]:
    """The dates, times and durations of `statement` that the source does not have, or has for another event."""
    said = moments(statement, language, source.published)
    if not said:
        return []
    there = moments(source.text, source.language, source.published)
    around_said = surroundings(statement, [(one.start, one.end) for one in said])
    around_there = surroundings(source.text, [(one.start, one.end) for one in there])
    findings = []
    years = frozenset(one.year for one in there if one.year is not None)
    verdicts = [[_verdict(one, other, source.published, years) for other in there] for one in said]
    for number, (moment, around) in enumerate(zip(said, around_said, strict=True)):
        if moment.key in _WIDE:
            continue
        others = [(verdicts[n], around_said[n]) for n in range(len(said)) if n != number]
        fault = _fault(moment, around, verdicts[number], there, around_there, source, others)
        if fault is not None:
            instead = source.text[fault.start : fault.end] if isinstance(fault, Moment) else ""
            findings.append(Finding("date", statement[moment.start : moment.end], instead))
    return findings


def _fault(
    said: Moment, around: Around, verdicts: Verdicts, there: Sequence[Moment], around_there: Sequence[Around],
    source: Source, others: Sequence[tuple[Verdicts, Around]],
) -> Moment | bool | None:  # fmt: skip
    """What the source has instead of a moment (True: nothing plain); None where it bears it out.

    `verdicts` say of each moment of the source whether it is this one, those of `others` the same for the statement's
    other moments.
    """
    years = [one.year for one in there if one.year is not None]
    matching = [number for number, verdict in enumerate(verdicts) if verdict]
    rivals = [number for number, verdict in enumerate(verdicts) if verdict is False]
    if matching:
        finer = _finer(said, [there[n] for n in matching], [there[n] for n in rivals])
        if finer is not None:
            return finer
        swapped = _swapped(around, matching, [n for n in rivals if _alike(said, there[n])], around_there, others)
        return None if swapped is None else there[swapped]
    if said.kind == "duration":
        if any(abs(one.value - said.count) < 1e-9 and not one.unit for one in quantities(source.text, source.language)):
            return None
        if same_span(said, there, DAYS_IN[said.unit]) or _quarter(said, source):
            return None
        if said.within is not None and source.published is None:
            return None
        alike = [there[number] for number in rivals if _alike(said, there[number])]
        return alike[0] if len(alike) == 1 else True
    if said.kind == "date" and said.year is not None and precision(said) == 3 and same_year(said.year, there):
        return None
    if said.calendar == "hijri" and not rivals:
        return None
    if None in verdicts and (said.key or not rivals):
        return None
    nearer = [
        number for number in rivals if precision(there[number]) >= precision(said) and there[number].kind == "date"
    ]
    if (
        said.kind == "date"
        and not nearer
        and not years
        and source.published is not None
        and _on(said, source.published)
    ):
        return None
    if said.kind == "date" and said.year is not None and precision(said) == 3 and _written(said.year, source.text):
        return None
    alike = [there[number] for number in rivals if _alike(said, there[number])]
    return alike[0] if len(alike) == 1 else True


def _verdict(said: Moment, other: Moment, published: date | None, years: frozenset[int]) -> bool | None:
    """Whether the source's moment is the statement's; None where they cannot be compared."""
    if said.kind == "clock" or other.kind == "clock":
        return said.count == other.count if said.kind == other.kind else None
    if said.kind == "duration" and other.kind == "duration":
        if same_duration(said, other):
            return True
        overlap = said.within and other.within and said.unit != other.unit and agree(
            replace(said, kind="date"), replace(other, kind="date"), published, years
        )  # fmt: skip
        return bool(overlap)
    if "duration" in (said.kind, other.kind):
        if (said.kind == "duration" and said.within is None) or (other.kind == "duration" and other.within is None):
            return None
        return agree(said, other, published, years) or None
    return agree(said, other, published, years)


def _alike(said: Moment, other: Moment) -> bool:
    """Whether two moments are of the same kind, so that one may stand in place of the other."""
    return said.kind == other.kind and said.calendar == other.calendar and (
        said.kind != "date" or precision(said) == precision(other)
    )  # fmt: skip


def _finer(said: Moment, matching: Sequence[Moment], rivals: Sequence[Moment]) -> Moment | None:
    """The source's day where the statement names another, and agrees only with a month or a year of it."""
    if said.kind != "date" or any(precision(one) >= precision(said) for one in matching):
        return None
    for other in rivals:
        same_year = said.year is None or other.year is None or said.year == other.year
        if same_year and precision(other) >= precision(said) and other.kind == "date":
            return other
    return None


def _swapped(
    around: Around, matching: Sequence[int], rivals: Sequence[int], there: Sequence[Around],
    others: Sequence[tuple[Verdicts, Around]],
) -> int | None:  # fmt: skip
    """Which moment the source has for the statement's event, where it has the statement's for another event.

    Two words of the event must stand at the other date and none at this one; of two dates in each other's place, one.
    """
    if any(not there[number].words for number in matching):
        return None
    own = [word for number in matching for word in there[number].words]
    for rival in rivals:
        theirs = there[rival].words
        exchanged = Around(around.nearest).shared(there[rival], own) and any(
            verdicts[rival] and Around(other.nearest).shared(Around(tuple(own)), theirs) for verdicts, other in others
        )
        elsewhere = around.shared(there[rival], own) >= 2
        if exchanged or (elsewhere and not any(around.shared(there[number], theirs) for number in matching)):
            return rival
    return None


def _on(said: Moment, day: date) -> bool:
    return all(
        one is None or one == other
        for one, other in (
            (said.year, day.year), (said.month, day.month), (said.day, day.day), (said.weekday, day.weekday()),
        )
    ) and (precision(said) in (3, 5, 7) or full_date(said) == day)  # fmt: skip


def _quarter(said: Moment, source: Source) -> bool:
    """Whether a quarter of the source is the three months of the statement."""
    return (said.unit, said.count) == ("month", 3.0) and any(
        token.text in ("quarter", "الربع", "ربع") for token in tokens(source.text)
    )  # fmt: skip


def _written(year: int, text: str) -> bool:
    return any(token.kind == "number" and token.value == year for token in tokens(text))
