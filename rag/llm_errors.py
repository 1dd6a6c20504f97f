"""Every way in which a language model fails, as one `GenerationError` with one readable line.

LangChain's own error classes are the same for every provider, so the mapping goes by them, by the HTTP client's and by
the HTTP status. Classes are found by their names: LangChain is not to be imported here, and below it the openai client
has moved from httpx to httpx2, whose errors bear the same names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from rag.errors import GenerationError
from rag.types import Notice

# kind: (the line in English, the reason in Arabic, what to do)
_KINDS: dict[str, tuple[str, str, str]] = {
    "not_configured": ("No language model is configured", "لم يُضبط نموذج لغوي", "Set TAWTHIQ_LLM_MODEL."),
    "no_package": (
        "The language model's provider needs a package that is not installed",
        "حزمة المزوّد غير مثبّتة",
        "Install the LangChain package of that provider.",
    ),
    "no_key": (
        "No key for the language model",
        "لا يوجد مفتاح",
        "Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own.",
    ),
    "misconfigured": (
        "The language model cannot be set up",
        "إعداده غير صالح",
        "Check TAWTHIQ_LLM_MODEL and the provider's own settings.",
    ),
    "unreachable": (
        "The language model's server cannot be reached",
        "تعذّر الاتصال بخادمه",
        "Check OPENAI_BASE_URL and that the server runs.",
    ),
    "timeout": (
        "The language model did not finish in time",
        "لم ينتهِ في الوقت المحدد",
        "Raise TAWTHIQ_LLM_TIMEOUT or use a faster model.",
    ),
    "unauthorised": ("The language model's server refused the key", "رفض الخادم المفتاح", "Check OPENAI_API_KEY."),
    "unknown_model": (
        "The language model's server does not know the model or the address",
        "الخادم لا يعرف النموذج أو العنوان",
        "Check TAWTHIQ_LLM_MODEL and that OPENAI_BASE_URL ends as the server wants it (often /v1).",
    ),
    "rate_limited": (
        "The language model's server has too many requests or no credit left",
        "طلبات كثيرة أو نفد الرصيد",
        "Wait a little, or check the account.",
    ),
    "rejected": (
        "The language model's server rejected the request",
        "رفض الخادم الطلب",
        "Check that the model is a chat model and its context is long enough.",
    ),
    "server_error": ("The language model's server failed", "تعطّل الخادم", "Try again, or look at the server's log."),
    "web_page": (
        "The language model's address answers with a web page",
        "العنوان يعيد صفحة ويب",
        "Check OPENAI_BASE_URL (often it ends in /v1).",
    ),
    "empty": ("The language model's answer was empty", "جاء جوابه فارغا", "Try another model."),
    "endless": ("The language model did not stop writing", "لم يتوقف عن الكتابة", "Try another model."),
    "dropped": (
        "The language model's answer broke off in the middle",
        "انقطع جوابه في منتصفه",
        "Try again, or look at the server's log.",
    ),
    "garbled": (
        "The language model's server sent something unreadable",
        "أرسل خادمه ما لا يُقرأ",
        "Check that the server speaks the OpenAI protocol.",
    ),
    "uncited": (
        "No sentence of the language model's answer rests on the passages that it cites",
        "لم تستند أي جملة منه إلى المقاطع التي ذكرها",
        "Try a larger model.",
    ),
    "other_language": (
        "The language model did not write in the language of the answer",
        "لم يكتب بلغة الجواب",
        "Try a larger model.",
    ),
    "no_verdicts": (
        "The language model did not give the verdicts that it was asked for",
        "لم يعط الأحكام المطلوبة",
        "Try a larger model, or set TAWTHIQ_SUPPORT_JUDGE to embedding.",
    ),
    "failed": ("The language model failed", "حدث خطأ", "Try again."),
}

KINDS = frozenset(_KINDS)
"""The values of `GenerationError.parameters["kind"]`."""

_BY_CLASS = {
    "ContextOverflowError": "rejected",
    "ModelAuthenticationError": "unauthorised",
    "ModelPermissionDeniedError": "unauthorised",
    "ModelNotFoundError": "unknown_model",
    "ModelRateLimitError": "rate_limited",
    "ModelInvalidRequestError": "rejected",
    "ModelAPIError": "server_error",
    "ModelTimeoutError": "timeout",
    "ModelConnectionError": "unreachable",
    # openai's and anthropic's own classes, for what LangChain passes on unwrapped
    "APITimeoutError": "timeout",
    "APIConnectionError": "unreachable",
    "APIResponseValidationError": "garbled",
}


class WebPage(Exception):
    """Raised inside the HTTP client when a model's address answers with HTML."""


def generation_error(kind: str, detail: str = "") -> GenerationError:
    """The error of one of `KINDS`; `detail` (a host, a number of seconds, the server's words) is put in brackets."""
    line, _, hint = _KINDS[kind]
    detail = _one_line(detail)
    return GenerationError(f"{line} ({detail})." if detail else f"{line}.", hint, kind=kind, detail=detail)


def from_exception(error: BaseException, where: str = "") -> GenerationError:
    """What `error`, raised by a chat model, means; `where` names the server."""
    chain = list(_causes(error))
    for cause in chain:
        if isinstance(cause, GenerationError):
            return cause
        if isinstance(cause, WebPage):
            return generation_error("web_page", where)
    names = {cls.__name__ for cause in chain for cls in type(cause).__mro__}
    if "TimeoutException" in names:
        return generation_error("timeout", where)
    if names & {"RemoteProtocolError", "ReadError"}:
        return generation_error("dropped", where)
    if any(isinstance(cause, UnicodeError | json.JSONDecodeError) for cause in chain):
        return generation_error("garbled", where)
    status = getattr(error, "status_code", None)
    kind = _kind_of_status(status) if isinstance(status, int) else None
    kind = kind or next((_BY_CLASS[c.__name__] for c in type(error).__mro__ if c.__name__ in _BY_CLASS), None)
    if kind in ("rejected", "server_error"):
        return generation_error(kind, _servers_words(error) or where)
    if kind is not None:
        return generation_error(kind, where)
    if isinstance(error, TypeError | AttributeError | KeyError | ValueError):
        # what the client's parser makes of JSON that is not a completion
        return generation_error("garbled", where)
    return generation_error("failed", _servers_words(error) or type(error).__name__)


def replied(error: GenerationError) -> bool:
    """Whether the model did answer, though not with what can be shown: it can be asked for something else."""
    return error.parameters.get("kind") in ("uncited", "other_language")


def fallback_notice(error: GenerationError, language: str) -> Notice:
    """The one line that says why an answer is made of quotes although a model was to write it."""
    reason = failure_in_words(error, language)
    if language == "ar":
        return Notice("llm_fallback", f"لم يُعتمد جواب النموذج اللغوي ({reason})، وهذه اقتباسات من الوثائق بدلا منه.")
    return Notice("llm_fallback", f"{reason}; these are quotes from the documents instead.")


def failure_in_words(error: GenerationError, language: str) -> str:
    """What went wrong, to stand in a sentence: in Arabic for `language` "ar", else in English."""
    line, arabic, _ = _KINDS.get(str(error.parameters.get("kind", "failed")), _KINDS["failed"])
    return arabic if language == "ar" else line


def _causes(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    for _ in range(10):
        if current is None:
            return
        yield current
        current = current.__cause__ or current.__context__


def _kind_of_status(status: int) -> str | None:
    if status in (401, 403):
        return "unauthorised"
    if status == 404:
        return "unknown_model"
    if status in (402, 429):
        return "rate_limited"
    if status in (408, 504):
        return "timeout"
    if 400 <= status < 500:
        return "rejected"
    return "server_error" if status >= 500 else None


def _servers_words(error: BaseException) -> str:
    """The server's own message, unless it is a page; a status is always worth having."""
    body = getattr(error, "body", None)
    message = body.get("message") if isinstance(body, dict) else None
    words = message if isinstance(message, str) else str(error)
    status = getattr(error, "status_code", None)
    if "<" in words or "{" in words:
        words = ""
    return words or (f"HTTP {status}" if status else "")


def _one_line(text: str, limit: int = 160) -> str:
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split()).rstrip(".")
    return text if len(text) <= limit else text[: limit - 1] + "…"
