"""What goes into the prompt of an answer: data made harmless, and no more of it than the model's context holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import ceil

from rag.prompts import load_prompt
from rag.settings import Settings
from rag.types import History, ScoredPassage

PASSAGE_TOKENS = 2500
"""Room for passages with every setting at its default: a context of 4,096 tokens, the smallest that servers give by
default, less an answer of 700 and `PROMPT_TOKENS`."""
PROMPT_TOKENS = 896
"""Kept free for the instructions, earlier turns and the question, which seldom take more."""
HISTORY_TURNS = 2
HISTORY_CHARS = 300
MAX_TITLE_CHARS = 150

_LANGUAGES = {
    "ar": "Arabic (بالعربية)",
    "en": "English",
    "fr": "French",
    "es": "Spanish",
    "de": "German",
    "tr": "Turkish",
    "fa": "Persian",
}
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


def room(question: str, language: str, history: History, settings: Settings) -> int:
    """The tokens that the model's context has left for passages; may be below 0."""
    filled = prompt_inputs(question, (), language, history)
    prompt = load_prompt("answer.system") + load_prompt("answer.user") + load_prompt("answer.again")
    needed = estimated_tokens(prompt + filled["question"] + filled["history"])
    return settings.llm_context_tokens - settings.llm_max_tokens - max(needed, PROMPT_TOKENS)


def estimated_tokens(text: str) -> int:
    """About how many tokens `text` is, rather too many than too few: a token is 4 bytes or more in both languages.

    Measured with Qwen2.5's tokenizer on the samples: 4.2 bytes a token in Arabic, 3.7 in English with addresses.
    """
    return ceil(len(text.encode("utf-8", "replace")) / 3.6)


def harmless(text: str) -> str:
    """`text` for a prompt: nothing hidden in it, and no square or angle bracket."""
    return _HIDDEN.sub("", text).translate(_HARMLESS)


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
