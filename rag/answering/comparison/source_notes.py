"""What an answer says of its sources beside quoting them: where they differ, who else says it, and how new they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from corpus.catalog import Entry
from rag.answering import phrases
from rag.answering.comparison.compared_sentences import Said, said_in
from rag.answering.comparison.corroboration import corroboration
from rag.answering.comparison.disagreement import disagreement
from rag.answering.context.unnamed_subjects import unclear
from rag.retrieval import Retrieved
from rag.types import Answer, Citation, Disagreement, DisputedValue, Frame, Statement


def closed(answer: Answer, retrieved: Retrieved, entries_of: Callable[[Sequence[str]], Sequence[Entry]]) -> Answer:
    """The answer with the same fact in the other language (quotes only), where sources differ, and how new they are.

    What it adds stands after the answer's own words. `entries_of` gives the stored documents of some ids.
    """
    if not answer.citations:
        return answer
    sentences = said_in(retrieved, answer.passages)
    ids = list(dict.fromkeys(said.document_id for said in sentences))
    entries = {entry.document_id: entry for entry in entries_of(ids)}
    dates = {document_id: entry.published for document_id, entry in entries.items()}
    sentences = [said for said in sentences if said.document_id in entries]
    places = [_place(citation) for citation in answer.citations]
    same, differ = None, None
    if answer.mode == "quotes":
        same = corroboration(retrieved.query, sentences, places[0], dates)
    made = _Made(answer, entries)
    if same is not None:
        made.corroborate(same)
    found = disagreement(retrieved.query, retrieved.language, retrieved.terms, sentences, places, dates)
    if found is not None:
        numbers = [made.cite(one.said, *one.agreeing) for one in found.told]
        values = tuple(
            DisputedValue(one.text, cited, one.published) for one, cited in zip(found.told, numbers, strict=True)
        )
        differ = Disagreement(found.kind, values, rising=found.rising)
    return made.answer(differ)


def _place(citation: Citation) -> tuple[str, int, int]:
    return citation.document_id, citation.start, citation.end


class _Made:
    """An answer to which citations are added."""

    def __init__(self, answer: Answer, entries: dict[str, Entry]) -> None:
        self._answer = answer
        self._entries = entries
        self._citations = {_place(citation): citation for citation in answer.citations}
        self._statements = list(answer.statements)
        self._corroborating: Citation | None = None

    def cite(self, *sentences: Said) -> tuple[int, ...]:
        """The numbers of these sentences' citations; one that is new is also a quote of an answer made of quotes."""
        return tuple(self._cited(said).number for said in sentences)

    def corroborate(self, said: Said) -> None:
        """Quotes `said` as saying what the first citation says."""
        self._corroborating = self._cited(said)
        first = self._answer.citations[0].number
        for place, statement in enumerate(self._statements):
            if statement.citations == (self._corroborating.number,):
                self._statements[place] = replace(statement, corroborates=first)

    def _cited(self, said: Said) -> Citation:
        if said.place not in self._citations:
            quoted = self._answer.mode == "quotes"
            if quoted and unclear(self._answer.question, said.title, said.text, said.before, said.language):
                self._cited(replace(said, number=said.number - 1))
            entry = self._entries[said.document_id]
            citation = Citation(
                number=len(self._citations) + 1,
                document_id=said.document_id,
                document_sha256=entry.sha256,
                title=entry.title,
                source=entry.source,
                publisher=entry.publisher,
                published=entry.published,
                language=said.language,
                start=said.span.start,
                end=said.span.end,
                quote=said.text,
                page=entry.page_at(said.span.start),
            )
            self._citations[said.place] = citation
            if quoted:
                self._statements.append(Statement(said.text, (citation.number,), "quoted"))
        return self._citations[said.place]

    def answer(self, differ: Disagreement | None) -> Answer:
        answer, citations = self._answer, tuple(self._citations.values())
        lines = []
        if self._corroborating is not None:
            lines.append(phrases.corroborates(answer.language, self._corroborating))
        if differ is not None:
            lines += phrases.sources_differ(answer.language, differ, citations)
        lines.append(phrases.newest_source(answer.language, citations))
        before, after = (answer.frame.before, answer.frame.after) if answer.frame else ("", "")
        text = answer.text.removesuffix(after).rstrip() if after else answer.text
        if answer.mode == "quotes" and before:  # what was added may be in another language than the rest
            text = text.removeprefix(before)
            before = phrases.quotes_frame(answer.language, {one.language for one in citations}).before
            text = f"{before}{text}"
        added = self._statements[len(answer.statements) :]
        frame = Frame(before, "\n".join(line for line in (after, *lines) if line))
        quotes = [f"{statement.text} [{statement.citations[0]}]" for statement in added]
        gap = "\n" if answer.mode == "quotes" else "\n\n"
        return replace(
            answer,
            text="\n".join([text, *quotes]) + gap + frame.after,
            statements=tuple(self._statements),
            citations=citations,
            frame=frame,
            disagreements=(differ,) if differ is not None else (),
        )
