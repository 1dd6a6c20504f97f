"""Answers as text, Markdown and HTML. Pure functions: nothing here asks the engine, and nothing here knows Gradio.

Documents are hostile: their text is escaped wherever it goes, and a `[1]` in it stays text. Markers come from the
citations of an answer alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from rag.answering import phrases
from rag.types import Answer, Citation, Notice, ScoredPassage, Statement
from ui import i18n, panel
from ui.templating import render, source_name

if TYPE_CHECKING:
    from markupsafe import Markup

RELATED_PASSAGES = 3
"""How many related passages an answer that found nothing shows."""

_QUOTES = {"ar": "«{}»", "en": "“{}”"}
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#!|~&$])")
# A list marker or an underline of a heading, which mean something only where a line begins.
_MARKDOWN_LIST = re.compile(r"^(\d*)([-+=.)])")
# What would turn a line around when it is pasted elsewhere.
_OVERRIDES = re.compile("[\u202d\u202e]")


@dataclass(frozen=True, slots=True)
class Line:
    """A statement as it is shown: its text and the citations whose markers follow it."""

    text: str
    citations: tuple[Citation, ...]
    support: str
    reasons: tuple[str, ...] = ()
    corroborates: int | None = None


@dataclass(frozen=True, slots=True)
class Disputed:
    """One of the values that sources give, as it is shown: in a source's words, with the name of the source."""

    text: str
    source: str
    published: date | None
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """The values in which sources differ on one thing; `rising`: counts that went up from source to source."""

    values: tuple[Disputed, ...]
    rising: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Statements shown together: quotes from one document, or a paragraph of prose (then `citation` is None)."""

    lines: tuple[Line, ...]
    citation: Citation | None = None

    @property
    def quoted(self) -> bool:
        """Whether the lines are a source's own words."""
        return self.citation is not None

    @property
    def pages(self) -> dict[int, list[int]]:
        """The pages that the quotes stand on, each with the numbers of its citations."""
        found: dict[int, list[int]] = {}
        for citation in (one for line in self.lines for one in line.citations):
            if citation.page and citation.number not in found.setdefault(citation.page, []):
                found[citation.page].append(citation.number)
        return found

    @property
    def text(self) -> str:
        """All that the lines say."""
        return " ".join(line.text for line in self.lines)


def blocks(answer: Answer) -> tuple[Block, ...]:
    """The statements of an answer, grouped: quotes of one document together, prose in the paragraphs of `text`."""
    by_number = {citation.number: citation for citation in answer.citations}
    found: list[Block] = []
    after = 0
    for statement in answer.statements:
        line = _line(statement, by_number)
        at = answer.text.find(statement.text, after)
        new_paragraph = at < 0 or "\n" in answer.text[after:at]
        after = at + len(statement.text) if at >= 0 else after
        # A sentence of a language model's is never set as a quote, not even one in a source's very words.
        first = line.citations[0] if answer.mode == "quotes" and line.citations else None
        last = found[-1] if found else None
        same = last and first and last.citation and last.citation.document_id == first.document_id
        if last and same and statement.corroborates is None:
            found[-1] = Block((*last.lines, line), last.citation)
        elif last and first is None and last.citation is None and not new_paragraph:
            found[-1] = Block((*last.lines, line))
        else:
            found.append(Block((line,), first))
    return tuple(found)


def related(answer: Answer) -> tuple[ScoredPassage, ...]:
    """The passages to show beside an answer that found nothing; none beside any other."""
    return answer.passages[:RELATED_PASSAGES] if answer.status == "not_found" else ()


def disputes(answer: Answer) -> tuple[Dispute, ...]:
    """The values in which sources differ, for each thing in which they do."""
    by_number = {citation.number: citation for citation in answer.citations}
    return tuple(
        Dispute(
            tuple(
                Disputed(value.text, source, value.published, tuple(by_number[number] for number in value.citations))
                for value, source in zip(differ.values, phrases.named_sources(differ, answer.citations), strict=True)
            ),
            differ.rising,
        )
        for differ in answer.disagreements
    )


def _closing(answer: Answer) -> tuple[str, ...]:
    """The lines after an answer's own words, without those that the page shows in another way."""
    shown: list[str] = []
    for differ in answer.disagreements:
        shown += phrases.sources_differ(answer.language, differ, answer.citations)
    corroborating = {n for one in answer.statements if one.corroborates is not None for n in one.citations}
    shown += [phrases.corroborates(answer.language, one) for one in answer.citations if one.number in corroborating]
    lines = answer.frame.after.split("\n") if answer.frame and answer.statements else []
    return tuple(line for line in lines if line and line not in shown)


def answer_html(answer: Answer, turn: int) -> Markup:
    """The answer of turn number `turn` (from 1) of a conversation."""
    return render(
        "answer.html",
        answer=answer,
        turn=turn,
        blocks=blocks(answer),
        disputes=disputes(answer),
        closing=_closing(answer),
        related=related(answer),
        weak_reasons=tuple(dict.fromkeys(r for s in answer.statements if s.support == "weak" for r in s.reasons)),
        silence=answer.text if answer.status == "not_found" else "",
        copied=answer_text(answer),
        sources=panel.sources(answer.citations),
    )


def turn_html(
    question: str,
    body: Markup,
    turn: int,
    *,
    busy: bool = False,
    within: str | None = None,
    told: i18n.Language | None = None,
) -> str:
    """A question and what stands under it; `within` is the title of the only document that was asked.

    With `told`, it is a claim, and what the product says of it is in that language.
    """
    return str(
        render(
            "turn.html",
            question=question,
            body=body,
            turn=turn,
            busy=busy,
            within=within,
            claim=told is not None,
            language=told or i18n.language_of(question),
        )
    )


def progress_html(
    text: str, notices: Sequence[Notice], language: i18n.Language, busy: str = "answer.searching"
) -> Markup:
    """An answer on its way: what is written so far, still without markers; before that, the text of the key `busy`."""
    return render("progress.html", text=text, notices=notices, language=language, busy=busy)


def problem_html(message: str, language: i18n.Language, title: str = "error.title") -> Markup:
    """One line that says why there is no answer, under the text of the key `title`."""
    return render("problem.html", title=title, message=message, language=language)


def stopped_html(language: i18n.Language, said: str = "answer.stopped") -> Markup:
    """What stands where an answer was stopped: the text of the key `said`."""
    return render("problem.html", title="", message=i18n.text(language, said), language=language)


def welcome_html(
    documents: int, examples: Iterable[tuple[i18n.Language, str]], *, forgotten: bool = False, editing: bool = False
) -> str:
    """What stands in an empty conversation: what to do here, and questions to try (language, question).

    With `forgotten`, a line before it says that the earlier conversation is kept no longer; with `editing`, an empty
    home is filled from here.
    """
    values = {"documents": documents, "examples": tuple(examples), "forgotten": forgotten, "editing": editing}
    return str(render("welcome.html", **values))


def answer_text(answer: Answer) -> str:
    """The answer as plain text with its list of sources: what is copied."""
    return _written(answer, bare, "{}")


def answer_markdown(answer: Answer) -> str:
    """The answer as Markdown with its list of sources; nothing of a source's text is read as Markdown or HTML."""
    return _written(answer, _escaped_for_markdown, "> {}")


def _written(answer: Answer, write: Callable[[str], str], quotation: str) -> str:
    language = i18n.interface_language(answer.language)
    before, after = (answer.frame.before, answer.frame.after) if answer.frame and answer.statements else ("", "")
    understood = answer.standalone_question
    parts = [f"{i18n.text(language, 'answer.understood')}: {write(understood)}" if understood else "", write(before)]
    for block in blocks(answer):
        lines = [_written_line(line, write, quoted=block.quoted, language=language) for line in block.lines]
        parts += [quotation.format(line) for line in lines] if block.quoted else [" ".join(lines)]
    parts += [write(answer.text if not answer.statements else ""), *map(write, after.split("\n"))]
    parts += [f"{i18n.text(language, 'answer.notice')}: {write(notice.text)}" for notice in answer.notices]
    if answer.citations:
        parts.append(f"{i18n.text(language, 'answer.sources')}:")
        parts.append("\n".join(_listed(citation, write, language) for citation in answer.citations))
    return "\n\n".join(part for part in parts if part) + "\n"


def _listed(citation: Citation, write: Callable[[str], str], language: i18n.Language) -> str:
    line = f"- [{citation.number}] {write(reference(citation, language))}"
    if citation.translation is None:
        return line
    return f"{line}\n  {i18n.text(language, 'translation.unofficial')}: {write(citation.translation.text)}"


def reference(citation: Citation, language: i18n.Language) -> str:
    """Where a quote stands, in one line: title, publisher, date, address or file name, and the offsets in it."""
    facts = (
        citation.title,
        citation.publisher,
        i18n.date_text(citation.published, language) if citation.published else None,
        source_name(citation.source),
        i18n.page_text(citation.page, language),
        f"{citation.start}–{citation.end}",
    )
    return " · ".join(fact for fact in facts if fact)


def in_marks(text: str, language: str) -> str:
    """A quote in the quotation marks of its own language."""
    return _QUOTES[i18n.interface_language(language)].format(text)


def bare(text: str) -> str:
    """`text` as plain text: what would turn a line around, where it is pasted, is the replacement character."""
    return _OVERRIDES.sub("\ufffd", text)


def _written_line(line: Line, write: Callable[[str], str], *, quoted: bool, language: i18n.Language) -> str:
    text = write(line.text)
    if quoted and line.citations:
        text = in_marks(text, line.citations[0].language)
    markers = "".join(f" [{citation.number}]" for citation in line.citations)
    if line.support in ("weak", "unsupported"):
        markers += f" ({i18n.text(language, f'answer.support.{line.support}')})"
    return text + markers


def _line(statement: Statement, by_number: Mapping[int, Citation]) -> Line:
    cited = tuple(by_number[number] for number in dict.fromkeys(statement.citations) if number in by_number)
    return Line(statement.text, cited, statement.support, statement.reasons, statement.corroborates)


def _escaped_for_markdown(text: str) -> str:
    line = " ".join(bare(text).split())
    return _MARKDOWN_LIST.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", line))
