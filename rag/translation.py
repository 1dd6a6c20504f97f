"""A query in the other language, by the configured language model: search terms for that language's lexical index.

Best effort, and never a reason to wait or to fail: a translation that is late, wrong or not to be had is None, and
retrieval goes on without it. What the model writes is only ever searched for, never shown. Whether the model may be
asked at all (`mode="quotes"` promises that none is) is the caller's to decide; nothing here knows of modes.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.language import detect_language
from rag.analysis import folded_words, words
from rag.lru import LruCache
from rag.prompts import load_prompt
from rag.sentences import split_sentences
from rag.settings import Settings

if TYPE_CHECKING:
    from rag.llm import ChatModel
    from rag.tracing.steps import Step

_log = logging.getLogger(__name__)

MAX_QUERY_CHARS = 500
"""A longer query is a pasted text: it has words enough of its own."""
MAX_TOKENS = 256
CACHED = 1000
"""Queries remembered, with what became of them; a translation is some 100 bytes."""
MAX_RUNNING = 8
"""Calls at a time; a further query does without, rather than queue behind a slow model."""
FAILURES_ALLOWED = 2
PAUSE = 60.0
"""Seconds without a call after `FAILURES_ALLOWED` failures in a row, and after each further one."""

_TARGETS = {"ar": "Arabic", "en": "English"}
_QUOTES = "\"'`“”„«»‘’*"
_THOUGHTS = re.compile(r"^\s*<think>.*?</think>", re.DOTALL)
_MARK = re.compile("[?؟]")
_REFUSES = re.compile(
    r"\bI['’]?\s?a?m (?:sorry|unable)\b|\bI (?:cannot|can['’]?t|can not)\b|\bas an? (?:AI|language model)\b"
    r"|(?:عذرا|آسف|اسف)|(?:لا أستطيع|لا يمكنني|لا استطيع)|كنموذج لغوي",
    re.IGNORECASE,
)
_TALKS_ABOUT_IT = re.compile(
    r"\btranslat(?:ion|ed|es)\b|\bin (?:Arabic|English)\b|ترجمة|ب(?:اللغة )?ال(?:عربية|[إا]نجليزية|[إا]نكليزية)",
    re.IGNORECASE,
)
_ASKING = folded_words(
    """who what when where which how why whose whom is are was were did does do can has have had will would
    should could من ما ماذا متى أين كيف كم هل لماذا أي أية بماذا لمن ممن عم فيم مين شو ليش وين قديش ايش ليه امتى
    فين"""
)
_ASKING_FIRST_WORDS = 4
"""An interrogative stands among the first words ("In which year", "إلى أي مدى")."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A translation that is being made. `deadline` is on the clock of `time.monotonic`."""

    future: Future[str | None]
    deadline: float

    def result(self, timeout: float | None = None) -> str | None:
        """The translation, waited for until the deadline, at most `timeout` seconds; None when there is none."""
        left = self.deadline - time.monotonic()
        try:
            return self.future.result(max(0.0, left if timeout is None else min(left, timeout)))
        except TimeoutError:
            return None


class QueryTranslator:
    """Translates queries into Arabic or English by the language model in the settings. Never raises; thread-safe.

    Without a model, or with a `translation_timeout` of 0, every translation is None at once. One call a query:
    the same query asked meanwhile waits for that call, asked later it is remembered. Makes nothing and imports no
    LangChain before the first call.
    """

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives the seconds by which the pauses are measured."""
        self._enabled = bool((settings.llm_model or "").strip()) and settings.translation_timeout > 0
        self._timeout = settings.translation_timeout
        self._settings = settings.model_copy(
            update={"llm_timeout": settings.translation_timeout, "llm_max_tokens": MAX_TOKENS}
        )
        self._clock = clock
        self._opening = threading.Lock()
        self._chat: ChatModel | None = None
        self._lock = threading.Lock()  # over all that follows
        self._remembered: LruCache[tuple[str, str], str | None] = LruCache(CACHED)
        self._running: dict[tuple[str, str], Future[str | None]] = {}
        self._failures = 0
        self._paused_until = float("-inf")

    def translate(self, query: str, language: str, target: str) -> str | None:
        """`query`, which is in `language`, in `target` ("ar" or "en"), or None; see `start`."""
        return self.start(query, language, target).result()

    def start(self, query: str, language: str, target: str, step: Step | None = None) -> Pending:
        """Begins to translate `query` and returns at once; collect it with `Pending.result`.

        `language` and `target` are ISO 639-1 codes ("und" for a language unknown). The deadline runs from now. `step`
        is what the call is a part of, if it comes to one.
        """
        key = (" ".join(query.split()), target)
        deadline = time.monotonic() + self._timeout
        if not self._enabled or language == target or target not in _TARGETS or not _worth_asking(key[0]):
            return Pending(_done(None), deadline)
        with self._lock:
            if key in self._remembered:
                return Pending(_done(self._remembered.get(key)), deadline)
            if key in self._running:
                return Pending(self._running[key], deadline)
            if self._clock() < self._paused_until or len(self._running) >= MAX_RUNNING:
                return Pending(_done(None), deadline)
            future: Future[str | None] = Future()
            # A daemon: a model that hangs does not keep the command from ending.
            worker = threading.Thread(
                target=self._work, args=(key, future, step), name="query-translation", daemon=True
            )
            try:
                worker.start()
            except RuntimeError:  # no more threads, or the interpreter is ending
                return Pending(_done(None), deadline)
            self._running[key] = future
            return Pending(future, deadline)

    def _work(self, key: tuple[str, str], future: Future[str | None], step: Step | None) -> None:
        translation = None
        replied = False
        try:
            reply = self._ask(*key, step)
            replied = True
            translation = accepted(reply, *key)
        except Exception as error:  # whatever it was, the question is answered without it
            _log.debug("No translation of a query: %s", error)
        with self._lock:
            if replied:
                # A reply that is no translation is remembered as well: at temperature 0 it would come again.
                self._remembered.put(key, translation)
            self._failures = self._failures + 1 if translation is None else 0
            if self._failures >= FAILURES_ALLOWED:
                self._paused_until = self._clock() + PAUSE
            del self._running[key]
        future.set_result(translation)

    def _ask(self, query: str, target: str, step: Step | None) -> str:
        from rag.llm import open_chat_model  # here, because it brings an HTTP client

        with self._opening:
            if self._chat is None:
                self._chat = open_chat_model(self._settings)
        # A plain function: LangChain takes any callable for a step of a chain, and is imported in rag.llm alone.
        prompt: Any = _messages
        generation = self._chat.stream(prompt, {"query": query, "target": target}, step)
        reply = "".join(generation)
        return "" if generation.truncated else reply


def accepted(reply: str, query: str, target: str) -> str | None:
    """The translation that `reply` is of `query` in `target`, or None when it is anything else.

    Anything else: another language, several lines or sentences, an answer, a refusal, a remark, a text far longer or
    shorter, other figures. A good translation lost costs little, words that are none of the question's cost more.
    """
    text = _THOUGHTS.sub("", reply).strip().strip(_QUOTES).strip()
    if not text or "\n" in text or any(bracket in text for bracket in "<>{}[]|"):
        return None
    length, asked = len(words(text)), len(words(query))
    if not asked / 4 <= length <= 2 * asked + 4 or len(text) > 4 * len(query) + 40:
        return None
    if detect_language(text, prior=target) != target:
        return None
    if says_more(text, query):
        return None
    if ":" in text and ":" not in query:
        return None
    if len(split_sentences(text)) > len(split_sentences(query)):
        return None
    if _figures(text) != _figures(query):
        return None
    return text if _asks(text) or not _MARK.search(query) else None


def says_more(translation: str, original: str) -> bool:
    """Whether a translation refuses, or speaks of languages and translating, where the original does not."""
    return any(says.search(translation) and not says.search(original) for says in (_REFUSES, _TALKS_ABOUT_IT))


def prompt_inputs(query: str, target: str) -> dict[str, str]:
    """The values of the prompt's placeholders; the query is one line with nothing hidden and no brackets."""
    from rag.answering.generation.prompting import harmless

    return {"query": " ".join(harmless(query).split()), "target": _TARGETS[target]}


def _messages(inputs: Mapping[str, str]) -> list[tuple[str, str]]:
    filled = prompt_inputs(inputs["query"], inputs["target"])
    return [
        ("system", load_prompt("translate.system").format(target=filled["target"])),
        ("human", load_prompt("translate.user").format(**filled)),
    ]


def _worth_asking(query: str) -> bool:
    return len(query) <= MAX_QUERY_CHARS and any(character.isalpha() for character in query)


def _asks(text: str) -> bool:
    return bool(_MARK.search(text)) or not _ASKING.isdisjoint(words(text)[:_ASKING_FIRST_WORDS])


def _figures(text: str) -> frozenset[str]:
    """The numbers of two digits or more; a smaller one may be written as a word in the other language."""
    return frozenset(word for word in words(text) if word[0].isdigit() and len(word) > 1)


def _done(translation: str | None) -> Future[str | None]:
    future: Future[str | None] = Future()
    future.set_result(translation)
    return future
