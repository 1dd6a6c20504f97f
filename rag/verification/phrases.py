"""What verifying says, in English and Arabic: one line each."""

from __future__ import annotations

from rag.types import AnswerLanguage

PHRASES: dict[str, tuple[str, str]] = {
    # One citation
    "no_document": ("There is no such document.", "لا توجد وثيقة كهذه."),
    "also_at": ("{reason} Its text is also at {source}.", "{reason} ونصها موجود أيضا في {source}."),
    "compared": (" (compared with {source})", " (قورن مع {source})"),
    "stands": ("The quote stands there, word for word{compared}.", "الاقتباس في موضعه حرفا بحرف{compared}."),
    "never_held": (
        "The document is the same, and never held these words{compared}.",
        "الوثيقة لم تتغير، ولم ترد فيها هذه الكلمات قط{compared}.",
    ),
    "elsewhere": (
        "The document is the same; the quote stands elsewhere{compared}.",
        "الوثيقة لم تتغير، والاقتباس في موضع آخر منها{compared}.",
    ),
    "words_gone": (
        "The document has changed; these words are not in it{compared}.",
        "تغيّرت الوثيقة، ولم تعد فيها هذه الكلمات{compared}.",
    ),
    "moved_same_place": (
        "The document has changed; the quote still stands where it stood{compared}.",
        "تغيّرت الوثيقة، وما زال الاقتباس في موضعه{compared}.",
    ),
    "moved": (
        "The document has changed; the quote now stands elsewhere{compared}.",
        "تغيّرت الوثيقة، وصار الاقتباس في موضع آخر منها{compared}.",
    ),
    "quote_empty": ("The quote is empty.", "الاقتباس فارغ."),
    "offsets": ("The offsets are not those of this quote.", "الموضع المذكور لا يطابق طول الاقتباس."),
    "sha256": (
        "What it gives as the document's SHA-256 is none.",
        "ما يذكره على أنه بصمة SHA-256 للوثيقة ليس بصمة.",
    ),
    # What is said of a document
    "fact": (
        "{what} {number}: the document's {name} is {now}, not {said}.",
        "{what} {number}: {name} الوثيقة {now}، لا {said}.",
    ),
    "source_not_of_id": (
        "{what} {number}: {said} is not the source of the document with this id.",
        "{what} {number}: {said} ليس مصدر الوثيقة ذات هذا المعرّف.",
    ),
    "citation": ("Citation", "الاقتباس"),
    "passage": ("Passage", "المقطع"),
    "title": ("title", "عنوان"),
    "publisher": ("publisher", "ناشر"),
    "published": ("date", "تاريخ"),
    "source": ("source", "مصدر"),
    "language": ("language", "لغة"),
    "page": (
        "{what} {number}: the quote stands on page {now}, not {said}.",
        "{what} {number}: الاقتباس في الصفحة {now}، لا {said}.",
    ),
    "no_pages": ("{what} {number}: the document has no pages.", "{what} {number}: ليس للوثيقة صفحات."),
    "not_stated": ("not stated", "غير مذكور"),
    "passage_altered": (
        "Passage {number}: its words do not stand at its place in the document.",
        "المقطع {number}: كلماته ليست في موضعها من الوثيقة.",
    ),
    "passage_differs": (
        "Passage {number}: its words do not stand at its place in the document: altered, or the document has changed.",
        "المقطع {number}: كلماته ليست في موضعها من الوثيقة: إما أنها بُدّلت وإما أن الوثيقة تغيّرت.",
    ),
    # An answer against itself
    "digest_differs": (
        "The digest does not match: this was changed after it was written.",
        "البصمة لا تطابق: بُدّل شيء في هذا الجواب بعد كتابته.",
    ),
    "same_number": (
        "{count} citations have the number {number}.",
        "الرقم {number} مستعمل لأكثر من اقتباس ({count}).",
    ),
    "cites_nothing": ("It cites nothing.", "لا يستشهد بشيء."),
    "no_such_citation": (
        "Statement {place} cites {number}, and there is no such citation.",
        "العبارة {place} تستشهد بالرقم {number}، ولا اقتباس بهذا الرقم.",
    ),
    "not_its_quote": (
        "Statement {place} is not the quote that it cites.",
        "العبارة {place} ليست الاقتباس الذي تستشهد به.",
    ),
    "not_in_cited": (
        "{value} is given as a source's value, and does not stand in what it cites.",
        "القيمة {value} منسوبة إلى مصدر، ولا ترد في الاقتباس الذي تستشهد به.",
    ),
    "disputed_date": (
        "{value} is dated {said}, and its source {now}.",
        "القيمة {value} مؤرخة بـ{said}، ومصدرها بـ{now}.",
    ),
    "not_in_text": (
        "Statement {place} is not in the text, or not in its order.",
        "العبارة {place} ليست في نص الجواب، أو ليست في ترتيبها.",
    ),
    "marker": (
        "The text has the marker [{number}] after words that do not cite it.",
        "في نص الجواب العلامة [{number}] بعد كلمات لا تستشهد به.",
    ),
    "more_said": (
        "The text says what no statement does: {words}.",
        "يقول نص الجواب ما لا تقوله أي عبارة: {words}.",
    ),
    "verdict_not_combined": (
        "The verdict is {verdict}, and those on the sentences make {combined}.",
        "الحكم {verdict}، وأحكام الجمل تعطي {combined}.",
    ),
    "verdict_without": (
        "The verdict is {verdict}, and no citation speaks {stance} the claim.",
        "الحكم {verdict}، ولا اقتباس {stance} الادعاء.",
    ),
    "for": ("for", "مع"),
    "against": ("against", "ضد"),
    "sentence_not_in_claim": (
        "Statement {place} is not in the claim, or not in its order.",
        "العبارة {place} ليست في الادعاء، أو ليست في ترتيبها.",
    ),
    # Asked again
    "again_status": (
        "Asked again, this gets another answer: {now} instead of {said}.",
        "عند طرح السؤال من جديد يختلف الجواب: {now} بدلا من {said}.",
    ),
    "again_quotes": (
        "Asked again, this question gets other quotes.",
        "عند طرح السؤال من جديد يأتي باقتباسات أخرى.",
    ),
    "again_text": (
        "Asked again, this question gets the same quotes with other words around them.",
        "عند طرح السؤال من جديد يأتي بالاقتباسات نفسها وحولها كلمات أخرى.",
    ),
    "again_verdict": (
        "Checked again, the verdict is {now}, not {said}.",
        "عند التحقق من جديد يكون الحكم {now}، لا {said}.",
    ),
    "again_evidence": (
        "Checked again, the verdict rests on other quotes.",
        "عند التحقق من جديد يستند الحكم إلى اقتباسات أخرى.",
    ),
    "again_failed": ("It could not be asked again: {reason}", "تعذّر طرحه من جديد: {reason}"),
}


def say(language: AnswerLanguage, key: str, **values: object) -> str:
    """The line under `key`. A line break in a value becomes a space."""
    english, arabic = PHRASES[key]
    said = (arabic if language == "ar" else english).format(**values)
    return said if key == "compared" else " ".join(said.split())


def quoted(language: AnswerLanguage, text: str | None, length: int = 80) -> str:
    """`text` in quotation marks, cut off after `length` characters; what is None is not stated."""
    if text is None:
        return say(language, "not_stated")
    line = " ".join(text.split())
    cut = f"{line[:length]}…" if len(line) > length else line
    return f"«{cut}»" if language == "ar" else f"“{cut}”"
