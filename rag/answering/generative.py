"""The answer that a language model writes from the passages that were found, resolved to statements with citations.

The chain is LangChain's: a prompt, the model, a parser. What goes in is data made harmless (no brackets that could pass
for a passage's number or for a model's control words); what comes out is only believed as far as `rag.citations` finds
it in the passages. LangChain is imported when a question is asked, never by importing this module.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

from rag.citations import DocumentFacts, Judge, Resolution, Similarity, resolve, word_overlap
from rag.llm import ChatModel, open_chat_model
from rag.llm_errors import fallback_notice, generation_error
from rag.prompts import load_prompt
from rag.settings import Settings
from rag.types import Citation, History, Notice, ScoredPassage, Statement, Status, Token

if TYPE_CHECKING:
    from langchain_core.prompts import ChatPromptTemplate
    from langchain_core.runnables import Runnable

__all__ = ["Draft", "answer_chain", "answer_prompt", "fallback_notice", "fit", "generate", "is_refusal"]

PASSAGE_TOKENS = 2500
"""Room for passages in the prompt. With instructions, history and an answer of 700 tokens it stays within 4,096, the
smallest context that servers give by default."""
HISTORY_TURNS = 2
HISTORY_CHARS = 300
MAX_TITLE_CHARS = 150

NOT_FOUND = "NOT_FOUND"
"""What the model is told to write when the passages hold no answer."""

_LANGUAGES = {
    "ar": "Arabic (بالعربية)",
    "en": "English",
    "fr": "French",
    "es": "Spanish",
    "de": "German",
    "tr": "Turkish",
    "fa": "Persian",
}
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
# Square brackets make a passage's number, angle brackets a tag or a chat template's control word: neither may come
# from a document. What hides from the eye is left out, so that the model reads what a person would.
_HARMLESS = str.maketrans(
    dict.fromkeys("<＜〈《﹤⟨❮❬", "‹")
    | dict.fromkeys(">＞〉》﹥⟩❯❭", "›")
    | dict.fromkeys("[【［〔⟦", "(")
    | dict.fromkeys("]】］〕⟧", ")")
)
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e0fff]"
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


def generate(
    question: str,
    passages: Sequence[ScoredPassage],
    language: str,
    history: History,
    settings: Settings,
    documents: Callable[[str], DocumentFacts],
    similarity: Similarity = word_overlap,
    judge: Judge | None = None,
    *,
    chat: ChatModel | None = None,
) -> Iterator[Token | Notice | Draft]:
    """The model's answer to `question` from `passages` (best first): tokens as they are written, last the Draft.

    `language` is the one to answer in (ISO 639-1). The numbers in the tokens are the passages'; those in the Draft's
    text are the citations'. `judge` says which statements their sources bear out (see `rag.citations.resolve`). `chat`
    is a model already opened, else the one in `settings`. Raises GenerationError when no statement is left that cites
    anything; tokens may have been yielded by then, so the caller starts afresh.
    """
    given = fit(passages)
    if not given:
        yield Draft("not_found", "", (), (), ())
        return
    chat = chat or open_chat_model(settings)
    generation = chat.stream(answer_prompt(), prompt_inputs(question, given, language, history))
    written: list[str] = []
    for text in _visible(_noting(generation, written)):
        yield Token(text)
    reply = _THOUGHTS.sub("", "".join(written))
    reply = reply.rpartition("</think>")[2].strip()  # templates that open the thoughts themselves send only their end
    if not reply:
        raise generation_error("empty", chat.where)
    if generation.truncated:
        reply = _without_last_sentence(reply)
    notices = [_notice("truncated", language)] if generation.truncated else []
    if is_refusal(reply):
        yield Draft("not_found", "", (), (), given, usage=generation.usage)
        return
    resolution = resolve(
        _NOT_FOUND.sub("", reply),
        given,
        documents,
        language=language,
        similarity=similarity,
        judge=judge,
        policy=settings.grounding,
    )
    if _only_refuses(resolution):
        yield Draft("not_found", "", (), (), given, usage=generation.usage)
        return
    if not resolution.citations:
        raise generation_error("uncited" if resolution.statements or resolution.removed else "empty")
    if resolution.dropped:
        notices.append(_notice("dropped_markers", language, resolution.dropped))
    yield from notices
    yield Draft(
        "answered",
        resolution.text,
        resolution.statements,
        resolution.citations,
        given,
        tuple(notices),
        generation.usage,
        resolution.removed,
    )


def answer_prompt() -> ChatPromptTemplate:
    """The prompt, a LangChain Runnable; its inputs are those of `prompt_inputs`."""
    from langchain_core.prompts import ChatPromptTemplate

    return ChatPromptTemplate.from_messages(
        [("system", load_prompt("answer.system")), ("human", load_prompt("answer.user"))]
    )


def answer_chain(settings: Settings, language: str) -> Runnable[dict[str, Any], str]:
    """The chain for LangChain users: {"question": str, "passages": list[ScoredPassage]} to the model's own text.

    Its markers number the passages that `fit` keeps; `rag.citations.resolve` turns them into citations.
    """
    from langchain_core.output_parsers import StrOutputParser
    from langchain_core.runnables import RunnableLambda

    def fill(inputs: dict[str, Any]) -> dict[str, str]:
        return prompt_inputs(inputs["question"], fit(inputs["passages"]), language, inputs.get("history", ()))

    return RunnableLambda(fill) | answer_prompt() | open_chat_model(settings).model | StrOutputParser()


def prompt_inputs(
    question: str, passages: Sequence[ScoredPassage], language: str, history: History = ()
) -> dict[str, str]:
    """The values of the prompt's placeholders: passages numbered from 1 in order, everything made harmless."""
    return {
        "passages": "\n\n".join(_block(number, scored) for number, scored in enumerate(passages, 1)),
        "question": " ".join(harmless(question).split()),
        "history": _earlier(history),
        "language": _LANGUAGES.get(language, "the language of the question"),
    }


def fit(passages: Sequence[ScoredPassage], tokens: int = PASSAGE_TOKENS) -> tuple[ScoredPassage, ...]:
    """The passages that `tokens` have room for, in order, each whole; the first always."""
    kept: list[ScoredPassage] = []
    left = tokens
    for scored in passages:
        needed = estimated_tokens(_block(len(kept) + 1, scored))
        if needed <= left or not kept:
            kept.append(scored)
            left -= needed
    return tuple(kept)


def estimated_tokens(text: str) -> int:
    """About how many tokens `text` is, rather too many than too few: a token is 4 bytes or more in both languages.

    Measured with Qwen2.5's tokenizer on the samples: 4.2 bytes a token in Arabic, 3.7 in English with addresses.
    """
    return ceil(len(text.encode("utf-8", "replace")) / 3.6)


def harmless(text: str) -> str:
    """`text` for a prompt: nothing hidden in it, and no square or angle bracket."""
    return _HIDDEN.sub("", text).translate(_HARMLESS)


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


def _block(number: int, scored: ScoredPassage) -> str:
    passage = scored.passage
    title = " ".join(harmless(passage.title).split())[:MAX_TITLE_CHARS]
    return f'<passage id="{number}">\n{title}\n\n{harmless(passage.text).strip()}\n</passage>'


def _earlier(history: History) -> str:
    """The last turns, shortened and without their numbers, which are not this prompt's."""
    lines = []
    for question, answer in list(history)[-HISTORY_TURNS:]:
        text = " ".join(statement.text for statement in answer.statements)
        for label, words in (("Earlier question", question), ("Its answer", text)):
            words = " ".join(harmless(words).split())[:HISTORY_CHARS]
            if words:
                lines.append(f"{label}: {words}")
    return "\n".join(lines) + "\n\n" if lines else ""


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
        "truncated": (
            "The model reached its limit of tokens; its last, unfinished sentence was left out.",
            "بلغ النموذج حدّه من الرموز، فتُركت جملته الأخيرة غير المكتملة.",
        ),
    }
    return Notice(code, texts[code][language == "ar"])
