"""A follow-up as a stand-alone question, by the configured language model; best effort, and checked before it is used.

What cannot be the question put in full (the same question, an answer, a remark, words of neither question nor
conversation) is None, and so is a reply that comes too late: then the rules of `rag.conversation` have their turn.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from corpus.language import detect_language
from rag.analysis import stem, words
from rag.answering.followups.dependence import topic_words
from rag.bilingual import consonants, load_glossary
from rag.prompts import load_prompt
from rag.sentences import split_sentences
from rag.settings import Settings
from rag.tracing.steps import Step
from rag.translation import says_more
from rag.types import History

if TYPE_CHECKING:
    from rag.llm import ChatModel

_log = logging.getLogger(__name__)

TIMEOUT = 5.0
"""Seconds that a follow-up waits for the model: the answer is still to be written."""
PAUSE = 60.0
"""Seconds without a call after one that failed."""
MAX_TOKENS = 150
MAX_CHARS = 400
TURN_CHARS = 300
"""What is given of an earlier question, and of its answer."""
INVENTED = 0.2
"""Share of a rewritten question's topic words that may stand neither in the question nor in the conversation: other
forms of words, and words of the other language that the glossary does not know."""
KEPT_LETTERS = 3
"""A word of the question is kept where one that begins with so many letters of its stem stands in the new one."""

_LANGUAGES = {"ar": "Arabic (بالعربية)", "en": "English"}
_THOUGHTS = re.compile(r"\A\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_LABEL = re.compile(r"\A(?:(?:stand-?alone|rewritten|last|the)\s+)*question\s*:\s*|\Aالسؤال\s*:\s*", re.IGNORECASE)
_QUOTES = "\"'`“”„«»‘’*"
_MARK = re.compile("[?؟]")


class QuestionRewriter:
    """Rewrites follow-ups by the language model in the settings. Never raises; thread-safe.

    Makes nothing and imports no LangChain before the first call.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings.model_copy(
            update={"llm_timeout": min(settings.llm_timeout, TIMEOUT), "llm_max_tokens": MAX_TOKENS}
        )
        self._opening = threading.Lock()
        self._chat: ChatModel | None = None
        self._paused_until = float("-inf")

    def rewritten(self, question: str, language: str, history: History, step: Step) -> str | None:
        """`question`, in `language` (ISO 639-1), as it is clear without `history`; None where the model has no such."""
        if time.monotonic() < self._paused_until:
            return None
        with step.step("rewrite") as asking:
            try:
                reply = self._asked(question, language, history, asking)
            except Exception as error:  # whatever it was, the rules do without
                _log.debug("A follow-up was not rewritten: %s", error)
                self._paused_until = time.monotonic() + PAUSE
                return None
            found = accepted(reply, question, language, history)
            asking.note(rewritten=found is not None)
            return found

    def _asked(self, question: str, language: str, history: History, step: Step) -> str:
        from rag.llm import open_chat_model  # here, because it brings an HTTP client

        with self._opening:
            if self._chat is None:
                self._chat = open_chat_model(self._settings)
        prompt: Any = _messages  # a plain function: LangChain takes any callable for a step of a chain
        generation = self._chat.stream(prompt, {"question": question, "language": language, "history": history}, step)
        reply = "".join(generation)
        return "" if generation.truncated else reply


def accepted(reply: str, question: str, language: str, history: History) -> str | None:
    """The stand-alone question that `reply` is, or None when it is anything else."""
    text = _LABEL.sub("", _THOUGHTS.sub("", reply).strip()).strip().strip(_QUOTES).strip()
    if not text or "\n" in text or len(text) > MAX_CHARS or any(sign in text for sign in "<>{}[]|") or "://" in text:
        return None
    if says_more(text, question) or len(split_sentences(text)) > len(split_sentences(question)):
        return None
    if language in _LANGUAGES and detect_language(text, prior=language) != language:
        return None
    if _MARK.search(question) and not _MARK.search(text):
        return None
    asked, topic = topic_words(question), set(topic_words(text))
    said = [word for word in words(text) if word in topic or word[0].isdigit()]
    # قيمتها becomes قيمة الشحنة: the word is the same as far as where its pronoun was.
    begun = {stem(word)[:KEPT_LETTERS] for word in said}
    if 2 * sum(stem(word)[:KEPT_LETTERS] in begun for word in asked) < len(asked):
        return None
    known = _Known(" ".join((question, *(part for turn in _turns(history) for part in turn))))
    invented = [word for word in said if word not in known]
    if any(word[0].isdigit() for word in invented) or len(invented) > max(1, INVENTED * len(said)):
        return None
    # A small model often says the question again: then nothing is gained, and the rules may do better.
    return text if {stem(word) for word in topic} - {stem(word) for word in asked} else None


class _Known:
    """The words of a conversation, in either language."""

    def __init__(self, text: str) -> None:
        written = words(text)
        self._stems = {stem(word) for word in written}
        self._skeletons = {skeleton for word in written if len(skeleton := consonants(word)) > 1}
        for _, ways in load_glossary().ways(text):
            self._stems.update(*ways)

    def __contains__(self, word: str) -> bool:
        return stem(word) in self._stems or consonants(word) in self._skeletons


def prompt_inputs(question: str, language: str, history: History) -> dict[str, str]:
    """The values of the prompt's placeholders: each text one line, shortened, with nothing hidden and no brackets."""
    lines = []
    for asked, answer in _turns(history):
        lines += [f"Question: {asked}", f"Answer: {answer}"] if answer else [f"Question: {asked}"]
    return {
        "history": "\n".join(lines),
        "question": _line(question, MAX_CHARS * 2),
        "language": _LANGUAGES.get(language, "the language of the question"),
    }


def _turns(history: History) -> list[tuple[str, str]]:
    """The questions, as they were understood, and their answers."""
    return [
        (
            _line(answer.standalone_question or question, TURN_CHARS),
            _line(" ".join(statement.text for statement in answer.statements), TURN_CHARS),
        )
        for question, answer in history
    ]


def _line(text: str, limit: int) -> str:
    from rag.answering.generation.prompting import harmless

    return " ".join(harmless(text).split())[:limit]


def _messages(inputs: Mapping[str, Any]) -> list[tuple[str, str]]:
    filled = prompt_inputs(inputs["question"], inputs["language"], inputs["history"])
    return [
        ("system", load_prompt("followup.system").format(language=filled["language"])),
        ("human", load_prompt("followup.user").format(**filled)),
    ]
