"""What checking a claim gives: a verdict, and the sentences for and against it, each a citation; and its JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from rag.errors import InvalidQuery
from rag.sealing import sealed
from rag.types import SCHEMA, Citation, Filters, Models, Notice, ScoredPassage

VerdictName = Literal["supported", "contradicted", "not_found", "unclear"]
Stance = Literal["for", "against"]
Unclear = Literal["attributed", "denied", "part", "both", "near"]
"""Why a verdict is unclear: the sources give it only as somebody's word, or only tell that somebody denies it; they
bear out only a part; some say so and others otherwise; or what is near says neither."""

MAX_CLAIM_CHARS = 1000


@dataclass(frozen=True, slots=True)
class Evidence:
    """A citation that speaks for a claim or against it. `reasons`, in the verdict's language, say what differs.

    One that speaks for a claim and has reasons bears it out only in part, or as somebody's words.
    """

    citation: Citation
    stance: Stance
    reasons: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {**self.citation.to_json(), "stance": self.stance, "reasons": list(self.reasons)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Evidence:
        rest = {key: value for key, value in data.items() if key not in ("stance", "reasons")}
        return cls(Citation.from_json(rest), data["stance"], tuple(data["reasons"]))


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of a claim with its own verdict, the numbers of its citations, and why the verdict is unclear."""

    text: str
    verdict: VerdictName
    citations: tuple[int, ...]
    unclear: Unclear | None = None

    def to_json(self) -> dict[str, Any]:
        kind = {"unclear": self.unclear} if self.unclear else {}
        return {"text": self.text, "verdict": self.verdict, "citations": list(self.citations), **kind}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the documents say of a claim.

    supported: a source says so; contradicted: one says otherwise about the same thing (another number, date or name, or
    its negation); not_found: none is about it; unclear: a source is near and says neither, or only in part, or as
    somebody's words, or sources say both. `language` is that of the reasons and notices: the claim's, or
    the one asked for. `passages` are related ones, where no citation could be given. `notices` say what the reader
    should know beside it: that filters left documents out of which something was not found.
    """

    claim: str
    language: str
    verdict: VerdictName
    sentences: tuple[CheckedSentence, ...]
    evidence: tuple[Evidence, ...]
    passages: tuple[ScoredPassage, ...]
    index_generation: int
    models: Models
    elapsed_ms: int
    filters: Filters | None = None
    notices: tuple[Notice, ...] = ()

    @property
    def unclear(self) -> Unclear | None:
        """Why the verdict is unclear, by the kinds of its sentences; None where it is another, or it is not known.

        Of sentences that differ, or beside one that nothing is found about: something of the claim was found, as
        somebody's word or in part; else somebody denies some of it; else there is only what is near.
        """
        if self.verdict != "unclear":
            return None
        if any(one.verdict == "supported" for one in self.sentences):
            return "part"
        kinds = {one.unclear for one in self.sentences} - {None}
        if len(kinds) <= 1 and not any(one.verdict == "not_found" for one in self.sentences):
            return next(iter(kinds), None)
        if kinds & {"attributed", "part", "both"}:
            return "part"
        return "denied" if "denied" in kinds else "near" if kinds else None

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Those of the evidence, in the order of their numbers."""
        return tuple(one.citation for one in self.evidence)

    @property
    def citations_for(self) -> tuple[Citation, ...]:
        return tuple(one.citation for one in self.evidence if one.stance == "for")

    @property
    def citations_against(self) -> tuple[Citation, ...]:
        return tuple(one.citation for one in self.evidence if one.stance == "against")

    def to_json(self) -> dict[str, Any]:
        """The verdict as `--json` prints it, sealed with a digest."""
        data = {
            "schema": SCHEMA,
            "claim": self.claim,
            "language": self.language,
            "verdict": self.verdict,
            "statements": [one.to_json() for one in self.sentences],
            "citations": [one.to_json() for one in self.evidence],
            "passages": [passage.to_json() for passage in self.passages],
            "index_generation": self.index_generation,
            "models": asdict(self.models),
            "elapsed_ms": self.elapsed_ms,
        }
        if self.unclear:
            data["unclear"] = self.unclear
        if self.filters:
            data["filters"] = self.filters.to_json()
        if self.notices:
            data["notices"] = [notice.to_json() for notice in self.notices]
        return sealed(data)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Verdict:
        """The verdict that `to_json` wrote. Raises KeyError or TypeError on anything else."""
        return cls(
            claim=data["claim"],
            language=data["language"],
            verdict=data["verdict"],
            sentences=tuple(
                CheckedSentence(one["text"], one["verdict"], tuple(one["citations"]), one.get("unclear"))
                for one in data["statements"]
            ),
            evidence=tuple(Evidence.from_json(one) for one in data["citations"]),
            passages=tuple(ScoredPassage.from_json(one) for one in data["passages"]),
            index_generation=data["index_generation"],
            models=Models(**data["models"]),
            elapsed_ms=data["elapsed_ms"],
            filters=Filters.from_json(data["filters"]) if data.get("filters") else None,
            notices=tuple(Notice(**one) for one in data.get("notices", ())),
        )


def check_text(claim: str) -> str:
    """The claim without white space around it. Raises InvalidQuery when nothing is left or it is too long."""
    stripped = claim.strip()
    if not any(character.isalnum() for character in stripped):
        raise InvalidQuery("The claim is empty.", "Give it in words, in Arabic or English.", reason="empty")
    if len(stripped) > MAX_CLAIM_CHARS:
        raise InvalidQuery(
            f"The claim has {len(stripped):,} characters; at most {MAX_CLAIM_CHARS:,} are allowed.",
            "Check its sentences one by one.",
            reason="too_long",
            characters=len(stripped),
            limit=MAX_CLAIM_CHARS,
        )
    return stripped


def combined(verdicts: Sequence[VerdictName]) -> VerdictName:
    """The verdict on a claim by those on its sentences: contradicted if one of them is, else the one that they share.

    Where only a part is borne out, or found at all, it is unclear.
    """
    if "contradicted" in verdicts:
        return "contradicted"
    return verdicts[0] if len(set(verdicts)) == 1 else "unclear"
