"""The answer that a language model writes from the passages that were found, resolved to statements with citations.

The chain is LangChain's: a prompt, the model, a parser. What goes in is data made harmless (no brackets that could pass
for a passage's number or for a model's control words); what comes out is only believed as far as `rag.citations` finds
it in the passages. LangChain is imported when a question is asked, never by importing this module.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rag.answering.generation.answer_language import language_besides
from rag.answering.generation.prompting import fit, prompt_inputs, room
from rag.answering.generation.statement_checks import UNCHECKED, Checks
from rag.citations import DocumentFacts, Judge, Resolution, resolve
from rag.llm import ChatModel, open_chat_model
from rag.llm_errors import fallback_notice, generation_error
from rag.prompts import load_prompt
from rag.settings import Settings
from rag.tracing.steps import Step
from rag.types import Citation, History, Notice, ScoredPassage, Statement, Status, Token

if TYPE_CHECKING:
    from langchain_core.prompts import ChatPromptTemplate
    from langchain_core.runnables import Runnable

__all__ = [
    "Draft",
    "Reply",
    "answer_chain",
    "answer_prompt",
    "fallback_notice",
    "fit",
    "generate",
    "is_refusal",
    "resolved",
    "room",
    "write",
]

NOT_FOUND = "NOT_FOUND"
"""What the model is told to write when the passages hold no answer."""

_NOT_FOUND = re.compile(r"\**\"?\bNOT[_ -]?FOUND\b\"?\**[.:]?", re.IGNORECASE)
# Each names the passages (or the writer's own ignorance): a source that says "there is no information" is an answer.
_REFUSALS = re.compile(
    r"""(?:no|not|n't|cannot)\b[^.]{0,80}\b(?:passages?|sources?|documents?|context|texts?)\s*(?:provided|given|above)?
      | (?:passages?|sources?|documents?|context|texts?)\b[^.]{0,40}\b(?:do|does|did)(?:\s+not|n't)\b
      | \bI(?:\s+do\s+not|\s+don't|\s+cannot|\s+can't)\s+(?:know|answer|find)
      | (?:لا|لم|ليس|ليست)\s[^.]{0,80}(?:المقاطع|المقطع|النصوص|النص|السياق|الوثائق|المصادر)
      | (?:المقاطع|النصوص|السياق|الوثائق|المصادر)\s[^.]{0,40}\b(?:لا|لم|ليس)\s
      | (?:لا\s+أعرف|لا\s+أعلم|لا\s+أستطيع|لا\s+يمكنني)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_THOUGHTS = re.compile(r"\A\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model's answer came to. With status `not_found` text, statements and citations are empty.

    `usage` counts tokens, None when the server does not say; `passages` are those that the model was given.
    """

    status: Status
    text: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    passages: tuple[ScoredPassage, ...]
    notices: tuple[Notice, ...] = ()
    usage: Mapping[str, int] | None = None
    removed: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model wrote, before anything of it is believed, and the passages that it was given.

    `truncated`: it reached its limit of tokens. `usage` counts tokens, None when the server does not say. `where` is
    the server, for messages.
    """

    text: str
    passages: tuple[ScoredPassage, ...]
    truncated: bool = False
    usage: Mapping[str, int] | None = None
    where: str = ""


def generate(
    question: str,
    passages: Sequence[ScoredPassage],
    language: str,
    history: History,
    settings: Settings,
    documents: Callable[[str], DocumentFacts],
    checks: Checks = UNCHECKED,
    *,
    chat: ChatModel | None = None,
    step: Step | None = None,
) -> Iterator[Token | Notice | Draft]:
    """The model's answer to `question` from `passages` (best first): tokens as they are written, last the Draft.

    `language` is the one to answer in (ISO 639-1): an answer in another is asked for once more, within the same
    deadline, and a Notice says so; the tokens after it begin anew. The numbers in the tokens are the passages'; those
    in the Draft's text are the citations'. `checks` say which statements their sources bear out. `chat` is a model
    already opened, else the one in `settings`; `step` is what all this is a part of. Raises GenerationError when no
    statement is left that cites anything, or the language stays wrong; tokens may have been yielded by then, so the
    caller starts afresh.
    """
    given = fit(passages, room(question, language, history, settings))
    if not given:
        yield Draft("not_found", "", (), (), ())
        return
    step = step or Step()
    chat = chat or open_chat_model(settings)
    deadline = time.monotonic() + chat.timeout
    retried: tuple[Notice, ...] = ()
    while True:
        draft = None
        for event in write(question, given, language, history, settings, chat=chat, again=bool(retried), step=step):
            if isinstance(event, Token):
                yield event
                continue
            with step.step("ground") as grounding:
                draft = resolved(event, language, documents, checks, grounding)
                grounding.note(statements=len(draft.statements), removed=len(draft.removed))
        assert draft is not None
        if draft.status == "not_found":
            if retried:  # it had an answer, and has none in this language
                raise generation_error("other_language")
            left_out = len(passages) - len(given)
            draft = replace(draft, notices=(_notice("left_out", language, left_out),) if left_out else ())
        elif (other := language_besides((one.text for one in draft.statements), language)) is not None:
            if retried or time.monotonic() >= deadline:
                raise generation_error("other_language", other)
            retried = (_notice("language_retried", language),)
            yield from retried
            chat = replace(chat, timeout=max(0.1, deadline - time.monotonic()))
            continue
        yield from draft.notices
        yield replace(draft, notices=(*retried, *draft.notices))
        return


def write(
    question: str,
    given: tuple[ScoredPassage, ...],
    language: str,
    history: History,
    settings: Settings,
    *,
    chat: ChatModel | None = None,
    again: bool = False,
    step: Step | None = None,
) -> Iterator[Token | Reply]:
    """What the model writes about the passages `given`: tokens as they come, last the whole Reply.

    `again` says that it has written in another language than `language` before. Raises GenerationError.
    """
    chat = chat or open_chat_model(settings)
    inputs = prompt_inputs(question, given, language, history)
    written: list[str] = []
    with (step or Step()).step("generate") as generating:
        generating.note(model=chat.name, passages=len(given), again=again)
        generation = chat.stream(answer_prompt(again=again), inputs, generating)
        for text in _visible(_noting(generation, written)):
            yield Token(text)
        generating.note(characters=sum(map(len, written)), **(generation.usage or {}))
    yield Reply("".join(written), given, generation.truncated, generation.usage, chat.where)


def resolved(
    reply: Reply,
    language: str,
    documents: Callable[[str], DocumentFacts],
    checks: Checks = UNCHECKED,
    step: Step | None = None,
) -> Draft:
    """The answer that a reply comes to; see `generate`. Raises GenerationError when no statement cites anything."""
    text = _THOUGHTS.sub("", reply.text)
    text = text.rpartition("</think>")[2].strip()  # templates that open the thoughts themselves send only their end
    if not text:
        raise generation_error("empty", reply.where)
    if reply.truncated:
        text = _without_last_sentence(text)
    notices = [_notice("truncated", language)] if reply.truncated else []
    if is_refusal(text):
        return Draft("not_found", "", (), (), reply.passages, usage=reply.usage)

    def by(judge: Judge | None) -> Resolution:
        return resolve(
            _NOT_FOUND.sub("", text),
            reply.passages,
            documents,
            language=language,
            similarity=checks.similarity,
            judge=judge,
            policy=checks.policy,
        )

    resolution = by(checks.judge)
    second = checks.ask_model(step or Step()) if checks.ask_model is not None else None
    if isinstance(second, Notice):
        notices.append(second)
    elif second is not None:
        resolution = by(second)
    if _only_refuses(resolution):
        return Draft("not_found", "", (), (), reply.passages, usage=reply.usage)
    if not resolution.citations:
        raise generation_error("uncited" if resolution.statements or resolution.removed else "empty")
    if resolution.dropped:
        notices.append(_notice("dropped_markers", language, resolution.dropped))
    if resolution.idle:
        notices.append(_notice("idle_markers", language, resolution.idle))
    return Draft(
        "answered",
        resolution.text,
        resolution.statements,
        resolution.citations,
        reply.passages,
        tuple(notices),
        reply.usage,
        resolution.removed,
    )


def answer_prompt(*, again: bool = False) -> ChatPromptTemplate:
    """The prompt, a LangChain Runnable; its inputs are those of `prompt_inputs`. `again`: for the second attempt."""
    from langchain_core.prompts import ChatPromptTemplate

    user = load_prompt("answer.user")
    if again:  # in the same message: some models' templates refuse two of a person's in a row
        user = f"{load_prompt('answer.again')}\n\n{user}"
    return ChatPromptTemplate.from_messages([("system", load_prompt("answer.system")), ("human", user)])


def answer_chain(settings: Settings, language: str) -> Runnable[dict[str, Any], str]:
    """The chain for LangChain users: {"question": str, "passages": list[ScoredPassage]} to the model's own text.

    Its markers number the passages that `fit` keeps; `rag.citations.resolve` turns them into citations.
    """
    from langchain_core.output_parsers import StrOutputParser
    from langchain_core.runnables import RunnableLambda

    def fill(inputs: dict[str, Any]) -> dict[str, str]:
        return prompt_inputs(inputs["question"], fit(inputs["passages"]), language, inputs.get("history", ()))

    return RunnableLambda(fill) | answer_prompt() | open_chat_model(settings).model | StrOutputParser()


def is_refusal(reply: str) -> bool:
    """Whether a whole reply says that there is no answer: NOT_FOUND at its start or alone in it."""
    bare = reply.strip().lstrip("*\"'`")
    rest, found = _NOT_FOUND.subn("", bare)
    return bool(_NOT_FOUND.match(bare)) or (bool(found) and not any(c.isalpha() for c in rest))


def _only_refuses(resolution: Resolution) -> bool:
    """Whether some statement says that the passages hold no answer, and none beside it rests on a passage."""
    every = (*resolution.statements, *resolution.removed)
    refusing = [bool(_REFUSALS.search(statement.text)) for statement in every]
    return any(refusing) and not any(
        statement.citations
        for statement, refuses in zip(every, refusing, strict=True)
        if not refuses or statement.support == "quoted"
    )


def _noting(generation: Iterator[str] | Any, written: list[str]) -> Iterator[str]:
    for text in generation:
        written.append(text)
        yield text


def _visible(texts: Iterator[str]) -> Iterator[str]:
    """The texts as a person may see them come: a reply that begins as NOT_FOUND or as thoughts is held back."""
    held = ""
    shown = False
    for text in texts:
        if shown:
            yield text
            continue
        held += text
        start = _THOUGHTS.sub("", held).lstrip()
        if not start or any(word.startswith(start[: len(word)].upper()) for word in (NOT_FOUND, "NOT FOUND", "<THINK")):
            continue
        yield start
        shown = True
    start = _THOUGHTS.sub("", held).lstrip()
    if not shown and start and not is_refusal(start):
        yield start


def _without_last_sentence(reply: str) -> str:
    """A reply that was cut off by the limit of tokens, without the sentence that it broke in, if others are left."""
    ends = [match.end() for match in re.finditer(r"[.!?؟؛](?:\s*\[[^\[\]\n]*\])*(?=\s|$)", reply)]
    return reply[: ends[-1]] if ends else reply


def _notice(code: str, language: str, count: int = 0) -> Notice:
    texts = {
        "dropped_markers": (
            f"Source numbers that the model made up were dropped: {count}.",
            f"حُذفت أرقام مصادر لم تُعطَ للنموذج: {count}.",
        ),
        "idle_markers": (
            f"Sources that the model named for a sentence that does not rest on them were left out: {count}.",
            f"مصادر نسب إليها النموذج جملًا لا تستند إليها فحُذفت: {count}.",
        ),
        "left_out": (
            f"Passages that the model's context had no room for, so that it did not read them: {count}.",
            f"مقاطع لم يتسع لها سياق النموذج فلم يقرأها: {count}.",
        ),
        "language_retried": (
            "The model first answered in another language, and was asked again.",
            "أجاب النموذج أول مرة بلغة أخرى، فأُعيد سؤاله.",
        ),
        "truncated": (
            "The model reached its limit of tokens; its last, unfinished sentence was left out.",
            "بلغ النموذج حدّه من الرموز، فتُركت جملته الأخيرة غير المكتملة.",
        ),
    }
    return Notice(code, texts[code][language == "ar"])
