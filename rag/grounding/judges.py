"""Meaning judged by the configured language model: all statements of an answer in one call.

The reply is believed only if it is exactly what was asked for, a verdict for each statement; anything else, a late one
included, is no judgement at all, and the caller judges by the embedding instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rag.errors import GenerationError
from rag.grounding.findings import Source
from rag.grounding.verdict import ENOUGH, TOO_LITTLE, Reading
from rag.llm_errors import failure_in_words
from rag.prompts import load_prompt
from rag.settings import Settings
from rag.tracing.steps import Step
from rag.types import Notice

Question = tuple[str, tuple[Source, ...]]
"""A statement and the sources that are to bear it out."""

SECONDS = 20.0
"""The longest that an answer waits for its verdicts; less where `llm_timeout` is less."""
TOKENS_A_VERDICT = 12

_READINGS = {
    "supported": Reading(1.0),
    "partly": Reading((ENOUGH + TOO_LITTLE) / 2),
    "not": Reading(0.0),
}
_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_VERDICT = re.compile(r"\s*(\d{1,3})\s*[:.)]\s*(supported|partly|not)(?:\s+supported)?\s*\.?\s*", re.IGNORECASE)


def ask_model(questions: Sequence[Question], settings: Settings, step: Step | None = None) -> list[Reading]:
    """The model's verdict on each of `questions`, at least one. Raises GenerationError where there is none."""
    from rag.llm import open_chat_model  # here, because it brings an HTTP client
    from rag.llm_errors import generation_error

    limits = {
        "llm_timeout": min(SECONDS, settings.llm_timeout),
        "llm_max_tokens": 16 + TOKENS_A_VERDICT * len(questions),
    }
    chat = open_chat_model(settings.model_copy(update=limits))
    # A plain function: LangChain takes any callable for a step of a chain, and is imported in rag.llm alone.
    prompt: Any = _messages
    reply = "".join(chat.stream(prompt, prompt_inputs(questions), step))
    verdicts = parsed(reply, len(questions))
    if verdicts is None:
        raise generation_error("no_verdicts", chat.where)
    return verdicts


def parsed(reply: str, count: int) -> list[Reading] | None:
    """The verdicts on statements 1 to `count`; None unless the reply has one line for each, in any order."""
    found: dict[int, Reading] = {}
    lines = [line for line in _THOUGHTS.sub("", reply).splitlines() if line.strip()]
    for line in lines:
        said = _VERDICT.fullmatch(line)
        if said is None:
            return None
        found[int(said[1])] = _READINGS[said[2].lower()]
    if len(lines) != count or set(found) != set(range(1, count + 1)):
        return None
    return [found[number] for number in range(1, count + 1)]


def prompt_inputs(questions: Sequence[Question]) -> dict[str, str]:
    """The values of the prompt's placeholders: passages once each, then statements, everything made harmless."""
    from rag.answering.generation.prompting import harmless

    sources = list(dict.fromkeys(source for _, given in questions for source in given))
    number = {source: place for place, source in enumerate(sources, 1)}
    passages = [f'<passage id="{number[source]}">\n{harmless(source.text).strip()}\n</passage>' for source in sources]
    statements = []
    for place, (statement, given) in enumerate(questions, 1):
        named = ", ".join(str(number[source]) for source in given)
        statements.append(f"Statement {place} (passage {named}): {' '.join(harmless(statement).split())}")
    return {
        "passages": "\n\n".join(passages),
        "statements": "\n".join(statements),
        "count": str(len(questions)),
    }


def fallback_notice(error: GenerationError, language: str) -> Notice:
    """The one line that says why the embedding judged meaning although the language model was to."""
    reason = failure_in_words(error, language)
    if language == "ar":
        return Notice("support_fallback", f"لم يحكم النموذج اللغوي على جمل الجواب ({reason})، فحُكم عليها بالتضمين.")
    return Notice("support_fallback", f"{reason}; the answer's sentences were judged by the embedding instead.")


def _messages(inputs: Mapping[str, str]) -> list[tuple[str, str]]:
    return [("system", load_prompt("support.system")), ("human", load_prompt("support.user").format(**inputs))]
