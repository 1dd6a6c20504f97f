"""The language of a text or a passage: the script decides first, then letters, common words and (for Latin) lingua."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from lingua import LanguageDetector

Partition = Literal["ar", "en", "other"]
UNKNOWN = "und"

_SAMPLE_CHARS = 20_000
_SHORT = 200
_LETTER = re.compile(r"[^\W\d_]")
_SCRIPTS = {
    "arabic": re.compile("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\u08a0-\u08ff]"),
    "latin": re.compile("[A-Za-z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff]"),
    "he": re.compile("[\u05d0-\u05ea]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
    "hy": re.compile("[\u0530-\u058f]"),
    "ka": re.compile("[\u10a0-\u10ff]"),
    "hi": re.compile("[\u0900-\u097f]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "ko": re.compile("[\u1100-\u11ff\uac00-\ud7af]"),
    "ja": re.compile("[\u3040-\u30ff]"),
    "zh": re.compile("[\u4e00-\u9fff]"),
}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Letters that Arabic does not have, by the language that they point to; then words that other languages do not have.
_PERSIAN_ONLY_LETTERS = re.compile("[پچژگ]")
_PERSIAN_LETTERS = re.compile("[پچژگ\u06cc\u06a9]")
_ARABIC_LETTERS = re.compile("[ةىأإيظ]")
_URDU_LETTERS = re.compile("[ٹڈڑےںھہ]")
_KURDISH_LETTERS = re.compile("[ێۆڕڵە]")
_PERSIAN_WORDS = _words("است که این آن را از به در می برای با شد بود های یک چه چیست کیست شده کرد هم نیز اند دارد خود")
_URDU_WORDS = _words("ہے ہیں کے کی کا میں نے سے کو اور یہ وہ تھا پر کیا ہوا گیا نہیں تھی")
_ARABIC_WORDS = _words(
    "في من على إلى الى عن أن ان هل ما لم قد كان كانت هو هي هذا هذه التي الذي ماذا كم متى أين كيف لماذا بعد قبل "
    "بين مع و أو"
)
_ENGLISH_WORDS = _words(
    "the of and to in is are was were a an for on with by that this what who when where which how why did does "
    "do has have had from at as it its be been not or but about into their they he she his her will would can many much"
)
# Words of questions and sentences that no English has; none that names begin or go on with ("de", "el", "von", "kim").
_TELLING_WORDS = {
    "fr": _words("qui quand quoi quel quelle quels quelles pourquoi combien où qu dans avec une contre en"),
    "de": _words("wer was ist wann wo wurde warum welche welcher welches und für nicht eine wie viele gegen"),
    "es": _words(
        "qué quién quiénes cómo cuándo dónde cuánto cuántos cuántas cuál una por para en quien quienes cuando donde "
        "cuantos"
    ),
    "tr": _words("nedir kimdir nerede neden nasıl nasil kaç zaman oldu için bir hangi"),
}
# Arabic in Latin letters: digits stand for letters ("7abibi", "ra2yak"), or a dialect's question word tells.
_ARABIZI = re.compile(r"(?=.*\d)[235679]?(?:[a-z]+[235679])*[a-z]+[235679]?")
_NOT_ARABIZI = re.compile(r"\d(?:st|nd|rd|th|years?|months?|weeks?|days?|hours?|stars?)")
_ARABIZI_WORDS = _words(
    "shu shou sho meen ween wein weyn lesh leish laish keef kifak keefak emta addesh addeh ezay ezzay feen mish howe "
    "hayda hayde"
)
_ARABIZI_PARTICLES = _words("wen kif kam el bel bil fi")
_TOKEN = re.compile(r"\w+")
_WORD = re.compile(r"\b[^\W\d_]+\b")
_NAME_PARTICLES = _words("al el ad ar as ash az ez bin ibn abu von van der den de la le du di da del of and the d l")
_NAME_WORDS = 4
_LATIN_KNOWN = frozenset({"en", "fr", "de", "es", "tr", UNKNOWN})
_OTHER_SCRIPTS = _words("ar fa ur ku ps sd ug he yi el ru uk bg sr mk be hy ka hi mr ne bn ta te th ko ja zh")
_SURE = 0.9
_SURE_OF_SHORT = 0.98
_HALF = 0.5
_CLOSE_TO_CALL = 12


def detect_language(text: str, prior: str | None = None) -> str:
    """The ISO 639-1 code of the language that most of `text` is in, or "und".

    `prior` is the language to assume where the text itself says too little: that of the document around a passage, or
    the one a page declares. The prior never overrules the script.
    """
    sample = (
        text
        if len(text) <= _SAMPLE_CHARS
        else text[: _SAMPLE_CHARS // 2] + text[len(text) // 2 :][: _SAMPLE_CHARS // 2]
    )
    sample = unicodedata.normalize("NFKC", sample)  # Arabic presentation forms, full-width Latin
    if not _LETTER.search(sample):
        return UNKNOWN
    if len(sample) <= _SHORT and (framed := _framed(sample)):
        return framed
    counts = {script: len(pattern.findall(sample)) for script, pattern in _SCRIPTS.items()}
    # A Latin word is spelt with more letters than an Arabic or Chinese one: names must not outvote a short question.
    counts["latin"] = round(counts["latin"] * 0.7)
    script = max(counts, key=lambda name: counts[name])
    if counts[script] == 0:
        return UNKNOWN
    if script == "arabic":
        return _arabic_script(sample, prior)
    if script == "latin":
        return _latin_script(sample, prior)
    if script == "cyrillic":
        return "uk" if re.search("[іїєґІЇЄҐ]", sample) else "ru"
    return "ja" if script == "zh" and counts["ja"] * 10 > counts["zh"] else script


def _framed(text: str) -> str | None:
    """The language that frames a short text of both scripts: "What is الكبتاغون?", "رأي Carnegie Endowment".

    It is the one whose function words are there alone; without any, Arabic around Latin names or as many Latin words.
    """
    if not _SCRIPTS["arabic"].search(text) or not _SCRIPTS["latin"].search(text):
        return None
    words = _WORD.findall(text)
    arabic = any(word in _ARABIC_WORDS for word in words)
    english = any(word.lower() in _ENGLISH_WORDS for word in words)
    if arabic == english:
        latin = [word for word in words if _SCRIPTS["latin"].match(word)]
        embedded = len(latin) * 2 <= len(words) or all(word[0].isupper() for word in latin)
        return _arabic_script(text, None) if embedded and not english else None
    return _arabic_script(text, None) if arabic else "en"


def language_of_span(span: str, document_language: str) -> str:
    """The language of a passage of a document in `document_language`, which decides where the passage cannot."""
    found = detect_language(span, prior=document_language)
    return document_language if found == UNKNOWN else found


def partition_of(language: str) -> Partition:
    """The index partition of a language code."""
    if language == "ar":
        return "ar"
    return "en" if language == "en" else "other"


def partition_of_query(query: str, language: str) -> Partition:
    """The index partition whose words those of `query`, in `language`, can match.

    A query in no language that is known (Arabizi, figures with a name) still has names, and those are in its script:
    "meen howe Assad" may match English text, never text in the partition `other`.
    """
    if language != UNKNOWN:
        return partition_of(language)
    return "ar" if _SCRIPTS["arabic"].search(query) else "en" if _SCRIPTS["latin"].search(query) else "other"


def _arabic_script(text: str, prior: str | None) -> str:
    words = _WORD.findall(text)
    letters = len(_SCRIPTS["arabic"].findall(text))
    # A single word with the Persian kaf or yeh alone may as well come from a keyboard.
    persian = _PERSIAN_LETTERS if len(words) > 1 else _PERSIAN_ONLY_LETTERS
    hits = {
        "ar": 5 * len(_ARABIC_LETTERS.findall(text)) / letters
        + 15 * text.count("ة") / letters
        + sum(
            word in _ARABIC_WORDS or (word.startswith(("ال", "وال", "بال", "لل")) and len(word) > 4) for word in words
        ),
        "fa": sum(word in _PERSIAN_WORDS for word in words) + 10 * len(persian.findall(text)) / letters,
        "ur": sum(word in _URDU_WORDS for word in words) + 30 * len(_URDU_LETTERS.findall(text)) / letters,
        "ku": 30 * len(_KURDISH_LETTERS.findall(text)) / letters,
    }
    best = max(hits, key=lambda language: hits[language])
    if hits[best] < 1 and prior in hits:
        return prior or "ar"
    # Persian letters alone come with names and with keyboards ("چ", "گ", Persian yeh) in Arabic text.
    return best if hits[best] > hits["ar"] else "ar"


def _latin_script(text: str, prior: str | None) -> str:
    written = [word for word in _WORD.findall(text) if word.isascii() or _SCRIPTS["latin"].match(word)]
    words = [word.lower() for word in written]
    english = sum(word in _ENGLISH_WORDS for word in words)
    if english * 4 >= len(words) and english >= 2:
        return "en"
    if _is_arabizi(text, english):
        return UNKNOWN
    if prior and prior not in _LATIN_KNOWN and prior not in _OTHER_SCRIPTS:
        return prior  # a Latin-script language that the detector was not given
    telling = {} if len(words) > _CLOSE_TO_CALL else _telling(words)
    if not telling and not english and _is_name(written):
        return prior if prior is not None and prior in _LATIN_KNOWN - {UNKNOWN} else "en"
    from lingua import Language

    values = {value.language: value.value for value in _detector().compute_language_confidence_values(text)}
    if max(telling.values(), default=0) > english and values[Language.ENGLISH] < _HALF:
        codes = {language.iso_code_639_1.name.lower(): value for language, value in values.items()}
        return max(telling, key=lambda language: (telling[language], codes[language]))
    best = max(values, key=lambda language: values[language])
    code = best.iso_code_639_1.name.lower()
    short = text.isascii() and len(words) <= 6
    if code == "en" or (values[best] >= (_SURE_OF_SHORT if short else _SURE) and (len(words) >= 3 or not short)):
        return code
    # Too little to go by: names and single words read as anything. English is what most such questions are in.
    if prior in _LATIN_KNOWN and prior != UNKNOWN:
        return prior or UNKNOWN
    if len(words) <= _CLOSE_TO_CALL:
        return "en" if values.get(Language.ENGLISH, 0.0) > 0 or len(words) <= 2 else code
    return code if values[best] > _HALF else UNKNOWN


def _telling(words: list[str]) -> dict[str, int]:
    if words and words[-1] == "en":  # a preposition is never last, a language code may be ("language: en")
        words = words[:-1]
    counts = {language: sum(word in known for word in words) for language, known in _TELLING_WORDS.items()}
    return {language: count for language, count in counts.items() if count}


def _is_name(written: list[str]) -> bool:
    """Whether a few Latin words are all capitalised: a name, which no letter of it ("Erdoğan") tells a language by."""
    big = [word for word in written if word.lower() not in _NAME_PARTICLES]
    return 0 < len(big) <= _NAME_WORDS and all(word[0].isupper() for word in big)


def _is_arabizi(text: str, english: int) -> bool:
    """Whether a quarter or more of the words are Arabizi; `english` counts English words, which speak against it."""
    tokens = _TOKEN.findall(text)
    score = 0
    for token in tokens:
        word = token.lower()
        if word in _ARABIZI_WORDS:
            score += 2
        elif word in _ARABIZI_PARTICLES:
            score += 1
        elif not token.isupper() and not _NOT_ARABIZI.fullmatch(word) and _ARABIZI.fullmatch(word):
            letters = sum(character.isalpha() for character in word)
            # A digit at the end, as in "matba5", is one of "web3" or "iphone7" as well.
            score += 0 if letters < 3 else 1 if word[:-1].isalpha() else 2
    return score - 2 * english >= 2 and score * 2 >= len(tokens)


@cache
def _detector() -> LanguageDetector:
    from lingua import Language, LanguageDetectorBuilder

    languages = (Language.ENGLISH, Language.FRENCH, Language.GERMAN, Language.SPANISH, Language.TURKISH)
    return LanguageDetectorBuilder.from_languages(*languages).with_low_accuracy_mode().build()
