"""Unofficial translations of quotes, by the configured language model, for readers of the answer's language.

They stand beside a quote and never in its place: what is cited is the source's own words. Best effort: a translation
that is late, or that does not bear the checks, is left out, and costs the answer nothing else.
"""

from __future__ import annotations

import logging
import re
import threading
import time
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rag.answering.generation.answer_language import language_besides
from rag.grounding.findings import Source
from rag.grounding.verdict import findings_of
from rag.lru import LruCache
from rag.prompts import load_prompt
from rag.settings import Settings
from rag.tracing.steps import Step
from rag.translation import says_more
from rag.types import Citation, Translation

if TYPE_CHECKING:
    from rag.llm import ChatModel

_log = logging.getLogger(__name__)

MAX_QUOTES = 8
"""Quotes translated for one answer, in one call."""
MAX_TOKENS = 1200
"""Longest reply: eight quotes of 400 characters are some 1,000 tokens in either language."""
CACHED = 1000
"""Quotes remembered with what became of them."""
PAUSE = 60.0
"""Seconds without a call after one that failed: the next answer need not wait for a model that is too slow."""
_LONGEST, _SHORTEST, _SLACK = 2.5, 0.4, 30
"""A translation has between these shares of the quote's code points, and so many more or fewer."""

_TARGETS = {"ar": "Arabic (بالعربية)", "en": "English"}
_THOUGHTS = re.compile(r"\A\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_LINE = re.compile(r"^\W{0,3}([0-9٠-٩]{1,2})\W{0,2}[:：.)\]\-–]\s*(\S.*)$")
_QUOTED = re.compile(r"\A(?:\"([^\"]*)\"|“([^“”]*)”|«([^«»]*)»|\*\*([^*]*)\*\*|'([^']*)')\.?\Z")

Key = tuple[str, str]


class QuoteTranslator:
    """Translates quotes into Arabic or English by the language model in the settings. Never raises; thread-safe.

    Makes nothing and imports no LangChain before the first call. A quote is asked for once.
    """

    def __init__(self, settings: Settings) -> None:
        self._enabled = bool((settings.llm_model or "").strip()) and settings.quote_translation_timeout > 0
        self._model = (settings.llm_model or "").strip()
        self._settings = settings.model_copy(
            update={"llm_timeout": settings.quote_translation_timeout or 1.0, "llm_max_tokens": MAX_TOKENS}
        )
        self._lock = threading.Lock()  # over `_chat`
        self._chat: ChatModel | None = None
        self._remembered: LruCache[Key, str | None] = LruCache(CACHED)
        self._paused_until = float("-inf")

    def translated(self, citations: Sequence[Citation], language: str, step: Step) -> tuple[Citation, ...]:
        """The citations, those in another language than `language` with a translation where there is one."""
        target = language if language in _TARGETS else "en"
        foreign = [one for one in citations if one.language != target][:MAX_QUOTES] if self._enabled else []
        if not foreign:
            return tuple(citations)
        known = self._remembered.known(_key(one, target) for one in foreign)
        missing = [one for one in foreign if _key(one, target) not in known]
        if missing and time.monotonic() >= self._paused_until:
            with step.step("translate") as asking:
                found = self._asked(missing, target, asking)
                asking.note(quotes=len(missing), translations=sum(text is not None for text in found.values()))
            known |= found
        return tuple(self._with_translation(one, known.get(_key(one, target)), target) for one in citations)

    def _with_translation(self, citation: Citation, text: str | None, target: str) -> Citation:
        if text is None or citation.language == target:
            return citation
        return replace(citation, translation=Translation(text, target, self._model))

    def _asked(self, citations: Sequence[Citation], target: str, step: Step) -> dict[Key, str | None]:
        """What the model makes of the quotes by the deadline, None for what does not bear the checks; remembered."""
        pieces: list[str] = []
        whole = False
        try:
            with self._lock:
                self._chat = chat = self._chat or _open(self._settings)
            longest = int(sum(len(one.quote) for one in citations) * _LONGEST) + 200
            prompt: Any = _messages  # a plain function: LangChain takes any callable for a step of a chain
            inputs = {"quotes": [one.quote for one in citations], "target": target}
            generation = replace(chat, max_chars=longest).stream(prompt, inputs, step)
            for piece in generation:
                pieces.append(piece)  # noqa: PERF402 - what came before a failure is kept
            whole = not generation.truncated
        except Exception as error:  # whatever it was, the answer stands without it
            _log.debug("No translation of quotes, or not of all: %s", error)
        lines = numbered("".join(pieces), len(citations), whole=whole)
        if not lines:
            self._paused_until = time.monotonic() + PAUSE
        found = {
            _key(one, target): accepted(lines[number], one, target)
            for number, one in enumerate(citations, 1)
            if number in lines
        }
        for key, text in found.items():
            self._remembered.put(key, text)
        return found


def numbered(reply: str, count: int, *, whole: bool = True) -> dict[int, str]:
    """The lines of a reply by their numbers, 1 to `count`; a number that stands twice is none.

    A single translation needs no number. `whole`: the last line is not broken off.
    """
    lines = [line.strip() for line in _THOUGHTS.sub("", reply).splitlines() if line.strip()]
    if not whole and not reply.endswith("\n"):
        lines = lines[:-1]
    matched = [(int(match[1]), match[2]) for line in lines if (match := _LINE.match(line))]
    if count == 1 and len(lines) == 1 and not matched:
        return {1: lines[0]}
    numbers = [number for number, _ in matched]
    return {number: text for number, text in matched if 1 <= number <= count and numbers.count(number) == 1}


def accepted(text: str, citation: Citation, target: str) -> str | None:
    """The translation that `text` is of a quote, in `target` ("ar" or "en"), or None when it is not to be shown.

    It is not when it is in another language or script, far longer or shorter, more than a translation, or when a check
    of grounding finds something in it that the quote does not have, or the other way round: a number, a date, a name, a
    denial, whose words they are. Those checks err on the side of doubt, which costs only the translation. Quotation
    marks around it are taken off.
    """
    text = _unquoted(text.strip())
    length, original = len(text), len(citation.quote)
    if not original * _SHORTEST - _SLACK <= length <= original * _LONGEST + _SLACK:
        return None
    if not text or any(bracket in text for bracket in "<>{}[]|") or "://" in text or says_more(text, citation.quote):
        return None
    if language_besides([text], target) is not None or text == citation.quote:
        return None
    if any(name not in ("ARABIC", "LATIN") for name in _scripts(text) - _scripts(citation.quote)):
        return None
    quote = Source(citation.quote, citation.language, citation.published)
    translation = Source(text, target, citation.published)
    findings = (
        *findings_of(text, target, [quote]),
        *findings_of(citation.quote, citation.language, [translation]),
    )
    # Words in quotation marks are translated like the rest, so they are never the other text's own.
    return None if any(finding.kind != "quote" for finding in findings) else text


def _scripts(text: str) -> frozenset[str]:
    """The scripts of the letters of `text`, as Unicode names them; a small model mixes in others."""
    return frozenset(unicodedata.name(one, "").partition(" ")[0] for one in text if one.isalpha())


def _unquoted(text: str) -> str:
    """`text` without the quotation marks around all of it."""
    match = _QUOTED.match(text)
    return next(inside for inside in match.groups() if inside is not None).strip() if match else text


def prompt_inputs(quotes: Sequence[str], target: str) -> dict[str, str]:
    """The values of the prompt's placeholders; each quote is one numbered line with nothing hidden and no brackets."""
    from rag.answering.generation.prompting import harmless

    lines = [f"{number}: {' '.join(harmless(quote).split())}" for number, quote in enumerate(quotes, 1)]
    return {"quotes": "\n".join(lines), "target": _TARGETS[target], "count": str(len(quotes))}


def _messages(inputs: Mapping[str, Any]) -> list[tuple[str, str]]:
    filled = prompt_inputs(inputs["quotes"], inputs["target"])
    return [
        ("system", load_prompt("quote_translation.system").format(target=filled["target"])),
        ("human", load_prompt("quote_translation.user").format(**filled)),
    ]


def _open(settings: Settings) -> ChatModel:
    from rag.llm import open_chat_model  # here, because it brings an HTTP client

    return open_chat_model(settings)


def _key(citation: Citation, target: str) -> Key:
    return citation.quote, target
