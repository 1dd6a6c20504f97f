"""The judge: a chat model asked about one case at a time, everything of the case made harmless first."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from evals.cases import Case
from evals.judging import verdicts
from evals.judging.records import Failure, Judgment
from evals.judging.verdicts import Correctness, Support
from evals.prompts import load_prompt
from evals.question_set import LIST_TAG, Question
from rag.answering.generation.prompting import harmless
from rag.errors import GenerationError
from rag.llm_errors import generation_error
from rag.settings import Settings
from rag.tracing.steps import Step
from rag.types import Answer, Citation, Statement

if TYPE_CHECKING:
    from rag.llm import ChatModel

SEED = 20230630
"""The seed of the first repeat; each further one draws from the next."""
PROMPTS = ("correctness.system", "correctness.user", "support.system", "support.user")

_ALTERNATIVES = "alternatives: an answer that says what any one of them says is correct"
_ITEMS = (
    "the items of a list, which are wanted together: an answer that has only some of them is partly correct. The same "
    "items may be given in two languages; then those of one language are enough"
)
_SHOWN = 80
_DATED = re.compile(r"-\d{4}-?\d{2}-?\d{2}$")

Said = TypeVar("Said")


class Stopped(Exception):
    """The judging ends; what was being asked is given up."""


@dataclass(frozen=True, slots=True)
class Judge:
    """A pinned judge. Safe for several threads."""

    chat: ChatModel
    settings: Settings
    repeats: int

    @property
    def seed(self) -> int | None:
        """What the first repeat draws from, None where the provider's API has no seed."""
        return SEED if self.chat.takes_seed else None

    def judge(self, case: Case, stop: threading.Event) -> Judgment:
        """What the judge says of `case`. Whatever fails becomes a `Failure`, never a verdict. Raises Stopped."""
        assert case.answer is not None
        found = parts(case)
        step = Step()
        failures: list[Failure] = []
        graded: list[tuple[Correctness, str]] = []
        checked: list[tuple[Support, ...]] = []
        plain = False
        if "correctness" in found:
            inputs = correctness_inputs(case.question, case.answer)
            graded, refused = self._asked("correctness", inputs, verdicts.correctness, failures, step, stop)
            plain = plain or refused
        if "support" in found:
            checked, refused = self._support(case.answer, failures, step, stop)
            plain = plain or refused
        return Judgment(
            case.question.id,
            tuple(verdict for verdict, _ in graded),
            tuple(reason for _, reason in graded),
            tuple(checked),
            tuple(failures),
            plain,
            step.meter.total(self.settings),
        )

    def _support(
        self, answer: Answer, failures: list[Failure], step: Step, stop: threading.Event
    ) -> tuple[list[tuple[Support, ...]], bool]:
        """A statement that cites nothing is borne out by nothing: the judge is not asked about it."""
        missing: Support = "unsupported"
        cited = [statement for statement in answer.statements if _quotes_of(statement, answer)]
        if not cited:
            return [(missing,) * len(answer.statements)] * self.repeats, False

        def read(reply: str) -> tuple[Support, ...] | None:
            return verdicts.support(reply, len(cited))

        rows, plain = self._asked("support", support_inputs(cited, answer), read, failures, step, stop)
        whole: list[tuple[Support, ...]] = []
        for row in rows:
            left = iter(row)
            whole.append(tuple(next(left) if _quotes_of(one, answer) else missing for one in answer.statements))
        return whole, plain

    def _asked(
        self,
        part: str,
        inputs: Mapping[str, str],
        read: Callable[[str], Said | None],
        failures: list[Failure],
        step: Step,
        stop: threading.Event,
    ) -> tuple[list[Said], bool]:
        """A verdict for each repeat, or none at all and a failure; and whether the server refused an option."""
        said: list[Said] = []
        plain = False
        for repeat in range(self.repeats):
            try:
                reply, refused = self._reply(part, inputs, SEED + repeat, step, stop)
                plain = plain or refused
                verdict = read(reply)
                if verdict is None:
                    raise generation_error("no_verdicts", f"it replied: {harmless(reply).strip()[:_SHOWN]}")
            except GenerationError as error:
                failures.append(Failure(part, str(error.parameters.get("kind", "failed")), error.message))
                return [], plain
            said.append(verdict)
        return said, plain

    def _reply(
        self, part: str, inputs: Mapping[str, str], seed: int, step: Step, stop: threading.Event
    ) -> tuple[str, bool]:
        # A plain function: LangChain takes any callable for a step of a chain, and is imported in rag.llm alone.
        prompt: Any = {"correctness": _correctness_messages, "support": _support_messages}[part]
        generation = self.chat.with_seed(seed).stream(prompt, inputs, step)
        pieces = []
        for piece in generation:
            if stop.is_set():
                raise Stopped
            pieces.append(piece)
        if stop.is_set():
            raise Stopped
        return "".join(pieces), generation.plain


def open_judge(settings: Settings, model: str | None, repeats: int) -> Judge:
    """The judge that `model` names, else the language model of the settings. Raises GenerationError."""
    from rag.llm import configured, open_chat_model  # here, because it brings an HTTP client

    if model is not None:
        settings = settings.model_copy(update={"llm_model": model})
    if not configured(settings):
        raise GenerationError("No judge is named.", "Give --model, or set TAWTHIQ_LLM_MODEL.", kind="not_configured")
    return Judge(open_chat_model(settings), settings, repeats)


def parts(case: Case) -> frozenset[str]:
    """What of a case can be judged; nothing of silence.

    "correctness" of an answer to an answerable question with references, and "support" of what a language model wrote.
    """
    answer = case.answer
    if answer is None or answer.status != "answered":
        return frozenset()
    found = set()
    if case.question.answerable and any(reference.strip() for reference in case.question.answers):
        found.add("correctness")
    if answer.mode == "llm" and answer.statements:
        found.add("support")
    return frozenset(found)


def same_model(one: str, other: str) -> bool:
    """Whether two names are of one model, whichever of them names a provider, a dated version or `:latest`."""
    a, b = (_DATED.sub("", name.strip().lower().removesuffix(":latest")) for name in (one, other))
    a, b = sorted((a, b), key=len)
    return a == b or b.endswith((f":{a}", f"/{a}"))


def correctness_inputs(question: Question, answer: Answer) -> dict[str, str]:
    """The values of the prompt's placeholders."""
    asked = [f"Asked before: {_line(turn)}" for turn in question.turns]
    references = [reference for reference in question.answers if reference.strip()]
    return {
        "references_are": _ITEMS if LIST_TAG in question.tags else _ALTERNATIVES,
        "question": "\n".join([*asked, _line(question.question)]),
        "references": "\n".join(f"<reference>{_line(reference)}</reference>" for reference in references),
        "answer": harmless(answer.text).strip(),
    }


def support_inputs(statements: Sequence[Statement], answer: Answer) -> dict[str, str]:
    """The values of the prompt's placeholders: each quote once, with its number in the answer, then the statements."""
    shown = {citation.number: citation for one in statements for citation in _quotes_of(one, answer)}
    lines = []
    for place, statement in enumerate(statements, start=1):
        named = ", ".join(str(citation.number) for citation in _quotes_of(statement, answer))
        lines.append(f'<statement number="{place}" quotes="{named}">{_line(statement.text)}</statement>')
    return {
        "quotes": "\n\n".join(_quote(shown[number]) for number in sorted(shown)),
        "statements": "\n".join(lines),
        "count": str(len(statements)),
    }


def _quote(citation: Citation) -> str:
    published = citation.published.isoformat() if citation.published else None
    about = ", ".join(_line(one) for one in (citation.title, citation.publisher, published) if one)
    return f'<quote number="{citation.number}">\n{about}\n\n{harmless(citation.quote).strip()}\n</quote>'


def _quotes_of(statement: Statement, answer: Answer) -> list[Citation]:
    return [citation for citation in answer.citations if citation.number in statement.citations]


def _line(text: str) -> str:
    return " ".join(harmless(text).split())


def _correctness_messages(inputs: Mapping[str, str]) -> list[tuple[str, str]]:
    system = load_prompt("correctness.system").format(references_are=inputs["references_are"])
    return [("system", system), ("human", load_prompt("correctness.user").format(**inputs))]


def _support_messages(inputs: Mapping[str, str]) -> list[tuple[str, str]]:
    return [("system", load_prompt("support.system").format()), ("human", load_prompt("support.user").format(**inputs))]
